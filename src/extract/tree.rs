//! The second opinion: where an HTML5 parser without scripting (Kakao runs none) puts the tags that the streaming pass found
//! in the source's head. Asked only if `head` suspects something, and fed only as far as needed, because the parser is
//! quadratic on hostile input; even then it has a time budget.
//!
//! Tags are recognised again by a mark: as the text is fed, each tag of interest gets one more attribute, in front of its
//! own, that holds its number. So two equal tags are never mixed up, and a tag the tree drops is noticed.

use std::{
    ops::Range,
    time::{Duration, Instant},
};

use html5ever::{
    ParseOpts,
    tendril::{StrTendril, TendrilSink},
    tokenizer::TokenizerOpts,
    tree_builder::TreeBuilderOpts,
};
use scraper::{ElementRef, Html, HtmlTreeSink, Node};

use super::{head::Head, value};

/// Fed at once; the clock is looked at in between.
const PIECE_BYTES: usize = 4096;

const MARK: &str = "data-scraplens-mark";

/// How deep inside a `<template>` a tag is looked for. Not all the way: see `opinion`.
const TEMPLATE_DEPTH: usize = 8;

/// A tag that the tree sees in the head's `<noscript>`, where the streaming pass sees text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hidden {
    /// Lower-case key.
    pub key: String,
    /// The value.
    pub content: String,
}

/// What the tree says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Opinion {
    /// For each tag asked about: is it in the tree's head? `None`: the tree does not have it, only a `<template>` has it, or
    /// the tree was not read that far.
    pub in_head: Vec<Option<bool>>,
    /// Name of what the body begins with, which is what closed the head; empty for text.
    pub body_begins_with: Option<String>,
    /// Metas in the head's `<noscript>`.
    pub hidden: Vec<Hidden>,
    /// Where the reading stopped because its time was over.
    pub stopped_at: Option<usize>,
}

/// True if the places `tags`, of start tags in document order, may stand elsewhere in a tree than in the source.
pub fn is_needed(head: &Head, tags: &[Range<usize>]) -> bool {
    let suspect = head.suspects.first().map_or(usize::MAX, |suspect| suspect.offset);
    head.noscript_end.is_some()
        || tags.iter().any(|tag| {
            tag.start < head.end && tag.start > suspect || tag.start >= head.end && tag.start < head.open_until
        })
}

/// Reads `text` as an HTML5 parser does, up to the last of `tags` that stands before `head.open_until`.
pub fn read(text: &str, head: &Head, tags: &[Range<usize>], budget: Duration) -> Opinion {
    let asked = tags.iter().take_while(|tag| tag.start < head.open_until).count();
    let tags = tags.get(..asked).unwrap_or_default();
    let end = tags.last().map_or(0, |tag| tag.end).max(head.noscript_end.unwrap_or(0));
    let mut feed = Feed::new(text, budget);
    for (number, tag) in tags.iter().enumerate() {
        // The mark goes right behind `<name`.
        let name =
            text.get(tag.start + 1..).map_or(0, |rest| rest.bytes().take_while(u8::is_ascii_alphanumeric).count());
        feed.up_to(tag.start + 1 + name);
        feed.mark(number);
    }
    feed.up_to(end);
    let stopped_at = feed.stopped.then_some(feed.at);
    let html = feed.parser.finish();
    Opinion { stopped_at, ..opinion(&html, asked) }
}

struct Feed<'t> {
    text: &'t str,
    at: usize,
    parser: html5ever::Parser<HtmlTreeSink>,
    started: Instant,
    budget: Duration,
    stopped: bool,
}

impl<'t> Feed<'t> {
    fn new(text: &'t str, budget: Duration) -> Self {
        let options = ParseOpts {
            // The decoder took the BOM; a second one is text, and closes the head.
            tokenizer: TokenizerOpts { discard_bom: false, ..TokenizerOpts::default() },
            tree_builder: TreeBuilderOpts { scripting_enabled: false, ..TreeBuilderOpts::default() },
        };
        let parser = html5ever::parse_document(HtmlTreeSink::new(Html::new_document()), options);
        // The one clock of the core: the budget is processor time spent here and nothing else waits in between.
        Self { text, at: 0, parser, started: Instant::now(), budget, stopped: false }
    }

    fn up_to(&mut self, end: usize) {
        while self.at < end && !self.stopped {
            let next = self.text.floor_char_boundary(end.min(self.at + PIECE_BYTES));
            self.parser.process(StrTendril::from(self.text.get(self.at..next).unwrap_or_default()));
            self.at = next;
            self.stopped = self.started.elapsed() > self.budget;
        }
    }

    fn mark(&mut self, number: usize) {
        if !self.stopped {
            self.parser.process(StrTendril::from(format!(" {MARK}=\"{number}\" ")));
        }
    }
}

fn opinion(html: &Html, asked: usize) -> Opinion {
    let mut opinion = Opinion { in_head: vec![None; asked], ..Opinion::default() };
    for element in html.tree.nodes().filter_map(ElementRef::wrap) {
        // Not the ancestors: 32,000 nested elements would make that quadratic. In a head, only <noscript> and <template> nest.
        let parent = element.parent().and_then(ElementRef::wrap);
        let in_head = parent.is_some_and(is_head);
        if let Some(number) = element.attr(MARK) {
            // What a <template> holds is no part of the document.
            let inert = element.ancestors().take(TEMPLATE_DEPTH).any(|it| matches!(it.value(), Node::Fragment));
            if let Some(place) = number.parse().ok().and_then(|number: usize| opinion.in_head.get_mut(number)) {
                *place = (!inert).then_some(in_head);
            }
        } else if element.value().name() == "meta" {
            let noscript = parent.filter(|parent| parent.value().name() == "noscript");
            if noscript.and_then(|noscript| noscript.parent()).and_then(ElementRef::wrap).is_some_and(is_head) {
                opinion.hidden.extend(hidden(element));
            }
        } else if element.value().name() == "body" && opinion.body_begins_with.is_none() {
            opinion.body_begins_with = element
                .first_child()
                .map(|child| child.value().as_element().map_or(String::new(), |child| child.name().to_owned()));
        }
    }
    opinion
}

fn is_head(element: ElementRef<'_>) -> bool {
    element.value().name() == "head"
}

fn hidden(meta: ElementRef<'_>) -> Option<Hidden> {
    let key =
        [meta.attr("property"), meta.attr("name")].into_iter().flatten().map(str::trim).find(|key| !key.is_empty())?;
    let content = meta.attr("content").unwrap_or_default().trim();
    Some(Hidden { key: key.to_ascii_lowercase(), content: value::cut(content, 1024).to_owned() })
}

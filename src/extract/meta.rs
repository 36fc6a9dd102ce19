//! The streaming pass: every `<meta>`, `<title>`, `<base>`, canonical link and `<img>` of the source, in document order,
//! each with its place (R10 to R13, R22). One pass of `lol_html` over the whole text: no tree, no recursion, bounded memory.
//! What the values mean for the card is not decided here; that is `compose`.

use std::{borrow::Cow, cell::RefCell, error::Error, ops::Range};

use lol_html::{
    ElementContentHandlers, HtmlRewriter, MemorySettings, Selector,
    html_content::{Element, TextChunk},
};

use super::{Settings, body_image, value};

/// Values the card is made from: how many of each key are kept even if `max_tags` others came first.
const NEEDED: [(&str, usize); 16] = [
    ("og:title", 1),
    ("og:description", 1),
    ("og:url", 1),
    ("og:type", 1),
    ("og:image", 3),
    ("og:image:url", 3),
    ("og:site_name", 1),
    ("og:video:duration", 1),
    ("twitter:title", 1),
    ("twitter:description", 1),
    ("twitter:image", 3),
    ("twitter:image:src", 3),
    ("article:section", 1),
    ("video:duration", 1),
    ("description", 1),
    ("title", 1),
];

/// Body images that are kept, of each kind: acceptable ones and others.
const MAX_IMAGES: usize = 50;

/// A tag as it was found, its place still in bytes.
#[derive(Debug, Clone)]
pub struct Found {
    /// Lower-case key.
    pub key: String,
    /// Where the key stood, as in [`super::Tag::attribute`].
    pub attribute: &'static str,
    /// The value, cut at `max_value_bytes`.
    pub content: String,
    /// Length of the value before it was cut.
    pub bytes: usize,
    /// The start tag in the text.
    pub place: Range<usize>,
    needed: bool,
}

/// An `<img src>` as it was found.
#[derive(Debug, Clone)]
pub struct FoundImage {
    /// The address as written, decoded and trimmed.
    pub src: String,
    /// Offset of the tag.
    pub offset: usize,
    /// Why it cannot be a candidate, if so (R22).
    pub refused: Option<Cow<'static, str>>,
}

/// What the pass found.
#[derive(Debug, Clone, Default)]
pub struct Stream {
    /// The tags that were kept, in document order.
    pub tags: Vec<Found>,
    /// How many there were.
    pub seen: usize,
    /// `href` of the first `<base>` that has one.
    pub base: Option<String>,
    /// The first body images, in document order.
    pub images: Vec<FoundImage>,
    /// True if the pass ran out of memory and did not reach the end.
    pub cut_short: bool,
}

/// Reads `text`, whose head ends at `head_end`. `small` is the number of pixels below which a declared side rules an image out.
pub fn read(text: &str, head_end: usize, small: u32, settings: &Settings) -> Stream {
    let collector = RefCell::new(Collector {
        text,
        head_end,
        small,
        settings,
        stream: Stream::default(),
        filled: [0; NEEDED.len()],
        title: None,
        acceptable: 0,
        refused: 0,
    });
    let cut_short = stream(text, settings, &collector).is_err();
    let mut collector = collector.into_inner();
    collector.close_title();
    Stream { cut_short, ..collector.stream }
}

/// Fails where the memory is used up; what was collected by then stays in `collector`.
fn stream<'t>(text: &'t str, settings: &Settings, collector: &RefCell<Collector<'t>>) -> Result<(), Box<dyn Error>> {
    let selector = |name: &str| name.parse::<Selector>().map(Cow::Owned);
    let element = |take: fn(&mut Collector<'t>, &Element<'_, '_>)| {
        ElementContentHandlers::default().element(move |element: &mut Element<'_, '_>| {
            let mut collector = collector.borrow_mut();
            collector.close_title();
            take(&mut collector, element);
            Ok(())
        })
    };
    let svg_title = ElementContentHandlers::default().element(|_: &mut Element<'_, '_>| {
        // <title> in SVG names a drawing, not the page.
        collector.borrow_mut().title = None;
        Ok(())
    });
    let title = element(Collector::title).text(|chunk: &mut TextChunk<'_>| {
        collector.borrow_mut().title_text(chunk);
        Ok(())
    });
    let memory = MemorySettings::new()
        .with_max_allowed_memory_usage(settings.parser_memory_bytes)
        // Without this the tags read so far are not lost either, but lol_html has no reason to promise that.
        .with_graceful_bail_out_on_memory_limit_exceeded(true);
    let rewriting = lol_html::Settings::new()
        .with_memory_settings(memory)
        // Strict means: give up where the text type is ambiguous, as in <select><style>. We read on.
        .with_strict(false)
        .append_element_content_handler((selector("meta")?, element(Collector::meta)))
        .append_element_content_handler((selector("title")?, title))
        // Behind the one for every title: lol_html counts <title> in SVG as HTML because its content is.
        .append_element_content_handler((selector("svg title")?, svg_title))
        .append_element_content_handler((selector("base")?, element(Collector::base)))
        .append_element_content_handler((selector("link")?, element(Collector::link)))
        .append_element_content_handler((selector("img")?, element(Collector::image)));
    let mut rewriter = HtmlRewriter::new(rewriting, |_: &[u8]| {});
    rewriter.write(text.as_bytes())?;
    rewriter.end()?;
    Ok(())
}

struct Collector<'t> {
    text: &'t str,
    head_end: usize,
    small: u32,
    settings: &'t Settings,
    stream: Stream,
    filled: [usize; NEEDED.len()],
    /// The `<title>` being read: its tag and its text so far.
    title: Option<(Range<usize>, Range<usize>)>,
    acceptable: usize,
    refused: usize,
}

impl<'t> Collector<'t> {
    /// `property`, else `name`, is the key (R11); `itemprop` and `http-equiv` are only listed (R21).
    fn meta(&mut self, element: &Element<'_, '_>) {
        let [property, name, itemprop, http_equiv, content] =
            self.attributes(element, ["property", "name", "itemprop", "http-equiv", "content"]);
        let keys = [("property", property), ("name", name), ("itemprop", itemprop), ("http-equiv", http_equiv)];
        let key = keys
            .into_iter()
            .find_map(|(attribute, key)| Some((attribute, value::attribute(key?))).filter(|(_, key)| !key.is_empty()));
        if let Some((attribute, key)) = key {
            let content = value::attribute(content.unwrap_or_default());
            self.keep(&key.to_ascii_lowercase(), attribute, &content, element.source_location().bytes());
        }
    }

    fn base(&mut self, element: &Element<'_, '_>) {
        let [href] = self.attributes(element, ["href"]);
        if let Some(href) = href.map(value::attribute) {
            if self.stream.base.is_none() {
                self.stream.base = Some(value::cut(&href, self.settings.max_url_bytes).to_owned());
            }
            self.keep("base", "element", &href, element.source_location().bytes());
        }
    }

    fn link(&mut self, element: &Element<'_, '_>) {
        let [rel, href] = self.attributes(element, ["rel", "href"]);
        let canonical =
            rel.is_some_and(|rel| rel.split_ascii_whitespace().any(|word| word.eq_ignore_ascii_case("canonical")));
        if canonical {
            let href = value::attribute(href.unwrap_or_default());
            self.keep("canonical", "element", &href, element.source_location().bytes());
        }
    }

    fn title(&mut self, element: &Element<'_, '_>) {
        let tag = element.source_location().bytes();
        self.title = Some((tag.clone(), tag.end..tag.end));
    }

    fn title_text(&mut self, chunk: &TextChunk<'_>) {
        if let Some((_, text)) = &mut self.title {
            text.end = chunk.source_location().bytes().end;
        }
    }

    /// A title is kept when what follows it begins: an empty one gives no text chunk that would say it is over.
    fn close_title(&mut self) {
        if let Some((tag, text)) = self.title.take() {
            let content = value::text(self.text.get(text).unwrap_or_default());
            self.keep("title", "element", &content, tag);
        }
    }

    fn image(&mut self, element: &Element<'_, '_>) {
        if self.acceptable >= MAX_IMAGES {
            return;
        }
        let [src, width, height] = self.attributes(element, ["src", "width", "height"]);
        let Some(src) = src.map(value::attribute).filter(|src| !src.is_empty()) else {
            return;
        };
        let refused = body_image::refusal(&src, [width, height], self.small, self.settings.max_url_bytes);
        let kept = if refused.is_some() { &mut self.refused } else { &mut self.acceptable };
        *kept += 1;
        if *kept <= MAX_IMAGES {
            let src = value::cut(&src, self.settings.max_url_bytes).to_owned();
            self.stream.images.push(FoundImage { src, offset: element.source_location().bytes().start, refused });
        }
    }

    /// Keeps a tag. Where `max_tags` are kept already, one that the card needs takes the place of the last that it does not.
    fn keep(&mut self, key: &str, attribute: &'static str, content: &str, place: Range<usize>) {
        self.stream.seen += 1;
        let needed = self.is_needed(key, attribute, content, place.start);
        if self.stream.tags.len() >= self.settings.max_tags {
            if !needed {
                return;
            }
            if let Some(last) = self.stream.tags.iter().rposition(|tag| !tag.needed) {
                self.stream.tags.remove(last);
            }
        }
        let limit = self.settings.max_value_bytes;
        self.stream.tags.push(Found {
            key: value::cut(key, limit).to_owned(),
            attribute,
            content: value::cut(content, limit).to_owned(),
            bytes: content.len(),
            place,
            needed,
        });
    }

    /// True for the first non-empty values of a key from which the card is made (R10, R12); notes that there is one more.
    fn is_needed(&mut self, key: &str, attribute: &'static str, content: &str, offset: usize) -> bool {
        let is_title = attribute == "element" && key == "title";
        let is_meta = matches!(attribute, "property" | "name") && key != "title" && offset < self.head_end;
        if content.is_empty() || !(is_title || is_meta) {
            return false;
        }
        let slot = NEEDED.iter().zip(&mut self.filled).find(|((needed, _), _)| *needed == key);
        slot.is_some_and(|((_, wanted), filled)| {
            *filled += 1;
            *filled <= *wanted
        })
    }

    /// The raw values of some attributes. Of two attributes with one name the first counts (HTML, 13.2.5.33).
    fn attributes<const N: usize>(&self, element: &Element<'_, '_>, names: [&str; N]) -> [Option<&'t str>; N] {
        let mut values = [None; N];
        let source = |place: Option<lol_html::html_content::SourceLocation>| self.text.get(place?.bytes());
        for attribute in element.attributes() {
            let name = source(attribute.name_source_location()).unwrap_or_default();
            for (wanted, value) in names.iter().zip(&mut values) {
                if value.is_none() && name.eq_ignore_ascii_case(wanted) {
                    *value = Some(source(attribute.value_source_location()).unwrap_or_default());
                }
            }
        }
        values
    }
}

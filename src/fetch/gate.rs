//! Which answers are worth reading, by what was asked for. It looks at types and first bytes; it never reads a body itself.

use super::Failure;
use crate::page::media_type;

/// What a request hopes for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expect {
    /// An HTML page; anything else is not read (R7).
    Page,
    /// An image. Types lie, so any answer is read, and its bytes are judged later (R25).
    Image,
    /// Plain text, such as `robots.txt`, whatever type it bears.
    Text,
    /// JSON, by its type, or by its first byte where no type is given.
    Json,
}

impl Expect {
    /// Judges the type in the answer's head.
    pub(super) fn judge_type(self, content_type: Option<&str>) -> Result<(), Failure> {
        let Some(declared) = declared(content_type) else { return Ok(()) };
        match self {
            Self::Page if !HTML_TYPES.contains(&declared.as_str()) => {
                Err(Failure::NotHtml(content_type.map(str::to_owned)))
            }
            Self::Json if !is_json(&declared) => Err(Failure::NotJson(content_type.map(str::to_owned))),
            Self::Page | Self::Image | Self::Text | Self::Json => Ok(()),
        }
    }

    /// Judges the first bytes of an answer whose head says nothing about its type.
    pub(super) fn judge_bytes(self, content_type: Option<&str>, bytes: &[u8]) -> Result<(), Failure> {
        if declared(content_type).is_some() {
            return Ok(());
        }
        match self {
            Self::Page if !looks_like_html(bytes) => Err(Failure::NotHtml(None)),
            Self::Json if !matches!(bytes.trim_ascii_start().first(), Some(b'{' | b'[')) => Err(Failure::NotJson(None)),
            Self::Page | Self::Image | Self::Text | Self::Json => Ok(()),
        }
    }
}

/// JSON by its type (RFC 8259, 11; RFC 6839, 3.1).
fn is_json(media_type: &str) -> bool {
    matches!(media_type, "application/json" | "text/json") || media_type.ends_with("+json")
}

/// A header without a type says as little as no header.
fn declared(content_type: Option<&str>) -> Option<String> {
    content_type.map(media_type).filter(|declared| !declared.is_empty())
}

/// Guesses by the first bytes, when no type was sent (WHATWG MIME Sniffing, 7.1: a tag within the first 512 bytes).
fn looks_like_html(bytes: &[u8]) -> bool {
    let start = bytes.get(..SNIFF_BYTES).unwrap_or(bytes);
    let start = start.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(start).trim_ascii_start();
    HTML_STARTS.iter().any(|tag| start.get(..tag.len()).is_some_and(|head| head.eq_ignore_ascii_case(tag)))
}

/// The media types of a page (R7).
const HTML_TYPES: [&str; 2] = ["text/html", "application/xhtml+xml"];

const SNIFF_BYTES: usize = 512;

const HTML_STARTS: [&[u8]; 12] = [
    b"<!doctype html",
    b"<html",
    b"<head",
    b"<script",
    b"<title",
    b"<meta",
    b"<link",
    b"<body",
    b"<div",
    b"<!--",
    b"<style",
    b"<?xml",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_without_a_type_are_a_page_if_they_start_with_a_tag() {
        for (bytes, page) in [
            (&b"  \n<!DOCTYPE html><title>x"[..], true),
            (b"\xEF\xBB\xBF<html>", true),
            (b"<META charset=utf-8>", true),
            (b"%PDF-1.7", false),
            (b"\x89PNG\r\n", false),
            (b"plain words <html>", false),
            (b"", false),
        ] {
            assert_eq!(looks_like_html(bytes), page, "{:?}", String::from_utf8_lossy(bytes));
        }
    }

    #[test]
    fn only_a_page_is_refused_for_its_type() {
        for (expect, content_type, read) in [
            (Expect::Page, Some("text/HTML; charset=euc-kr"), true),
            (Expect::Page, Some("image/png"), false),
            (Expect::Page, None, true),
            (Expect::Image, Some("text/html"), true),
            (Expect::Text, Some("application/octet-stream"), true),
            (Expect::Json, Some("application/json;charset=UTF-8"), true),
            (Expect::Json, Some("application/problem+json"), true),
            (Expect::Json, Some("text/html"), false),
            (Expect::Json, None, true),
        ] {
            assert_eq!(expect.judge_type(content_type).is_ok(), read, "{expect:?} {content_type:?}");
        }
        assert!(Expect::Page.judge_bytes(None, b"\x89PNG").is_err());
        assert!(Expect::Page.judge_bytes(Some("text/html"), b"\x89PNG").is_ok(), "the head has spoken");
        assert!(Expect::Image.judge_bytes(None, b"<html>").is_ok());
        assert!(Expect::Json.judge_bytes(None, b" {}").is_ok());
        assert!(Expect::Json.judge_bytes(None, b"<html>").is_err());
    }
}

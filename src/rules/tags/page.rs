//! Findings about the page as a whole: its encoding, redirects in the page, an empty shell, too many tags.

use super::{Finding, Subject, short};
use crate::extract::{self, CharsetSource, Declared};

/// Kakao follows no `<meta http-equiv=refresh>` (R9). A page that only reloads itself is none of our business.
pub fn meta_refresh(subject: &Subject<'_>, findings: &mut Vec<Finding>) {
    let refresh = subject.reading.tags.iter().filter(|tag| tag.attribute == "http-equiv" && tag.key == "refresh");
    let elsewhere = refresh.filter_map(|tag| {
        let target = subject.url.join(refresh_target(&tag.content)?).ok()?;
        (!extract::is_same_page(&target, subject.url)).then_some((tag, target))
    });
    if let Some((tag, target)) = elsewhere.into_iter().next() {
        let finding = subject.finding("meta-refresh", &[("target", &short(target.as_str()))]);
        findings.push(finding.at(tag.line, tag.column).with_evidence(format!("refresh: {}", short(&tag.content))));
    }
}

/// An empty root that a script would fill (R9): Kakao runs no scripts.
pub fn script_only(subject: &Subject<'_>, findings: &mut Vec<Finding>) {
    if subject.reading.shell {
        findings.push(subject.finding("script-only", &[]));
    }
}

/// The page's declarations disagree with each other or with its bytes (R8).
pub fn charset_mismatch(subject: &Subject<'_>, findings: &mut Vec<Finding>) {
    let charset = subject.charset;
    let read_as = format!("{} (bytes)", charset.encoding.name());
    let (first, second) = if let Some(refuted) = &charset.refuted {
        (declaration(refuted), read_as)
    } else if charset.looks_utf8 && charset.encoding != encoding_rs::UTF_8 {
        let named = charset.declared.iter().find(|declared| declared.encoding == Some(charset.encoding));
        (named.map_or(read_as, declaration), "UTF-8 (bytes)".to_owned())
    } else if let Some((one, other)) = charset.conflict() {
        (declaration(one), declaration(other))
    } else {
        return;
    };
    let finding = subject.finding("charset-mismatch", &[("first", &first), ("second", &second)]);
    findings.push(finding.with_evidence(format!("{first}, {second}; read as {}", charset.encoding.name())));
}

/// Nobody says which encoding the page is in, and it matters (R8).
pub fn charset_undeclared(subject: &Subject<'_>, findings: &mut Vec<Finding>) {
    let charset = subject.charset;
    let guessed = matches!(charset.source, CharsetSource::ValidUtf8 | CharsetSource::Detected | CharsetSource::Default);
    // A declaration the bytes refute is reported as that.
    if guessed && charset.refuted.is_none() && !subject.text.is_ascii() {
        let finding = subject.finding("charset-undeclared", &[("charset", charset.encoding.name())]);
        findings.push(finding.with_evidence(format!("{} ({})", charset.encoding.name(), charset.source.name())));
    }
}

/// More tags than are kept, or more nesting than the streaming pass may remember (R5).
pub fn tags_truncated(subject: &Subject<'_>, findings: &mut Vec<Finding>) {
    let (kept, seen) = (subject.reading.tags.len(), subject.reading.seen);
    if seen <= kept && !subject.reading.cut_short {
        return;
    }
    let finding = subject.finding("tags-truncated", &[("kept", &kept.to_string()), ("seen", &seen.to_string())]);
    findings.push(finding.with_evidence(if subject.reading.cut_short {
        format!(
            "reading stopped at {} bytes of memory: too many open tags or one very long tag",
            subject.settings.parser_memory_bytes
        )
    } else {
        format!("{kept} of {seen} tags kept; limit {}", subject.settings.max_tags)
    }));
}

fn declaration(declared: &Declared) -> String {
    let place = match declared.source {
        CharsetSource::Bom => "BOM",
        CharsetSource::HttpHeader => "Content-Type",
        CharsetSource::Meta => "<meta>",
        CharsetSource::ValidUtf8 | CharsetSource::Detected | CharsetSource::Default => "bytes",
    };
    format!("{} ({place})", declared.label)
}

/// The address in `5; url=...`, as HTML reads it (HTML, 4.2.5.3, shared declarative refresh steps).
fn refresh_target(content: &str) -> Option<&str> {
    let (delay, target) = content.split_once([';', ',']).or_else(|| content.trim().split_once(char::is_whitespace))?;
    if !delay.trim().starts_with(|c: char| c.is_ascii_digit() || c == '.') {
        return None;
    }
    let target = target.trim();
    let named = target.get(..3).filter(|name| name.eq_ignore_ascii_case("url")).and_then(|_| target.get(3..));
    let target = named.and_then(|rest| rest.trim_start().strip_prefix('=')).unwrap_or(target).trim();
    let target = match target.chars().next()? {
        quote @ ('"' | '\'') => target.trim_start_matches(quote).split(quote).next()?,
        _ => target,
    };
    (!target.is_empty()).then_some(target)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refresh_names_its_target_in_many_spellings() {
        for (content, target) in [
            ("0; url=/a", Some("/a")),
            ("0;URL='http://b/?x=1;y'", Some("http://b/?x=1;y")),
            ("5,url = \"c\" x", Some("c")),
            ("0 url=d", Some("d")),
            ("0;/e", Some("/e")),
            ("300", None),
            ("300;", None),
            ("0; url=", None),
            ("x; url=/a", None),
        ] {
            assert_eq!(refresh_target(content), target, "{content}");
        }
    }
}

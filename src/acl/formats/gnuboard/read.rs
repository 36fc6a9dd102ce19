//! Finds the two lists in what people paste: text under headings, the two settings in SQL, PHP or JSON. It does not judge the
//! patterns.

use super::ADVICE;
use crate::acl::{File, Malformed, Place, formats::spots};

/// The two lists.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lists {
    /// Where the list of those who get in starts.
    pub possible_at: Option<Place>,
    /// `접근가능 IP`.
    pub possible: Vec<(Place, String)>,
    /// `접근차단 IP`.
    pub intercept: Vec<(Place, String)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Which {
    Possible,
    Intercept,
}

const NAMES: [(&str, Which); 6] = [
    ("cf_possible_ip", Which::Possible),
    ("cf_intercept_ip", Which::Intercept),
    ("접근가능 IP", Which::Possible),
    ("접근차단 IP", Which::Intercept),
    ("접근가능IP", Which::Possible),
    ("접근차단IP", Which::Intercept),
];

/// How surely a text is of this dialect.
pub fn recognise(text: &str) -> u8 {
    let count = NAMES.iter().filter(|(name, _)| text.contains(name)).count();
    match count {
        0 => 0,
        1 => 85,
        _ => 95,
    }
}

/// Adds the lists of a file.
pub fn lists(index: usize, file: &File, all: &mut Lists) -> Result<(), Malformed> {
    let text = file.text.trim_start_matches('\u{feff}').trim_start();
    let found = if text.starts_with('{') {
        json(index, file, all)?
    } else {
        let headings = headings(index, file, all)?;
        headings || values(index, file, all)
    };
    if !found {
        let what = "there is neither `접근가능 IP` nor `접근차단 IP` in it (cf_possible_ip, cf_intercept_ip)";
        return Err(Malformed::at(file, 0, 0, what, ADVICE));
    }
    Ok(())
}

/// Puts one line into its list, as PHP's `trim` and `empty` leave it.
fn put(all: &mut Lists, which: Which, place: Place, line: &str) {
    let pattern = line.trim_matches([' ', '\t', '\n', '\r', '\0', '\x0b']);
    if pattern.is_empty() {
        return;
    }
    let list = match which {
        Which::Possible => &mut all.possible,
        Which::Intercept => &mut all.intercept,
    };
    list.push((place, pattern.to_owned()));
}

fn start(all: &mut Lists, which: Which, place: Place) {
    if which == Which::Possible && all.possible_at.is_none() {
        all.possible_at = Some(place);
    }
}

fn json(index: usize, file: &File, all: &mut Lists) -> Result<bool, Malformed> {
    let spot = spots::read(file, ADVICE)?;
    let mut found = false;
    for (name, which) in NAMES {
        let Some(value) = spot.get(name) else { continue };
        found = true;
        start(all, which, value.place(index));
        match value.text() {
            Some(text) => text.split('\n').for_each(|line| put(all, which, value.place(index), line)),
            None => value
                .items()
                .iter()
                .for_each(|item| put(all, which, item.place(index), item.text().unwrap_or_default())),
        }
    }
    Ok(found)
}

/// A heading on a line of its own: `[접근가능 IP]`, `# cf_possible_ip`, `접근차단 IP:`.
fn heading(line: &str) -> Option<Which> {
    let line = line.trim_start_matches('\u{feff}').trim();
    let bare = line.trim_matches(|letter: char| letter.is_whitespace() || "[]#*:=-<>".contains(letter));
    NAMES.iter().find(|(name, _)| bare.eq_ignore_ascii_case(name)).map(|(_, which)| *which)
}

fn headings(index: usize, file: &File, all: &mut Lists) -> Result<bool, Malformed> {
    if !file.lines().any(|(_, line)| heading(line).is_some()) {
        return Ok(false);
    }
    let mut current = None;
    for (number, line) in file.lines() {
        let place = Place::new(index, number);
        if let Some(which) = heading(line) {
            current = Some(which);
            start(all, which, place);
        } else if let Some(which) = current {
            put(all, which, place, line);
        } else if !line.trim_start_matches('\u{feff}').trim().is_empty() {
            let what = "this stands before any heading, so it is not known which list it belongs to";
            return Err(Malformed::at(file, number, 1, what, ADVICE));
        }
    }
    Ok(true)
}

/// `cf_possible_ip = '27.0.236.+\r\n211.231.99.+'` in SQL, or `$config['cf_possible_ip'] = "..."` and `'cf_possible_ip' => '...'`
/// in PHP. A value may go on over lines.
fn values(index: usize, file: &File, all: &mut Lists) -> bool {
    let text = file.text.as_ref();
    let ends: Vec<usize> = text.match_indices('\n').map(|(at, _)| at).collect();
    let mut found = false;
    for (name, which) in NAMES {
        let mut from = 0;
        while let Some((after, value)) = next_value(text, name, from) {
            found = true;
            let line =
                |at: usize| u32::try_from(ends.partition_point(|end| *end < at)).unwrap_or(u32::MAX).saturating_add(1);
            start(all, which, Place::new(index, line(value.start)));
            for (at, part) in unescaped_lines(text, &value) {
                put(all, which, Place::new(index, line(at)), &part);
            }
            from = after;
        }
    }
    found
}

/// The bytes of a value between its quotes, and the quote.
struct Quoted {
    start: usize,
    end: usize,
}

/// The next quoted value of a name after the byte `from`, and where to go on.
fn next_value(text: &str, name: &str, from: usize) -> Option<(usize, Quoted)> {
    let mut from = from;
    loop {
        let at = from + text.get(from..)?.find(name)? + name.len();
        let rest = text.get(at..)?;
        let rest = rest.trim_start_matches(['\'', '"', '`', ']', ' ', '\t']);
        let assigned = rest.strip_prefix("=>").or_else(|| rest.strip_prefix('=')).or_else(|| rest.strip_prefix(':'));
        let value = assigned.map(str::trim_start).and_then(|rest| Some((rest, rest.strip_prefix(['\'', '"'])?)));
        let Some((opened, inner)) = value else {
            from = at;
            continue;
        };
        let quote = opened.chars().next()?;
        let start = text.len() - inner.len();
        let mut escaped = false;
        let end = inner.char_indices().find(|(_, letter)| {
            let ends = *letter == quote && !escaped;
            escaped = *letter == '\\' && !escaped;
            ends
        });
        let (length, _) = end?;
        return Some((start + length + quote.len_utf8(), Quoted { start, end: start + length }));
    }
}

/// The lines of a value: cut at real line ends and at those written `\n`.
fn unescaped_lines(text: &str, value: &Quoted) -> Vec<(usize, String)> {
    let mut lines = Vec::new();
    let mut at = value.start;
    let mut line = String::new();
    let mut escaped = false;
    for (offset, letter) in text.get(value.start..value.end).unwrap_or_default().char_indices() {
        let ends = if escaped { letter == 'n' } else { letter == '\n' };
        if ends {
            lines.push((at, std::mem::take(&mut line)));
            at = value.start + offset + 1;
            escaped = false;
        } else if escaped {
            match letter {
                'r' => line.push('\r'),
                't' => line.push('\t'),
                other => line.push(other),
            }
            escaped = false;
        } else if letter == '\\' {
            escaped = true;
        } else {
            line.push(letter);
        }
    }
    lines.push((at, line));
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Lists {
        let mut all = Lists::default();
        lists(0, &File::new("config", text), &mut all).unwrap();
        all
    }

    #[test]
    fn every_form_gives_the_same_lists() {
        let forms = [
            "[접근가능 IP]\n27.0.236.+\r\n211.231.99.+\n\n[접근차단 IP]\n1.2.3.4\n",
            "UPDATE g5_config SET cf_possible_ip='27.0.236.+\\r\\n211.231.99.+', cf_intercept_ip = '1.2.3.4' WHERE 1;",
            "$config['cf_possible_ip'] = \"27.0.236.+\\n211.231.99.+\";\n$config['cf_intercept_ip'] = '1.2.3.4';",
            "<?php return array('cf_possible_ip' => '27.0.236.+\n211.231.99.+', 'cf_intercept_ip' => '1.2.3.4');",
            "{\"cf_possible_ip\": \"27.0.236.+\\r\\n211.231.99.+\", \"cf_intercept_ip\": \"1.2.3.4\"}",
        ];
        for form in forms {
            let all = found(form);
            let texts = |list: &[(Place, String)]| list.iter().map(|(_, text)| text.clone()).collect::<Vec<_>>();
            assert_eq!(texts(&all.possible), ["27.0.236.+", "211.231.99.+"], "{form}");
            assert_eq!(texts(&all.intercept), ["1.2.3.4"], "{form}");
        }
    }
}

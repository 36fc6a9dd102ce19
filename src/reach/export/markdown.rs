//! Markdown as GitHub reads it (GFM). Whatever text is put in stays text: no markup, no link, no cell of its own.

use std::fmt::Write as _;

use super::sheet::{RangeRow, Sheet};

pub(super) fn write(sheet: &Sheet<'_>) -> String {
    let mut out = Out(String::new());
    out.line(&format!("# {}", text(&sheet.label("title"))));
    out.gap();
    for (label, value) in
        [("url", code(&sheet.url)), ("made-at", text(&sheet.made_at)), ("made-by", text(Sheet::program()))]
    {
        out.line(&format!("- **{}**: {value}", text(&sheet.label(label))));
    }
    out.heading(&sheet.label("verdict"));
    out.line(&format!("**{}** — {}", text(&sheet.verdict), text(&sheet.headline)));
    if let Some(stop) = &sheet.stop {
        out.gap();
        out.line(&format!("- **{}**: {}", text(&sheet.label("layer")), text(&stop.layer)));
        out.line(&format!("- **{}**: {}", text(&sheet.label("reason")), text(&stop.reason)));
        if let Some(place) = &stop.place {
            out.line(&format!("- **{}**: {}", text(&sheet.label("place")), code(place)));
        }
        if let Some(line) = &stop.line {
            out.gap();
            out.fenced(line);
        }
    }
    out.evidence(sheet);
    out.list(&sheet.label("conflicts"), &sheet.conflicts, false);
    out.list(&sheet.label("advice"), &sheet.advice, true);
    out.ranges(sheet);
    out.list(&sheet.label("limits"), &sheet.limits, false);
    out.0
}

struct Out(String);

impl Out {
    fn line(&mut self, line: &str) {
        // Writing to a String cannot fail.
        let _written = writeln!(self.0, "{line}");
    }

    fn gap(&mut self) {
        self.line("");
    }

    fn heading(&mut self, title: &str) {
        self.gap();
        self.line(&format!("## {}", text(title)));
        self.gap();
    }

    fn row(&mut self, cells: &[String]) {
        self.line(&format!("| {} |", cells.join(" | ")));
    }

    fn head(&mut self, titles: &[String]) {
        let titles: Vec<String> = titles.iter().map(|title| text(title)).collect();
        self.row(&titles);
        self.row(&vec!["---".to_owned(); titles.len()]);
    }

    /// A fence that is longer than any run of backticks in the text.
    fn fenced(&mut self, text: &str) {
        let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or_default();
        let fence = "`".repeat(longest.max(2) + 1);
        self.line(&format!("{fence}text\n{text}\n{fence}"));
    }

    fn list(&mut self, title: &str, items: &[String], numbered: bool) {
        if items.is_empty() {
            return;
        }
        self.heading(title);
        for (number, item) in (1..).zip(items) {
            let mark = if numbered { format!("{number}.") } else { "-".to_owned() };
            self.line(&format!("{mark} {}", text(item)));
        }
    }

    fn evidence(&mut self, sheet: &Sheet<'_>) {
        self.heading(&sheet.label("evidence"));
        self.head(&["kind", "says", "message", "proof", "confidence"].map(|label| sheet.label(label)));
        for row in &sheet.evidence {
            let proof = row.proof.as_ref().or(row.command.as_ref());
            let proof = proof.filter(|proof| !proof.is_empty()).map_or_else(String::new, |proof| code(proof));
            self.row(&[text(&row.kind), text(&row.says), text(&row.message), proof, text(&row.confidence)]);
        }
    }

    fn ranges(&mut self, sheet: &Sheet<'_>) {
        self.heading(&sheet.label("ranges"));
        self.line(&text(&sheet.list));
        if sheet.ranges.is_empty() {
            return;
        }
        self.gap();
        self.head(&["range", "service", "port", "rules", "decided-by", "requests"].map(|label| sheet.label(label)));
        for RangeRow { cidr, service, port, rules, decided_by, requests, .. } in &sheet.ranges {
            self.row(&[
                code(cidr),
                text(service),
                port.map(|port| port.to_string()).unwrap_or_default(),
                text(rules),
                text(decided_by),
                requests.clone().unwrap_or_default(),
            ]);
        }
        if sheet.more_ranges > 0 {
            self.gap();
            self.line(&text(&sheet.label("more")));
        }
    }
}

/// Text that stays text, in a table too: what Markdown or GitHub would read as more than that is written as an entity.
fn text(plain: &str) -> String {
    let mut out = String::with_capacity(plain.len());
    for (at, c) in plain.char_indices() {
        let rest = plain.get(at..).unwrap_or_default();
        let before = plain.get(..at).unwrap_or_default();
        let special = match c {
            '|' | '\\' | '`' | '<' | '>' | '*' | '_' | '[' | ']' | '&' | '~' | '#' | '@' | '$' => true,
            // Addresses of pages become links by themselves.
            ':' => rest.starts_with("://"),
            '.' => before.to_ascii_lowercase().ends_with("www"),
            _ => false,
        };
        if special {
            // Writing to a String cannot fail.
            let _written = write!(out, "&#{};", u32::from(c));
        } else {
            out.push(c);
        }
    }
    out
}

/// Code on one line. Backticks where they are enough, else the element: a table is cut before code is read.
fn code(plain: &str) -> String {
    if plain.is_empty() || plain.contains(['`', '|', '\\']) || plain.trim() != plain {
        format!("<code>{}</code>", text(plain))
    } else {
        format!("`{plain}`")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{any, proptest};

    use super::*;

    #[test]
    fn hostile_text_stays_in_its_cell_and_is_no_markup() {
        for (plain, shown) in [
            ("a|b", "a&#124;b"),
            ("\\|", "&#92;&#124;"),
            ("<script>", "&#60;script&#62;"),
            ("[x](javascript:alert(1))", "&#91;x&#93;(javascript:alert(1))"),
            ("see https://evil.example", "see https&#58;//evil.example"),
            ("www.evil.example WWW.evil", "www&#46;evil.example WWW&#46;evil"),
            ("@team #1", "&#64;team &#35;1"),
            ("접속 로그 27.0.236.0/22", "접속 로그 27.0.236.0/22"),
        ] {
            assert_eq!(text(plain), shown);
        }
    }

    #[test]
    fn code_needs_an_element_only_where_backticks_or_bars_are_in_it() {
        assert_eq!(code("rules.v4:12"), "`rules.v4:12`");
        assert_eq!(code("a`b|c"), "<code>a&#96;b&#124;c</code>");
        assert_eq!(code(""), "<code></code>");
    }

    #[test]
    fn a_fence_is_longer_than_what_it_holds() {
        let mut out = Out(String::new());
        out.fenced("a ``` b ````");
        assert_eq!(out.0, "`````text\na ``` b ````\n`````\n");
    }

    proptest! {
        #[test]
        fn no_text_opens_a_cell_an_element_or_a_link(plain in any::<String>()) {
            let written = text(&plain);
            assert!(!written.contains(['|', '<', '>', '`', '[', '*', '_', '\\']), "{written}");
            assert!(!written.contains("://"), "{written}");
        }
    }
}

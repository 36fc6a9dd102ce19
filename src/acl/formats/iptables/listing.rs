//! Rows of `iptables -L`, with and without `-v` and `--line-numbers`, back into the words that `iptables -S` would print.
//! What the words mean is not known here.

use super::word::Word;
use crate::acl::{Doubt, Family};

/// Which columns a listing has.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Columns {
    /// The title row was read.
    pub known: bool,
    /// Columns of numbers before the target: `num`, `pkts`, `bytes`.
    pub numbers: usize,
    /// `in` and `out`.
    pub interfaces: bool,
}

impl Columns {
    /// The columns of a title row.
    pub fn of(title: &str) -> Option<Self> {
        let has = |name: &str| title.split_ascii_whitespace().any(|column| column == name);
        let complete = has("target") && has("prot") && has("source") && has("destination");
        complete.then(|| Self {
            known: true,
            numbers: usize::from(has("num")) + 2 * usize::from(has("pkts")),
            interfaces: has("in") && has("out"),
        })
    }
}

/// A row.
#[derive(Debug, Default)]
pub struct Row {
    /// Its words.
    pub words: Vec<Word<'static>>,
    /// Its family, by its addresses.
    pub family: Option<Family>,
    /// What the listing does not show.
    pub doubt: Option<Doubt>,
}

/// Reads a row.
pub fn row(columns: Columns, line: &str) -> Result<Row, String> {
    let mut rest = line;
    let mut fields: Vec<&str> = Vec::with_capacity(8);
    for _ in 0..columns.numbers {
        let (number, after) = field(rest);
        if !number.starts_with(|char: char| char.is_ascii_digit()) {
            return Err("a row of the listing does not start with its numbers".to_owned());
        }
        rest = after;
    }
    // Target and options may be blank; the addresses never are, so they show which is which.
    let wanted = if columns.interfaces { 4 } else { 2 };
    let mut tail = rest;
    loop {
        let (text, after) = field(tail);
        if text.is_empty() {
            return Err("a row of the listing has too few columns".to_owned());
        }
        fields.push(text);
        tail = after;
        let options = fields.iter().position(|text| matches!(*text, "--" | "-f" | "!f"));
        let complete = match options {
            Some(at) if at <= 2 => fields.len() == at + 1 + wanted,
            _ => fields.len() >= 2 && is_address(text) && is_address(field(tail).0) && fields.len() > wanted,
        };
        if complete && options.is_some_and(|at| at <= 2) {
            break;
        }
        if complete {
            // `ip6tables` of old leaves the options blank: the destination is still to come.
            let (text, after) = field(tail);
            fields.push(text);
            tail = after;
            break;
        }
        if fields.len() > 8 {
            return Err("a row of the listing has no addresses".to_owned());
        }
    }
    let mut words = Vec::new();
    let destination = fields.pop().unwrap_or_default();
    let source = fields.pop().unwrap_or_default();
    if columns.interfaces {
        let (out, inward) = (fields.pop().unwrap_or("*"), fields.pop().unwrap_or("*"));
        for (option, name) in [("-i", inward), ("-o", out)] {
            if !matches!(name, "*" | "any") {
                negatable(&mut words, option, name);
            }
        }
    }
    match fields.last().copied() {
        Some("-f") => words.push(Word::plain("-f")),
        Some("!f") => words.extend([Word::plain("!"), Word::plain("-f")]),
        _ => {}
    }
    if matches!(fields.last(), Some(&("--" | "-f" | "!f"))) {
        fields.pop();
    }
    let protocol = fields.pop().unwrap_or("all");
    let target = fields.pop().unwrap_or_default();
    let any_protocol = matches!(protocol, "all" | "0");
    if !any_protocol {
        negatable(&mut words, "-p", protocol);
    }
    let mut any_address = true;
    for (option, address) in [("-s", source), ("-d", destination)] {
        if !matches!(address, "0.0.0.0/0" | "::/0" | "anywhere") {
            any_address = false;
            negatable(&mut words, option, address);
        }
    }
    let mut extras = Extras { rest: tail, words, unknown: String::new(), goes: false };
    let bare = extras.rest.trim().is_empty();
    // What is not TCP never concerns a visit, whatever else it asks for.
    if any_protocol || matches!(protocol, "tcp" | "6") || protocol.starts_with('!') {
        extras.read(target);
    }
    let Extras { mut words, goes, .. } = extras;
    if !target.is_empty() {
        words.extend([Word::plain(if goes { "-g" } else { "-j" }), Word::made(target)]);
        words.extend(super::extras::target_words(target, tail));
    }
    let hidden = !columns.interfaces && target == "ACCEPT" && any_protocol && any_address && bare;
    Ok(Row {
        words,
        family: [source, destination].into_iter().find_map(family),
        doubt: hidden.then(|| Doubt::new("interface-unknown", "?")),
    })
}

/// The text behind the columns.
pub struct Extras<'r> {
    /// What is still to be read.
    pub rest: &'r str,
    /// The words so far.
    pub words: Vec<Word<'static>>,
    /// Text that nobody here knows, so far.
    pub unknown: String,
    /// `[goto]` was there.
    pub goes: bool,
}

/// The next field of a row, and what follows.
pub fn field(text: &str) -> (&str, &str) {
    let text = text.trim_start();
    text.split_once(|char: char| char.is_ascii_whitespace()).unwrap_or((text, ""))
}

/// An option with a value that may have a `!` before it.
pub fn negatable(words: &mut Vec<Word<'static>>, option: &'static str, value: &str) {
    let value = match value.strip_prefix('!') {
        Some(value) => {
            words.push(Word::plain("!"));
            value
        }
        None => value,
    };
    words.extend([Word::plain(option), Word::made(value)]);
}

fn family(text: &str) -> Option<Family> {
    let text = text.trim_start_matches('!');
    let start = text.split('/').next().unwrap_or(text);
    start.parse().ok().map(Family::of)
}

fn is_address(text: &str) -> bool {
    family(text).is_some() || text == "anywhere"
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::acl::formats::iptables::word::join;

    const VERBOSE: &str = "num   pkts bytes target     prot opt in     out     source               destination";
    const SHORT: &str = "target     prot opt source               destination";

    fn words(title: &str, line: &str) -> String {
        join(&row(Columns::of(title).unwrap(), line).unwrap().words)
    }

    #[test]
    fn a_row_becomes_the_words_of_its_rule() {
        let line = "5        0     0 ACCEPT     6    --  !eth+  *      !10.0.0.0/8           0.0.0.0/0            tcp spts:1024:65535 dpts:!80:90";
        assert_eq!(words(VERBOSE, line), "! -i eth+ -p 6 ! -s 10.0.0.0/8 --sport 1024:65535 ! --dport 80:90 -j ACCEPT");
        let line = "WEB        6    --  0.0.0.0/0            0.0.0.0/0            multiport dports  !80,443,8000:8080";
        assert_eq!(words(SHORT, line), "-p 6 -m multiport ! --dports 80,443,8000:8080 -j WEB");
        let line = "WEB        0    --  0.0.0.0/0            0.0.0.0/0           [goto]  ! state NEW";
        assert_eq!(words(SHORT, line), "! --state NEW -g WEB");
    }

    #[test]
    fn a_row_without_a_target_has_none() {
        let line = "36       0     0            47   --  *      *       0.0.0.0/0            0.0.0.0/0";
        assert_eq!(words(VERBOSE, line), "-p 47");
        assert_eq!(words(SHORT, "           58   --  ::/0                 ::/0"), "-p 58");
    }

    #[test]
    fn an_old_ip6tables_leaves_the_options_blank() {
        let line = "ACCEPT     tcp      2404:4600::/32       ::/0                 tcp dpt:443";
        assert_eq!(words(SHORT, line), "-p tcp -s 2404:4600::/32 --dport 443 -j ACCEPT");
    }

    #[test]
    fn a_comment_is_no_match() {
        let line = "ACCEPT     6    --  0.0.0.0/0            0.0.0.0/0            tcp dpt:443 /* state NEW -j DROP */ ctstate NEW";
        assert_eq!(words(SHORT, line), "-p 6 --dport 443 --ctstate NEW -j ACCEPT");
    }

    #[test]
    fn accept_all_without_interfaces_is_a_maybe() {
        let plain = row(Columns::of(SHORT).unwrap(), "ACCEPT     0    --  0.0.0.0/0            0.0.0.0/0").unwrap();
        assert_eq!(plain.doubt, Some(Doubt::new("interface-unknown", "?")));
    }

    #[test]
    fn text_that_nobody_knows_is_kept() {
        let line =
            "DROP       0    --  0.0.0.0/0            0.0.0.0/0            STRING match  \"kakao talk\" ALGO name bm";
        assert_eq!(words(SHORT, line), "-m string \"STRING match \\\"kakao talk\\\" ALGO name bm\" -j DROP");
    }
}

//! The text that `iptables -L` prints behind the columns: each match and target has its own way. Text that nobody here
//! knows becomes a match of an unknown module.

use super::{
    listing::{Extras, field, negatable},
    word::Word,
};

impl<'r> Extras<'r> {
    /// Reads all of it; `target` is what the row jumps to, whose own text is not a match.
    pub fn read(&mut self, target: &str) {
        while !self.rest.trim_start().is_empty() {
            let before = self.rest;
            let (token, after) = field(before);
            if token == target && !matches!(target, "" | "ACCEPT" | "DROP" | "RETURN" | "REJECT") {
                break; // `LOG flags 0 level 4 prefix "…"`
            }
            if self.known(token, after) || self.of_target(token) {
                continue;
            }
            self.rest = after;
            self.keep(token, before);
        }
        self.flush();
    }

    /// A token that nobody knows, with the whole of its quotes.
    fn keep(&mut self, token: &str, before: &'r str) {
        if !self.unknown.is_empty() {
            self.unknown.push(' ');
        }
        if token.starts_with('"')
            && let Some((inside, after)) = before.trim_start().strip_prefix('"').and_then(|rest| rest.split_once('"'))
        {
            self.unknown.push('"');
            self.unknown.push_str(inside);
            self.unknown.push('"');
            self.rest = after;
        } else {
            self.unknown.push_str(token);
        }
    }

    fn flush(&mut self) {
        if self.unknown.is_empty() {
            return;
        }
        let module = match self.unknown.split([' ', ':']).next().unwrap_or_default() {
            "limit" | "#conn" | "quota" => "limit",
            "recent" => "recent",
            "STRING" => "string",
            "TIME" => "time",
            "mark" | "connmark" | "MARK" | "CONNMARK" => "mark",
            "owner" => "owner",
            "Source" | "geoip" | "-m" if self.unknown.contains("countr") => "geoip",
            _ => "unknown",
        };
        let text = std::mem::take(&mut self.unknown);
        self.words.extend([Word::plain("-m"), Word::plain(module), Word::value(text)]);
    }

    fn put(&mut self, after: &str, words: impl IntoIterator<Item = Word<'static>>) -> bool {
        self.flush();
        self.words.extend(words);
        // The rest is a part of the line; its length says where.
        let skip = self.rest.len().saturating_sub(after.len());
        self.rest = self.rest.get(skip..).unwrap_or_default();
        true
    }

    fn option(&mut self, option: &'static str, value: &str, after: &str) -> bool {
        let mut words = Vec::with_capacity(3);
        negatable(&mut words, option, value);
        self.put(after, words)
    }

    /// A match whose text is known.
    fn known(&mut self, token: &str, after: &str) -> bool {
        if let Some((name, value)) = token.split_once(':').or_else(|| token.split_once('=')) {
            let option = match name {
                "dpt" | "dpts" => "--dport",
                "spt" | "spts" => "--sport",
                "option" => "--tcp-option",
                "flags" => {
                    let (mask, set) = value.split_once('/').unwrap_or((value, ""));
                    let mut words = Vec::with_capacity(4);
                    negatable(&mut words, "--tcp-flags", mask);
                    words.push(Word::made(set));
                    return self.put(after, words);
                }
                _ => return false,
            };
            return self.option(option, value, after);
        }
        let (next, behind) = field(after);
        match token {
            "[goto]" => {
                self.goes = true;
                self.put(after, [])
            }
            "/*" => {
                let rest = after.split_once("*/").map_or("", |(_, rest)| rest);
                self.put(rest, [])
            }
            "tcp" | "udp" if ["dpt", "spt", "flags", "option"].iter().any(|name| next.starts_with(name)) => {
                self.put(after, [])
            }
            "multiport" => {
                let option = match next {
                    "dports" => "--dports",
                    "sports" => "--sports",
                    "ports" => "--ports",
                    _ => return false,
                };
                let (value, behind) = field(behind);
                let mut words = vec![Word::plain("-m"), Word::plain("multiport")];
                negatable(&mut words, option, value);
                self.put(behind, words)
            }
            "ctstate" => self.option("--ctstate", next, behind),
            "state" => self.option("--state", next, behind),
            "ctdir" => self.option("--ctdir", next, behind),
            "ctproto" => self.option("--ctproto", next, behind),
            "match-set" => self.set(after, false),
            "!" => self.negated(next, behind),
            "source" | "destination" => {
                let Some(range) = after.trim_start().strip_prefix("IP range ") else { return false };
                let option = if token == "source" { "--src-range" } else { "--dst-range" };
                let (value, behind) = field(range);
                if value != "!" {
                    return self.option(option, value, behind);
                }
                let (value, behind) = field(behind);
                self.put(behind, [Word::plain("!"), Word::plain(option), Word::made(value)])
            }
            "ADDRTYPE" if next == "match" => {
                let (words, rest) = address_types(behind);
                self.put(rest, words)
            }
            "PKTTYPE" if matches!(next, "=" | "!=") => {
                let (value, behind) = field(behind);
                let not = (next == "!=").then(|| Word::plain("!"));
                self.put(behind, not.into_iter().chain([Word::plain("--pkt-type"), Word::made(value)]))
            }
            "policy" if after.trim_start() == "match dir in pol none" => {
                let (pol, none) = (Word::plain("--pol"), Word::plain("none"));
                self.put("", [Word::plain("-m"), Word::plain("policy"), pol, none])
            }
            _ => false,
        }
    }

    /// What follows a `!` that stands alone.
    fn negated(&mut self, name: &str, after: &str) -> bool {
        let option = match name {
            "ctstate" => "--ctstate",
            "state" => "--state",
            "ctdir" => "--ctdir",
            "ctproto" => "--ctproto",
            "match-set" => return self.set(after, true),
            _ => return false,
        };
        let (value, behind) = field(after);
        self.put(behind, [Word::plain("!"), Word::plain(option), Word::made(value)])
    }

    /// `match-set NAME src,dst [return-nomatch]`
    fn set(&mut self, after: &str, negate: bool) -> bool {
        let (name, after) = field(after);
        let (sides, after) = field(after);
        let not = negate.then(|| Word::plain("!"));
        let set = [Word::plain("--match-set"), Word::made(name), Word::made(sides)];
        let (next, behind) = field(after);
        if next == "return-nomatch" {
            return self.put(behind, not.into_iter().chain(set).chain([Word::plain("--return-nomatch")]));
        }
        self.put(after, not.into_iter().chain(set))
    }

    /// Text of a target, which `target_words` reads.
    fn of_target(&mut self, token: &str) -> bool {
        let last = matches!(token, "reject-with" | "redir" | "add-set" | "del-set" | "NOTRACK" | "notrack");
        if last || token.starts_with("to:") {
            self.flush();
            self.rest = "";
            return true;
        }
        false
    }
}

/// `ADDRTYPE match src-type !MULTICAST dst-type LOCAL`
fn address_types(text: &str) -> (Vec<Word<'static>>, &str) {
    let mut words = vec![Word::plain("-m"), Word::plain("addrtype")];
    let mut rest = text;
    loop {
        let (name, after) = field(rest);
        let option = match name {
            "src-type" => "--src-type",
            "dst-type" => "--dst-type",
            "limit-in" | "limit-out" => {
                words.push(Word::plain("--limit-iface-in"));
                rest = after;
                continue;
            }
            _ => return (words, rest),
        };
        let (value, after) = field(after);
        negatable(&mut words, option, value);
        rest = after;
    }
}

/// The words of a target's own text.
pub fn target_words(target: &str, text: &str) -> Vec<Word<'static>> {
    let uncommented: String;
    let text = match text.split_once("/*").and_then(|(before, rest)| Some((before, rest.rsplit_once("*/")?.1))) {
        Some((before, behind)) => {
            uncommented = format!("{before} {behind}");
            &uncommented
        }
        None => text,
    };
    let after = |name: &str| {
        let mut words = text.split_ascii_whitespace().skip_while(|word| *word != name);
        words.next()?;
        words.next()
    };
    match target {
        "REJECT" => match after("reject-with") {
            Some(with) => vec![Word::plain("--reject-with"), Word::made(with)],
            None => Vec::new(),
        },
        "DNAT" => match text.split_ascii_whitespace().find_map(|word| word.strip_prefix("to:")) {
            Some(to) => vec![Word::plain("--to-destination"), Word::made(to)],
            None => Vec::new(),
        },
        "REDIRECT" => {
            match text.split_once("redir ports ").and_then(|(_, ports)| ports.split_ascii_whitespace().next()) {
                Some(ports) => vec![Word::plain("--to-ports"), Word::made(ports)],
                None => Vec::new(),
            }
        }
        "CT" if text.split_ascii_whitespace().any(|word| word.eq_ignore_ascii_case("notrack")) => {
            vec![Word::plain("--notrack")]
        }
        "SET" => {
            let mut words = Vec::new();
            for (name, option) in [("add-set", "--add-set"), ("del-set", "--del-set")] {
                if let Some(set) = after(name) {
                    words.extend([Word::plain(option), Word::made(set), Word::plain("src")]);
                }
            }
            words
        }
        _ => Vec::new(),
    }
}

//! A plain list of addresses: one network, range or address a line, all let in. It has no ports, and no order: a refusal in it
//! beats what lets in. Which program reads the list, and how, it does not say.

use std::fmt::Write as _;

use super::{Cannot, Format};
use crate::acl::{
    Action, Addresses, Assumption, Chain, ChainId, Condition, Family, File, Hook, How, Kind, Malformed, Opening, Patch,
    Place, Policy, Reading, Rule, Ruleset, Stage, insert_lines,
};

/// The dialect.
pub const FORMAT: Format = Format {
    name: "cidr-list",
    title: "Plain list of networks",
    from: "one network a line; `!`, `-` or `deny` before it refuses",
    joins: false,
    cannot: CANNOT,
    recognise,
    parse,
    open: Some(open),
};

const CANNOT: &[Cannot] = &[
    Cannot {
        ko: "이 목록을 어떤 프로그램이 어떻게 쓰는지는 알 수 없으므로, 적힌 대역만 모든 포트에서 허용된다고 봅니다.",
        en: "Which program reads the list, and how, is not known: what is listed is taken to be let in on every port.",
    },
    Cannot {
        ko: "허용과 차단이 겹치면 차단이 우선한다고 봅니다. 차단만 적힌 목록이면 나머지는 허용입니다.",
        en: "Where both are listed, refusing is taken to win; in a list of refusals alone the rest is let in.",
    },
    Cannot {
        ko: "목록에 없는 주소 체계(IPv4 또는 IPv6)는 판단하지 않습니다.",
        en: "An address family that is not in the list is not judged.",
    },
];

const ADVICE: &str = "write one network a line, such as 27.0.236.0/22; `!` before it refuses, `#` starts a comment";

/// What a line says.
struct Entry {
    place: Place,
    refuses: bool,
    addresses: Addresses,
}

/// What is wrong in a line, and at which of its bytes.
struct Fault {
    at: usize,
    what: String,
}

fn recognise(text: &str) -> u8 {
    let mut seen = 0;
    for line in text.trim_start_matches('\u{feff}').lines().take(RECOGNISED_LINES) {
        match entry(line) {
            Ok(Some(_)) => seen += 1,
            Ok(None) => {}
            Err(_) => return 0,
        }
    }
    if seen > 0 { 60 } else { 0 }
}

/// Lines that are looked at to recognise a list.
const RECOGNISED_LINES: usize = 200;

/// The text before a comment.
fn without_comment(line: &str) -> &str {
    let end = [line.find('#'), line.find(';'), line.find("//")].into_iter().flatten().min();
    end.and_then(|end| line.get(..end)).unwrap_or(line)
}

/// Whether the line refuses, and its addresses; `None` where it is empty.
fn entry(line: &str) -> Result<Option<(bool, Addresses)>, Fault> {
    let text = without_comment(line).trim_end();
    let offset = |rest: &str| text.len() - rest.len();
    let start = text.trim_start();
    if start.is_empty() {
        return Ok(None);
    }
    let (refuses, rest) = if let Some(rest) = start.strip_prefix('!') {
        (true, rest.trim_start())
    } else if let Some(rest) = start.strip_prefix('-') {
        if rest.starts_with(char::is_whitespace) {
            // A bullet of YAML or Markdown lets in, a minus refuses: opposite meanings.
            let what = "a dash and a space may be a bullet or a refusal".to_owned();
            return Err(Fault { at: offset(start), what });
        }
        (true, rest)
    } else if let Some((word, rest)) = start.split_once(char::is_whitespace) {
        // nginx's lines look the same but for `;`, and there the first match decides.
        if line.trim_end().ends_with(';') {
            return Err(Fault { at: offset(start), what: "this looks like nginx, not like a list".to_owned() });
        }
        match word.to_ascii_lowercase().as_str() {
            "allow" | "permit" | "accept" | "허용" => (false, rest.trim_start()),
            "deny" | "block" | "drop" | "reject" | "차단" => (true, rest.trim_start()),
            _ => (false, start),
        }
    } else {
        (false, start)
    };
    let address = rest.trim_end_matches(',').trim_end();
    match Addresses::parse(address) {
        Ok(addresses) => Ok(Some((refuses, addresses))),
        Err(error) => Err(Fault { at: offset(rest), what: error.to_string() }),
    }
}

fn parse(files: &[File], reading: &Reading) -> Result<Ruleset, Malformed> {
    let mut entries = Vec::new();
    for (index, file) in files.iter().enumerate() {
        for (number, line) in file.lines() {
            match entry(line.trim_start_matches('\u{feff}')) {
                Ok(None) => {}
                Ok(Some((refuses, addresses))) => {
                    entries.push(Entry { place: Place::new(index, number), refuses, addresses });
                }
                Err(Fault { at, what }) => {
                    let column = line.char_indices().filter(|(start, _)| *start < at).count() + 1;
                    let column = u32::try_from(column).unwrap_or(u32::MAX);
                    return Err(Malformed::at(file, number, column, what, ADVICE));
                }
            }
        }
        if entries.is_empty() {
            return Err(Malformed::at(file, 0, 0, "there is no address in it", ADVICE));
        }
    }
    let families = Family::BOTH.into_iter();
    let families =
        families.filter(|family| entries.iter().any(|entry| !entry.addresses.family(*family).is_empty())).collect();
    let (refusing, allowing): (Vec<&Entry>, Vec<&Entry>) = entries.iter().partition(|entry| entry.refuses);
    let rule = |entry: &&Entry, then| Rule::new(entry.place, Condition::source(entry.addresses.clone()), then);
    let mut rules: Vec<Rule> = refusing.iter().map(|entry| rule(entry, Action::Deny(How::Drop))).collect();
    if !allowing.is_empty() {
        for rule in &mut rules {
            rule.note = Some("deny-wins");
        }
    }
    rules.extend(allowing.iter().map(|entry| rule(entry, Action::Accept).with_note("listed")));
    let policy = if allowing.is_empty() { Policy::accept() } else { Policy::deny(How::Drop) };
    let mut assumptions = Vec::new();
    if let (Some(entry), false) = (refusing.first(), allowing.is_empty()) {
        assumptions.push(Assumption { code: "order-assumed", place: Some(entry.place), what: String::new() });
    }
    Ok(Ruleset {
        chains: vec![Chain { name: CHAIN.to_owned(), rules }],
        stages: vec![Stage { hook: Hook::Input, chain: ChainId(0), family: None, policy, kind: Kind::Connection }],
        families,
        sees: reading.sees.clone(),
        assumptions,
        idle: Vec::new(),
    })
}

const CHAIN: &str = "the list";

/// A refusal is narrowed to what is left of it; what is not listed is added at the end. The list has no ports, so every port
/// is opened with these.
fn open(files: &[File], opening: &Opening) -> Option<Patch> {
    let wanted: Addresses = opening.networks.iter().copied().collect();
    if opening.by_policy || opening.refused_at.is_none() {
        let (index, file) = files.iter().enumerate().next_back()?;
        let style = file.lines().find_map(|(_, line)| line.trim().split_once(char::is_whitespace));
        let word = style.map(|(word, _)| word).filter(|word| ["allow", "permit", "허용"].contains(word));
        let lines: Vec<String> = opening
            .networks
            .iter()
            .map(|network| word.map_or_else(|| network.to_string(), |word| format!("{word} {network}")))
            .collect();
        let text = insert_lines(&file.text, u32::MAX, &lines);
        return Some(Patch { files: vec![(index, text)], ..Patch::default() });
    }
    let place = opening.refused_at?;
    let file = files.get(place.file)?;
    let mut changed = String::with_capacity(file.text.len());
    for (number, line) in (1_u32..).zip(file.text.split_inclusive('\n')) {
        match entry(line.trim_start_matches('\u{feff}')) {
            Ok(Some((true, refused))) if number == place.line || !refused.intersection(&wanted).is_empty() => {
                let end = if line.ends_with("\r\n") { "\r\n" } else { "\n" };
                let start = line.trim_start_matches('\u{feff}').trim_start();
                let sign = match start.split_once(char::is_whitespace) {
                    _ if start.starts_with('!') => "!".to_owned(),
                    _ if start.starts_with('-') => "-".to_owned(),
                    Some((word, _)) => format!("{word} "),
                    None => return None,
                };
                for network in refused.difference(&wanted).networks() {
                    let _never_fails = write!(changed, "{sign}{network}{end}");
                }
            }
            _ => changed.push_str(line),
        }
    }
    Some(Patch { files: vec![(place.file, changed)], ..Patch::default() })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_refusal_is_narrowed_to_what_is_left_of_it() {
        let files = [File::new("list", "27.0.236.0/22\n!27.0.238.0/24\n")];
        let opening = Opening {
            refused_at: Some(Place::new(0, 2)),
            chain: CHAIN.to_owned(),
            by_policy: false,
            part: crate::acl::Part::Syn,
            family: Family::V4,
            networks: vec!["27.0.238.0/25".parse().unwrap()],
            ports: vec![443],
        };
        assert_eq!(open(&files, &opening).unwrap().files[0].1, "27.0.236.0/22\n!27.0.238.128/25\n");
    }

    proptest! {
        #[test]
        fn reading_never_panics(text in "([0-9a-f./:!# ;,-]|allow |deny |\n|\u{feff}|가){0,40}") {
            let _any = parse(&[File::new("list", &text)], &Reading::default());
            let _any = recognise(&text);
        }

        #[test]
        fn what_is_printed_is_read_again(bits: u32, length in 1_u8..=32, refuses: bool) {
            let network = ipnet::Ipv4Net::new(bits.into(), length).unwrap().trunc();
            let line = if refuses { format!("!{network}") } else { network.to_string() };
            let found = entry(&line).ok().flatten();
            prop_assert_eq!(found, Some((refuses, Addresses::from(ipnet::IpNet::V4(network)))));
        }
    }
}

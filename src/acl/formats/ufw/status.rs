//! What `ufw status` prints: plain, `verbose` or `numbered`. The columns are cut by the action's word, because long places
//! push them to the right.

use super::super::super::{Addresses, Family, File, Malformed, Place, Policy};
use super::{
    build::Found,
    row::{Ports, Row, Side, Verb, Way, port_list},
    settings,
};

/// Whether a line is the first of a listing. ufw's Korean catalogue has no sentence in it, so Korean hosts print English.
pub fn is_status_line(line: &str) -> bool {
    matches!(line.strip_prefix("Status:").map(str::trim), Some("active" | "inactive"))
}

const ADVICE: &str = "copy the whole output of `ufw status verbose` again, without line breaks inside a rule";

/// Reads a listing.
pub fn read(file: &File, index: usize, found: &mut Found) -> Result<(), Malformed> {
    let mut active = None;
    for (number, line) in file.lines() {
        let place = Place::new(index, number);
        let text = line.trim_start_matches('\u{feff}').trim();
        if is_status_line(text) {
            let on = text.ends_with(" active");
            active = Some(on);
            found.enabled = Some((on, place));
            found.head = found.head.or(Some(place));
            found.speaks = true;
        } else if active.is_none() || text.is_empty() || is_frame(text) {
            // The prompt before it, the head of the table, an empty line.
        } else if let Some(rest) = text.strip_prefix("Default:") {
            found.policy = default(rest).map(|verdict| Policy { verdict, place: Some(place) });
        } else {
            found.rows.push(row(file, place, line)?);
        }
    }
    // Without a rule at all there is no sign of IPv6 either way.
    found.families.push(Family::V4);
    Ok(())
}

fn is_frame(text: &str) -> bool {
    let first = text.split_whitespace().next().unwrap_or_default();
    let known = ["Logging:", "New", "To", "--", "WARN:", "WARNING:", "Skipping"];
    let prompt = first.ends_with(['#', '$']) || first.contains('@') && text.contains(['#', '$']);
    known.contains(&first) || prompt
}

fn default(rest: &str) -> Option<super::super::super::Action> {
    let incoming = rest.split(',').find(|part| part.contains("(incoming)"))?;
    settings::policy(incoming.split_whitespace().next()?)
}

/// Cuts a row into its words before the action, the action and way, and its words after them.
fn columns(text: &str) -> Option<(&str, Verb, Way, &str)> {
    let mut words = words(text).peekable();
    while let Some((at, word)) = words.next() {
        let Some(verb) = Verb::of(word).filter(|_| word.bytes().all(|byte| byte.is_ascii_uppercase())) else {
            continue;
        };
        let before = text.get(..at)?.trim();
        if before.is_empty() {
            return None;
        }
        let way = match words.peek() {
            Some((_, "IN")) => Some(Way::In),
            Some((_, "OUT")) => Some(Way::Out),
            Some((_, "FWD")) => Some(Way::Routed),
            _ => None,
        };
        if way.is_some() {
            words.next();
        }
        let rest = words.peek().and_then(|(at, _)| text.get(*at..)).unwrap_or_default();
        return Some((before, verb, way.unwrap_or_default(), rest.trim()));
    }
    None
}

/// Words with where they start.
fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let start = text.as_ptr() as usize;
    text.split_whitespace().map(move |word| (word.as_ptr() as usize - start, word))
}

fn row(file: &File, place: Place, line: &str) -> Result<Row, Malformed> {
    let wrong = |what: String| Malformed::at(file, place.line, 1, what, ADVICE);
    let text = without_comment(line.trim());
    let text = text.strip_prefix('[').and_then(|rest| rest.split_once(']')).map_or(text, |(_, rest)| rest).trim();
    let (to, verb, way, from) = columns(text).ok_or_else(|| wrong(format!("`{}` is no rule of ufw", shown(line))))?;
    let mut row = Row::new(place, verb);
    row.way = way;
    let (from, to) = match (location(without_attributes(from)), location(to)) {
        (Some(from), Some(to)) => (from, to),
        (None, _) => return Err(wrong(format!("`{}` is no source of a rule of ufw", shown(from)))),
        (_, None) => return Err(wrong(format!("`{}` is no destination of a rule of ufw", shown(to)))),
    };
    // For a routed rule, the interface it comes in by is shown on the side it comes from.
    row.interface = if way == Way::Routed { from.interface } else { to.interface };
    row.protocol = to.protocol.or(from.protocol);
    row.family = Some(if from.v6 || to.v6 { Family::V6 } else { Family::V4 });
    (row.from, row.to) = (from.side, to.side);
    row.settle_family();
    Ok(row)
}

fn shown(text: &str) -> String {
    text.trim().chars().take(60).collect()
}

/// A comment is the last thing in a row.
fn without_comment(text: &str) -> &str {
    text.split_once(" # ").map_or(text, |(row, _)| row).trim_end()
}

/// `(log)`, `(log-all)`, `(out)` and `(log, out)` stand after the source and change nothing.
fn without_attributes(text: &str) -> &str {
    let Some((rest, attributes)) = text.strip_suffix(')').and_then(|text| text.rsplit_once('(')) else { return text };
    let known = attributes.split(',').all(|word| matches!(word.trim(), "log" | "log-all" | "out" | "in"));
    if known { rest.trim_end() } else { text }
}

/// One side of a row as it is printed.
#[derive(Debug, Default)]
struct Location {
    side: Side,
    protocol: Option<String>,
    interface: Option<String>,
    v6: bool,
}

fn location(text: &str) -> Option<Location> {
    let mut found = Location::default();
    let mut text = text.trim().to_owned();
    if let Some((rest, interface)) = text.rsplit_once(" on ").filter(|(_, name)| !name.contains(char::is_whitespace)) {
        found.interface = Some(interface.to_owned());
        text = rest.trim_end().to_owned();
    }
    if text.contains("(v6)") {
        found.v6 = true;
        text = text.replace(" (v6)", "");
    }
    // `80,443/tcp (Nginx Full)`: the ports say it all. The profile's name is shown for people.
    if let Some((ports, _)) = text.strip_suffix(')').and_then(|text| text.rsplit_once(" (")) {
        text = ports.to_owned();
    }
    let (first, rest) = text.split_once(' ').map_or((text.as_str(), ""), |(first, rest)| (first, rest.trim()));
    if let Some((addresses, protocol)) = address(first) {
        found.side.addresses = addresses;
        found.protocol = protocol;
        if rest.is_empty() {
            return Some(found);
        }
        (found.side.ports, found.protocol) = ports(rest)?;
    } else {
        (found.side.ports, found.protocol) = ports(&text)?;
    }
    Some(found)
}

/// `Anywhere`, an address or a network, each with `/PROTOCOL` behind it or not.
fn address(word: &str) -> Option<(Option<Addresses>, Option<String>)> {
    let known = |text: &str| match text {
        "Anywhere" => Some(None),
        _ => Addresses::parse(text).ok().map(Some),
    };
    if let Some(found) = known(word) {
        return Some((found, None));
    }
    let (before, protocol) = word.rsplit_once('/')?;
    let named = protocol.starts_with(|first: char| first.is_ascii_alphabetic());
    known(before).filter(|_| named).map(|found| (found, Some(protocol.to_owned())))
}

/// `443`, `80,443/tcp`, or the name of a profile.
fn ports(text: &str) -> Option<(Ports, Option<String>)> {
    let (list, protocol) = text.split_once('/').map_or((text, None), |(list, protocol)| (list, Some(protocol)));
    if let Some(ranges) = port_list(list) {
        return Some((Ports::These(ranges), protocol.map(str::to_owned)));
    }
    // Names start with a letter (ufw refuses others), so a broken address is never taken for one.
    let name = text.starts_with(|first: char| first.is_alphabetic());
    name.then(|| (Ports::Profile(text.to_owned()), None))
}

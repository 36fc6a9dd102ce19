//! What `ufw show added` prints: the rules as the commands that add them. The default policy is not among them, and neither is
//! whether ufw is switched on.

use super::super::super::{Addresses, Family, File, Malformed, Place};
use super::{
    build::Found,
    row::{Ports, Row, Verb, Way, port_list},
};

/// Whether a line is the first of the output.
pub fn is_head(line: &str) -> bool {
    line.starts_with("Added user rules (see 'ufw status'")
}

/// Whether a line is a command that adds a rule.
pub fn is_command(line: &str) -> bool {
    let mut words = line.split_whitespace();
    if words.next() != Some("ufw") {
        return false;
    }
    let verb = words.next().filter(|word| *word != "route").or_else(|| words.next());
    verb.is_some_and(|verb| Verb::of(verb).is_some())
}

const ADVICE: &str = "copy the output of `ufw show added` again, or better that of `ufw status verbose`";

/// Reads the output.
pub fn read(file: &File, index: usize, found: &mut Found) -> Result<(), Malformed> {
    let mut head = None;
    let mut rows = Vec::new();
    for (number, line) in file.lines() {
        let place = Place::new(index, number);
        let text = line.trim_start_matches('\u{feff}').trim();
        if is_head(text) {
            head = head.or(Some(place));
        } else if is_command(text) {
            head = head.or(Some(place));
            let wrong = |what: String| Malformed::at(file, number, 1, what, ADVICE);
            rows.push(
                command(place, text).map_err(|word| wrong(format!("`{word}` is not understood in a rule of ufw")))?,
            );
        } else if !text.is_empty() && text != "(None)" && head.is_some() && !text.contains(['#', '$']) {
            let shown: String = text.chars().take(60).collect();
            return Err(Malformed::at(file, number, 1, format!("`{shown}` is no command of ufw"), ADVICE));
        }
    }
    // A rule without an address stands for one of each family, if IPv6 is filtered at all; a rule for IPv6 shows that it is.
    let v6 = rows.iter().any(|row| row.family == Some(Family::V6));
    for row in &mut rows {
        if row.family.is_none() && !v6 {
            row.family = Some(Family::V4);
        }
    }
    found.families.push(Family::V4);
    found.mixed = found.mixed.or(head.filter(|_| v6));
    found.head = found.head.or(head);
    found.speaks = true;
    found.rows.append(&mut rows);
    Ok(())
}

/// Words, with quoted ones whole and without their quotes.
fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    for letter in text.chars() {
        match quote {
            Some(end) if letter == end => quote = None,
            None if letter == '\'' || letter == '"' => {
                quote = Some(letter);
                word.get_or_insert_default();
            }
            None if letter.is_whitespace() => words.extend(word.take()),
            _ => word.get_or_insert_default().push(letter),
        }
    }
    words.extend(word);
    words
}

/// Reads one command; the error is the word that is not understood.
fn command(place: Place, text: &str) -> Result<Row, String> {
    let text = text.split_once(" comment '").map_or(text, |(rule, _)| rule);
    let words = words(text);
    let mut words = words.iter().map(String::as_str).skip(1).peekable();
    let routed = words.next_if_eq(&"route").is_some();
    let verb = words.next().unwrap_or_default();
    let mut row = Row::new(place, Verb::of(verb).ok_or_else(|| verb.to_owned())?);
    let mut source = true;
    let mut named = false;
    while let Some(word) = words.next() {
        let mut value = || words.next().ok_or_else(|| word.to_owned());
        match word {
            "in" | "out" => {
                let interface = if words.next_if_eq(&"on").is_some() {
                    Some(words.next().ok_or_else(|| word.to_owned())?.to_owned())
                } else {
                    None
                };
                match (word, routed) {
                    ("in", _) => row.interface = interface,
                    (_, false) => row.way = Way::Out,
                    (_, true) => {}
                }
            }
            "log" | "log-all" => {}
            "comment" => break,
            "from" | "to" => {
                source = word == "from";
                named = true;
                let text = value()?;
                let side = if source { &mut row.from } else { &mut row.to };
                if text != "any" {
                    side.addresses = Some(Addresses::parse(text).map_err(|_not| text.to_owned())?);
                }
            }
            "port" | "app" if named => {
                let text = value()?;
                let side = if source { &mut row.from } else { &mut row.to };
                side.ports = match word {
                    "app" => Ports::Profile(text.to_owned()),
                    _ => Ports::These(port_list(text).ok_or_else(|| text.to_owned())?),
                };
            }
            "proto" => row.protocol = Some(value()?.to_owned()).filter(|name| name != "any"),
            // The short form: `443`, `80,443/tcp`, or a profile.
            _ if !named && row.to.ports == Ports::Any => {
                let (list, protocol) = word.split_once('/').map_or((word, None), |(list, name)| (list, Some(name)));
                row.to.ports = match port_list(list) {
                    Some(ranges) => {
                        row.protocol = protocol.map(str::to_owned);
                        Ports::These(ranges)
                    }
                    None => Ports::Profile(word.to_owned()),
                };
            }
            _ => return Err(word.to_owned()),
        }
    }
    if routed {
        row.way = Way::Routed;
    }
    row.settle_family();
    Ok(row)
}

//! The lines that open a way: the smallest, before the line that refuses or at the end of its chain, in the style of the
//! file. Whether they do open it, the engine proves.

use std::fmt::Write as _;

use super::{
    listing::Columns,
    model::rank,
    reader::read,
    shell::commands,
    text::{counted, program},
    word::{Word, split},
};
use crate::acl::{Family, File, Opening, Part, Patch, Place, insert_lines};

/// Ports one `multiport` may name (`XT_MULTI_PORTS`).
const MAX_PORTS: usize = 15;

/// Writes what opens the way.
pub fn open(files: &[File], opening: &Opening) -> Option<Patch> {
    let place = opening.refused_at?;
    let (table, chain) = opening.chain.split_once(' ')?;
    let file = files.get(place.file)?;
    let line = file.line(place.line)?;
    let accepts = accepts(opening)?;
    let work = Work { file, place, line, table, chain, opening, accepts: &accepts };
    let text = counted(line.trim());
    let changed = if text.starts_with('-') || text.starts_with(':') {
        work.dump()
    } else if commands(line).iter().any(|simple| simple.words.iter().any(|word| tool(&word.text))) {
        work.script()?
    } else {
        work.listing()?
    };
    let tool = if opening.family == Family::V6 { "ip6tables" } else { "iptables" };
    let named = if table == "filter" { String::new() } else { format!(" -t {table}") };
    let position = if opening.by_policy { None } else { Some(position(files, opening, place, table, chain)?) };
    let run = |accept: &Accept| match position {
        Some(number) => format!("{tool}{named} -I {chain} {number} {} -j ACCEPT", accept.words),
        None => format!("{tool}{named} -A {chain} {} -j ACCEPT", accept.words),
    };
    Some(Patch {
        files: vec![(place.file, changed)],
        commands: accepts.iter().map(run).collect(),
        remarks: vec![("persist", "netfilter-persistent save".to_owned())],
    })
}

/// One rule that lets a network in.
struct Accept {
    /// Its words: `-s NET -p tcp -m tcp --dport 443`.
    words: String,
    network: String,
    /// As `iptables -L` shows its ports.
    shown: String,
}

/// The rules that let the networks in.
fn accepts(opening: &Opening) -> Option<Vec<Accept>> {
    let (address, one, many, shown) = match opening.part {
        Part::Syn | Part::Data => ("-s", "--dport", "--dports", "dpt"),
        Part::SynAck | Part::Reply => ("-d", "--sport", "--sports", "spt"),
        Part::Request => return None,
    };
    let mut found = Vec::new();
    for network in &opening.networks {
        for ports in opening.ports.chunks(MAX_PORTS) {
            let list = ports.iter().map(u16::to_string).collect::<Vec<_>>().join(",");
            let (matched, shown) = match ports {
                [_] => (format!("-m tcp {one} {list}"), format!("tcp {shown}:{list}")),
                _ => (
                    format!("-m multiport {many} {list}"),
                    format!("multiport {} {list}", many.trim_start_matches('-')),
                ),
            };
            let words = format!("{address} {network} -p tcp {matched}");
            found.push(Accept { words, network: network.to_string(), shown });
        }
    }
    Some(found)
}

/// The number of the refusing rule in its chain, from 1.
fn position(files: &[File], opening: &Opening, place: Place, table: &str, chain: &str) -> Option<usize> {
    let host = read(files).ok()?;
    let dump = host.dumps.iter().find(|dump| dump.family == Some(opening.family))?;
    let (_, table) = dump.tables.iter().find(|(name, _)| name.word() == table)?;
    let chain = table.chains.get(table.find(chain)?)?;
    chain.rules.iter().position(|rule| rule.place == place).map(|at| at + 1)
}

fn tool(word: &str) -> bool {
    program(word).is_some_and(|(_, commands)| commands)
        || (word.starts_with('$') && word.to_ascii_lowercase().contains("ip"))
}

struct Work<'w> {
    file: &'w File,
    place: Place,
    line: &'w str,
    table: &'w str,
    chain: &'w str,
    opening: &'w Opening,
    accepts: &'w [Accept],
}

impl Work<'_> {
    /// In the output of iptables-save or -S.
    fn dump(&self) -> String {
        let before = if self.opening.by_policy { self.end_of_chain() } else { self.place.line };
        let beside = if self.opening.by_policy { before.saturating_sub(1) } else { before };
        let counts = self.file.line(beside).is_some_and(|line| counted(line.trim()) != line.trim());
        let counters = if counts { "[0:0] " } else { "" };
        let line = |accept: &Accept| format!("{counters}-A {} {} -j ACCEPT", self.chain, accept.words);
        insert_lines(&self.file.text, before, &self.accepts.iter().map(line).collect::<Vec<_>>())
    }

    /// The line behind the chain's last rule, in the table its policy is in.
    fn end_of_chain(&self) -> u32 {
        let mut end = self.place.line.saturating_add(1);
        let mut last = None;
        let mut rules = false;
        let mut before = rank_of(self.line);
        for (number, line) in self.file.lines().skip_while(|(number, _)| *number <= self.place.line) {
            let text = counted(line.trim());
            let declares = text.starts_with("-P ") || text.starts_with(':');
            let ends = text == "COMMIT" || text.starts_with(['*', '#']) || text.starts_with("Chain ");
            let next = rank_of(text).filter(|_| text.starts_with("-P "));
            let anew = next.is_some() && (rules || (before.is_some() && next <= before));
            if ends || anew || !(declares || text.starts_with('-')) {
                break;
            }
            before = next.or(before);
            if text.starts_with("-A ") {
                rules = true;
                if text.split_ascii_whitespace().nth(1) == Some(self.chain) {
                    last = Some(number);
                }
            }
            end = number.saturating_add(1);
        }
        last.map_or(end, |last| last.saturating_add(1))
    }

    /// In a listing: rows as `iptables -L` prints them.
    fn listing(&self) -> Option<String> {
        let lines: Vec<&str> = self.file.text.lines().collect();
        let at = usize::try_from(self.place.line).ok()?.checked_sub(1)?;
        let columns = if self.opening.by_policy {
            Columns::of(lines.get(at + 1)?)?
        } else {
            lines.get(..at)?.iter().rev().find_map(|line| Columns::of(line))?
        };
        let before = if self.opening.by_policy {
            let rows = lines.get(at + 2..).unwrap_or_default().iter();
            let rows = rows.take_while(|line| !line.trim().is_empty() && !line.starts_with("Chain ")).count();
            u32::try_from(at + 3 + rows).ok()?
        } else {
            self.place.line
        };
        let any = if self.opening.family == Family::V6 { "::/0" } else { "0.0.0.0/0" };
        let out = matches!(self.opening.part, Part::SynAck | Part::Reply);
        let row = |accept: &Accept| {
            let mut row = String::new();
            if columns.numbers % 2 == 1 {
                row.push_str("0    ");
            }
            if columns.numbers >= 2 {
                row.push_str("    0     0 ");
            }
            let _ok = write!(row, "{:<10} {:<4} --  ", "ACCEPT", "tcp");
            if columns.interfaces {
                row.push_str("*      *       ");
            }
            let (source, destination) = if out { (any, &*accept.network) } else { (&*accept.network, any) };
            let _ok = write!(row, "{source:<20} {destination:<20} {}", accept.shown);
            row
        };
        Some(insert_lines(&self.file.text, before, &self.accepts.iter().map(row).collect::<Vec<_>>()))
    }

    /// In a script.
    fn script(&self) -> Option<String> {
        let words = split(self.line).ok()?;
        let option =
            words.iter().find(|word| matches!(&*word.text, "-A" | "-I" | "-P" | "--append" | "--insert" | "--policy"));
        let option = option.map_or("-A", |word| &*word.text);
        let inserts = option.starts_with("-I") || option.starts_with("--i");
        let simple = commands(self.line).len() == 1;
        let prefix = match self.line.split_once(option) {
            Some((prefix, _)) if simple && !prefix.trim().is_empty() => prefix.trim_end().to_owned(),
            _ => {
                let tool = if self.opening.family == Family::V6 { "ip6tables" } else { "iptables" };
                if self.table == "filter" { tool.to_owned() } else { format!("{tool} -t {}", self.table) }
            }
        };
        let number = words.iter().skip_while(|word| word.text != option).nth(2).map(|word| &*word.text);
        let number = number.filter(|text| inserts && text.parse::<u32>().is_ok());
        let command = match (inserts, number) {
            (true, Some(number)) => format!("-I {} {number}", self.chain),
            (true, None) => format!("-I {}", self.chain),
            (false, _) => format!("-A {}", self.chain),
        };
        let before = if self.opening.by_policy {
            self.after(self.last_rule())
        } else if inserts {
            self.after(self.place.line)
        } else {
            self.place.line
        };
        let line = |accept: &Accept| format!("{prefix} {command} {} -j ACCEPT", accept.words);
        Some(insert_lines(&self.file.text, before, &self.accepts.iter().map(line).collect::<Vec<_>>()))
    }

    /// The script's last line that adds a rule to the chain, or that of the policy.
    fn last_rule(&self) -> u32 {
        let adds = |line: &str| {
            let words: Vec<&str> = line.split_ascii_whitespace().collect();
            words.iter().any(|word| tool(word))
                && words
                    .windows(2)
                    .any(|pair| matches!(pair, ["-A" | "-I" | "--append", chain] if *chain == self.chain))
        };
        let lines = self.file.lines().filter(|(number, line)| *number > self.place.line && adds(line));
        lines.last().map_or(self.place.line, |(number, _)| number)
    }

    /// The line after a command and after the loops and branches it ends in.
    fn after(&self, line: u32) -> u32 {
        let mut next = line.saturating_add(1);
        let mut goes_on = self.file.line(line).is_some_and(|line| line.ends_with('\\'));
        for (number, text) in self.file.lines().skip_while(|(number, _)| *number <= line) {
            let ends = matches!(text.trim(), "done" | "fi" | "}" | "esac" | ";;");
            if !goes_on && !ends {
                break;
            }
            goes_on = text.ends_with('\\');
            next = number.saturating_add(1);
        }
        next
    }
}

fn rank_of(line: &str) -> Option<usize> {
    let words: Vec<Word<'_>> = split(line.trim().trim_start_matches(':')).ok()?;
    words.iter().take(2).find_map(|word| rank(&word.text))
}

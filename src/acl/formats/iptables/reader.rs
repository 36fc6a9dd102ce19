//! Goes through the lines of a layer's files and sorts them: dump, listing, sets or script. What a rule means is not
//! decided here, only which chain of which table of which family it is in.

use std::borrow::Cow;

use super::{
    listing::Columns,
    model::{Dump, Evidence, PolicyWord, RawRule, Table, TableName, rank},
    script::Script,
    sets::Sets,
    word::{Word, split},
};
use crate::acl::{Assumption, Doubt, Family, File, Malformed, Place};

/// All that a layer's files say.
#[derive(Default)]
pub struct Host<'a> {
    /// The dumps, in the order they came; before `finish` several may speak of one family.
    pub dumps: Vec<Dump<'a>>,
    /// The sets of ipset.
    pub sets: Sets,
    /// What was taken for granted.
    pub assumptions: Vec<Assumption>,
}

/// Rules and chains whose table no line names (`iptables -S`, `-L`).
#[derive(Default)]
struct Bare<'a> {
    table: Table<'a>,
    evidence: Evidence,
    start: Option<Place>,
    /// The last built-in chain that was declared.
    rank: Option<usize>,
    marked: Option<(Option<Family>, TableName)>,
}

/// Where lines go.
#[derive(Default)]
enum Mode<'a> {
    /// Nowhere yet.
    #[default]
    Outside,
    /// After a `*table` line.
    Saved(TableName),
    /// In a listing of one table.
    Bare(Box<Bare<'a>>),
}

/// Reads files into a host.
pub struct Reader<'a> {
    pub(super) files: &'a [File],
    pub(super) host: Host<'a>,
    current: usize,
    mode: Mode<'a>,
    columns: Option<Columns>,
    in_chain: Option<Cow<'a, str>>,
    marker: Option<(Option<Family>, TableName)>,
    pub(super) script: Script,
}

/// Reads the files of a layer.
pub fn read(files: &[File]) -> Result<Host<'_>, Malformed> {
    let mut reader = Reader {
        files,
        host: Host::default(),
        current: 0,
        mode: Mode::Outside,
        columns: None,
        in_chain: None,
        marker: None,
        script: Script::default(),
    };
    for (number, file) in files.iter().enumerate() {
        reader.begin_dump(None);
        for (line, text) in file.lines() {
            let text = if line == 1 { text.trim_start_matches('\u{feff}') } else { text };
            reader.line(Place::new(number, line), text)?;
        }
        reader.end_bare()?;
        reader.end_script()?;
        reader.mode = Mode::Outside;
        reader.columns = None;
        reader.marker = None;
        reader.host.sets.end_listing();
    }
    super::families::finish(&mut reader.host, files)?;
    Ok(reader.host)
}

impl<'a> Reader<'a> {
    pub(super) fn wrong(&self, place: Place, what: impl Into<String>, advice: &str) -> Malformed {
        malformed(self.files, place, what, advice)
    }

    /// A new dump, unless the present one is still empty.
    fn begin_dump(&mut self, family: Option<Family>) {
        let fresh = self.host.dumps.last().is_some_and(|dump| dump.tables.is_empty());
        if !fresh {
            self.host.dumps.push(Dump::default());
        }
        self.current = self.host.dumps.len() - 1;
        if let Some(dump) = self.host.dumps.last_mut() {
            dump.family = family;
            dump.start = None;
        }
    }

    /// The dump of a family that a line names.
    fn dump_of(&mut self, family: Family) {
        match self.host.dumps.iter().position(|dump| dump.family == Some(family)) {
            Some(at) => self.current = at,
            None => self.begin_dump(Some(family)),
        }
    }

    pub(super) fn dump(&mut self, place: Place) -> Option<&mut Dump<'a>> {
        let dump = self.host.dumps.get_mut(self.current)?;
        dump.start.get_or_insert(place);
        Some(dump)
    }

    fn line(&mut self, place: Place, line: &'a str) -> Result<(), Malformed> {
        if self.script.continues() {
            return self.shell(place, line);
        }
        let text = line.trim();
        if let Some(columns) = &mut self.columns {
            if text.is_empty() {
                self.columns = None;
                return Ok(());
            }
            if !text.starts_with("Chain ") && !text.starts_with('#') && !text.starts_with('*') {
                if !columns.known {
                    *columns = Columns::of(text)
                        .ok_or_else(|| malformed(self.files, place, "the listing has no column titles", LISTING))?;
                    return Ok(());
                }
                return self.listed(place, line);
            }
            self.columns = None;
        }
        if text.is_empty() {
            self.host.sets.end_listing();
            return Ok(());
        }
        if text.starts_with('#') {
            self.comment(place, text);
            return Ok(());
        }
        if self.host.sets.listed_line(place, text).map_err(|fault| fault.at(self.files, place))? {
            return Ok(());
        }
        if let Some(name) = text.strip_prefix('*').filter(|name| !name.contains([' ', ')'])) {
            return self.begin_table(place, name);
        }
        if text == "COMMIT" {
            self.end_bare()?;
            self.mode = Mode::Outside;
            return Ok(());
        }
        if let Some(rest) = text.strip_prefix("Chain ")
            && (rest.contains("(policy ") || rest.contains("references)"))
        {
            return self.listed_chain(place, rest);
        }
        if let Some(declared) = text.strip_prefix(':')
            && !declared.is_empty()
        {
            return self.declared(place, declared);
        }
        let rule = counted(text);
        if rule.starts_with('-') {
            let words = split(rule).map_err(|_open| self.wrong(place, "a quote is not closed", QUOTE))?;
            return self.command(place, words, None, None);
        }
        if (text.starts_with("create ") || text.starts_with("add ")) && !matches!(self.mode, Mode::Saved(_)) {
            return self.host.sets.saved_line(place, text).map_err(|fault| fault.at(self.files, place));
        }
        if let Mode::Saved(_) = self.mode {
            let what = format!("`{}` is no line of iptables-save", short(text));
            return Err(self.wrong(place, what, "give the output of iptables-save as it is"));
        }
        self.shell(place, line)
    }

    /// Comments that say which program wrote the dump.
    fn comment(&mut self, place: Place, text: &str) {
        let said = text.trim_start_matches('#').trim_start();
        if let Some(by) = said.strip_prefix("Generated by ") {
            let program = by.split(' ').next().unwrap_or_default();
            let v6 = program.starts_with("ip6");
            self.mode = Mode::Outside;
            if v6 || program.starts_with("ip") {
                self.dump_of(if v6 { Family::V6 } else { Family::V4 });
            }
        } else if said.contains("-legacy tables present") || said.contains("is incompatible, use 'nft'") {
            let assumption = Assumption { code: "tables-assumed", place: Some(place), what: said.to_owned() };
            self.host.assumptions.push(assumption);
        } else if let Some(marker) = marker(said) {
            self.marker = Some(marker);
        }
    }

    /// A prompt's line says which listing follows.
    pub(super) fn mark(&mut self, found: (Option<Family>, TableName)) {
        self.marker = Some(found);
    }

    /// Whether a listing of one table is being read.
    pub(super) fn is_listing(&self) -> bool {
        matches!(self.mode, Mode::Bare(_))
    }

    fn begin_table(&mut self, place: Place, name: &str) -> Result<(), Malformed> {
        self.end_bare()?;
        let Some(table) = TableName::parse(name) else {
            let what = format!("there is no table `{}`", short(name));
            return Err(self.wrong(place, what, "the tables are raw, mangle, nat, filter and security"));
        };
        let twice = |dump: &Dump<'_>| dump.table(table).is_some();
        if self.host.dumps.get(self.current).is_some_and(|dump| dump.family.is_none() && twice(dump)) {
            self.begin_dump(None);
        }
        if self.host.dumps.get(self.current).is_some_and(twice) {
            let what = format!("the table `{name}` is there a second time for one family");
            return Err(self.wrong(place, what, TWICE));
        }
        if let Some(dump) = self.dump(place) {
            dump.shape.saved = true;
            let _made = dump.table_mut(table);
        }
        self.mode = Mode::Saved(table);
        Ok(())
    }

    /// `:CHAIN POLICY [packets:bytes]`
    fn declared(&mut self, place: Place, declared: &'a str) -> Result<(), Malformed> {
        let mut parts = declared.split_ascii_whitespace();
        let (Some(name), policy) = (parts.next(), parts.next().unwrap_or("-")) else { return Ok(()) };
        self.declare(place, &Cow::Borrowed(name), Some(policy).filter(|policy| *policy != "-"))
    }

    /// A chain is named as such, with a policy or without.
    fn declare(&mut self, place: Place, name: &Cow<'a, str>, policy: Option<&str>) -> Result<(), Malformed> {
        if !matches!(self.mode, Mode::Saved(_)) {
            self.section(place, name, policy.is_some())?;
        }
        let policy = policy.map(|policy| (policy_word(policy, None), place));
        if let Some(chain) = self.table(place).and_then(|table| table.chain(name)) {
            chain.declared.get_or_insert(place);
            chain.policy = policy.or(chain.policy.take());
        }
        Ok(())
    }

    /// In a listing without table names: whether a new table begins with this chain, and remembers the chain.
    fn section(&mut self, place: Place, name: &str, base: bool) -> Result<(), Malformed> {
        let rank = rank(name).filter(|_| base);
        let ends = match (&self.mode, rank) {
            (Mode::Bare(bare), Some(rank)) => bare.rank.is_some_and(|before| before >= rank),
            _ => false,
        };
        if ends || self.marker.is_some() {
            self.end_bare()?;
        }
        if !matches!(self.mode, Mode::Bare(_)) {
            let marked = self.marker.take();
            self.mode = Mode::Bare(Box::new(Bare { marked, start: Some(place), ..Bare::default() }));
        }
        if let Mode::Bare(bare) = &mut self.mode {
            bare.rank = rank.or(bare.rank);
        }
        Ok(())
    }

    /// The table that lines go to; where none was named, filter.
    fn table(&mut self, place: Place) -> Option<&mut Table<'a>> {
        match self.mode {
            Mode::Outside => self.dump(place)?.table_mut(TableName::Filter),
            Mode::Saved(name) => self.dump(place)?.table_mut(name),
            Mode::Bare(ref mut bare) => Some(&mut bare.table),
        }
    }

    /// The end of a listing of one table: finds out which table it is, and puts it where it belongs.
    pub(super) fn end_bare(&mut self) -> Result<(), Malformed> {
        let Mode::Bare(bare) = std::mem::take(&mut self.mode) else { return Ok(()) };
        let Bare { table, evidence, start, marked, .. } = *bare;
        let place = start.unwrap_or(Place::new(0, 1));
        let name = marked.map_or_else(|| super::families::table_of(&table), |(_, name)| name);
        match marked.and_then(|(family, _)| family) {
            Some(family) => self.dump_of(family),
            None => {
                let fits = |dump: &Dump<'_>| {
                    let (one, other) = (dump.family.or(dump.evidence.family()), evidence.family());
                    dump.table(name).is_none() && (one.is_none() || other.is_none() || one == other)
                };
                if !self.host.dumps.get(self.current).is_some_and(fits) {
                    self.begin_dump(None);
                }
            }
        }
        let mut twice = false;
        if let Some(dump) = self.dump(place) {
            dump.shape.listed.get_or_insert(place);
            dump.evidence.add(evidence);
            twice = dump.table(name).is_some();
            dump.tables.push((name, table));
        }
        if twice {
            let what = format!("the table `{}` is there a second time for one family", name.word());
            return Err(self.wrong(place, what, TWICE));
        }
        Ok(())
    }

    /// `INPUT (policy DROP 0 packets, 0 bytes)` or `WEB (2 references)`
    fn listed_chain(&mut self, place: Place, rest: &'a str) -> Result<(), Malformed> {
        let (name, about) = rest.split_once(" (").unwrap_or((rest, ""));
        let policy = about.strip_prefix("policy ");
        let policy = policy.map(|policy| policy.split([' ', ')']).next().unwrap_or_default());
        if let Mode::Saved(_) = self.mode {
            self.mode = Mode::Outside;
        }
        let name = Cow::Borrowed(name.trim());
        self.declare(place, &name, policy)?;
        self.columns = Some(Columns::default());
        self.in_chain = Some(name);
        Ok(())
    }

    /// A row of a listing.
    fn listed(&mut self, place: Place, line: &str) -> Result<(), Malformed> {
        let Some(columns) = self.columns else { return Ok(()) };
        let row = super::listing::row(columns, line).map_err(|what| self.wrong(place, what, LISTING))?;
        let Some(chain) = self.in_chain.clone() else { return Ok(()) };
        if !columns.interfaces && !self.host.assumptions.iter().any(|known| known.code == "no-interface-column") {
            let what = chain.to_string();
            self.host.assumptions.push(Assumption { code: "no-interface-column", place: Some(place), what });
        }
        if let Mode::Bare(bare) = &mut self.mode {
            let seen = match row.family {
                Some(Family::V4) => Evidence { v4: Some(place), ..Evidence::default() },
                Some(Family::V6) => Evidence { v6: Some(place), ..Evidence::default() },
                None => Evidence::default(),
            };
            bare.evidence.add(seen);
        }
        if let Some(chain) = self.table(place).and_then(|table| table.chain(&chain)) {
            chain.rules.push(RawRule { place, words: row.words, doubt: row.doubt });
        }
        Ok(())
    }

    /// One command of iptables, without its program: `-A INPUT …`. `program` is the family of one that is named; `doubt`
    /// is why it may not be run.
    pub(super) fn command(
        &mut self,
        place: Place,
        mut words: Vec<Word<'a>>,
        program: Option<Family>,
        doubt: Option<&Doubt>,
    ) -> Result<(), Malformed> {
        if let Some(family) = program {
            self.end_bare()?;
            self.mode = Mode::Outside;
            self.dump_of(family);
            if let Some(dump) = self.dump(place) {
                dump.shape.scripted.get_or_insert(place);
            }
        }
        let command = super::command::take(&mut words).map_err(|what| self.wrong(place, what, COMMAND))?;
        let Some(command) = command else { return Ok(()) };
        if program.is_none() && !matches!(self.mode, Mode::Saved(_)) {
            let base = command.policy.as_deref();
            let declares = base.is_some() || command.letter == 'N';
            if declares && let Some(chain) = &command.chain {
                return self.declare(place, chain, base);
            }
            if let Some(chain) = &command.chain {
                self.section(place, chain, false)?;
            }
        }
        let evidence = {
            let mut evidence = Evidence::default();
            evidence.look(place, &words);
            evidence
        };
        let named = command.table.as_deref().map(TableName::parse);
        let Some(named) = named.map_or(Some(None), |named| named.map(Some)) else {
            let what = format!("there is no table `{}`", command.table.as_deref().map_or("", short));
            return Err(self.wrong(place, what, "the tables are raw, mangle, nat, filter and security"));
        };
        match &mut self.mode {
            Mode::Bare(bare) => bare.evidence.add(evidence),
            Mode::Outside | Mode::Saved(_) => {
                if let Some(dump) = self.dump(place) {
                    dump.evidence.add(evidence);
                }
            }
        }
        let table = match (named, &self.mode) {
            (Some(name), Mode::Outside) => self.dump(place).and_then(|dump| dump.table_mut(name)),
            _ => self.table(place),
        };
        if let Some(table) = table {
            super::command::run(table, place, command, words, doubt);
        }
        Ok(())
    }
}

/// A policy's word.
pub fn policy_word(policy: &str, doubt: Option<&Doubt>) -> PolicyWord {
    match (policy, doubt) {
        (_, Some(doubt)) => PolicyWord::Unknown(doubt.clone()),
        ("ACCEPT", None) => PolicyWord::Accept,
        ("DROP", None) => PolicyWord::Drop,
        (other, None) => PolicyWord::Unknown(Doubt::new("policy-unknown", other)),
    }
}

/// `[12:345] -A …`: the counters of `iptables-save -c` go.
pub fn counted(text: &str) -> &str {
    let counters = text.strip_prefix('[').and_then(|rest| rest.split_once(']'));
    match counters {
        Some((numbers, rest)) if numbers.bytes().all(|byte| byte.is_ascii_digit() || byte == b':') => rest.trim_start(),
        _ => text,
    }
}

/// A line that shows which listing follows: `iptables -t nat -L -n`, at a prompt or as a comment.
pub fn marker(text: &str) -> Option<(Option<Family>, TableName)> {
    let mut words = text.split_ascii_whitespace().skip_while(|word| !program(word).is_some_and(|(_, base)| base));
    let (family, _) = program(words.next()?)?;
    let mut table = TableName::Filter;
    let mut lists = false;
    while let Some(word) = words.next() {
        match word {
            "-t" | "--table" => table = TableName::parse(words.next()?)?,
            "-S" | "--list-rules" | "--list" => lists = true,
            _ if word.starts_with("--") => {}
            _ => lists |= word.starts_with('-') && word.contains('L') && !word.contains(['A', 'I', 'D']),
        }
    }
    lists.then_some((Some(family), table))
}

/// The family of a program's name, and whether it is the one that takes commands.
pub fn program(word: &str) -> Option<(Family, bool)> {
    let name = word.rsplit('/').next().unwrap_or(word);
    let (family, rest) = match name.strip_prefix("ip6tables") {
        Some(rest) => (Family::V6, rest),
        None => (Family::V4, name.strip_prefix("iptables")?),
    };
    let rest = rest.strip_prefix("-nft").or_else(|| rest.strip_prefix("-legacy")).unwrap_or(rest);
    match rest {
        "" => Some((family, true)),
        "-save" | "-restore" | "-apply" => Some((family, false)),
        _ => None,
    }
}

/// A malformed line.
pub fn malformed(files: &[File], place: Place, what: impl Into<String>, advice: &str) -> Malformed {
    match files.get(place.file) {
        Some(file) => Malformed::at(file, place.line, 0, what, advice),
        None => Malformed::at(&File::new("iptables", ""), place.line, 0, what, advice),
    }
}

/// The first characters of a text that is quoted in an error.
pub fn short(text: &str) -> &str {
    text.char_indices().nth(60).and_then(|(at, _)| text.get(..at)).unwrap_or(text)
}

const TWICE: &str = "give each table once per family; name the family with `# Generated by iptables-save` or \
                     `# Generated by ip6tables-save` above it, or put IPv4 and IPv6 into files of their own";
const LISTING: &str = "give the whole output of iptables -nvL --line-numbers, or better of iptables-save";
const COMMAND: &str = "give the output of iptables-save as it is, or whole iptables commands";
const QUOTE: &str = "give the line as it is, with both quotes";

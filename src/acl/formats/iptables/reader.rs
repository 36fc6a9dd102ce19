//! Goes through the lines of a layer's files and sorts them: dump, listing, sets or script. What a rule means is not
//! decided here, only which chain of which table of which family it is in.

use std::borrow::Cow;

use super::{
    listing::Columns,
    model::{Dump, Evidence, TableName},
    script::Script,
    section::Mode,
    sets::Sets,
    text::{counted, malformed, marker, short},
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

/// Reads files into a host.
pub struct Reader<'a> {
    pub(super) files: &'a [File],
    pub(super) host: Host<'a>,
    pub(super) current: usize,
    pub(super) mode: Mode<'a>,
    pub(super) columns: Option<Columns>,
    pub(super) in_chain: Option<Cow<'a, str>>,
    pub(super) marker: Option<(Option<Family>, TableName)>,
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
    pub(super) fn begin_dump(&mut self, family: Option<Family>) {
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
    pub(super) fn dump_of(&mut self, family: Family) {
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
            let prompt = text.split(' ').next().is_some_and(|word| word.contains('@')) || marker(text).is_some();
            if !prompt && !text.starts_with("Chain ") && !text.starts_with(['#', '*']) {
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
            let assumption = Assumption { code: "rules-elsewhere", place: Some(place), what: said.to_owned() };
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
                return self.declare(place, chain.clone(), base);
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

pub(super) const TWICE: &str = "give each table once per family; name the family with `# Generated by iptables-save` or \
                     `# Generated by ip6tables-save` above it, or put IPv4 and IPv6 into files of their own";
pub(super) const LISTING: &str = "give the whole output of iptables -nvL --line-numbers, or better of iptables-save";
const COMMAND: &str = "give the output of iptables-save as it is, or whole iptables commands";
const QUOTE: &str = "give the line as it is, with both quotes";

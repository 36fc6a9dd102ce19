//! Shell scripts of `iptables` commands, as people paste them: variables and loops over lists that are written out, other
//! branches as maybes. Nothing is run.

use std::collections::HashMap;

use super::{
    reader::Reader,
    shell::{Joint, ShellWord, Simple, commands, expand},
    text::{marker, program, short},
    word::Word,
};
use crate::acl::{Doubt, Family, Malformed, Place};

/// Where in a script one is.
#[derive(Debug, Default)]
pub struct Script {
    /// A line that goes on in the next one.
    begun: Option<(Place, String)>,
    variables: HashMap<String, String>,
    /// Loops that are open, with their bodies so far.
    loops: Vec<Loop>,
    /// Branches and functions that are open.
    branches: Vec<String>,
    /// Commands that loops were spread out into.
    spread: usize,
    /// What the command before was.
    checked: Checked,
}

impl Script {
    /// Whether the line before goes on in this one.
    pub fn continues(&self) -> bool {
        self.begun.is_some()
    }
}

#[derive(Debug, Clone)]
struct Loop {
    variable: String,
    values: Option<Vec<String>>,
    body: Vec<Step>,
}

#[derive(Debug, Clone)]
enum Step {
    Command(Place, Simple),
    Loop(Loop),
}

/// Commands that loops may be spread out into.
const MAX_SPREAD: usize = 100_000;

impl<'a> Reader<'a> {
    /// A line that is not of a dump.
    pub(super) fn shell(&mut self, place: Place, line: &str) -> Result<(), Malformed> {
        let (place, text) = match self.script.begun.take() {
            Some((first, mut before)) => {
                before.push(' ');
                before.push_str(line);
                (first, before)
            }
            None => (place, line.to_owned()),
        };
        if let Some(before) = text.strip_suffix('\\') {
            self.script.begun = Some((place, before.to_owned()));
            return Ok(());
        }
        if let Some(found) = marker(&text) {
            self.end_bare()?;
            self.mark(found);
            return Ok(());
        }
        for simple in commands(&text) {
            self.step(place, simple)?;
        }
        Ok(())
    }

    /// The end of a file: what is still open ends.
    pub(super) fn end_script(&mut self) -> Result<(), Malformed> {
        if let Some((place, text)) = self.script.begun.take() {
            for simple in commands(&text) {
                self.step(place, simple)?;
            }
        }
        while !self.script.loops.is_empty() {
            self.end_loop()?;
        }
        self.script = Script::default();
        Ok(())
    }

    /// One simple command, with the words of the shell before it.
    fn step(&mut self, place: Place, mut simple: Simple) -> Result<(), Malformed> {
        loop {
            let word = |at: usize| simple.words.get(at).filter(|word| !word.quoted).map(|word| word.text.as_str());
            let Some(first) = word(0) else { break };
            match first {
                "for" => {
                    let variable = word(1).unwrap_or_default().to_owned();
                    let listed = simple.words.get(3..).unwrap_or_default().iter();
                    let values: Vec<String> =
                        listed.flat_map(|word| expand(word, &self.script.variables)).map(|(text, _)| text).collect();
                    let known = word(2) == Some("in") && !values.iter().any(|text| text.contains(['$', '`', '*', '{']));
                    let values = known.then_some(values);
                    self.script.loops.push(Loop { variable, values, body: Vec::new() });
                    return Ok(());
                }
                "while" | "until" => {
                    self.script.loops.push(Loop { variable: String::new(), values: None, body: Vec::new() });
                }
                "done" => return self.end_loop(),
                "if" | "case" => self.script.branches.push(first.to_owned()),
                "function" => {
                    self.script.branches.push("}".to_owned());
                    return Ok(());
                }
                "fi" | "esac" | "}" => {
                    self.script.branches.pop();
                }
                _ if first.ends_with("()") => {
                    self.script.branches.push("}".to_owned());
                    simple.words.drain(..simple.words.len().min(2));
                    continue;
                }
                "{" | "do" | "then" | "else" | "elif" | "!" | "sudo" | "exec" | "command" | "time" | "nohup"
                | "export" | "local" | "readonly" | "declare" => {}
                _ => break,
            }
            simple.words.remove(0);
        }
        if simple.words.is_empty() {
            return Ok(());
        }
        match self.script.loops.last_mut() {
            Some(open) => open.body.push(Step::Command(place, simple)),
            None => self.run(place, &simple, None)?,
        }
        Ok(())
    }

    fn end_loop(&mut self) -> Result<(), Malformed> {
        let Some(ended) = self.script.loops.pop() else { return Ok(()) };
        match self.script.loops.last_mut() {
            Some(outer) => outer.body.push(Step::Loop(ended)),
            None => self.run_loop(&ended, None)?,
        }
        Ok(())
    }

    fn run_loop(&mut self, ended: &Loop, doubt: Option<&Doubt>) -> Result<(), Malformed> {
        let Some(values) = &ended.values else {
            self.script.variables.remove(&ended.variable);
            let doubt = doubt.cloned().unwrap_or_else(|| Doubt::new("variable", format!("${}", ended.variable)));
            return self.run_body(&ended.body, Some(&doubt));
        };
        for value in values {
            self.script.variables.insert(ended.variable.clone(), value.clone());
            self.run_body(&ended.body, doubt)?;
        }
        Ok(())
    }

    fn run_body(&mut self, body: &[Step], doubt: Option<&Doubt>) -> Result<(), Malformed> {
        for step in body {
            match step {
                Step::Command(place, simple) => {
                    self.script.spread += 1;
                    if self.script.spread > MAX_SPREAD {
                        let what = format!("the loops of this script make more than {MAX_SPREAD} commands");
                        return Err(self.wrong(*place, what, "run the script and give the output of iptables-save"));
                    }
                    self.run(*place, simple, doubt)?;
                }
                Step::Loop(inner) => self.run_loop(inner, doubt)?,
            }
        }
        Ok(())
    }

    fn run(&mut self, place: Place, simple: &Simple, doubt: Option<&Doubt>) -> Result<(), Malformed> {
        let open = self.script.branches.last().map(|branch| Doubt::new("variable", branch.clone()));
        let mut doubt = doubt.cloned().or(open);
        let checked = std::mem::take(&mut self.script.checked);
        let joined = match simple.joint {
            Joint::Always => true,
            Joint::And => checked != Checked::Other,
            Joint::Or => checked == Checked::Check,
        };
        if !joined {
            let sign = if simple.joint == Joint::And { "&&" } else { "||" };
            doubt.get_or_insert_with(|| Doubt::new("variable", sign));
        }
        if self.assigns(simple, doubt.as_ref()) {
            self.script.checked = Checked::Ours;
            return Ok(());
        }
        let words: Vec<Word<'a>> = simple
            .words
            .iter()
            .flat_map(|word| expand(word, &self.script.variables))
            .map(|(text, quoted)| Word { text: text.into(), quoted })
            .collect();
        let Some(at) = words.iter().position(|word| !word.quoted && tool(&word.text).is_some()) else {
            self.script.checked = Checked::Other;
            return self.stranger(place, &words);
        };
        let Some(tool) = words.get(at).and_then(|word| tool(&word.text)) else { return Ok(()) };
        let rest: Vec<Word<'a>> = words.get(at + 1..).unwrap_or_default().to_vec();
        if at > 0 {
            // `xargs iptables -A …`: its last words are not written here.
            doubt.get_or_insert_with(|| Doubt::new("variable", words.first().map_or("", |word| &*word.text)));
        }
        let checks = rest.iter().any(|word| word.is("-C") || word.is("--check"));
        self.script.checked = if checks { Checked::Check } else { Checked::Ours };
        match tool {
            Tool::Iptables(family) if at == 0 || rest.iter().any(|word| is_command(&word.text)) => {
                self.command(place, rest, Some(family), doubt.as_ref())
            }
            Tool::Ipset => {
                if let Some(doubt) = &doubt {
                    let name = rest.get(1).map(|word| word.text.to_string());
                    self.host.sets.command(place, &rest).map_err(|fault| fault.at(self.files, place))?;
                    self.host.sets.distrust(name.as_deref(), doubt);
                    return Ok(());
                }
                self.host.sets.command(place, &rest).map_err(|fault| fault.at(self.files, place))
            }
            Tool::Restore(family) if at == 0 => self.restored(place, family, simple),
            Tool::Iptables(_) | Tool::Restore(_) => Ok(()),
        }
    }

    /// `iptables-restore < FILE`: nobody knows what the file says.
    fn restored(&mut self, place: Place, family: Family, simple: &Simple) -> Result<(), Malformed> {
        if simple.words.iter().any(|word| word.text.contains("<<")) {
            return Ok(());
        }
        let what = simple.words.iter().map(|word| word.text.as_str()).collect::<Vec<_>>().join(" ");
        for chain in ["INPUT", "OUTPUT"] {
            let words = vec![Word::plain("-A"), Word::plain(chain), Word::plain("-j"), Word::plain("QUEUE")];
            self.command(place, words, Some(family), Some(&Doubt::new("file-missing", what.clone())))?;
        }
        Ok(())
    }

    /// `NAME=value`; whether the command is nothing else.
    fn assigns(&mut self, simple: &Simple, doubt: Option<&Doubt>) -> bool {
        let assignment = |word: &ShellWord| {
            let (name, value) = word.text.split_once('=')?;
            let valid = !name.is_empty() && name.chars().all(|char| char.is_ascii_alphanumeric() || char == '_');
            valid.then(|| (name.to_owned(), value.to_owned()))
        };
        let Some(all) = simple.words.iter().map(assignment).collect::<Option<Vec<_>>>() else { return false };
        for ((name, value), word) in all.into_iter().zip(&simple.words) {
            let value = ShellWord { text: value, quoted: true, literal: word.literal };
            let filled = expand(&value, &self.script.variables).into_iter().map(|(text, _)| text).collect::<String>();
            if doubt.is_some() || filled.contains(['$', '`']) {
                self.script.variables.remove(&name);
            } else {
                self.script.variables.insert(name, filled);
            }
        }
        true
    }

    /// A command of something else. In the midst of a listing it is a line that got lost.
    fn stranger(&mut self, place: Place, words: &[Word<'_>]) -> Result<(), Malformed> {
        let text = words.first().map_or("", |word| &*word.text);
        let prompt = words.iter().take(3).any(|word| word.text.contains('@') || word.text.ends_with(['#', '$', '>']));
        if self.is_listing() && !prompt {
            let what = format!("`{}` is no line of iptables", short(text));
            return Err(self.wrong(place, what, "give the output of iptables-save or iptables -nvL as it is"));
        }
        Ok(())
    }
}

/// What the command before was.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Checked {
    /// Nothing of ours.
    #[default]
    Other,
    /// One of ours.
    Ours,
    /// `iptables -C`, behind which `|| iptables -A` makes sure of a rule.
    Check,
}

enum Tool {
    Iptables(Family),
    Restore(Family),
    Ipset,
}

/// The tool a word names; a variable that nobody set, by its name: `$IPTABLES`, `${IP6T}`.
fn tool(word: &str) -> Option<Tool> {
    if word == "ipset" || word.ends_with("/ipset") {
        return Some(Tool::Ipset);
    }
    if let Some((family, commands)) = program(word) {
        return match () {
            () if commands => Some(Tool::Iptables(family)),
            () if word.ends_with("-restore") || word.ends_with("-apply") => Some(Tool::Restore(family)),
            () => None,
        };
    }
    let name = word.strip_prefix('$')?.trim_matches(['{', '}']).to_ascii_lowercase();
    if name.contains("ipset") {
        return Some(Tool::Ipset);
    }
    match (name.contains("ip6t"), name.contains("ipt") || name.ends_with("fw")) {
        (true, _) => Some(Tool::Iptables(Family::V6)),
        (false, true) => Some(Tool::Iptables(Family::V4)),
        (false, false) => None,
    }
}

fn is_command(word: &str) -> bool {
    matches!(word, "-A" | "-I" | "-D" | "-R" | "-P" | "-F" | "-N" | "-X" | "--append" | "--insert")
}

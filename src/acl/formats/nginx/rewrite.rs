//! The rewrite module: `set`, `if`, `return`, `rewrite` and `break`, which run before access is judged.

use std::collections::VecDeque;

use super::{
    super::web::{
        address_pattern::source_matches,
        logic,
        pattern::{Groups, Pattern},
        value::{self, Known, Value},
    },
    flow::{Flow, MAX_CHANGES, Visit},
    include::matters,
    token::Directive,
    value::Moment,
};
use crate::acl::{Action, Addresses, ChainId, Condition, Doubt, How};

/// Steps that are still to run.
pub type Steps<'a> = VecDeque<&'a Directive>;

/// What a condition's pattern found.
pub(super) enum Caught {
    /// It has no pattern, or the pattern does not match.
    Nothing,
    /// These groups.
    Groups(Groups),
    /// Nobody can tell.
    Unknown,
}

impl<'a> Flow<'a> {
    /// Runs steps of a server or location, then all that comes after.
    pub fn rewrite(&mut self, chain: ChainId, mut visit: Visit<'a>, mut steps: Steps<'a>, in_location: bool) {
        // In a location, a changed path is looked up again at the end of the steps.
        let mut changed = false;
        while let Some(step) = steps.pop_front() {
            match step.name.as_str() {
                "set" => {
                    let name = step.arg(0).trim_start_matches('$').to_owned();
                    let value = self.world.expand(step.arg(1), &visit.moment);
                    visit.moment.vars.insert(name, value);
                }
                "break" => break,
                "return" => {
                    let (then, note) = self.returned(&visit, step);
                    return self.say(chain, step.place, Condition::ALWAYS, then, note);
                }
                "rewrite" => match self.rewritten(&mut visit, step) {
                    Rewritten::No => {}
                    Rewritten::Redirect => {
                        let note = Some("return-before-access");
                        return self.say(chain, step.place, Condition::ALWAYS, Action::Accept, note);
                    }
                    Rewritten::Unknown(doubt) => {
                        return self.say(chain, step.place, Condition::ALWAYS, Action::Unknown(doubt), None);
                    }
                    Rewritten::Path { ends, again } => {
                        changed = again;
                        if ends {
                            break;
                        }
                    }
                },
                "include" if matters(step.arg(0)) => {
                    let doubt = Doubt::new("include-missing", step.arg(0));
                    self.say(chain, step.place, Condition::ALWAYS, Action::Unknown(doubt), None);
                }
                "if" => match self.branch(chain, &mut visit, step, steps, in_location) {
                    Some(rest) => steps = rest,
                    None => return,
                },
                name if name.starts_with("rewrite_by_lua") || name == "rewrite_by_njs" => {
                    let doubt = Doubt::new("not-understood", name);
                    self.say(chain, step.place, Condition::ALWAYS, Action::Unknown(doubt), None);
                }
                _ => {}
            }
        }
        if !in_location {
            return self.locate(chain, visit);
        }
        if !changed {
            return self.before_access(chain, &visit);
        }
        visit.changes += 1;
        if visit.changes > MAX_CHANGES {
            let place = visit.innermost().1;
            return self.say(
                chain,
                place,
                Condition::ALWAYS,
                Action::Deny(How::Status(500)),
                Some("internal-redirect"),
            );
        }
        visit.internal = true;
        self.locate(chain, visit);
    }

    /// An `if`: what it does where it applies, and the steps that are left where it does not; `None` where none are.
    fn branch(
        &mut self,
        chain: ChainId,
        visit: &mut Visit<'a>,
        step: &'a Directive,
        steps: Steps<'a>,
        in_location: bool,
    ) -> Option<Steps<'a>> {
        let (when, caught) = self.condition(&step.args, &visit.moment);
        let Some(block) = &step.block else { return Some(steps) };
        if logic::is_never(&when) {
            return Some(steps);
        }
        let body: Vec<&Directive> = block.directives.iter().filter(|line| acts(line)).collect();
        if let Some(first) = body.first().filter(|line| line.name == "return") {
            let (then, note) = self.returned(visit, first);
            self.say(chain, first.place, when.clone(), then, note);
            if logic::is_always(&when) {
                return None;
            }
            return Some(steps);
        }
        let content_changes = in_location && visit.innermost().0.has("try_files");
        let only_sets = body.iter().all(|line| line.name == "set");
        if only_sets && !content_changes && !in_location_with_content(step) && !logic::is_always(&when) {
            self.set_where(visit, &when, &body);
            return Some(steps);
        }
        let mut inner = visit.clone();
        inner.moment.groups = match caught {
            Caught::Nothing => inner.moment.groups,
            Caught::Unknown => None,
            Caught::Groups(groups) => {
                for (name, held) in groups.named {
                    inner.moment.vars.insert(name, value::text(held));
                }
                Some(groups.numbered)
            }
        };
        if in_location {
            inner.inside_if = Some(block);
        }
        let mut rest: Steps<'a> = body.into_iter().collect();
        rest.extend(steps.iter().copied());
        if logic::is_always(&when) {
            *visit = inner;
            return Some(rest);
        }
        if self.full(chain, step.place) {
            return None;
        }
        let branch = self.chain(format!("if in {}", visit.title()));
        self.say(chain, step.place, when, Action::Goto(branch), None);
        self.rewrite(branch, inner, rest, in_location);
        Some(steps)
    }

    /// `set`s that hold only where the condition applies.
    fn set_where(&self, visit: &mut Visit<'a>, when: &Condition, body: &[&Directive]) {
        let mut inside = visit.moment.clone();
        for line in body {
            let name = line.arg(0).trim_start_matches('$');
            let old = self.world.variable(name, &visit.moment);
            let new = self.world.expand(line.arg(1), &inside);
            inside.vars.insert(name.to_owned(), new.clone());
            visit.moment.vars.insert(name.to_owned(), value::replaced(&old, when, new));
        }
    }

    fn returned(&mut self, visit: &Visit<'a>, line: &Directive) -> (Action, Option<&'static str>) {
        match line.arg(0).parse::<u16>() {
            Ok(status) if status >= 400 => {
                // With a text of its own the answer is sent as it is; 444 sends nothing.
                if line.args.len() > 1 || status == 444 {
                    (Action::Deny(How::Status(status)), None)
                } else {
                    self.refused(visit, status)
                }
            }
            // 2xx, 3xx, or a URL to go to.
            _ => (Action::Accept, Some("return-before-access")),
        }
    }

    fn rewritten(&self, visit: &mut Visit<'a>, line: &Directive) -> Rewritten {
        let (pattern, target, flag) = (line.arg(0), line.arg(1), line.arg(2));
        let Some(compiled) = Pattern::new(pattern, false) else {
            return Rewritten::Unknown(Doubt::new("expression", pattern));
        };
        let Some(groups) = compiled.groups(&visit.moment.uri) else { return Rewritten::No };
        visit.moment.groups = Some(groups.numbered);
        for (name, held) in groups.named {
            visit.moment.vars.insert(name, value::text(held));
        }
        let elsewhere = ["http://", "https://", "$scheme"].iter().any(|start| target.starts_with(start));
        if elsewhere || matches!(flag, "redirect" | "permanent") {
            return Rewritten::Redirect;
        }
        let expanded = self.world.expand(target, &visit.moment);
        let Some(expanded) = value::single(&expanded) else {
            return Rewritten::Unknown(Doubt::new("path-unknown", target));
        };
        let (path, query) = expanded.split_once('?').map_or((expanded, None), |(path, query)| (path, Some(query)));
        let old = std::mem::take(&mut visit.moment.args);
        visit.moment.args = match query {
            // A `?` at the end keeps the old query away.
            None | Some("") if query.is_some() => String::new(),
            None => old,
            Some(query) if target.ends_with('?') || old.is_empty() => query.trim_end_matches('?').to_owned(),
            Some(query) => format!("{query}&{old}"),
        };
        path.clone_into(&mut visit.moment.uri);
        visit.internal = true;
        Rewritten::Path { ends: matches!(flag, "last" | "break"), again: flag != "break" }
    }

    /// When an `if` applies.
    pub(super) fn condition(&self, words: &[String], moment: &Moment) -> (Condition, Caught) {
        let joined = words.join(" ");
        let mut words: Vec<&str> = words.iter().map(String::as_str).collect();
        if let Some(first) = words.first_mut() {
            *first = first.strip_prefix('(').unwrap_or(first);
        }
        if let Some(last) = words.last_mut() {
            *last = last.strip_suffix(')').unwrap_or(last);
        }
        words.retain({
            // Brackets that stand alone leave nothing; an empty text that is compared with stays.
            let count = words.len();
            let mut at = 0;
            move |word| {
                at += 1;
                !(word.is_empty() && (at == 1 || (at == count && count != 3)))
            }
        });
        let variable = |word: &str| word.strip_prefix('$').map(|name| self.world.variable(name, moment));
        match words.as_slice() {
            [word] => match variable(word) {
                Some(value) => {
                    (value::test(&value, |text| !matches!(text, "" | "0"), || Condition::ALWAYS), Caught::Nothing)
                }
                None => (Condition::unknown("not-understood", joined), Caught::Unknown),
            },
            [sign, _] if sign.trim_start_matches('!').starts_with('-') => {
                (Condition::unknown("path-unknown", joined), Caught::Nothing)
            }
            [word, sign, rest @ ..] => {
                let (Some(value), Some(operand)) = (variable(word), rest.first().filter(|_| rest.len() == 1)) else {
                    return (Condition::unknown("not-understood", joined), Caught::Unknown);
                };
                match *sign {
                    "=" => (self.equal(&value, operand, moment), Caught::Nothing),
                    "!=" => (logic::not(self.equal(&value, operand, moment)), Caught::Nothing),
                    "~" => matched(&value, operand, false),
                    "~*" => matched(&value, operand, true),
                    "!~" => (logic::not(matched(&value, operand, false).0), Caught::Nothing),
                    "!~*" => (logic::not(matched(&value, operand, true).0), Caught::Nothing),
                    _ => (Condition::unknown("not-understood", joined), Caught::Unknown),
                }
            }
            [] => (Condition::unknown("not-understood", joined), Caught::Unknown),
        }
    }

    fn equal(&self, value: &Value, operand: &str, moment: &Moment) -> Condition {
        let right = self.world.expand(operand, moment);
        let cases = right.iter().map(|(when, known)| {
            let same = match known {
                Known::Text(wanted) => value::test(value, |text| text == wanted, || address_is(wanted)),
                Known::Unknown(doubt) => Condition::Unknown(doubt.clone()),
                Known::Address => value::test(value, |_| false, || Condition::ALWAYS),
            };
            logic::all_of([when.clone(), same])
        });
        logic::any_of(cases)
    }
}

/// What a `rewrite` line does.
enum Rewritten {
    No,
    Redirect,
    Unknown(Doubt),
    Path { ends: bool, again: bool },
}

fn address_is(text: &str) -> Condition {
    match text.parse::<std::net::IpAddr>() {
        Ok(_) => Addresses::parse(text).map_or(Condition::NEVER, logic::source),
        Err(_not) => Condition::NEVER,
    }
}

fn matched(value: &Value, pattern: &str, ignore_case: bool) -> (Condition, Caught) {
    let compiled = Pattern::new(pattern, ignore_case);
    let caught = match (&compiled, value::single(value)) {
        (Some(compiled), Some(text)) => compiled.groups(text).map_or(Caught::Nothing, Caught::Groups),
        _ => Caught::Unknown,
    };
    let Some(compiled) = compiled else { return (Condition::unknown("expression", pattern), Caught::Unknown) };
    (value::test(value, |text| compiled.matches(text), || source_matches(pattern, ignore_case)), caught)
}

/// Whether a line inside an `if` changes the way of a request.
fn acts(line: &Directive) -> bool {
    matches!(line.name.as_str(), "set" | "break" | "return" | "rewrite" | "if")
        || line.name.starts_with("rewrite_by_lua")
        || (line.name == "include" && matters(line.arg(0)))
}

/// Whether an `if` also says where the content comes from.
fn in_location_with_content(step: &Directive) -> bool {
    step.block.as_ref().is_some_and(|block| super::location::handler(block).is_some())
}

//! `mod_rewrite`: rules with their conditions, in the server or in a folder.

use std::collections::VecDeque;

use super::{
    super::web::{logic, pattern::Pattern, value},
    expr,
    facts::{is, matches},
    flow::{Flow, Visit},
    line::Node,
};
use crate::acl::{Action, ChainId, Condition, Doubt, How};

/// A rule with the conditions before it.
pub type Step<'a> = (&'a Node, Vec<&'a Node>);

/// The folder whose rules run.
#[derive(Debug, Clone)]
pub struct Folder {
    /// The path inside it, without a slash before.
    pub path: String,
    /// What comes before a new path that has no slash.
    pub base: String,
}

/// The rules among lines, where the engine is on.
pub fn steps<'a>(lines: &[&'a Node]) -> VecDeque<Step<'a>> {
    let engine = lines.iter().rfind(|line| line.name == "rewriteengine");
    if !engine.is_some_and(|line| line.arg(0).eq_ignore_ascii_case("on")) {
        return VecDeque::new();
    }
    let mut steps = VecDeque::new();
    let mut conditions = Vec::new();
    for line in lines {
        match line.name.as_str() {
            "rewritecond" => conditions.push(*line),
            "rewriterule" => steps.push_back((*line, std::mem::take(&mut conditions))),
            _ => {}
        }
    }
    steps
}

struct Flags<'a>(Vec<&'a str>);

impl<'a> Flags<'a> {
    fn of(word: &'a str) -> Self {
        let inside = word.strip_prefix('[').and_then(|word| word.strip_suffix(']')).unwrap_or(word);
        Self(inside.split(',').map(str::trim).collect())
    }

    fn has(&self, short: &str, long: &str) -> bool {
        self.0.iter().any(|flag| flag.eq_ignore_ascii_case(short) || flag.eq_ignore_ascii_case(long))
    }

    /// What stands after `=`; empty where nothing does.
    fn value(&self, short: &str, long: &str) -> Option<&'a str> {
        self.0.iter().find_map(|flag| {
            let (name, value) = flag.split_once('=').unwrap_or((flag, ""));
            (name.eq_ignore_ascii_case(short) || name.eq_ignore_ascii_case(long)).then_some(value)
        })
    }
}

impl<'a> Flow<'a> {
    /// Runs rules, then all that comes after them.
    pub fn rewrite(
        &mut self,
        chain: ChainId,
        mut visit: Visit<'a>,
        mut steps: VecDeque<Step<'a>>,
        mut folder: Option<Folder>,
    ) {
        let mut changed = false;
        while let Some((rule, conditions)) = steps.pop_front() {
            let flags = Flags::of(rule.arg(2));
            let (pattern, negated) = rule.arg(0).strip_prefix('!').map_or((rule.arg(0), false), |rest| (rest, true));
            let subject = folder.as_ref().map_or(visit.request.uri.as_str(), |folder| folder.path.as_str());
            let Some(compiled) = Pattern::new(pattern, flags.has("NC", "nocase")) else {
                let doubt = Doubt::new("expression", pattern);
                self.chains.say(chain, rule.place, Condition::ALWAYS, Action::Unknown(doubt), None);
                continue;
            };
            let groups = compiled.groups(subject).map(|groups| groups.numbered);
            let when = if groups.is_some() == negated {
                Condition::NEVER
            } else {
                self.conditions(&conditions, groups.as_deref().unwrap_or_default(), &visit)
            };
            if logic::is_never(&when) {
                // Rules chained to one that does not apply are skipped with it.
                if flags.has("C", "chain") {
                    while let Some((next, _)) = steps.pop_front() {
                        if !Flags::of(next.arg(2)).has("C", "chain") {
                            break;
                        }
                    }
                }
                continue;
            }
            if let Some(status) = refusal(&flags) {
                self.chains.say(chain, rule.place, when.clone(), Action::Deny(How::Status(status)), None);
                if logic::is_always(&when) {
                    return;
                }
                continue;
            }
            let target = rule.arg(1);
            let elsewhere = ["http://", "https://", "//"].iter().any(|start| target.starts_with(start));
            let proxies = flags.has("P", "proxy");
            if (elsewhere && !proxies) || flags.value("R", "redirect").is_some() {
                let note = folder.is_none().then_some("return-before-access");
                self.chains.say(chain, rule.place, when.clone(), Action::Accept, note);
                if logic::is_always(&when) {
                    return;
                }
                continue;
            }
            if flags.value("S", "skip").is_some() || flags.has("C", "chain") && !logic::is_always(&when) {
                let doubt = Doubt::new("expression", rule.text());
                self.chains.say(chain, rule.place, when, Action::Unknown(doubt), None);
                continue;
            }
            let groups = groups.unwrap_or_default();
            let Some((mut inner, inner_folder, differs)) =
                self.substituted(&visit, folder.as_ref(), rule, &flags, &groups)
            else {
                let doubt = Doubt::new("path-unknown", target);
                self.chains.say(chain, rule.place, when, Action::Unknown(doubt), None);
                continue;
            };
            let differs = differs || changed;
            let ends = proxies || flags.has("L", "last") || flags.has("END", "end");
            let again = !flags.has("END", "end");
            let rest = if ends { VecDeque::new() } else { steps.clone() };
            if logic::is_always(&when) {
                (visit, folder, changed, steps) = (inner, inner_folder, differs, rest);
                if !again {
                    changed = false;
                }
                continue;
            }
            if self.chains.full(chain, rule.place) {
                return;
            }
            let branch = self.chains.new_chain(rule.text());
            self.chains.say(chain, rule.place, when, Action::Goto(branch), None);
            if differs && rest.is_empty() && inner_folder.is_some() {
                inner.changes += 1;
                self.arrive(branch, inner);
            } else {
                self.rewrite(branch, inner, rest, inner_folder);
            }
        }
        match folder {
            None => self.map(chain, visit),
            // A changed path goes through the server anew.
            Some(_) if changed || visit.proxied.is_some() => {
                visit.changes += 1;
                if visit.proxied.is_some() {
                    let place = visit.host.map_or(crate::acl::Place::new(0, 1), |host| host.place);
                    self.chains.say(chain, place, Condition::ALWAYS, Action::Accept, Some("default-allow"));
                } else {
                    self.arrive(chain, visit);
                }
            }
            Some(_) => self.served(chain, &visit, None),
        }
    }

    /// The request as a rule leaves it, and whether its path is another; `None` where that is not known.
    fn substituted(
        &self,
        visit: &Visit<'a>,
        folder: Option<&Folder>,
        rule: &Node,
        flags: &Flags<'_>,
        groups: &[String],
    ) -> Option<(Visit<'a>, Option<Folder>, bool)> {
        let (mut inner, mut inner_folder, mut differs) = (visit.clone(), folder.cloned(), false);
        if let Some(word) = flags.value("E", "env") {
            let (name, held) = word.split_once(':').unwrap_or((word, "1"));
            inner.request.env.insert(name.to_owned(), value::text(held));
        }
        if rule.arg(1) == "-" {
            return Some((inner, inner_folder, false));
        }
        let path = self.path(rule.arg(1), groups, visit, folder)?;
        if flags.has("P", "proxy") {
            inner.proxied = Some(path);
            return Some((inner, inner_folder, false));
        }
        let (path, query) = path.split_once('?').map_or((path.as_str(), None), |(path, query)| (path, Some(query)));
        differs |= path != inner.request.uri;
        path.clone_into(&mut inner.request.uri);
        if let Some(query) = query {
            query.clone_into(&mut inner.request.query);
        }
        if let Some(folder) = &mut inner_folder {
            path.trim_start_matches('/').clone_into(&mut folder.path);
        }
        Some((inner, inner_folder, differs))
    }

    /// When all conditions hold; those joined by OR are one.
    fn conditions(&self, conditions: &[&Node], groups: &[String], visit: &Visit<'a>) -> Condition {
        let mut all = Vec::new();
        let mut either = Vec::new();
        for line in conditions {
            let flags = Flags::of(line.arg(2));
            either.push(self.condition(line, &flags, groups, visit));
            if !flags.has("OR", "ornext") {
                all.push(logic::any_of(std::mem::take(&mut either)));
            }
        }
        if !either.is_empty() {
            all.push(logic::any_of(either));
        }
        logic::all_of(all)
    }

    fn condition(&self, line: &Node, flags: &Flags<'_>, groups: &[String], visit: &Visit<'a>) -> Condition {
        let (test, pattern) = (line.arg(0), line.arg(1));
        if test.eq_ignore_ascii_case("expr") {
            return expr::evaluate(pattern, self.facts, &visit.request);
        }
        let (pattern, negated) = pattern.strip_prefix('!').map_or((pattern, false), |rest| (rest, true));
        let of_a_file = pattern.len() == 2 && pattern.starts_with('-');
        let holds = if of_a_file {
            Condition::unknown("path-unknown", line.text())
        } else if test.contains("%0") || (1..10).any(|number| test.contains(&format!("%{number}"))) {
            Condition::unknown("expression", line.text())
        } else {
            let value = self.facts.expand(&filled(test, groups), &visit.request);
            match pattern.strip_prefix('=') {
                Some("\"\"") => is(&value, ""),
                Some(wanted) if !wanted.starts_with('=') => is(&value, wanted),
                _ if pattern.starts_with(['<', '>']) || pattern.starts_with("-eq") => {
                    Condition::unknown("expression", line.text())
                }
                _ => matches(&value, pattern, flags.has("NC", "nocase")),
            }
        };
        if negated { logic::not(holds) } else { holds }
    }

    /// The new path, or where it is passed on to; `None` where it is not known.
    fn path(&self, target: &str, groups: &[String], visit: &Visit<'a>, folder: Option<&Folder>) -> Option<String> {
        let filled = filled(target, groups);
        let bytes = filled.as_bytes();
        let of_a_condition = bytes.windows(2).any(|pair| matches!(pair, [b'%', digit] if digit.is_ascii_digit()));
        if of_a_condition {
            return None;
        }
        let filled = filled.replace("%{DOCUMENT_ROOT}", "").replace("%{CONTEXT_DOCUMENT_ROOT}", "");
        let value = self.facts.expand(&filled, &visit.request);
        let path = value::single(&value)?;
        if path.starts_with('/') || path.contains("://") {
            return Some(path.to_owned());
        }
        Some(match folder {
            Some(folder) => format!("{}{path}", folder.base),
            None => format!("/{path}"),
        })
    }
}

/// The status a rule refuses with.
fn refusal(flags: &Flags<'_>) -> Option<u16> {
    if flags.has("F", "forbidden") {
        return Some(403);
    }
    if flags.has("G", "gone") {
        return Some(410);
    }
    flags.value("R", "redirect").and_then(|status| status.parse().ok()).filter(|status| *status >= 400)
}

/// A text with `$1` and the like filled.
fn filled(text: &str, groups: &[String]) -> String {
    let mut filled = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(next) = chars.next() {
        match (next, chars.peek().and_then(|digit| digit.to_digit(10))) {
            ('$', Some(digit)) => {
                chars.next();
                let group = usize::try_from(digit).ok().and_then(|digit| groups.get(digit));
                filled.push_str(group.map_or("", String::as_str));
            }
            _ => filled.push(next),
        }
    }
    filled
}

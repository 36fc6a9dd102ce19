//! Where the content comes from: other servers, files, the files that stand for a folder. nginx judges access again for some
//! of them.

use super::{
    super::web::value,
    access::Outcome,
    flow::{Flow, Visit},
    location::handler,
    token::Directive,
};
use crate::acl::{Action, ChainId, Condition, How};

impl<'a> Flow<'a> {
    /// What serving the request leads to.
    pub fn content(&mut self, visit: &Visit<'a>) -> Outcome {
        let (block, place) = visit.innermost();
        let of_if = visit.inside_if;
        let handled = of_if.and_then(handler).or_else(|| handler(block)).is_some();
        // Inside an `if` that applies, nginx forgets `try_files`.
        let try_files = block.first("try_files").filter(|_| of_if.is_none());
        if try_files.is_none() && (handled || !visit.moment.uri.ends_with('/')) {
            return Outcome::Served;
        }
        if self.chains.len() > 2_000 {
            let chain = self.chain(format!("content of {}", visit.title()));
            self.full(chain, place);
            return Outcome::Chain(chain);
        }
        let made = self.chains.len();
        let chain = self.chain(format!("content of {}", visit.title()));
        match try_files {
            Some(line) => self.try_files(chain, visit, line, handled),
            None => self.index(chain, visit),
        }
        if self.always_served(chain, made) {
            return Outcome::Served;
        }
        Outcome::Chain(chain)
    }

    /// Whether no way through a chain, and the chains made for it, does anything but serve.
    fn always_served(&self, chain: ChainId, first: usize) -> bool {
        let serves = |action: &Action| match action {
            Action::Accept => true,
            Action::Jump(next) | Action::Goto(next) => next.0 >= first,
            Action::Deny(_)
            | Action::Return
            | Action::Continue
            | Action::Translate(_)
            | Action::Untrack
            | Action::Unknown(_) => false,
        };
        let chains = self.chains.get(first..).unwrap_or_default();
        self.chains.get(chain.0).is_some()
            && chains.iter().flat_map(|chain| &chain.rules).all(|rule| serves(&rule.then))
    }

    fn maybe(&mut self, chain: ChainId, line: &Directive, what: &str, to: Option<ChainId>) {
        let when = Condition::unknown("path-unknown", what);
        let then = to.map_or(Action::Accept, Action::Goto);
        self.say(chain, line.place, when, then, Some("default-allow"));
    }

    fn try_files(&mut self, chain: ChainId, visit: &Visit<'a>, line: &'a Directive, handled: bool) {
        let Some((last, files)) = line.args.split_last() else { return };
        let fallback = self.world.expand(last, &visit.moment);
        let fallback = value::single(&fallback).map(str::to_owned);
        // Sent to the last resort once: that it is there is what the site lives by.
        let here = visit.internal && fallback.as_deref().and_then(|to| to.split('?').next()) == Some(&visit.moment.uri);
        let exists = if here { Some(&visit.moment.uri) } else { visit.exists.as_ref() };
        let mut possible = false;
        for file in files {
            let value = self.world.expand(file, &visit.moment);
            let found = value::single(&value).unwrap_or(file);
            let folder = file.ends_with('/');
            if !folder && exists.is_some_and(|exists| exists == found) {
                return self.say(chain, line.place, Condition::ALWAYS, Action::Accept, Some("default-allow"));
            }
            let of_a_file = folder && exists.is_some_and(|exists| found.trim_end_matches('/') == exists);
            // A name that ends in a slash is no file.
            if of_a_file || (!folder && found.ends_with('/')) {
                continue;
            }
            possible = true;
            if folder && !handled {
                let mut inner = visit.clone();
                inner.moment.uri = format!("{}/", found.trim_end_matches('/'));
                let to = self.chain(format!("index of {}", visit.title()));
                self.index(to, &inner);
                self.maybe(chain, line, found, Some(to));
            } else {
                self.maybe(chain, line, found, None);
            }
        }
        let code = last.strip_prefix('=').and_then(|code| code.parse::<u16>().ok());
        match (code, fallback) {
            // The page that is asked for is taken to be there.
            (Some(_), _) if possible => {
                self.say(chain, line.place, Condition::ALWAYS, Action::Accept, Some("default-allow"));
            }
            (Some(code), _) if code < 400 => self.say(chain, line.place, Condition::ALWAYS, Action::Accept, None),
            (Some(code), _) => self.say(chain, line.place, Condition::ALWAYS, Action::Deny(How::Status(code)), None),
            (None, Some(target)) => self.redirect(chain, visit.clone(), &target),
            (None, None) => self.maybe(chain, line, last, None),
        }
    }

    /// The file that stands for a folder: nginx redirects to it inside, and judges it anew.
    fn index(&mut self, chain: ChainId, visit: &Visit<'a>) {
        let place = visit.innermost().1;
        let listed =
            visit.nearest("index").map(|block| block.all("index").flat_map(|line| &line.args).collect::<Vec<_>>());
        let default = "index.html".to_owned();
        let names = listed.unwrap_or_else(|| vec![&default]);
        let mut targets: Vec<String> = Vec::new();
        for name in names {
            let value = self.world.expand(name, &visit.moment);
            let name = value::single(&value).unwrap_or(name);
            let target = if name.starts_with('/') { name.to_owned() } else { format!("{}{name}", visit.moment.uri) };
            if !targets.contains(&target) {
                targets.push(target);
            }
        }
        let last = targets.len().saturating_sub(1);
        for (at, target) in targets.iter().enumerate() {
            let inner = Visit { exists: Some(target.clone()), ..visit.clone() };
            if at == last {
                self.redirect(chain, inner, target);
            } else {
                let to = self.chain(format!("index {target}"));
                let when = Condition::unknown("path-unknown", target.clone());
                self.say(chain, place, when, Action::Goto(to), None);
                self.redirect(to, inner, target);
            }
        }
    }
}

//! Limits, `allow` and `deny`, passwords and `satisfy`: who may, once the location is known.

use super::{
    super::web::{logic, value},
    flow::{Flow, Visit},
    token::{Block, Directive},
};
use crate::acl::{Action, Addresses, ChainId, Condition, Doubt, How, Place, Rule};

/// What makes one access list differ from another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListKey {
    place: Place,
    refuse: Action,
    pass: Action,
    deny_note: Option<&'static str>,
    allow_note: Option<&'static str>,
}

/// What comes after access is granted.
pub enum Outcome {
    /// The request is served.
    Served,
    /// It goes on in a chain.
    Chain(ChainId),
}

/// A check that asks for more than an address.
struct Login {
    place: Place,
    when: Condition,
    doubt: Option<Doubt>,
}

impl<'a> Flow<'a> {
    /// Limits, access and content of the location the request is in.
    pub fn before_access(&mut self, chain: ChainId, visit: &Visit<'a>) {
        self.limits(chain, visit);
        for name in ["access_by_lua_block", "access_by_lua", "access_by_lua_file", "js_access"] {
            if let Some(line) = visit.setting(name) {
                let doubt = Doubt::new("not-understood", name);
                self.say(chain, line.place, Condition::ALWAYS, Action::Unknown(doubt), None);
            }
        }
        for name in ["modsecurity", "ModSecurityEnabled", "SecRulesEnabled", "app_protect_enable"] {
            if let Some(line) = visit.setting(name).filter(|line| line.arg(0) != "off") {
                let when = Condition::unknown("match-unknown", line.text());
                self.say(chain, line.place, when, Action::Deny(How::Status(403)), None);
            }
        }
        let outcome = self.content(visit);
        self.access(chain, visit, &outcome);
    }

    fn limits(&mut self, chain: ChainId, visit: &Visit<'a>) {
        for (name, zones, status) in [
            ("limit_req", "limit_req_zone", "limit_req_status"),
            ("limit_conn", "limit_conn_zone", "limit_conn_status"),
        ] {
            let dry = visit.setting(&format!("{name}_dry_run")).is_some_and(|line| line.arg(0) == "on");
            let Some(block) = visit.nearest(name).filter(|_| !dry) else { continue };
            let status = visit.setting(status).and_then(|line| line.arg(0).parse().ok()).unwrap_or(503);
            for line in block.all(name) {
                let zone = if name == "limit_conn" {
                    line.arg(0)
                } else {
                    line.args.iter().find_map(|word| word.strip_prefix("zone=")).unwrap_or_default()
                };
                let defined = visit.server.http.all(zones).find(|defined| {
                    let named = defined.args.iter().find_map(|word| word.strip_prefix("zone="));
                    named.is_some_and(|named| named.split(':').next() == Some(zone))
                });
                // A key that is empty is not counted.
                let counted = defined.map_or(Condition::ALWAYS, |defined| {
                    let key = self.world.expand(defined.arg(0), &visit.moment);
                    value::test(&key, |text| !text.is_empty(), || Condition::ALWAYS)
                });
                let when = logic::all_of([counted, Condition::unknown("limit", line.text())]);
                if !logic::is_never(&when) {
                    self.say(chain, line.place, when, Action::Deny(How::Status(status)), None);
                }
            }
        }
    }

    fn access(&mut self, chain: ChainId, visit: &Visit<'a>, outcome: &Outcome) {
        let place = visit.innermost().1;
        let (list, replaces) = access_list(visit);
        let logins = self.logins(visit);
        let any = visit.setting("satisfy").is_some_and(|line| line.arg(0) == "any");
        let served = match outcome {
            Outcome::Served => Action::Accept,
            Outcome::Chain(next) => Action::Goto(*next),
        };
        let note = match (visit.internal, replaces) {
            (true, _) => Some("internal-redirect"),
            (false, true) => Some("replaced-list"),
            (false, false) => None,
        };
        let (then, refused_note) = self.refused(visit, 403);
        let refusal = (then, note.or(refused_note));
        if logins.is_empty() {
            match (list, &served) {
                (Some(list), Action::Accept) => {
                    let made = self.list(visit, list, &refusal, &(Action::Accept, note));
                    self.say(chain, place, Condition::ALWAYS, Action::Jump(made), None);
                }
                (Some(list), _) => {
                    let made = self.list(visit, list, &refusal, &(Action::Return, None));
                    self.say(chain, place, Condition::ALWAYS, Action::Jump(made), None);
                }
                (None, _) => {}
            }
            return self.say(chain, place, Condition::ALWAYS, served, Some("default-allow"));
        }
        if any && let Some(list) = list {
            // Where a login is asked for at all, an address on the list needs none, and any other address needs it.
            let asked = logic::any_of(logins.iter().map(|login| login.when.clone()));
            let inner = self.chain(format!("satisfy any in {}", visit.title()));
            self.say(chain, place, asked, Action::Goto(inner), None);
            let either = (served.clone(), Some("satisfy-any"));
            let made = self.list(visit, list, &(Action::Return, None), &either);
            self.say(inner, place, Condition::ALWAYS, Action::Jump(made), None);
            self.log_in(inner, visit, logins);
            self.say(inner, place, Condition::ALWAYS, Action::Deny(How::Status(401)), Some("auth-needed"));
            let made = self.list(visit, list, &refusal, &(Action::Return, None));
            self.say(chain, place, Condition::ALWAYS, Action::Jump(made), None);
        } else {
            if let Some(list) = list {
                let made = self.list(visit, list, &refusal, &(Action::Return, None));
                self.say(chain, place, Condition::ALWAYS, Action::Jump(made), None);
            }
            self.log_in(chain, visit, logins);
        }
        self.say(chain, place, Condition::ALWAYS, served, Some("default-allow"));
    }

    fn log_in(&mut self, chain: ChainId, visit: &Visit<'a>, logins: Vec<Login>) {
        for login in logins {
            let (then, note) = match login.doubt {
                Some(doubt) => (Action::Unknown(doubt), None),
                None => match self.refused(visit, 401) {
                    (Action::Deny(how), _) => (Action::Deny(how), Some("auth-needed")),
                    other => other,
                },
            };
            self.say(chain, login.place, login.when, then, note);
        }
    }

    fn logins(&self, visit: &Visit<'a>) -> Vec<Login> {
        let mut logins = Vec::new();
        let asks = |line: &Directive| {
            let realm = self.world.expand(line.arg(0), &visit.moment);
            value::test(&realm, |text| text != "off", || Condition::ALWAYS)
        };
        let kinds = [
            ("auth_basic", Some("auth_basic_user_file")),
            ("auth_jwt", None),
            ("auth_digest", None),
            ("auth_gss", None),
        ];
        for (name, needs) in kinds {
            let Some(line) = visit.setting(name) else { continue };
            if needs.is_some_and(|needs| visit.setting(needs).is_none()) {
                continue;
            }
            let when = asks(line);
            if !logic::is_never(&when) {
                logins.push(Login { place: line.place, when, doubt: None });
            }
        }
        for name in ["auth_request", "auth_pam", "auth_ldap", "auth_ldap_servers"] {
            if let Some(line) = visit.setting(name).filter(|line| line.arg(0) != "off") {
                let doubt = Some(Doubt::new("auth", line.text()));
                logins.push(Login { place: line.place, when: Condition::ALWAYS, doubt });
            }
        }
        logins
    }

    /// The chain of an access list. Many paths share a list, and lists are long: each is made once.
    fn list(
        &mut self,
        visit: &Visit<'a>,
        block: &'a Block,
        refuse: &(Action, Option<&'static str>),
        pass: &(Action, Option<&'static str>),
    ) -> ChainId {
        let lines = || block.directives.iter().filter(|line| is_access(line));
        let place = lines().next().map_or(visit.server.place, |line| line.place);
        let key =
            ListKey { place, refuse: refuse.0.clone(), pass: pass.0.clone(), deny_note: refuse.1, allow_note: pass.1 };
        if let Some((_, made)) = self.lists.iter().find(|(other, _)| *other == key) {
            return *made;
        }
        let made = self.chain(format!("allow/deny in {}", visit.title()));
        for line in lines() {
            let Some(when) = self.concerned(line.arg(0)) else { continue };
            let (then, note) = if line.name == "allow" { pass.clone() } else { refuse.clone() };
            self.push(made, Rule { place: line.place, when, then, note });
        }
        self.lists.push((key, made));
        made
    }

    /// Whom an `allow` or `deny` concerns; `None` for local sockets.
    fn concerned(&self, who: &str) -> Option<Condition> {
        Some(match who {
            "all" => Condition::ALWAYS,
            "unix:" => return None,
            who => match Addresses::parse(who) {
                Ok(_) if who.contains('-') => Condition::unknown("not-understood", who),
                Ok(set) if self.world.peer_hidden && set != Addresses::all() => {
                    Condition::unknown("address-behind-balancer", who)
                }
                Ok(set) => Condition::source(set),
                Err(_not) => Condition::unknown("not-understood", who),
            },
        })
    }

    /// What a refusal becomes: a status, or what `error_page` makes of it.
    pub fn refused(&mut self, visit: &Visit<'a>, status: u16) -> (Action, Option<&'static str>) {
        let plain = (Action::Deny(How::Status(status)), None);
        let again = visit.setting("recursive_error_pages").is_some_and(|line| line.arg(0) == "on");
        let Some(block) = visit.nearest("error_page").filter(|_| !visit.erring || again) else { return plain };
        let wanted = status.to_string();
        let Some(line) = block.all("error_page").find(|line| line.args.contains(&wanted)) else {
            return plain;
        };
        let Some(target) = line.args.last() else { return plain };
        let answer = line.args.iter().find_map(|word| word.strip_prefix('='));
        if target.starts_with("http://") || target.starts_with("https://") {
            let status = answer.and_then(|answer| answer.parse().ok()).unwrap_or(302);
            return (Action::Deny(How::Status(status)), Some("internal-redirect"));
        }
        // Statuses that no access check gives are a way to jump to another location.
        let a_jump = !matches!(status, 401 | 403 | 429 | 500 | 503);
        match answer.map(str::parse::<u16>) {
            None => plain,
            Some(Ok(other)) if other >= 300 => (Action::Deny(How::Status(other)), Some("internal-redirect")),
            Some(_) if a_jump => {
                let chain = self.chain(format!("error_page {status} {target}"));
                let visit = Visit { erring: true, ..visit.clone() };
                self.redirect(chain, visit, target);
                (Action::Goto(chain), None)
            }
            Some(Ok(_)) => (Action::Goto(self.blocked_page(visit, target)), None),
            Some(Err(_none)) => (Action::Unknown(Doubt::new("expression", line.text())), None),
        }
    }

    /// A refusal that is answered as a success: the page is judged like any other, but getting it is no way in.
    fn blocked_page(&mut self, visit: &Visit<'a>, target: &str) -> ChainId {
        let known = std::mem::take(&mut self.lists);
        let made = self.chains.len();
        let chain = self.chain(format!("error_page {target}"));
        let visit = Visit { erring: true, ..visit.clone() };
        self.redirect(chain, visit, target);
        for rule in self.chains.iter_mut().skip(made).flat_map(|chain| &mut chain.rules) {
            if rule.then == Action::Accept {
                rule.then = Action::Deny(How::BlockedPage);
                rule.note = Some("internal-redirect");
            }
        }
        self.lists = known;
        chain
    }
}

fn is_access(line: &Directive) -> bool {
    matches!(line.name.as_str(), "allow" | "deny")
}

/// The list that holds for a request, and whether it replaces another outside it.
fn access_list<'a>(visit: &Visit<'a>) -> (Option<&'a Block>, bool) {
    let has = |block: &&Block| block.has("allow") || block.has("deny");
    let limited = visit.path.last().and_then(|location| location.block.as_ref()?.first("limit_except"));
    // `limit_except` is for all methods but those it names; Kakao sends GET.
    let limited = limited.filter(|line| !line.args.iter().any(|method| method == "GET"));
    let limited = limited.and_then(|line| line.block.as_ref());
    let scope: Vec<&'a Block> = limited.into_iter().chain(visit.scope()).filter(has).collect();
    (scope.first().copied(), scope.len() > 1)
}

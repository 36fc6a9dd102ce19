//! Follows a visit through a rule set: its packets through every chain they meet, in order, and then the request. Where a rule
//! may or may not apply, both ways are followed; the result is the set of what can happen.

use std::{collections::HashMap, rc::Rc};

use super::{
    Action, ChainId, Circumstances, Doubt, Family, Hook, How, Kind, Place, Ruleset, Sees, Translation,
    packet::{Packet, Part, Remote, Truth, View},
};

/// What becomes of a visit.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// It gets in.
    Allowed,
    /// It is refused; what the client sees.
    Denied(How),
    /// Nobody can tell from the files.
    Undetermined,
}

/// The rule or policy that decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Site {
    /// Its line; `None` for what the dialect has built in.
    pub place: Option<Place>,
    /// The chain it is in.
    pub chain: ChainId,
    /// Why, a row of `[why]` in `static/i18n/acl.toml`.
    pub why: &'static str,
    /// The server's port as it is at this point of the way.
    pub port: u16,
}

/// A verdict with its reasons.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Decision {
    /// What becomes of it.
    pub verdict: Verdict,
    /// The part of the visit that was decisive.
    pub part: Part,
    /// What decided.
    pub site: Option<Site>,
    /// What is not known, with its lines, where that matters.
    pub doubts: Vec<(Option<Place>, Doubt)>,
    /// The port that visits are translated to, or else the one they came for; `None` where it is not known which.
    pub port: Option<u16>,
}

/// Why a walk ended early.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stop {
    /// The addresses of the span do not all fare alike.
    Cut,
    /// More rules were looked at than allowed.
    TooMuch,
}

/// How the end of a chain was reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    Accept,
    Deny(How),
    Translate(Translation),
}

/// All that can happen in a chain.
#[derive(Debug, Default)]
struct Ends {
    verdicts: Vec<(End, Site)>,
    /// The chain can be left by its end or a RETURN.
    returns: bool,
    /// A rule whose action nobody knows may have sent it anywhere.
    anywhere: Option<Site>,
    /// The rule that told connection tracking to leave the packet alone.
    untracks: Option<Site>,
    doubts: Vec<(Option<Place>, Doubt)>,
}

/// A packet that is on its way, and what let it in so far.
#[derive(Debug, Clone, Copy)]
struct Alive {
    packet: Packet,
    accepted: Option<(u8, Site)>,
    /// A nat chain has translated it; the others let it be.
    translated: bool,
    /// Sent to nobody knows where, past everything that follows.
    escaped: bool,
}

/// All that can become of a packet.
#[derive(Debug, Default)]
struct Passage {
    alive: Vec<Alive>,
    denied: Vec<(How, Site)>,
    doubts: Vec<(Option<Place>, Doubt)>,
}

/// Rules of a chain that can apply, with whether they do.
type Relevant = Rc<[(usize, Truth)]>;

/// One step of halving: a span, and which rules matter to it.
struct Level {
    from: u128,
    to: u128,
    relevant: HashMap<(Packet, ChainId), Relevant>,
}

/// Walks one rule set. Spans are entered and left like a stack, each inside the one before, so that a rule that does not
/// concern a span is never looked at again inside it.
pub struct Walker<'a> {
    ruleset: &'a Ruleset,
    circumstances: &'a Circumstances,
    levels: Vec<Level>,
    steps_left: u64,
}

/// Chains may not call themselves, in any dialect; deeper than this is a loop.
const MAX_DEPTH: usize = 64;
/// Doubts that are kept per verdict; more help nobody.
const MAX_DOUBTS: usize = 8;

impl<'a> Walker<'a> {
    /// A walker that may look at `steps` rules.
    pub fn new(ruleset: &'a Ruleset, circumstances: &'a Circumstances, steps: u64) -> Self {
        Self { ruleset, circumstances, levels: Vec::new(), steps_left: steps }
    }

    /// Rules it may still look at.
    pub fn steps_left(&self) -> u64 {
        self.steps_left
    }

    /// Goes into a span, inside the present one.
    pub fn enter(&mut self, from: u128, to: u128) {
        self.levels.push(Level { from, to, relevant: HashMap::new() });
    }

    /// Goes back to the span before.
    pub fn leave(&mut self) {
        self.levels.pop();
    }

    /// What becomes of a visit from the present span to a port.
    pub fn judge(&mut self, family: Family, port: u16) -> Result<Decision, Stop> {
        if !self.ruleset.families.contains(&family) {
            let what = if family == Family::V4 { "IPv4" } else { "IPv6" };
            let doubts = vec![(None, Doubt::new("family-absent", what))];
            return Ok(Decision {
                verdict: Verdict::Undetermined,
                part: Part::Syn,
                site: None,
                doubts,
                port: Some(port),
            });
        }
        let server = self.circumstances.server;
        let packet = |part| Packet {
            part,
            family,
            port,
            server,
            forwarded: false,
            untracked: false,
            stray: false,
            hook: Hook::Ingress,
        };
        let syn = self.pass(packet(Part::Syn), None, false)?;
        if let Some(denied) = denial(&syn, Part::Syn) {
            return Ok(denied);
        }
        let mut unsure = !syn.denied.is_empty();
        let mut doubts = syn.doubts;
        let mut refusals = Vec::new();
        let mut let_in = None;
        let ways = syn.alive.len();
        let reached = syn.alive.first().map(|alive| alive.packet.port);
        let reached = reached.filter(|port| syn.alive.iter().all(|alive| !alive.escaped && alive.packet.port == *port));
        for way in syn.alive {
            let_in = let_in.or(Some(way));
            // Where it went nobody knows, so nothing more can be said: let in, for all that is here.
            let parts: &[Part] =
                if way.escaped { &[] } else { &[Part::SynAck, Part::Data, Part::Reply, Part::Request] };
            // Once tracking was told to leave a packet alone, it does not know the connection's others.
            let mut stray = way.packet.untracked;
            for part in parts.iter().copied() {
                let passage = self.pass(packet(part), Some(way), stray)?;
                stray |= passage.alive.iter().any(|alive| alive.packet.untracked);
                if let Some(denied) = denial(&passage, part) {
                    refusals.push(denied);
                    break;
                }
                unsure |= !passage.denied.is_empty();
                doubts.extend(passage.doubts);
                if part == Part::Request
                    && let Some(found) = passage.alive.iter().find(|alive| alive.accepted.is_some())
                {
                    let_in = Some(*found);
                }
            }
        }
        // Every way past the first packet is refused later: refused, whatever happens to the first.
        let all_refused = refusals.len() == ways;
        if let Some(refusal) = refusals.pop() {
            if all_refused {
                return Ok(refusal);
            }
            unsure = true;
        }
        let site = let_in.and_then(|alive| alive.accepted).map(|(_, site)| site);
        let decisive = if site.is_some_and(|site| self.is_request(site)) { Part::Request } else { Part::Syn };
        if unsure {
            doubts.sort();
            doubts.dedup();
            doubts.truncate(MAX_DOUBTS);
            return Ok(Decision { verdict: Verdict::Undetermined, part: decisive, site: None, doubts, port: reached });
        }
        Ok(Decision { verdict: Verdict::Allowed, part: decisive, site, doubts: Vec::new(), port: reached })
    }

    fn is_request(&self, site: Site) -> bool {
        self.ruleset.stages.iter().any(|stage| stage.hook == Hook::Request && stage.chain == site.chain)
    }

    /// Sends a packet past every stage of its way. `first` is the connection's first packet as it arrived: what was done to it
    /// is done to the others.
    fn pass(&mut self, packet: Packet, first: Option<Alive>, stray: bool) -> Result<Passage, Stop> {
        let ruleset = self.ruleset;
        let mut passage = Passage {
            alive: vec![Alive { packet, accepted: None, translated: false, escaped: false }],
            ..Passage::default()
        };
        if let (Some(first), false) = (first, packet.part.inbound()) {
            // A reply starts where the first packet arrived.
            for alive in &mut passage.alive {
                alive.packet = Packet { part: packet.part, untracked: false, ..first.packet };
            }
        }
        for alive in &mut passage.alive {
            alive.packet.stray = stray;
        }
        for hook in way(packet.part) {
            for stage in ruleset.stages.iter().filter(|stage| stage.hook == *hook) {
                if stage.family.is_some_and(|family| family != packet.family) {
                    continue;
                }
                let mut after = Vec::new();
                for mut alive in std::mem::take(&mut passage.alive) {
                    let elsewhere = match hook {
                        Hook::Input | Hook::Output | Hook::Request => alive.packet.forwarded,
                        Hook::Forward => !alive.packet.forwarded,
                        // Replies come in again only where another host sends them.
                        Hook::Ingress | Hook::Prerouting => !packet.part.inbound() && !alive.packet.forwarded,
                        // What is for this host itself has arrived.
                        Hook::Postrouting => packet.part.inbound() && !alive.packet.forwarded,
                    };
                    let done = first.is_some() || alive.packet.untracked || alive.translated;
                    let follows = stage.kind == Kind::Connection && done;
                    if follows
                        && *hook == Hook::Prerouting
                        && !alive.packet.untracked
                        && let Some(first) = first.filter(|_| packet.part.inbound())
                    {
                        let Packet { port, server, forwarded, .. } = first.packet;
                        alive.packet = Packet { port, server, forwarded, ..alive.packet };
                    }
                    if elsewhere || follows || alive.escaped {
                        after.push(alive);
                        continue;
                    }
                    alive.packet.hook = *hook;
                    let ends = self.walk(alive.packet, stage.chain, 0)?;
                    passage.doubts.extend(ends.doubts);
                    alive.packet.untracked |= ends.untracks.is_some();
                    let moved = |first: Alive| first.packet.port != packet.port || first.packet.forwarded;
                    if let (Some(site), Some(true)) = (ends.untracks, first.map(moved))
                        && !packet.part.inbound()
                    {
                        // It is not translated back, and the client knows of no such connection.
                        passage.denied.push((How::Drop, site));
                        continue;
                    }
                    for (end, site) in ends.verdicts {
                        match end {
                            End::Accept => after.push(alive.accepted_by(2, site)),
                            End::Translate(to) => after.push(self.translated(alive, to).accepted_by(1, site)),
                            End::Deny(how) => passage.denied.push((how, site)),
                        }
                    }
                    if let Some(site) = ends.anywhere.filter(|_| stage.kind == Kind::Connection) {
                        after.push(Alive { escaped: true, ..alive }.accepted_by(1, site));
                    }
                    if ends.returns {
                        let port = alive.packet.port;
                        let site = |why| Site { place: stage.policy.place, chain: stage.chain, why, port };
                        match &stage.policy.verdict {
                            Action::Deny(how) => passage.denied.push((*how, site("policy-deny"))),
                            _ => after.push(alive.accepted_by(0, site("policy-accept"))),
                        }
                    }
                }
                passage.alive = merged(after);
            }
        }
        Ok(passage)
    }

    /// To this host, or to another. An address that is not known to be this host's is another's; dialects say where they
    /// take that for granted.
    fn translated(&self, mut alive: Alive, to: Translation) -> Alive {
        alive.translated = true;
        if let Some(port) = to.port {
            alive.packet.port = port;
        }
        if let Some(host) = to.to {
            alive.packet.server = Some(host);
            alive.packet.forwarded = !host.is_loopback() && self.circumstances.server != Some(host);
        }
        alive
    }

    fn view(&self, packet: Packet, level: &Level) -> View<'a> {
        let ruleset: &'a Ruleset = self.ruleset;
        let remote = match &ruleset.sees {
            Sees::Direct | Sees::Header => Remote::Span(level.from, level.to),
            Sees::Balancer(known) => Remote::Balancer(known.as_ref()),
        };
        View { packet, remote, circumstances: self.circumstances }
    }

    /// The rules of a chain that can apply to a packet from the span at `depth` of the stack.
    fn relevant(&mut self, packet: Packet, chain: ChainId, depth: usize) -> Result<Relevant, Stop> {
        let key = (packet, chain);
        let Some(level) = self.levels.get(depth) else { return Ok(Rc::new([])) };
        if let Some(known) = level.relevant.get(&key) {
            return Ok(Rc::clone(known));
        }
        let view = self.view(packet, level);
        let ruleset = self.ruleset;
        let Some(rules) = ruleset.chains.get(chain.0).map(|chain| &chain.rules) else { return Ok(Rc::new([])) };
        let mut found = Vec::new();
        let mut looked = 0;
        let mut consider = |index: usize, before: Truth| {
            looked += 1;
            let Some(rule) = rules.get(index) else { return true };
            let truth = if before == Truth::Cut { view.truth(&rule.when) } else { before };
            if truth != Truth::No {
                found.push((index, truth));
            }
            !(truth == Truth::Yes && ends_chain(&rule.then))
        };
        if depth == 0 {
            let _all = (0..rules.len()).all(|index| consider(index, Truth::Cut));
        } else {
            let outer = self.relevant(packet, chain, depth - 1)?;
            let _all = outer.iter().all(|(index, truth)| consider(*index, *truth));
        }
        self.steps_left = self.steps_left.checked_sub(looked).ok_or(Stop::TooMuch)?;
        let found: Relevant = found.into();
        if let Some(level) = self.levels.get_mut(depth) {
            level.relevant.insert(key, Rc::clone(&found));
        }
        Ok(found)
    }

    fn walk(&mut self, mut packet: Packet, chain: ChainId, depth: usize) -> Result<Ends, Stop> {
        let mut all = Ends::default();
        let Some(innermost) = self.levels.len().checked_sub(1) else { return Ok(all) };
        let ruleset = self.ruleset;
        let Some(rules) = ruleset.chains.get(chain.0).map(|chain| &chain.rules) else { return Ok(all) };
        if depth > MAX_DEPTH {
            all.doubts.push((rules.first().map(|rule| rule.place), Doubt::new("loop", "")));
            all.returns = true;
            all.verdicts.push((End::Deny(How::Drop), Site { place: None, chain, why: "rule-deny", port: packet.port }));
            return Ok(all);
        }
        let mut relevant = self.relevant(packet, chain, innermost)?;
        let mut at = 0;
        while let Some(&(index, truth)) = relevant.get(at) {
            at += 1;
            self.steps_left = self.steps_left.checked_sub(1).ok_or(Stop::TooMuch)?;
            let Some(rule) = rules.get(index) else { continue };
            if rule.then == Action::Continue {
                continue;
            }
            let sure = match truth {
                Truth::Yes => true,
                Truth::Unsure => false,
                Truth::No => continue,
                Truth::Cut => return Err(Stop::Cut),
            };
            if !sure && let Some(level) = self.levels.get(innermost) {
                let mut doubts = Vec::new();
                self.view(packet, level).doubts(&rule.when, &mut doubts);
                all.doubts.extend(doubts.into_iter().take(MAX_DOUBTS).map(|doubt| (Some(rule.place), doubt)));
            }
            let port = packet.port;
            let site = |why| Site { place: Some(rule.place), chain, why: rule.note.unwrap_or(why), port };
            match &rule.then {
                Action::Continue => {}
                Action::Accept => all.verdicts.push((End::Accept, site("rule-accept"))),
                Action::Deny(how) => all.verdicts.push((End::Deny(*how), site("rule-deny"))),
                Action::Translate(to) => all.verdicts.push((End::Translate(*to), site("rule-translate"))),
                Action::Return => all.returns = true,
                Action::Unknown(doubt) => {
                    all.doubts.push((Some(rule.place), doubt.clone()));
                    all.anywhere = Some(site("rule-translate"));
                    all.verdicts.push((End::Accept, site("rule-accept")));
                    all.verdicts.push((End::Deny(How::Drop), site("rule-deny")));
                    continue; // and it may go on
                }
                Action::Untrack if sure => {
                    all.untracks = Some(site("rule-deny"));
                    packet.untracked = true;
                    // The rest of the chain looks at another packet now.
                    relevant = self.relevant(packet, chain, innermost)?;
                    at = relevant.partition_point(|(other, _)| *other <= index);
                    continue;
                }
                Action::Untrack => {
                    all.verdicts.push((End::Accept, site("rule-accept")));
                    all.verdicts.push((End::Deny(How::Drop), site("rule-deny")));
                    continue;
                }
                Action::Jump(to) | Action::Goto(to) => {
                    let inner = self.walk(packet, *to, depth + 1)?;
                    all.verdicts.extend(inner.verdicts);
                    all.doubts.extend(inner.doubts);
                    all.anywhere = all.anywhere.or(inner.anywhere);
                    if inner.untracks.is_some() {
                        all.untracks = inner.untracks;
                        packet.untracked = true;
                        relevant = self.relevant(packet, chain, innermost)?;
                        at = relevant.partition_point(|(other, _)| *other <= index);
                    }
                    let comes_back = inner.returns && matches!(rule.then, Action::Jump(_));
                    all.returns |= inner.returns && !comes_back;
                    if comes_back {
                        continue;
                    }
                }
            }
            if sure {
                return Ok(all.tidied());
            }
        }
        all.returns = true;
        Ok(all.tidied())
    }
}

impl Alive {
    /// A rule's word weighs more than a translation's, and that more than a policy's.
    fn accepted_by(mut self, weight: u8, site: Site) -> Self {
        if self.accepted.is_none_or(|(before, _)| before <= weight) {
            self.accepted = Some((weight, site));
        }
        self
    }
}

impl Ends {
    /// Of ends alike the last stays: it is the surest.
    fn tidied(mut self) -> Self {
        if self.verdicts.len() > 1 {
            let mut kept: Vec<(End, Site)> = Vec::new();
            for (end, site) in self.verdicts.into_iter().rev() {
                if !kept.iter().any(|(other, _)| *other == end) {
                    kept.push((end, site));
                }
            }
            kept.reverse();
            self.verdicts = kept;
        }
        self
    }
}

/// Packets alike go on as one.
fn merged(alive: Vec<Alive>) -> Vec<Alive> {
    let mut kept: Vec<Alive> = Vec::with_capacity(alive.len());
    for next in alive {
        if !kept.iter().any(|before| (before.packet, before.escaped) == (next.packet, next.escaped)) {
            kept.push(next);
        }
    }
    kept
}

/// The decision, where nothing gets through.
fn denial(passage: &Passage, part: Part) -> Option<Decision> {
    let (how, site) = passage.denied.last().filter(|_| passage.alive.is_empty())?;
    Some(Decision { verdict: Verdict::Denied(*how), part, site: Some(*site), doubts: Vec::new(), port: None })
}

fn ends_chain(action: &Action) -> bool {
    match action {
        Action::Accept | Action::Deny(_) | Action::Goto(_) | Action::Return | Action::Translate(_) => true,
        Action::Jump(_) | Action::Continue | Action::Untrack | Action::Unknown(_) => false,
    }
}

/// The points a packet passes. Which of Input and Forward it takes, translation decides.
fn way(part: Part) -> &'static [Hook] {
    match part {
        Part::Syn | Part::Data => &[Hook::Ingress, Hook::Prerouting, Hook::Input, Hook::Forward, Hook::Postrouting],
        Part::SynAck | Part::Reply => &[Hook::Prerouting, Hook::Output, Hook::Forward, Hook::Postrouting],
        Part::Request => &[Hook::Request],
    }
}

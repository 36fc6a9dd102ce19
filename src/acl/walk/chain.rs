//! One packet's way through a chain, and through the chains that it calls. Which rules can concern the present span is remembered
//! from the spans around it, so that a rule that does not is never looked at again.

use std::rc::Rc;

use rustc_hash::FxHashMap;

use super::{MAX_DOUBTS, Site, Stop, Walker};
use crate::acl::{
    Action, ChainId, Doubt, How, Place, Ruleset, Sees, Translation,
    packet::{Packet, Remote, Truth, View},
};

/// How the end of a chain was reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    Accept,
    Deny(How),
    Translate(Translation),
}

/// All that can happen in a chain.
#[derive(Debug, Default)]
pub struct Ends {
    pub verdicts: Vec<(End, Site)>,
    /// The chain can be left by its end or a RETURN.
    pub returns: bool,
    /// A rule whose action nobody knows may have sent it anywhere.
    pub anywhere: Option<Site>,
    /// The rule that told connection tracking to leave the packet alone.
    pub untracks: Option<Site>,
    pub doubts: Vec<(Option<Place>, Doubt)>,
}

/// Rules of a chain that can apply, with whether they do.
type Relevant = Rc<[(usize, Truth)]>;

/// One step of halving: a span, and which rules matter to it.
pub struct Level {
    pub from: u128,
    pub to: u128,
    pub relevant: FxHashMap<(Packet, ChainId), Relevant>,
    pub ends: FxHashMap<(Packet, ChainId), Rc<Ends>>,
}

/// Chains may not call themselves, in any dialect; deeper than this is a loop.
const MAX_DEPTH: usize = 64;

/// Doubts that are carried out of a chain.
const MAX_COLLECTED: usize = 64;

impl<'a> Walker<'a> {
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

    /// All that can happen to a packet from the present span in a chain. A chain that is called from several places is walked
    /// once.
    pub fn walk(&mut self, packet: Packet, chain: ChainId, depth: usize) -> Result<Rc<Ends>, Stop> {
        let known = self.levels.last().and_then(|level| level.ends.get(&(packet, chain)));
        if let Some(known) = known {
            return Ok(Rc::clone(known));
        }
        let ends = Rc::new(self.walk_through(packet, chain, depth)?.tidied());
        if let Some(level) = self.levels.last_mut().filter(|_| depth > 0) {
            level.ends.insert((packet, chain), Rc::clone(&ends));
        }
        Ok(ends)
    }

    fn walk_through(&mut self, mut packet: Packet, chain: ChainId, depth: usize) -> Result<Ends, Stop> {
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
                    all.verdicts.extend_from_slice(&inner.verdicts);
                    all.doubts.extend_from_slice(&inner.doubts);
                    all.anywhere = all.anywhere.or(inner.anywhere);
                    if inner.untracks.is_some() && !sure {
                        all.verdicts.push((End::Accept, site("rule-accept")));
                        all.verdicts.push((End::Deny(How::Drop), site("rule-deny")));
                    } else if inner.untracks.is_some() {
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
                return Ok(all);
            }
        }
        all.returns = true;
        Ok(all)
    }
}

impl Ends {
    /// Of ends alike the last stays: it is the surest. Of many doubts the first stay.
    fn tidied(mut self) -> Self {
        self.doubts.truncate(MAX_COLLECTED);
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

fn ends_chain(action: &Action) -> bool {
    match action {
        Action::Accept | Action::Deny(_) | Action::Goto(_) | Action::Return | Action::Translate(_) => true,
        Action::Jump(_) | Action::Continue | Action::Untrack | Action::Unknown(_) => false,
    }
}

//! Follows a visit through a rule set: its packets through every chain they meet, in order, and then the request. Where a rule
//! may or may not apply, both ways are followed; the result is the set of what can happen.

mod chain;
mod pass;

use rustc_hash::FxHashMap;

use self::{chain::Level, pass::Passage};
use super::{
    ChainId, Circumstances, Doubt, Family, Hook, How, Place, Ruleset,
    packet::{Packet, Part},
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

/// Walks one rule set. Spans are entered and left like a stack, each inside the one before, so that a rule that does not
/// concern a span is never looked at again inside it.
pub struct Walker<'a> {
    ruleset: &'a Ruleset,
    circumstances: &'a Circumstances,
    levels: Vec<Level>,
    steps_left: u64,
}

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
        self.levels.push(Level { from, to, relevant: FxHashMap::default(), ends: FxHashMap::default() });
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
}

/// The decision, where nothing gets through.
fn denial(passage: &Passage, part: Part) -> Option<Decision> {
    let (how, site) = passage.denied.last().filter(|_| passage.alive.is_empty())?;
    Some(Decision { verdict: Verdict::Denied(*how), part, site: Some(*site), doubts: Vec::new(), port: None })
}

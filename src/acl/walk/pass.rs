//! One packet's way past every stage: hooks in order, translation, and what connection tracking makes of it. What a chain says
//! is `chain`'s.

use super::{Site, Stop, Walker, chain::End};
use crate::acl::{
    Action, Doubt, Hook, How, Kind, Place, Translation,
    packet::{Packet, Part},
};

/// A packet that is on its way, and what let it in so far.
#[derive(Debug, Clone, Copy)]
pub struct Alive {
    pub packet: Packet,
    pub accepted: Option<(u8, Site)>,
    /// A nat chain has translated it; the others let it be.
    pub translated: bool,
    /// Sent to nobody knows where, past everything that follows.
    pub escaped: bool,
}

/// All that can become of a packet.
#[derive(Debug, Default)]
pub struct Passage {
    pub alive: Vec<Alive>,
    pub denied: Vec<(How, Site)>,
    pub doubts: Vec<(Option<Place>, Doubt)>,
}

impl Walker<'_> {
    /// Sends a packet past every stage of its way. `first` is the connection's first packet as it arrived: what was done to it
    /// is done to the others.
    pub fn pass(&mut self, packet: Packet, first: Option<Alive>, stray: bool) -> Result<Passage, Stop> {
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
                    passage.doubts.extend_from_slice(&ends.doubts);
                    alive.packet.untracked |= ends.untracks.is_some();
                    let moved = |first: Alive| first.packet.port != packet.port || first.packet.forwarded;
                    if let (Some(site), Some(true)) = (ends.untracks, first.map(moved))
                        && !packet.part.inbound()
                    {
                        // It is not translated back, and the client knows of no such connection.
                        passage.denied.push((How::Drop, site));
                        continue;
                    }
                    for (end, site) in ends.verdicts.iter().copied() {
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

/// The points a packet passes. Which of Input and Forward it takes, translation decides.
fn way(part: Part) -> &'static [Hook] {
    match part {
        Part::Syn | Part::Data => &[Hook::Ingress, Hook::Prerouting, Hook::Input, Hook::Forward, Hook::Postrouting],
        Part::SynAck | Part::Reply => &[Hook::Prerouting, Hook::Output, Hook::Forward, Hook::Postrouting],
        Part::Request => &[Hook::Request],
    }
}

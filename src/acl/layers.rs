//! Layers in path order: cloud, host, web server, application. A visit must pass them all; the first that refuses decides.

use std::sync::Arc;

use super::{
    Circumstances, Doubt, Family, File, How, Place, Ranges, Ruleset, Sees,
    decide::{Piece, TooMuch, decide},
    formats::Format,
    packet::Part,
    walk::{Site, Verdict},
};

/// One layer: the files of one dump, read.
pub struct Layer {
    /// What it is called, for people.
    pub name: Arc<str>,
    /// Its dialect.
    pub format: &'static Format,
    /// Which address it sees, as the user says; what the files show is in the rule set.
    pub asked: Sees,
    /// Its files.
    pub files: Vec<File>,
    /// What they say.
    pub ruleset: Ruleset,
}

/// Addresses that fare alike on the whole way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fate {
    /// The first address.
    pub from: u128,
    /// The last address.
    pub to: u128,
    /// Allowed, denied, or undetermined.
    pub verdict: Verdict,
    /// The layer that decides, and what in it; for those who get in, the innermost rule that lets them.
    pub decided: Option<(usize, Site)>,
    /// The part of the visit that was decisive.
    pub part: Part,
    /// What is not known: layer, line, reason.
    pub doubts: Vec<(usize, Option<Place>, Doubt)>,
}

/// What becomes of visits from each address of `universe` to `port` on the whole way.
pub fn fates(
    layers: &[Layer],
    circumstances: &Circumstances,
    family: Family,
    universe: &Ranges,
    port: u16,
    steps: &mut u64,
) -> Result<Vec<Fate>, TooMuch> {
    let mut answers = Vec::with_capacity(layers.len());
    for layer in layers {
        answers.push(decide(&layer.ruleset, circumstances, family, universe, port, steps)?);
    }
    let mut starts: Vec<u128> = answers.iter().flatten().map(|piece| piece.from).collect();
    starts.sort_unstable();
    starts.dedup();
    let mut fates: Vec<Fate> = Vec::with_capacity(starts.len());
    let mut at = vec![0_usize; answers.len()];
    for (index, from) in starts.iter().enumerate() {
        let mut to = starts.get(index + 1).map_or(u128::MAX, |next| next - 1);
        let mut here = Vec::with_capacity(answers.len());
        for (pieces, at) in answers.iter().zip(&mut at) {
            while pieces.get(*at).is_some_and(|piece| piece.to < *from) {
                *at += 1;
            }
            if let Some(piece) = pieces.get(*at) {
                to = to.min(piece.to);
                here.push(piece);
            }
        }
        let next = together(*from, to, &here);
        match fates.last_mut() {
            Some(before) if before.to.checked_add(1) == Some(*from) && before.alike(&next) => before.to = to,
            _ => fates.push(next),
        }
    }
    Ok(fates)
}

impl Fate {
    fn alike(&self, other: &Self) -> bool {
        (&self.verdict, self.decided, self.part, &self.doubts)
            == (&other.verdict, other.decided, other.part, &other.doubts)
    }
}

/// The fate of addresses whose decisions in each layer are these, in path order.
fn together(from: u128, to: u128, here: &[&Piece]) -> Fate {
    let layers = || here.iter().map(|piece| &piece.decision).enumerate();
    let refused = layers().find(|(_, decision)| matches!(decision.verdict, Verdict::Denied(_)));
    if let Some((layer, decision)) = refused {
        return Fate {
            from,
            to,
            verdict: decision.verdict.clone(),
            decided: decision.site.map(|site| (layer, site)),
            part: decision.part,
            doubts: Vec::new(),
        };
    }
    let doubts: Vec<_> = layers()
        .flat_map(|(layer, decision)| decision.doubts.iter().map(move |(place, doubt)| (layer, *place, doubt.clone())))
        .collect();
    if let Some((_, decision)) = layers().find(|(_, decision)| decision.verdict == Verdict::Undetermined) {
        return Fate { from, to, verdict: Verdict::Undetermined, decided: None, part: decision.part, doubts };
    }
    let innermost = layers().rev().find_map(|(layer, decision)| Some((layer, decision.site?, decision.part)));
    Fate {
        from,
        to,
        verdict: Verdict::Allowed,
        decided: innermost.map(|(layer, site, _)| (layer, site)),
        part: innermost.map_or(Part::Syn, |(_, _, part)| part),
        doubts: Vec::new(),
    }
}

impl Verdict {
    /// How it is refused, if it is.
    pub fn how(&self) -> Option<How> {
        match self {
            Self::Denied(how) => Some(*how),
            Self::Allowed | Self::Undetermined => None,
        }
    }
}

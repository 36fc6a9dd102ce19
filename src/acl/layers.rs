//! Layers in path order: cloud, host, web server, application. A visit must pass them all; the first that refuses decides.

use std::sync::Arc;

use super::{
    Circumstances, Doubt, Family, File, How, Place, Ranges, Ruleset, Sees,
    decide::{Piece, TooMuch, decide},
    formats::Format,
    packet::Part,
    walk::{Decision, Site, Verdict},
};

/// One layer: the files of one dump, read.
pub struct Layer {
    /// What it is called, for people.
    pub name: Arc<str>,
    /// Its dialect.
    pub format: &'static Format,
    /// Which address it sees, as the user says; what the files show is in the rule set.
    pub asked: Sees,
    /// The port by which it is reached, where a balancer in front changes it.
    pub port: Option<u16>,
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
    /// The port they have reached: a layer may translate it for those behind it. `None` where it is not known.
    pub port: Option<u16>,
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
    let mut fates: Vec<Fate> = universe.iter().map(|(from, to)| Fate::starting(from, to, port)).collect();
    for (index, layer) in layers.iter().enumerate() {
        if let Some(port) = layer.port {
            fates.iter_mut().filter(|fate| fate.port.is_some()).for_each(|fate| fate.port = Some(port));
        }
        let mut ports: Vec<u16> = fates.iter().filter(|fate| fate.goes_on()).filter_map(|fate| fate.port).collect();
        ports.sort_unstable();
        ports.dedup();
        let mut pieces = Vec::new();
        for port in ports {
            let here = fates.iter().filter(|fate| fate.goes_on() && fate.port == Some(port));
            let here: Ranges = here.map(|fate| (fate.from, fate.to)).collect();
            pieces.extend(decide(&layer.ruleset, circumstances, family, &here, port, steps)?);
        }
        pieces.sort_unstable_by_key(|piece| piece.from);
        fates = passed(fates, &pieces, index);
    }
    Ok(fates)
}

/// The fates behind a layer that decides like this. `pieces` are in order and cover every fate that goes on.
fn passed(fates: Vec<Fate>, pieces: &[Piece], layer: usize) -> Vec<Fate> {
    let mut after: Vec<Fate> = Vec::with_capacity(fates.len().max(pieces.len()));
    for fate in fates {
        if !fate.goes_on() {
            push(&mut after, fate);
            continue;
        }
        let start = pieces.partition_point(|piece| piece.to < fate.from);
        let mine = pieces.get(start..).unwrap_or_default().iter().take_while(|piece| piece.from <= fate.to);
        for piece in mine {
            let (from, to) = (fate.from.max(piece.from), fate.to.min(piece.to));
            push(&mut after, fate.clone().through(layer, from, to, &piece.decision));
        }
    }
    after
}

fn push(fates: &mut Vec<Fate>, next: Fate) {
    match fates.last_mut() {
        Some(before) if before.to.checked_add(1) == Some(next.from) && before.alike(&next) => before.to = next.to,
        _ => fates.push(next),
    }
}

impl Fate {
    fn starting(from: u128, to: u128, port: u16) -> Self {
        Self {
            from,
            to,
            verdict: Verdict::Allowed,
            decided: None,
            part: Part::Syn,
            doubts: Vec::new(),
            port: Some(port),
        }
    }

    /// Whether the layers behind still have a say: not where it is refused, nor where nobody knows what they would see.
    fn goes_on(&self) -> bool {
        self.port.is_some() && !matches!(self.verdict, Verdict::Denied(_))
    }

    fn alike(&self, other: &Self) -> bool {
        (&self.verdict, self.decided, self.part, &self.doubts, self.port)
            == (&other.verdict, other.decided, other.part, &other.doubts, other.port)
    }

    /// The fate of some of these addresses behind one more layer. A layer that refuses surely decides, whatever is not known
    /// of those before it.
    fn through(self, layer: usize, from: u128, to: u128, decision: &Decision) -> Self {
        let mut doubts = self.doubts;
        let decided = decision.site.map(|site| (layer, site));
        let (verdict, decided, part) = match (&decision.verdict, &self.verdict) {
            (Verdict::Denied(_), _) => {
                doubts.clear();
                (decision.verdict.clone(), decided, decision.part)
            }
            (Verdict::Undetermined, _) => {
                doubts.extend(decision.doubts.iter().map(|(place, doubt)| (layer, *place, doubt.clone())));
                (Verdict::Undetermined, None, decision.part)
            }
            (Verdict::Allowed, Verdict::Allowed) => {
                let part = if decided.is_some() { decision.part } else { self.part };
                (Verdict::Allowed, decided.or(self.decided), part)
            }
            (Verdict::Allowed, _) => (self.verdict, self.decided, self.part),
        };
        Self { from, to, verdict, decided, part, doubts, port: decision.port }
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

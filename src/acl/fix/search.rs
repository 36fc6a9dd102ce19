//! Looks for the change: opens one refusal after another in the dialect's own syntax, and reads the result again each time.

use std::collections::BTreeMap;

use ipnet::IpNet;

use super::cover::cover;
use crate::acl::{
    Addresses, CheckError, Family, Fate, File, Layer, Opening, Part, Place, Question, Ranges, Reading, Verdict, fates,
    read::parse,
};

/// A changed layer.
pub struct Found {
    /// The layer as it would be.
    pub layer: Layer,
    /// Networks that were opened.
    pub networks: Vec<IpNet>,
    /// The same as commands.
    pub commands: Vec<String>,
    /// What to know before applying it.
    pub remarks: Vec<(&'static str, String)>,
}

/// Refusals behind each other that are opened; a dump has a table, a zone or a block for each.
const MAX_ROUNDS: usize = 64;

/// A refusal: where, of which family, in which part of a visit, at which port.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Refusal {
    family: Family,
    place: Option<Place>,
    chain: usize,
    part: Part,
    by_policy: bool,
    port: u16,
}

impl Refusal {
    /// The same refusal, at whatever port.
    fn at_any_port(self) -> Self {
        Self { port: 0, ..self }
    }
}

/// Opens what can be opened.
pub fn search(dump: &Layer, question: &Question<'_>, reading: &Reading) -> Result<Found, CheckError> {
    let mut found = unchanged(dump, reading)?;
    let mut layer = copy(dump, dump.files.clone(), reading)?;
    let Some(open) = dump.format.open else { return Ok(found) };
    let mut opened = Addresses::default();
    let mut hopeless: Vec<Identity> = Vec::new();
    for _ in 0..MAX_ROUNDS {
        let refusals = refusals(&layer, question)?;
        let Some((refusal, opening)) = next(&layer, &refusals, &hopeless) else { break };
        let patch = open(&layer.files, &opening).filter(|patch| !patch.files.is_empty());
        let patched = patch.and_then(|patch| {
            let mut files = layer.files.clone();
            for (index, text) in &patch.files {
                if let Some(file) = files.get_mut(*index) {
                    *file = File::new(&file.name, text);
                }
            }
            Some((patch, copy(dump, files, reading).ok()?))
        });
        let Some((patch, patched)) = patched else {
            hopeless.push(identity(&layer, refusal));
            continue;
        };
        // It must have helped: fewer addresses are refused by that line, or it is tried no more.
        let known = identity(&layer, refusal);
        let refused = &refusals.get(&refusal).map(|(refused, _)| refused.clone()).unwrap_or_default();
        let now = self::refusals(&patched, question)?;
        let still = now.iter().filter(|(other, _)| identity(&patched, **other) == known);
        let still = still.fold(Ranges::empty(), |sum, (_, (addresses, _))| sum.union(&addresses.intersection(refused)));
        if still.count() >= refused.count() {
            hopeless.push(known);
            continue;
        }
        opened = opened.union(&opening.networks.iter().copied().collect());
        found.commands.extend(patch.commands);
        for remark in patch.remarks {
            if !found.remarks.contains(&remark) {
                found.remarks.push(remark);
            }
        }
        layer = patched;
    }
    found.networks = opened.networks();
    found.layer = layer;
    Ok(found)
}

/// The layer as it is.
pub fn unchanged(dump: &Layer, reading: &Reading) -> Result<Found, CheckError> {
    let layer = copy(dump, dump.files.clone(), reading)?;
    Ok(Found { layer, networks: Vec::new(), commands: Vec::new(), remarks: Vec::new() })
}

fn copy(dump: &Layer, files: Vec<File>, reading: &Reading) -> Result<Layer, CheckError> {
    let reading = Reading { sees: dump.asked.clone(), ..reading.clone() };
    let ruleset = parse(dump.format, &files, &reading)?;
    Ok(Layer {
        name: dump.name.clone(),
        format: dump.format,
        asked: dump.asked.clone(),
        port: dump.port,
        files,
        ruleset,
    })
}

/// Every refusal with the addresses it refuses, and what may be opened with them.
type Refusals = BTreeMap<Refusal, (Ranges, Ranges)>;

fn refusals(layer: &Layer, question: &Question<'_>) -> Result<Refusals, CheckError> {
    let mut found: Refusals = BTreeMap::new();
    let mut steps = question.limits.max_steps;
    for family in Family::BOTH {
        for port in question.all_ports() {
            let universe = question.universe(family, port);
            if universe.is_empty() {
                continue;
            }
            let layers = std::slice::from_ref(layer);
            let fates = fates(layers, question.circumstances, family, &universe, port, &mut steps)?;
            let open: Ranges =
                fates.iter().filter(|fate| fate.verdict == Verdict::Allowed).map(|fate| (fate.from, fate.to)).collect();
            let open = open.intersection(&universe);
            for (refusal, fate) in fates.iter().filter_map(|fate| Some((refusal(fate, family)?, fate))) {
                let (refused, may) = found.entry(refusal).or_insert_with(|| (Ranges::empty(), open.clone()));
                let more = Ranges::one(fate.from, fate.to).intersection(&universe);
                *refused = refused.union(&more);
                *may = may.union(&more);
            }
        }
    }
    Ok(found)
}

fn refusal(fate: &Fate, family: Family) -> Option<Refusal> {
    fate.verdict.how()?;
    let (_, site) = fate.decided?;
    let by_policy = site.why == "policy-deny";
    Some(Refusal { family, place: site.place, chain: site.chain.0, part: fate.part, by_policy, port: site.port })
}

/// A refusal whose line may have moved: by the line's text and the chain's name, not their numbers.
type Identity = (Refusal, Option<String>, String);

fn identity(layer: &Layer, refusal: Refusal) -> Identity {
    let line = refusal.place.and_then(|place| Some(layer.files.get(place.file)?.line(place.line)?.to_owned()));
    let chain = layer.ruleset.chains.get(refusal.chain).map(|chain| chain.name.clone()).unwrap_or_default();
    (Refusal { place: None, chain: 0, ..refusal }, line, chain)
}

/// The first refusal that is not hopeless, together with those of other ports that refuse the same addresses there.
fn next(layer: &Layer, refusals: &Refusals, hopeless: &[Identity]) -> Option<(Refusal, Opening)> {
    let (refusal, (refused, may)) =
        refusals.iter().find(|(refusal, _)| !hopeless.contains(&identity(layer, **refusal)))?;
    let same = refusals
        .iter()
        .filter(|(other, (addresses, _))| other.at_any_port() == refusal.at_any_port() && addresses == refused);
    let mut ports = Vec::new();
    let mut may = may.clone();
    for (other, (_, may_there)) in same {
        ports.push(other.port);
        may = may.intersection(may_there);
    }
    let Refusal { family, place, chain, part, by_policy, .. } = *refusal;
    let chain = layer.ruleset.chains.get(chain).map(|chain| chain.name.clone()).unwrap_or_default();
    let networks = cover(family, refused, &may);
    Some((*refusal, Opening { refused_at: place, chain, by_policy, part, family, networks, ports }))
}

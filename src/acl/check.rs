//! Answers a question: reads the layers, asks for every range and port, and words the answer.

use super::{
    Addresses, Circumstances, Family, Fate, Layer, Limits, Malformed, Place, Ranges, TooMuch, bounds, fates,
    list::{ChangeKind, Listed, Origin, RangeList},
    networks,
    report::{
        AclReport, AssumptionReport, ChangeReport, DecidedBy, DoubtReport, LayerReport, ListUsed, PartReport,
        RangeReport, Standing,
    },
    ruleset::Sees,
    shadow,
    walk::{Site, Verdict},
};
use crate::{finding::Text, words::Words};

/// A question about ranges and ports.
#[derive(Clone, Copy)]
pub struct Question<'a> {
    /// The layers, in path order.
    pub layers: &'a [Layer],
    /// The ranges.
    pub list: &'a RangeList,
    /// Ports; empty for those of the list, or else 80 and 443.
    pub ports: &'a [u16],
    /// What is known of the server.
    pub circumstances: &'a Circumstances,
    /// Bounds.
    pub limits: &'a Limits,
    /// The day of asking, `YYYY-MM-DD`, for the list's age.
    pub today: &'a str,
}

/// What is said of a list: where it is from, whether it is Kakao's own, how old it is on the day `today`, `YYYY-MM-DD`.
pub fn list_used(list: &RangeList, today: &str, words: &Words) -> ListUsed {
    let age_days = list.updated.as_deref().and_then(|updated| days_between(updated, today));
    let (code, official) = match list.origin {
        Origin::Api => ("list-api", true),
        Origin::File => ("list-file", false),
        Origin::Announced => ("list-announced", false),
    };
    let age = age_days.map_or_else(|| "?".to_owned(), |days| days.to_string());
    let updated = list.updated.as_deref().unwrap_or("?");
    let note = words.say("list", code, &[("updated", updated), ("age", &age), ("name", &list.name)]);
    ListUsed { origin: list.origin, name: list.name.clone(), official, updated: list.updated.clone(), age_days, note }
}

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CheckError {
    /// A file is not what it was said to be.
    #[error(transparent)]
    Malformed(#[from] Malformed),
    /// The rules are too many.
    #[error(transparent)]
    TooMuch(#[from] TooMuch),
}

/// Who gets in.
pub fn check(question: &Question<'_>, words: &Words) -> Result<AclReport, CheckError> {
    let writer = Writer { question, words };
    let ranges = writer.ranges()?;
    let standing = |when: &dyn Fn(&RangeReport) -> bool| {
        Standing::of_all(ranges.iter().filter(|range| when(range)).map(|range| range.verdict))
    };
    let today = standing(&|range| !is(range, ChangeKind::Addition));
    Ok(AclReport {
        verdict: today,
        headline: words.say("headline", today.word(), &[]),
        list: list_used(question.list, question.today, words),
        layers: question.layers.iter().map(layer).collect(),
        shadowed: question.layers.iter().flat_map(|layer| shadow::report(layer, words)).collect(),
        assumptions: writer.assumptions(),
        changes: writer.changes(&ranges),
        ranges,
    })
}

fn is(range: &RangeReport, kind: ChangeKind) -> bool {
    range.change.as_ref().is_some_and(|change| change.kind == kind)
}

fn layer(layer: &Layer) -> LayerReport {
    LayerReport {
        name: layer.name.to_string(),
        format: layer.format.name,
        title: layer.format.title,
        sees: match layer.ruleset.sees {
            Sees::Direct => "direct",
            Sees::Balancer(_) => "balancer",
            Sees::Header => "header",
        },
        files: layer.files.iter().map(|file| file.name.to_string()).collect(),
        rules: layer.ruleset.chains.iter().map(|chain| chain.rules.len()).sum(),
    }
}

struct Writer<'a> {
    question: &'a Question<'a>,
    words: &'a Words,
}

impl Question<'_> {
    /// The ports to ask for one range: what the caller wants, else what the list says, else the web's.
    fn ports_of(&self, range: &Listed) -> Vec<u16> {
        match (self.ports, range.ports.as_slice()) {
            ([], []) => vec![80, 443],
            ([], listed) => listed.to_vec(),
            (asked, _) => asked.to_vec(),
        }
    }

    /// Every port that is asked for, for some range.
    pub fn all_ports(&self) -> Vec<u16> {
        let mut ports: Vec<u16> = self.list.ranges.iter().flat_map(|range| self.ports_of(range)).collect();
        ports.sort_unstable();
        ports.dedup();
        ports
    }

    /// The addresses of a family that are asked about for a port.
    pub fn universe(&self, family: Family, port: u16) -> Ranges {
        let wanted = self.list.ranges.iter().filter(|range| self.ports_of(range).contains(&port));
        wanted.map(|range| range.network).collect::<Addresses>().family(family).clone()
    }
}

impl Writer<'_> {
    fn ranges(&self) -> Result<Vec<RangeReport>, TooMuch> {
        let Question { layers, list, circumstances, limits, .. } = self.question;
        let mut steps = limits.max_steps;
        let mut answers = Vec::new();
        for family in Family::BOTH {
            for port in self.question.all_ports() {
                let universe = self.question.universe(family, port);
                if !universe.is_empty() {
                    answers.push((family, port, fates(layers, circumstances, family, &universe, port, &mut steps)?));
                }
            }
        }
        let mut reports = Vec::new();
        let mut told = 0;
        for range in &list.ranges {
            let family = Family::of(range.network.addr());
            for port in self.question.ports_of(range) {
                let fates = answers.iter().find(|(of, at, _)| (*of, *at) == (family, port));
                let parts = self.parts(range, family, fates.map_or(&[], |(_, _, fates)| fates));
                told += parts.len();
                if told > limits.max_pieces {
                    return Err(TooMuch);
                }
                reports.push(RangeReport {
                    cidr: range.network.to_string(),
                    service: range.service.clone(),
                    port,
                    verdict: Standing::of_all(parts.iter().map(|part| part.verdict)),
                    change: range.change.clone(),
                    parts,
                });
            }
        }
        Ok(reports)
    }

    fn parts(&self, range: &Listed, family: Family, fates: &[Fate]) -> Vec<PartReport> {
        let (first, last) = bounds(range.network);
        let start = fates.partition_point(|fate| fate.to < first);
        let mine = fates.get(start..).unwrap_or_default().iter().take_while(|fate| fate.from <= last);
        let mut parts = Vec::new();
        for fate in mine {
            let part = self.part(fate);
            for network in networks(family, fate.from.max(first), fate.to.min(last)) {
                parts.push(PartReport { cidr: network.to_string(), ..part.clone() });
            }
        }
        parts
    }

    fn part(&self, fate: &Fate) -> PartReport {
        let how = fate.verdict.how().map(super::How::word);
        PartReport {
            cidr: String::new(),
            verdict: match fate.verdict {
                Verdict::Allowed => Standing::Allowed,
                Verdict::Denied(_) => Standing::Denied,
                Verdict::Undetermined => Standing::Undetermined,
            },
            packet: fate.part.word(),
            decided_by: fate.decided.and_then(|(layer, site)| self.decided_by(layer, site, how.as_deref())),
            how,
            doubts: fate
                .doubts
                .iter()
                .filter_map(|(layer, place, doubt)| {
                    let layer = self.question.layers.get(*layer)?;
                    let (file, line, text) = quote(layer, *place);
                    let message = self.words.say("doubt", doubt.code, &[("what", &doubt.what)]);
                    Some(DoubtReport { code: doubt.code, layer: layer.name.to_string(), file, line, text, message })
                })
                .collect(),
        }
    }

    fn decided_by(&self, layer: usize, site: Site, how: Option<&str>) -> Option<DecidedBy> {
        let layer = self.question.layers.get(layer)?;
        let chain = layer.ruleset.chains.get(site.chain.0).map(|chain| chain.name.clone()).unwrap_or_default();
        let (file, line, text) = quote(layer, site.place);
        let reason = self.words.say("why", site.why, &[("chain", &chain), ("how", how.unwrap_or_default())]);
        Some(DecidedBy { layer: layer.name.to_string(), file, line, text, chain, why: reason.en.clone(), reason })
    }

    fn assumptions(&self) -> Vec<AssumptionReport> {
        let layers = self.question.layers.iter();
        let all = layers.flat_map(|layer| layer.ruleset.assumptions.iter().map(move |assumed| (layer, assumed)));
        all.map(|(layer, assumed)| {
            let (file, line, text) = quote(layer, assumed.place);
            let message = self.words.say("assumption", assumed.code, &[("what", &assumed.what)]);
            AssumptionReport { code: assumed.code, layer: layer.name.to_string(), file, line, text, message }
        })
        .collect()
    }

    /// What each day of change means for all ranges together. Days are taken in the order of their text, ISO dates sort well.
    fn changes(&self, ranges: &[RangeReport]) -> Vec<ChangeReport> {
        let mut dates: Vec<Option<&str>> =
            ranges.iter().filter_map(|range| range.change.as_ref()).map(|change| change.date.as_deref()).collect();
        dates.sort_unstable();
        dates.dedup();
        let in_use = |range: &RangeReport, day: Option<&str>, from_that_day: bool| match &range.change {
            None => true,
            Some(change) => {
                let over = change.date.as_deref() < day || (from_that_day && change.date.as_deref() == day);
                (change.kind == ChangeKind::Addition) == over
            }
        };
        let standing = |day, after| {
            Standing::of_all(ranges.iter().filter(|range| in_use(range, day, after)).map(|range| range.verdict))
        };
        let mut reports = Vec::new();
        for date in dates {
            let networks = |kind| {
                let on_day =
                    |range: &&RangeReport| range.change.as_ref().is_some_and(|change| change.date.as_deref() == date);
                let mut found: Vec<String> = ranges
                    .iter()
                    .filter(on_day)
                    .filter(|range| is(range, kind))
                    .map(|range| range.cidr.clone())
                    .collect();
                found.dedup();
                found
            };
            let (before, after) = (standing(date, false), standing(date, true));
            let values = [("date", date.unwrap_or("?")), ("before", before.word()), ("after", after.word())];
            let code = if before == after { "unchanged" } else { "changed" };
            reports.push(ChangeReport {
                date: date.map(str::to_owned),
                additions: networks(ChangeKind::Addition),
                exclusions: networks(ChangeKind::Exclusion),
                before,
                after,
                message: self.change_sentence(code, &values),
            });
        }
        reports
    }

    fn change_sentence(&self, code: &str, values: &[(&str, &str)]) -> Text {
        let word = |name: &str| values.iter().find(|(known, _)| *known == name).map_or("", |(_, value)| value);
        let (before, after) =
            (self.words.say("standing", word("before"), &[]), self.words.say("standing", word("after"), &[]));
        let ko =
            self.words.say("change", code, &[("date", word("date")), ("before", &before.ko), ("after", &after.ko)]);
        let en =
            self.words.say("change", code, &[("date", word("date")), ("before", &before.en), ("after", &after.en)]);
        Text { ko: ko.ko, en: en.en }
    }
}

/// Name of the file, number and text of a line.
pub(super) fn quote(layer: &Layer, place: Option<Place>) -> (Option<String>, Option<u32>, Option<String>) {
    let Some((file, place)) = place.and_then(|place| Some((layer.files.get(place.file)?, place))) else {
        return (None, None, None);
    };
    let text = file.line(place.line).map(|line| line.trim().chars().take(MAX_QUOTE).collect());
    (Some(file.name.to_string()), Some(place.line), text)
}

/// Characters of a line that are repeated.
const MAX_QUOTE: usize = 500;

fn days_between(from: &str, to: &str) -> Option<i64> {
    let (from, to): (jiff::civil::Date, jiff::civil::Date) = (from.parse().ok()?, to.parse().ok()?);
    from.until(to).ok().map(|span| i64::from(span.get_days()))
}

//! Several runs of one asker, folded into one visit. Values in, values out.

use super::report::{Run, Spread, Visit};
use crate::rules::{Glimpse, median};

/// Whose visit it is.
#[derive(Debug, Clone, Copy)]
pub(super) struct Asker<'a> {
    /// `page` or `image`.
    pub of: &'static str,
    /// The asker's name in the report.
    pub who: &'static str,
    /// The user agent that was sent.
    pub user_agent: &'a str,
}

/// The visit that these runs make. `differs` is the caller's to fill in.
pub(super) fn visit(asker: Asker<'_>, url: &str, runs: &[Glimpse]) -> Option<Visit> {
    let shown = runs.get(worst(runs)?)?.clone();
    let answered: Vec<u64> = runs.iter().filter(|run| run.status.is_some()).map(|run| run.total_ms).collect();
    let spread = median(answered.clone()).zip(answered.iter().min().copied().zip(answered.iter().max().copied()));
    Some(Visit {
        of: asker.of,
        who: asker.who,
        user_agent: asker.user_agent.to_owned(),
        url: url.to_owned(),
        effective_url: shown.url,
        outcome: shown.outcome,
        evidence: shown.evidence,
        status: shown.status,
        content_type: shown.content_type,
        bytes: shown.bytes,
        title: shown.title,
        image: shown.image,
        challenge: shown.challenge,
        notice: shown.notice,
        runs: runs.iter().map(run).collect(),
        spread: spread.map(|(median, (min, max))| Spread { min, median, max }),
        differs: Vec::new(),
    })
}

/// The run that stands for all: of those that failed, the last of the most frequent kind; else the one of middling time.
pub(super) fn worst(runs: &[Glimpse]) -> Option<usize> {
    let failed = || runs.iter().enumerate().filter(|(_, run)| run.outcome != "ok");
    let alike = |one: &Glimpse| failed().filter(|(_, run)| run.outcome == one.outcome).count();
    let middle = median(runs.iter().map(|run| run.total_ms).collect());
    failed()
        .max_by_key(|(position, run)| (alike(run), *position))
        .map(|(position, _)| position)
        .or_else(|| runs.iter().position(|run| Some(run.total_ms) == middle))
}

fn run(glimpse: &Glimpse) -> Run {
    Run {
        outcome: glimpse.outcome.clone(),
        status: glimpse.status,
        first_byte_ms: glimpse.first_byte_ms,
        total_ms: glimpse.total_ms,
        address: glimpse.address.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn glimpse(outcome: &str, total_ms: u64) -> Glimpse {
        let status = if outcome == "ok" { Some(200) } else { None };
        Glimpse { outcome: outcome.to_owned(), status, total_ms, ..Glimpse::default() }
    }

    #[test]
    fn the_run_that_is_shown_is_the_worst_and_otherwise_the_middling_one() {
        for (runs, shown) in [
            (vec![("ok", 30), ("ok", 10), ("ok", 20)], Some(2)),
            (vec![("ok", 10), ("timeout", 20), ("ok", 30)], Some(1)),
            (vec![("timeout", 1), ("connect-reset", 2), ("timeout", 3)], Some(2)),
            (vec![], None),
        ] {
            let runs: Vec<Glimpse> = runs.into_iter().map(|(outcome, ms)| glimpse(outcome, ms)).collect();
            assert_eq!(worst(&runs), shown, "{runs:?}");
        }
    }

    #[test]
    fn times_are_those_of_the_runs_that_were_answered() {
        let runs = [glimpse("ok", 30), glimpse("connect-timeout", 5000), glimpse("ok", 10), glimpse("ok", 20)];
        let asker = Asker { of: "page", who: "kakao", user_agent: "x" };
        let visit = visit(asker, "https://a.example/", &runs).unwrap();
        assert_eq!(visit.spread, Some(Spread { min: 10, median: 20, max: 30 }));
        assert_eq!((visit.outcome.as_str(), visit.runs.len()), ("connect-timeout", 4));
    }
}

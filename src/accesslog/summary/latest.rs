//! What the latest requests got, and since when: a wall that was put up or taken away lately. Bounded, and in the order of time,
//! whatever the order of the files is.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::{
    super::report::Arrival,
    answers::{Outcome, outcome},
};

/// How many of the latest requests are looked at.
const LATEST: usize = 10;
/// How many are kept to find out since when it has been so.
const KEPT: usize = 1_000;
/// How many in a row are a change and no accident.
const IN_A_ROW: usize = 3;

/// The latest requests, in the order of time.
#[derive(Debug, Clone, Default)]
pub struct Latest {
    /// By time, and by order of reading where times are equal.
    kept: BTreeMap<(Timestamp, u64), Outcome>,
    read: u64,
}

/// A change of what requests get.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Turn {
    /// Whether they are stopped now.
    pub stopped: bool,
    /// Since when.
    pub since: Timestamp,
    /// How many in a row.
    pub requests: usize,
}

impl Latest {
    /// Takes a request in.
    pub fn add(&mut self, time: Option<Timestamp>, status: Option<u16>) {
        let Some(time) = time else { return };
        let outcome = outcome(status);
        if !matches!(outcome, Outcome::Got | Outcome::Stopped) {
            return;
        }
        self.read += 1;
        self.kept.insert((time, self.read), outcome);
        if self.kept.len() > KEPT {
            self.kept.pop_first();
        }
    }

    /// What the latest got.
    pub fn arrival(&self) -> Option<Arrival> {
        let of = |wanted| self.kept.values().rev().take(LATEST).any(|outcome| *outcome == wanted);
        match (of(Outcome::Got), of(Outcome::Stopped)) {
            (true, false) => Some(Arrival::Served),
            (false, true) => Some(Arrival::Refused),
            (true, true) => Some(Arrival::PartlyRefused),
            (false, false) => None,
        }
    }

    /// The change before which all was otherwise: at least three in a row now, and at least three in a row before.
    pub fn turn(&self) -> Option<Turn> {
        let now = *self.kept.values().next_back()?;
        let run = self.kept.iter().rev().take_while(|(_, outcome)| **outcome == now);
        let requests = run.clone().count();
        let since = run.last().map(|((time, _), _)| *time)?;
        let before = self.kept.values().rev().skip(requests).take_while(|outcome| **outcome != now).count();
        let turned = requests >= IN_A_ROW && before >= IN_A_ROW;
        turned.then_some(Turn { stopped: now == Outcome::Stopped, since, requests })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn latest(statuses: &[u16], backwards: bool) -> Latest {
        let mut latest = Latest::default();
        let mut all: Vec<_> = (0..).zip(statuses).collect();
        if backwards {
            all.reverse();
        }
        for (second, status) in all {
            latest.add(Timestamp::from_second(second).ok(), Some(*status));
        }
        latest
    }

    #[test]
    fn a_wall_put_up_lately_is_told_with_its_time_whatever_the_order_of_files() {
        for backwards in [false, true] {
            let latest = latest(&[200, 200, 304, 403, 403, 404, 403], backwards);
            let since = Timestamp::from_second(3).unwrap();
            assert_eq!(latest.turn(), Some(Turn { stopped: true, since, requests: 3 }), "{backwards}");
            assert_eq!(latest.arrival(), Some(Arrival::PartlyRefused));
        }
    }

    #[test]
    fn one_refusal_is_no_wall() {
        assert_eq!(latest(&[200, 200, 200, 403], false).turn(), None);
        assert_eq!(latest(&[403, 200, 200, 200], false).turn(), None);
        assert_eq!(latest(&[403, 403, 403, 200, 200, 200], false).turn().map(|turn| turn.stopped), Some(false));
        assert_eq!(latest(&[], false).arrival(), None);
    }

    #[test]
    fn only_so_many_are_kept() {
        assert_eq!(latest(&vec![200; 5_000], false).kept.len(), KEPT);
    }
}

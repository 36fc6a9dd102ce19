//! The list where it is kept and in use: taken from the store at the start, put there when a new one comes, told about to whoever
//! asks. It asks nobody.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use jiff::{SignedDuration, Timestamp, civil::Date};

use super::{
    Current, IpsError, Settings, answer,
    compare::{self, changes},
    report::{Attempt, IpsDiff, IpsReport, Remark, ServiceReport},
    store::{Kept, Record, Stamp, Store},
};
use crate::{
    acl::{
        self, Addresses,
        list::{ChangeKind, Direction, RangeList},
    },
    kakao::{Kakao, NetworkKind},
    words::Words,
};

/// The list, kept and in use. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Shelf(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    settings: Settings,
    max_ranges: usize,
    store: Option<Store>,
    current: Current,
    announced: Arc<RangeList>,
    /// What Kakao and its group announce.
    kakao: Addresses,
    words: Words,
    list_words: Words,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    kept: Option<Kept>,
    /// The list before, where there is no store to ask.
    previous: Option<Kept>,
    problem: Option<IpsError>,
    shrunk: bool,
    stamp: Stamp,
    attempt: Option<Attempt>,
    next_refresh: Option<Timestamp>,
}

/// What came of a new list.
#[derive(Debug, Clone)]
pub struct News {
    /// What is different from the list before; from the announced networks where none was kept.
    pub diff: IpsDiff,
    /// What is worth a warning.
    pub remarks: Vec<Remark>,
    /// Where a broken file that stood in the way is now.
    pub set_aside: Option<PathBuf>,
}

impl Shelf {
    /// Takes the list from the store. What is wrong with it is remembered, not returned: there are the announced networks.
    pub fn open(settings: &Settings, max_ranges: usize, kakao: &Kakao) -> Result<Self, toml::de::Error> {
        let announced = Arc::new(super::current::announced(kakao));
        let known = kakao.networks.iter().filter(|network| network.kind != NetworkKind::Cloud);
        let shelf = Self(Arc::new(Inner {
            settings: settings.clone(),
            max_ranges,
            store: settings.store_path().map(|path| Store::new(path, settings.max_bytes, max_ranges)),
            current: Current::of(Arc::clone(&announced)),
            announced,
            kakao: known.flat_map(|network| network.value.iter().copied()).collect(),
            words: super::words()?,
            list_words: acl::words()?,
            state: Mutex::default(),
        }));
        shelf.reload();
        Ok(shelf)
    }

    /// The list in use, as a handle.
    pub fn current(&self) -> Current {
        self.0.current.clone()
    }

    /// The sentences.
    pub fn words(&self) -> &Words {
        &self.0.words
    }

    /// The settings.
    pub fn settings(&self) -> &Settings {
        &self.0.settings
    }

    /// Bounds a list.
    pub fn max_ranges(&self) -> usize {
        self.0.max_ranges
    }

    /// The file in which the list is kept.
    pub fn path(&self) -> Option<&Path> {
        self.0.store.as_ref().map(Store::path)
    }

    /// The networks that Kakao announces, as a list.
    pub fn announced(&self) -> Arc<RangeList> {
        Arc::clone(&self.0.announced)
    }

    /// The kept list.
    pub fn kept(&self) -> Option<Kept> {
        self.state().kept.clone()
    }

    /// What is wrong with the kept file.
    pub fn problem(&self) -> Option<IpsError> {
        self.state().problem.clone()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Looks whether the file was changed, and takes the list from it if so. A file that has gone or broken changes nothing while
    /// the program runs: the good list stays in use.
    pub fn reload(&self) {
        let Some(store) = &self.0.store else { return };
        let stamp = store.stamp();
        if self.state().stamp == stamp {
            return;
        }
        let loaded = store.load();
        let mut state = self.state();
        state.stamp = stamp;
        match loaded {
            Ok(Some(kept)) => {
                self.0.current.set(Arc::clone(&kept.list));
                state.kept = Some(kept);
                state.problem = None;
            }
            Ok(None) => state.problem = None,
            Err(problem) => state.problem = Some(problem),
        }
    }

    /// The list before the kept one.
    pub fn previous(&self) -> Result<Option<Kept>, IpsError> {
        match &self.0.store {
            Some(store) => store.previous(),
            None => Ok(self.state().previous.clone()),
        }
    }

    /// Puts a new list into use, and keeps it. What is no list of Kakao's is refused, and the list before stays. One that cannot
    /// be written is in use all the same, and the error says so.
    pub fn put(&self, text: &str, source: &str, now: Timestamp) -> Result<News, IpsError> {
        let list = Arc::new(answer::accept(source, text, self.0.max_ranges)?);
        self.reload();
        let record = Record::of(text, source, now);
        let before = self.kept().map(|kept| kept.list);
        let shrunk = before.as_ref().is_some_and(|before| answer::has_shrunk(before, &list));
        let diff = self.compare(before.as_ref().unwrap_or(&self.0.announced), &list, day_of(now));
        let kept = Kept { text: text.into(), list, record };
        let written = self.0.store.as_ref().map(|store| store.keep(text, &kept.record));
        {
            let mut state = self.state();
            self.0.current.set(Arc::clone(&kept.list));
            let other = state.kept.take_if(|before| before.text != kept.text);
            state.previous = other.or_else(|| state.previous.take());
            state.kept = Some(kept);
            state.shrunk = shrunk;
            // What another process may have written since is taken up at the next look; what could not be written must not bring
            // back what is still there.
            let failed = matches!(written, Some(Err(_)));
            state.stamp = self.0.store.as_ref().filter(|_| failed).map(Store::stamp).unwrap_or_default();
            state.problem = written.as_ref().and_then(|written| written.as_ref().err().cloned());
        }
        let set_aside = written.transpose()?.flatten();
        let remarks = if shrunk { vec![self.remark("list-shrunk", &[])] } else { Vec::new() };
        Ok(News { diff, remarks, set_aside })
    }

    /// What is different in `new`, on a day.
    pub fn compare(&self, old: &RangeList, new: &RangeList, today: Date) -> IpsDiff {
        compare::compare(old, new, today, &self.0.kakao, &self.0.words)
    }

    /// Remembers how asking went.
    pub(super) fn note_attempt(&self, at: Timestamp, went: Result<(), &IpsError>) {
        let attempt = match went {
            Ok(()) => Attempt { at, outcome: "ok", message: self.0.words.say("attempt", "ok", &[]), advice: None },
            Err(error) => {
                let error = error.without_folders();
                let (message, advice) = (error.message(&self.0.words), error.advice(&self.0.words));
                Attempt { at, outcome: error.code(), message, advice: Some(advice) }
            }
        };
        self.state().attempt = Some(attempt);
    }

    pub(super) fn note_next(&self, next: Option<Timestamp>) {
        self.state().next_refresh = next;
    }

    /// Seconds since the kept list was fetched. A time to come tells nothing: as long ago as can be.
    pub fn age_seconds(&self, now: Timestamp) -> Option<i64> {
        let fetched_at = self.state().kept.as_ref().map(|kept| kept.record.fetched_at)?;
        let age = now.as_second().saturating_sub(fetched_at.as_second());
        Some(if age < -SKEW_SECONDS { i64::MAX } else { age.max(0) })
    }

    /// Whether the kept list is too old.
    pub fn is_stale(&self, now: Timestamp) -> bool {
        let limit = i64::try_from(self.0.settings.stale_days.saturating_mul(DAY)).unwrap_or(i64::MAX);
        self.age_seconds(now).is_some_and(|age| age >= limit)
    }

    fn remark(&self, code: &'static str, values: &[(&str, &str)]) -> Remark {
        let words = &self.0.words;
        Remark { code, message: words.say("remark", code, values), advice: words.say("remark-advice", code, values) }
    }

    /// All there is to say, at this moment. `has_key`: whether there is a key to ask with.
    pub fn report(&self, has_key: bool, now: Timestamp) -> IpsReport {
        let today = day_of(now);
        let list = self.0.current.list();
        let (is_stale, age) = (self.is_stale(now), self.age_seconds(now));
        let days = age.map(|age| (age / i64::try_from(DAY).unwrap_or(i64::MAX)).to_string()).unwrap_or_default();
        let mut warnings = Vec::new();
        if is_stale {
            warnings.push(self.remark("list-stale", &[("days", &days)]));
        }
        let state = self.state();
        if state.kept.is_none() {
            let code = if has_key { "no-list" } else { "no-list-no-key" };
            warnings.push(self.remark(code, &[("variable", &self.0.settings.key_env)]));
        }
        if state.shrunk {
            warnings.push(self.remark("list-shrunk", &[]));
        }
        if state.kept.is_some() && !list.ranges.iter().any(|range| range.service == "scrap") {
            warnings.push(self.remark("no-scrap", &[]));
        }
        if let Some(problem) = state.problem.as_ref().map(IpsError::without_folders) {
            let (message, advice) = (problem.message(&self.0.words), problem.advice(&self.0.words));
            warnings.push(Remark { code: problem.code(), message, advice });
        }
        let code = match (state.kept.is_some(), is_stale) {
            (true, false) => "kept",
            (true, true) => "stale",
            (false, _) => "announced",
        };
        let record = state.kept.as_ref().map(|kept| &kept.record);
        IpsReport {
            list: acl::list_used(&list, &today.to_string(), &self.0.list_words),
            headline: self.0.words.say("headline", code, &[("days", &days)]),
            source: record.map(|record| record.source.clone()),
            fetched_at: record.map(|record| record.fetched_at),
            age_hours: age.filter(|age| *age < i64::MAX).map(|age| age / 3600),
            stale: is_stale,
            stale_days: self.0.settings.stale_days,
            sha256: record.map(|record| record.sha256.clone()),
            has_key,
            next_refresh: state.next_refresh.or_else(|| {
                let wait =
                    SignedDuration::from_secs(i64::try_from(self.0.settings.refresh_hours).ok()?.checked_mul(3600)?);
                record.filter(|_| has_key)?.fetched_at.checked_add(wait).ok()
            }),
            last_attempt: state.attempt.clone(),
            services: services(&list),
            changes: changes(&list, today),
            warnings,
        }
    }
}

/// The day at this moment where Kakao is: its lists are dated there.
pub fn day_of(now: Timestamp) -> Date {
    now.to_zoned(jiff::tz::TimeZone::fixed(jiff::tz::offset(9))).date()
}

fn services(list: &RangeList) -> Vec<ServiceReport> {
    let mut reports: Vec<ServiceReport> = Vec::new();
    // Networks that Kakao announces come under a service's name, but nobody says anything of that service.
    let bare = list.ranges.iter().filter(|_| list.services.is_empty());
    let bare = bare.map(|range| (Direction::Inbound, range.service.as_str(), None));
    let named = list.services.iter().map(|service| (service.direction, service.name.as_str(), Some(service)));
    let mut places: BTreeMap<(bool, &str), usize> = BTreeMap::new();
    for (direction, name, service) in named.chain(bare) {
        places.entry((direction == Direction::Outbound, name)).or_insert_with(|| {
            reports.push(ServiceReport {
                service: name.to_owned(),
                direction,
                ranges: Vec::new(),
                ports: service.map(|service| service.ports.clone()).unwrap_or_default(),
                updated: service.map_or_else(|| list.updated.clone(), |service| service.updated.clone()),
                unknown: service.map(|service| service.unknown.clone()).unwrap_or_default(),
            });
            reports.len() - 1
        });
    }
    for direction in [Direction::Inbound, Direction::Outbound] {
        for range in compare::ranges_of(list, direction) {
            let yet_to_come = range.change.as_ref().is_some_and(|change| change.kind == ChangeKind::Addition);
            let place = places.get(&(direction == Direction::Outbound, range.service.as_str()));
            if let (Some(report), false) = (place.and_then(|place| reports.get_mut(*place)), yet_to_come) {
                report.ranges.push(range.network.to_string());
            }
        }
    }
    reports
}

const DAY: u64 = 24 * 60 * 60;
/// Clocks of two machines differ by less.
const SKEW_SECONDS: i64 = 60 * 60;

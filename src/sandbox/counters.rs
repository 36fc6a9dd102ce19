//! Counters that survive a restart, a kill and a second process on the same folder: one file per app, period and counter, to which
//! each use appends one byte. Its length is the count. Blocking; what is counted and how far is `quota`'s to say.
//!
//! After an append the file's position is the caller's own ordinal (POSIX, `write` with `O_APPEND`): of two callers for one last
//! place exactly one gets it, in however many processes. A killed process loses nothing: written bytes are the kernel's. Files of
//! past periods are deleted.

use std::{
    collections::HashMap,
    fs::{self, OpenOptions},
    io::{self, Seek as _, Write as _},
    path::PathBuf,
    sync::{Mutex, PoisonError},
};

use jiff::Timestamp;

use super::period::Period;

/// One counter.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Counter {
    /// Whose.
    pub app: i64,
    /// When.
    pub period: Period,
    /// Of what; a name of lower-case letters, digits and `-`.
    pub name: String,
}

/// All counters.
#[derive(Debug, Default)]
pub struct Counters {
    folder: Option<PathBuf>,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// Counts without a folder, or while it cannot be written.
    memory: HashMap<Counter, u64>,
    /// The day on which old files were last looked for.
    swept: Option<Period>,
    /// Whether it was already told that the folder cannot be used.
    told: bool,
}

impl Counters {
    /// Counters in this folder; in memory alone without one.
    pub fn new(folder: Option<PathBuf>) -> Self {
        Self { folder, state: Mutex::default() }
    }

    /// The count so far.
    pub fn used(&self, counter: &Counter) -> u64 {
        let memory = self.state().memory.get(counter).copied().unwrap_or_default();
        let kept = self.path(counter).and_then(|path| fs::metadata(path).ok()).map_or(0, |metadata| metadata.len());
        memory + kept
    }

    /// Counts one more of each, unless one of them has no room: then it names that one, and counts none of them.
    pub fn spend(&self, wanted: &[(Counter, u64)], now: Timestamp) -> Result<(), usize> {
        self.sweep(now);
        if let Some(full) = wanted.iter().position(|(counter, limit)| self.used(counter) >= *limit) {
            return Err(full);
        }
        for (place, (counter, limit)) in wanted.iter().enumerate() {
            if self.add(counter) > *limit {
                return Err(place); // another one was faster
            }
        }
        Ok(())
    }

    /// Counts one more, and says which one it was.
    fn add(&self, counter: &Counter) -> u64 {
        let written = self.path(counter).map(|path| append(&path));
        let mut state = self.state();
        let kept = match written {
            Some(Ok(ordinal)) => return ordinal + state.memory.get(counter).copied().unwrap_or_default(),
            Some(Err(error)) => {
                if !state.told {
                    tracing::warn!("quotas are only counted in memory: {error}; check sandbox.store");
                    state.told = true;
                }
                self.path(counter).and_then(|path| fs::metadata(path).ok()).map_or(0, |metadata| metadata.len())
            }
            None => 0,
        };
        let memory = state.memory.entry(counter.clone()).or_default();
        *memory += 1;
        *memory + kept
    }

    /// Forgets past periods, once a day.
    fn sweep(&self, now: Timestamp) {
        let today = Period::day(now);
        {
            let mut state = self.state();
            if state.swept == Some(today) {
                return;
            }
            state.swept = Some(today);
            state.memory.retain(|counter, _| !counter.period.is_over(now));
        }
        let Some(folder) = &self.folder else { return };
        let entries = |path: &PathBuf| fs::read_dir(path).into_iter().flatten().filter_map(Result::ok);
        for app in entries(folder) {
            for entry in entries(&app.path()) {
                // Only what has the name of a past period: the folder may hold other things.
                let period = entry.file_name().to_str().and_then(Period::parse);
                if period.is_some_and(|period| period.is_over(now)) {
                    let _another_was_faster = fs::remove_dir_all(entry.path());
                }
            }
        }
    }

    fn path(&self, counter: &Counter) -> Option<PathBuf> {
        let folder = self.folder.as_ref()?;
        Some(folder.join(counter.app.to_string()).join(counter.period.to_string()).join(&counter.name))
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Appends a byte and says which one it is, from 1.
fn append(path: &PathBuf) -> io::Result<u64> {
    let open = || OpenOptions::new().append(true).create(true).open(path);
    let mut file = match open() {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            if let Some(folder) = path.parent() {
                fs::create_dir_all(folder)?;
            }
            open()?
        }
        other => other?,
    };
    file.write_all(b".")?;
    file.stream_position()
}

#[cfg(test)]
mod tests {
    use std::{sync::Arc, thread};

    use super::*;

    fn counter(name: &str, now: Timestamp) -> Counter {
        Counter { app: 1, period: Period::day(now), name: name.to_owned() }
    }

    fn now() -> Timestamp {
        "2026-11-23T03:00:00Z".parse().unwrap()
    }

    #[test]
    fn the_last_place_is_given_once_however_many_want_it() {
        let folder = tempfile::tempdir().unwrap();
        // Two sets of counters on one folder: two processes.
        let counters = [0, 1].map(|_| Arc::new(Counters::new(Some(folder.path().to_owned()))));
        let threads: Vec<_> = (0..8)
            .map(|thread| {
                let counters = Arc::clone(&counters[thread % 2]);
                let one = counter("share", now());
                thread::spawn(move || (0..50).filter(|_| counters.spend(&[(one.clone(), 100)], now()).is_ok()).count())
            })
            .collect();
        let given: usize = threads.into_iter().map(|thread| thread.join().unwrap()).sum();
        assert_eq!(given, 100);
    }

    #[test]
    fn a_counter_without_room_leaves_the_others_alone() {
        for folder in [None, Some(tempfile::tempdir().unwrap())] {
            let counters = Counters::new(folder.as_ref().map(|folder| folder.path().to_owned()));
            let (one, two) = (counter("one", now()), counter("two", now()));
            assert_eq!(counters.spend(&[(one.clone(), 5), (two.clone(), 1)], now()), Ok(()));
            assert_eq!(counters.spend(&[(one.clone(), 5), (two.clone(), 1)], now()), Err(1));
            assert_eq!((counters.used(&one), counters.used(&two)), (1, 1));
        }
    }

    #[test]
    fn past_days_are_deleted_and_nothing_else_is() {
        let folder = tempfile::tempdir().unwrap();
        let kept = folder.path().join("1/notes.txt");
        let counters = Counters::new(Some(folder.path().to_owned()));
        counters.spend(&[(counter("share", now()), 5)], now()).unwrap();
        fs::write(&kept, "mine").unwrap();
        let later: Timestamp = "2026-11-24T03:00:00Z".parse().unwrap();

        counters.spend(&[(counter("share", later), 5)], later).unwrap();

        let mut names: Vec<_> =
            fs::read_dir(folder.path().join("1")).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        names.sort();
        assert_eq!(names, ["2026-11-24", "notes.txt"]);
    }

    #[test]
    fn a_folder_that_cannot_be_written_does_not_stop_the_counting() {
        let file = tempfile::NamedTempFile::new().unwrap(); // a file where the folder should be
        let counters = Counters::new(Some(file.path().to_owned()));
        let one = counter("share", now());
        assert_eq!(counters.spend(&[(one.clone(), 2)], now()), Ok(()));
        assert_eq!(counters.spend(&[(one.clone(), 2)], now()), Ok(()));
        assert_eq!(counters.spend(&[(one.clone(), 2)], now()), Err(0));
        assert_eq!(counters.used(&one), 2);
    }
}

//! The log of deliveries: per app, bounded, newest first; in a file of one JSON line each where there is a folder, so that it
//! survives a restart. Of two programs in one folder each shows its own until it starts anew. Everything here blocks: callers give
//! it a thread of its own.

use std::{
    collections::{HashMap, VecDeque},
    fs::{self, File, OpenOptions},
    io::{self, BufRead as _, BufReader, Read as _, Seek as _, SeekFrom, Write as _},
    os::unix::fs::OpenOptionsExt as _,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError},
};

use super::record::Delivery;

/// The log.
#[derive(Debug)]
pub(super) struct Log {
    /// Deliveries that are kept per app.
    max: usize,
    path: Option<PathBuf>,
    /// Read at the first use: most runs of the program never ask for it.
    state: OnceLock<Mutex<State>>,
}

#[derive(Debug, Default)]
struct State {
    /// Newest at the back.
    apps: HashMap<i64, VecDeque<Arc<Delivery>>>,
    /// Lines of the file, also those that are kept no longer.
    lines: usize,
    /// The file ends in the middle of a line.
    torn: bool,
    /// What went wrong with the file was said.
    complained: bool,
}

impl Log {
    /// A log in `deliveries.ndjson` of this folder; without one in memory only. Reads nothing yet.
    pub fn new(folder: Option<PathBuf>, max: usize) -> Self {
        let path = folder.map(|folder| folder.join("deliveries.ndjson"));
        Self { max: max.max(1), path, state: OnceLock::new() }
    }

    /// The deliveries of an app, newest first.
    pub fn of_app(&self, app: i64) -> Vec<Arc<Delivery>> {
        let state = self.state();
        state.apps.get(&app).into_iter().flat_map(|kept| kept.iter().rev().cloned()).collect()
    }

    /// The delivery of an id.
    pub fn find(&self, id: &str) -> Option<Arc<Delivery>> {
        self.state().apps.values().flatten().find(|delivery| delivery.id == id).cloned()
    }

    /// Keeps a delivery. A file that cannot be written is said once, and the log goes on in memory.
    pub fn keep(&self, delivery: &Arc<Delivery>) {
        let mut state = self.state();
        state.push(Arc::clone(delivery), self.max);
        let Some(path) = &self.path else { return };
        let kept: usize = state.apps.values().map(VecDeque::len).sum();
        let full = state.torn || state.lines > kept.saturating_mul(2) + SLACK;
        let written = if full { state.rewrite(path) } else { append(path, delivery) };
        match written {
            Ok(()) => state.lines = if full { kept } else { state.lines + 1 },
            Err(error) if !state.complained => {
                state.complained = true;
                state.torn = true;
                tracing::warn!(
                    "{} cannot be written: {error}; the log of deliveries is kept in memory",
                    path.display()
                );
            }
            // Part of a line may have been written: the next one must not stand behind it.
            Err(_again) => state.torn = true,
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        let state = self.state.get_or_init(|| {
            let state = self.path.as_deref().map(|path| {
                State::read(path, self.max).unwrap_or_else(|error| {
                    tracing::warn!("{} cannot be read: {error}; the log of deliveries starts empty", path.display());
                    State { torn: true, ..State::default() }
                })
            });
            Mutex::new(state.unwrap_or_default())
        });
        state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn push(&mut self, delivery: Arc<Delivery>, max: usize) {
        let kept = self.apps.entry(delivery.app).or_default();
        while kept.len() >= max {
            kept.pop_front();
        }
        kept.push_back(delivery);
    }

    /// Reads the end of the file. A line that is no delivery, such as one torn by a crash, is left out.
    fn read(path: &Path, max: usize) -> io::Result<Self> {
        let mut state = Self::default();
        let mut file = match File::open(path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(state),
            Err(error) => return Err(error),
        };
        let length = file.metadata()?.len();
        let skipped = length.saturating_sub(MAX_FILE_BYTES);
        file.seek(SeekFrom::Start(skipped))?;
        state.torn = skipped > 0;
        let mut reader = BufReader::new(file.take(MAX_FILE_BYTES));
        let mut line = Vec::new();
        loop {
            line.clear();
            if reader.read_until(b'\n', &mut line)? == 0 {
                return Ok(state);
            }
            state.lines += 1;
            match serde_json::from_slice::<Delivery>(&line) {
                Ok(delivery) => state.push(Arc::new(delivery), max),
                Err(_torn) => state.torn = true,
            }
            state.torn |= !line.ends_with(b"\n");
        }
    }

    /// Writes all that is kept to a file of its own and renames it over the old one (atomic by POSIX).
    fn rewrite(&mut self, path: &Path) -> io::Result<()> {
        let folder = folder_of(path)?;
        let mut all: Vec<_> = self.apps.values().flatten().collect();
        all.sort_by_key(|delivery| delivery.at);
        let mut file = tempfile::NamedTempFile::new_in(folder)?;
        for delivery in all {
            file.write_all(&line(delivery)?)?;
        }
        file.as_file().sync_all()?;
        file.persist(path).map_err(|error| error.error)?;
        self.torn = false;
        Ok(())
    }
}

fn append(path: &Path, delivery: &Delivery) -> io::Result<()> {
    folder_of(path)?;
    let line = line(delivery)?;
    OpenOptions::new().create(true).append(true).mode(OWNER_ONLY).open(path)?.write_all(&line)
}

fn folder_of(path: &Path) -> io::Result<&Path> {
    let folder = path.parent().ok_or_else(|| io::Error::other("no folder"))?;
    fs::create_dir_all(folder)?;
    Ok(folder)
}

fn line(delivery: &Delivery) -> io::Result<Vec<u8>> {
    let mut line = serde_json::to_vec(delivery)?;
    line.push(b'\n');
    Ok(line)
}

/// What users of a service share is nobody else's business.
const OWNER_ONLY: u32 = 0o600;
/// Lines beyond twice what is kept, before the file is written anew.
const SLACK: usize = 100;
/// The end of a file that is read, should somebody have made it larger than this program ever does.
const MAX_FILE_BYTES: u64 = 64 * 1024 * 1024;

//! The file in which the list is kept, exactly as it came, so that it can be given to other tools too. Beside it: the list before
//! it, and a record of where and when each was fetched.
//!
//! What holds at every moment, whoever is killed when: the file is a whole list, and the record knows it. A list is written to
//! a file of its own, synced, and renamed over the old one (atomic by POSIX); the record is written first and knows both. Writers
//! take turns by a lock; readers need none.

use std::{
    fs::{self, File, Permissions, TryLockError},
    io::{self, Read as _, Write as _},
    os::unix::fs::{MetadataExt as _, PermissionsExt as _},
    path::{Path, PathBuf},
    sync::Arc,
    thread,
    time::Duration,
};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::{IpsError, answer};
use crate::acl::list::RangeList;

/// A list with where it is from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// The list as it came.
    pub text: Arc<str>,
    /// The same, read.
    pub list: Arc<RangeList>,
    /// Where and when.
    pub record: Record,
}

/// Where and when a list was fetched.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Record {
    /// Hexadecimal SHA-256 of the list.
    pub sha256: String,
    /// URL, or what was imported.
    pub source: String,
    /// When.
    pub fetched_at: Timestamp,
}

impl Record {
    /// The record of a list that has just come.
    pub fn of(text: &str, source: &str, fetched_at: Timestamp) -> Self {
        Self { sha256: hash(text), source: source.to_owned(), fetched_at }
    }
}

#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Records {
    lists: Vec<Record>,
}

/// Where the list is kept.
#[derive(Debug, Clone)]
pub struct Store {
    path: PathBuf,
    max_bytes: usize,
    max_ranges: usize,
}

/// What tells whether the file was changed since.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Stamp(Vec<Option<(u64, i64, i64, u64)>>);

impl Store {
    /// A store in this file; nothing is read or written yet.
    pub fn new(path: PathBuf, max_bytes: usize, max_ranges: usize) -> Self {
        Self { path, max_bytes, max_ranges }
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The file of the list before.
    pub fn previous_path(&self) -> PathBuf {
        self.path.with_extension("previous.json")
    }

    fn record_path(&self) -> PathBuf {
        self.path.with_extension("record.json")
    }

    /// The list; `None` if none was ever kept.
    pub fn load(&self) -> Result<Option<Kept>, IpsError> {
        self.read(&self.path)
    }

    /// The list before it.
    pub fn previous(&self) -> Result<Option<Kept>, IpsError> {
        self.read(&self.previous_path())
    }

    /// What tells whether another process has changed it.
    pub fn stamp(&self) -> Stamp {
        let stamp = |path: &Path| {
            let metadata = fs::metadata(path).ok()?;
            Some((metadata.ino(), metadata.mtime(), metadata.mtime_nsec(), metadata.len()))
        };
        Stamp(vec![stamp(&self.path), stamp(&self.record_path())])
    }

    fn read(&self, path: &Path) -> Result<Option<Kept>, IpsError> {
        // A writer that renames between the reading of the list and of its record would make them differ: then once more.
        let mut tries = 0;
        loop {
            let Some(text) = whole(path, self.max_bytes)? else { return Ok(None) };
            let sha256 = hash(&text);
            let records = self.records()?;
            if let Some(record) = records.lists.into_iter().find(|record| record.sha256 == sha256) {
                let list = answer::accept(&record.source, &text, self.max_ranges)
                    .map_err(|error| IpsError::broken(path, line_of(&text), error.to_string()))?;
                return Ok(Some(Kept { text: text.into(), list: list.into(), record }));
            }
            tries += 1;
            if tries == 3 {
                let (line, why) = match answer::accept("list", &text, self.max_ranges) {
                    Ok(_) => (0, "it was changed by somebody else: its checksum is not on record".to_owned()),
                    Err(error) => (line_of(&text), error.to_string()),
                };
                return Err(IpsError::broken(path, line, why));
            }
            thread::sleep(Duration::from_millis(5));
        }
    }

    fn records(&self) -> Result<Records, IpsError> {
        let path = self.record_path();
        let Some(text) = whole(&path, MAX_RECORD_BYTES)? else { return Ok(Records::default()) };
        serde_json::from_str(&text)
            .map_err(|error| IpsError::broken(&path, u32::try_from(error.line()).unwrap_or(0), error.to_string()))
    }

    /// Keeps a list, and the one before it beside it. A file that cannot be read as a list is set aside first, never lost;
    /// answered is where it is now.
    pub fn keep(&self, text: &str, record: &Record) -> Result<Option<PathBuf>, IpsError> {
        let unwritable = |error: &io::Error| IpsError::unwritable(&self.path, error);
        let folder = match self.path.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder,
            Some(_) | None => Path::new("."),
        };
        fs::create_dir_all(folder).map_err(|error| unwritable(&error))?;
        let _turn = self.lock().map_err(|error| unwritable(&error))?;
        self.sweep(folder);
        let (before, aside) = match self.load() {
            Ok(before) => (before, None),
            Err(IpsError::KeptUnreadable { path, why }) => return Err(IpsError::KeptUnwritable { path, why }),
            Err(_broken) => (None, Some(self.set_aside().map_err(|error| unwritable(&error))?)),
        };
        let earlier = self.previous().ok().flatten();
        let mut records = vec![record.clone()];
        records.extend([&before, &earlier].into_iter().flatten().map(|kept| kept.record.clone()));
        // Of one list that was fetched twice, the later time counts.
        let mut seen = Vec::new();
        records.retain(|record| {
            !seen.contains(&record.sha256) && {
                seen.push(record.sha256.clone());
                true
            }
        });
        let json = serde_json::to_string_pretty(&Records { lists: records }).unwrap_or_default();
        self.replace(folder, &self.record_path(), &json).map_err(|error| unwritable(&error))?;
        match &before {
            Some(before) if *before.text == *text => return Ok(aside),
            Some(before) => {
                self.replace(folder, &self.previous_path(), &before.text).map_err(|error| unwritable(&error))?;
            }
            None => {}
        }
        self.replace(folder, &self.path, text).map_err(|error| unwritable(&error))?;
        Ok(aside)
    }

    /// Writes a file so that it is there whole or not at all.
    fn replace(&self, folder: &Path, path: &Path, text: &str) -> io::Result<()> {
        let mut file = tempfile::Builder::new()
            .prefix(&self.temporary_prefix())
            .suffix(TEMPORARY_SUFFIX)
            .permissions(Permissions::from_mode(0o644))
            .tempfile_in(folder)?;
        file.write_all(text.as_bytes())?;
        file.as_file().sync_all()?;
        file.persist(path)?;
        // The name is only safe when its folder is; not every file system can say so.
        let _unsynced = File::open(folder).and_then(|folder| folder.sync_all());
        Ok(())
    }

    /// Other stores in the same folder have other prefixes: nobody sweeps what another is writing.
    fn temporary_prefix(&self) -> String {
        format!(".{}-", self.path.file_name().unwrap_or_default().to_string_lossy())
    }

    /// One writer at a time, in whatever process. The lock goes when the file is closed, also by a killed process.
    fn lock(&self) -> io::Result<File> {
        let file = File::options().create(true).append(true).open(self.path.with_extension("lock"))?;
        for _ in 0..LOCK_TRIES {
            match file.try_lock() {
                Ok(()) => return Ok(file),
                Err(TryLockError::WouldBlock) => thread::sleep(LOCK_PAUSE),
                Err(TryLockError::Error(error)) => return Err(error),
            }
        }
        Err(io::Error::new(io::ErrorKind::WouldBlock, "another process has been writing it for too long"))
    }

    /// Copies what stands in the way to a name of its own.
    fn set_aside(&self) -> io::Result<PathBuf> {
        let moved = |from: &Path, to: &Path| match fs::hard_link(from, to) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
            Err(_no_links_here) => fs::copy(from, to).map(|_bytes| ()),
            Ok(()) => Ok(()),
        };
        let stamp = fs::metadata(&self.path).map(|metadata| (metadata.mtime(), metadata.len()))?;
        let aside = self.path.with_extension(format!("broken-{}-{}.json", stamp.0, stamp.1));
        moved(&self.path, &aside)?;
        let record = self.record_path();
        if record.exists() && self.records().is_err() {
            moved(&record, &record.with_extension(format!("broken-{}.json", stamp.0)))?;
            fs::remove_file(&record)?;
        }
        Ok(aside)
    }

    /// Takes away what killed writers left behind. Called in turn, so nobody is writing.
    fn sweep(&self, folder: &Path) {
        let Ok(entries) = fs::read_dir(folder) else { return };
        let prefix = self.temporary_prefix();
        for entry in entries.filter_map(Result::ok).take(MAX_SWEPT) {
            let name = entry.file_name();
            let name = name.to_string_lossy();
            if name.starts_with(&prefix) && name.ends_with(TEMPORARY_SUFFIX) {
                // It is only litter.
                let _still_there = fs::remove_file(entry.path());
            }
        }
    }
}

/// A file of at most `max` bytes of UTF-8. A pipe or a device is no file: reading it might never end.
fn whole(path: &Path, max: usize) -> Result<Option<String>, IpsError> {
    let metadata = match fs::metadata(path) {
        Ok(metadata) => metadata,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(IpsError::unreadable(path, &error)),
    };
    if !metadata.is_file() {
        return Err(IpsError::broken(path, 0, "not a regular file"));
    }
    let file = File::open(path).map_err(|error| IpsError::unreadable(path, &error))?;
    let mut bytes = Vec::new();
    let most = u64::try_from(max).unwrap_or(u64::MAX).saturating_add(1);
    file.take(most).read_to_end(&mut bytes).map_err(|error| IpsError::unreadable(path, &error))?;
    if bytes.len() > max {
        return Err(IpsError::broken(path, 0, format!("larger than {max} bytes")));
    }
    match String::from_utf8(bytes) {
        Ok(text) => Ok(Some(text)),
        Err(error) => {
            let good = error.as_bytes().get(..error.utf8_error().valid_up_to()).unwrap_or_default();
            let line = good.split(|byte| *byte == b'\n').count();
            Err(IpsError::broken(path, u32::try_from(line).unwrap_or(0), "not UTF-8"))
        }
    }
}

/// The line at which a list stops being JSON; 0 where it is JSON.
fn line_of(text: &str) -> u32 {
    let read = serde_json::from_str::<serde::de::IgnoredAny>(text);
    read.err().and_then(|error| u32::try_from(error.line()).ok()).unwrap_or(0)
}

fn hash(text: &str) -> String {
    data_encoding::HEXLOWER.encode(&Sha256::digest(text.as_bytes()))
}

const TEMPORARY_SUFFIX: &str = ".tmp";
/// A folder that somebody else fills is not walked through for ever.
const MAX_SWEPT: usize = 10_000;
const MAX_RECORD_BYTES: usize = 64 * 1024;
const LOCK_TRIES: u32 = 50;
const LOCK_PAUSE: Duration = Duration::from_millis(100);

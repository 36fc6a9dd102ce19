//! Where images are kept: a folder, or memory where there is none. One image is one file, named by its content's hash; the file's time is
//! when it was uploaded. So there is nothing beside it that could differ from it.
//!
//! What holds at every moment, whoever is killed when: a name in the folder is a whole image, for a file gets its name only when it is
//! written and synced. Writers of all processes take turns by a lock; readers need none, and believe a file only if its hash is its name.

use std::{
    collections::BTreeMap,
    fs::{self, File, Permissions, TryLockError},
    io::{self, Read as _, Write as _},
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    sync::Mutex,
    thread,
    time::{Duration, SystemTime},
};

use bytes::Bytes;
use jiff::{SignedDuration, Timestamp};

use super::{error::ImageError, name::Name};

/// How much is kept, and how long.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    /// Images.
    pub images: usize,
    /// Bytes of all of them.
    pub bytes: u64,
    /// Time until an image is deleted.
    pub retention: SignedDuration,
}

impl Bounds {
    /// When an image that was uploaded then is deleted.
    pub fn end_of(&self, uploaded_at: Timestamp) -> Timestamp {
        uploaded_at.checked_add(self.retention).unwrap_or(Timestamp::MAX)
    }

    fn over(&self, uploaded_at: Timestamp, now: Timestamp) -> bool {
        self.end_of(uploaded_at) <= now
    }
}

/// An image as it is kept.
#[derive(Debug, Clone)]
pub struct Held {
    /// The file.
    pub bytes: Bytes,
    /// When it was uploaded, for the last time.
    pub uploaded_at: Timestamp,
}

/// Where images are kept.
#[derive(Debug)]
pub enum Store {
    /// In files, for as long as is said.
    Folder(PathBuf),
    /// In memory, no longer than the process.
    Memory(Mutex<BTreeMap<Name, Held>>),
}

impl Store {
    /// In this folder, or in memory. Reads and writes nothing yet.
    pub fn new(folder: Option<PathBuf>) -> Self {
        folder.map_or_else(|| Self::Memory(Mutex::default()), Self::Folder)
    }

    /// Keeps an image. The same once more is kept longer, and is no further one.
    pub fn put(&self, bytes: &Bytes, media_type: &str, now: Timestamp, bounds: &Bounds) -> Result<Name, ImageError> {
        let name = Name::of(bytes, media_type);
        let length = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        match self {
            Self::Folder(folder) => {
                let put = || -> io::Result<Result<(), ImageError>> {
                    fs::create_dir_all(folder)?;
                    let _turn = lock(folder)?;
                    let others = sweep(folder, now, bounds)?.into_iter().filter(|(other, _)| *other != name);
                    if let Err(full) = room(others.map(|(_, length)| length), length, bounds) {
                        return Ok(Err(full));
                    }
                    write(folder, &name, bytes, now).map(Ok)
                };
                put().map_err(unusable)??;
            }
            Self::Memory(held) => {
                let mut held = held.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
                held.retain(|_, image| !bounds.over(image.uploaded_at, now));
                let others = held.iter().filter(|(other, _)| **other != name);
                room(others.map(|(_, image)| u64::try_from(image.bytes.len()).unwrap_or(u64::MAX)), length, bounds)?;
                held.insert(name.clone(), Held { bytes: bytes.clone(), uploaded_at: now });
            }
        }
        Ok(name)
    }

    /// An image; `None` if there is none, or its time is over.
    pub fn get(&self, name: &Name, now: Timestamp, bounds: &Bounds) -> Result<Option<Held>, ImageError> {
        let held = match self {
            Self::Folder(folder) => read(folder, name, bounds.bytes).map_err(unusable)?,
            Self::Memory(held) => held.lock().unwrap_or_else(std::sync::PoisonError::into_inner).get(name).cloned(),
        };
        Ok(held.filter(|image| !bounds.over(image.uploaded_at, now)))
    }

    /// Deletes an image; false if there was none.
    pub fn delete(&self, name: &Name, now: Timestamp, bounds: &Bounds) -> Result<bool, ImageError> {
        match self {
            Self::Folder(folder) => {
                let delete = || -> io::Result<bool> {
                    if !folder.is_dir() {
                        return Ok(false);
                    }
                    let _turn = lock(folder)?;
                    let there = sweep(folder, now, bounds)?.into_iter().any(|(other, _)| other == *name);
                    if there {
                        fs::remove_file(folder.join(name.as_str()))?;
                        sync(folder);
                    }
                    Ok(there)
                };
                delete().map_err(unusable)
            }
            Self::Memory(held) => {
                let mut held = held.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
                let removed = held.remove(name);
                Ok(removed.is_some_and(|image| !bounds.over(image.uploaded_at, now)))
            }
        }
    }

    /// Deletes what is over, and what killed writers left behind; says how many images are left.
    pub fn sweep(&self, now: Timestamp, bounds: &Bounds) -> Result<usize, ImageError> {
        match self {
            Self::Folder(folder) => {
                let clean = || -> io::Result<usize> {
                    if !folder.is_dir() {
                        return Ok(0);
                    }
                    let _turn = lock(folder)?;
                    Ok(sweep(folder, now, bounds)?.len())
                };
                clean().map_err(unusable)
            }
            Self::Memory(held) => {
                let mut held = held.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
                held.retain(|_, image| !bounds.over(image.uploaded_at, now));
                Ok(held.len())
            }
        }
    }
}

/// Whether there is room for one more of this length.
fn room(others: impl Iterator<Item = u64>, length: u64, bounds: &Bounds) -> Result<(), ImageError> {
    let (images, bytes) =
        others.fold((0_usize, 0_u64), |(images, bytes), more| (images + 1, bytes.saturating_add(more)));
    if images >= bounds.images {
        return Err(ImageError::TooMany { what: format!("{images} images") });
    }
    if bytes.saturating_add(length) > bounds.bytes {
        return Err(ImageError::TooMany { what: format!("{bytes} bytes of images") });
    }
    Ok(())
}

/// Writes a file so that it is there whole or not at all.
fn write(folder: &Path, name: &Name, bytes: &[u8], now: Timestamp) -> io::Result<()> {
    let mut file = tempfile::Builder::new()
        .prefix(TEMPORARY_PREFIX)
        .suffix(TEMPORARY_SUFFIX)
        .permissions(Permissions::from_mode(0o644))
        .tempfile_in(folder)?;
    file.write_all(bytes)?;
    file.as_file().set_modified(SystemTime::from(now))?;
    file.as_file().sync_all()?;
    file.persist(folder.join(name.as_str()))?;
    sync(folder);
    Ok(())
}

/// A name is only safe when its folder is; not every file system can say so.
fn sync(folder: &Path) {
    let _unsynced = File::open(folder).and_then(|folder| folder.sync_all());
}

/// A file that is what its name says. A pipe, a link or a device is no image of ours: reading it might never end.
fn read(folder: &Path, name: &Name, max: u64) -> io::Result<Option<Held>> {
    let path = folder.join(name.as_str());
    let metadata = match fs::symlink_metadata(&path) {
        Ok(metadata) => metadata,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    if !metadata.is_file() || metadata.len() > max {
        return Ok(None);
    }
    let file = match File::open(&path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    // Of the file that is open, not of the one that has its name by now.
    let uploaded_at = time_of(&file.metadata()?);
    let mut bytes = Vec::new();
    file.take(max).read_to_end(&mut bytes)?;
    if !name.fits(&bytes) {
        tracing::warn!("{} is not the image that its name says; it is not served", path.display());
        return Ok(None);
    }
    Ok(Some(Held { bytes: bytes.into(), uploaded_at }))
}

/// Deletes images whose time is over and what killed writers left behind; says which images are left. Other files are left alone. Called in
/// turn, so nobody is writing.
fn sweep(folder: &Path, now: Timestamp, bounds: &Bounds) -> io::Result<Vec<(Name, u64)>> {
    let mut left = Vec::new();
    for entry in fs::read_dir(folder)?.filter_map(Result::ok).take(bounds.images.saturating_add(MAX_OTHERS)) {
        let file_name = entry.file_name();
        let text = file_name.to_string_lossy();
        if text.starts_with(TEMPORARY_PREFIX) && text.ends_with(TEMPORARY_SUFFIX) {
            // It is only litter.
            let _still_there = fs::remove_file(entry.path());
            continue;
        }
        let Some(name) = Name::parse(&text) else { continue };
        let Ok(metadata) = entry.metadata() else { continue };
        if metadata.is_file() && bounds.over(time_of(&metadata), now) {
            fs::remove_file(entry.path())?;
        } else {
            left.push((name, metadata.len()));
        }
    }
    Ok(left)
}

fn time_of(metadata: &fs::Metadata) -> Timestamp {
    metadata.modified().ok().and_then(|time| Timestamp::try_from(time).ok()).unwrap_or(Timestamp::UNIX_EPOCH)
}

/// One writer at a time, in whatever process. The lock goes when the file is closed, also by a killed process.
fn lock(folder: &Path) -> io::Result<File> {
    let file = File::options().create(true).append(true).open(folder.join(LOCK))?;
    for _ in 0..LOCK_TRIES {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(TryLockError::WouldBlock) => thread::sleep(LOCK_PAUSE),
            Err(TryLockError::Error(error)) => return Err(error),
        }
    }
    Err(io::Error::new(io::ErrorKind::WouldBlock, "another process has been writing images for too long"))
}

fn unusable(error: io::Error) -> ImageError {
    ImageError::Store(error.into())
}

const LOCK: &str = ".lock";
const TEMPORARY_PREFIX: &str = ".image-";
const TEMPORARY_SUFFIX: &str = ".tmp";
/// Files of somebody else's that are walked past; a folder that somebody fills is not walked through for ever.
const MAX_OTHERS: usize = 10_000;
const LOCK_TRIES: u32 = 500;
const LOCK_PAUSE: Duration = Duration::from_millis(20);

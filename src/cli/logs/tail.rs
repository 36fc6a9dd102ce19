//! A file that grows, read without end: what is appended, what comes after its rotation by renaming, and after it was cut short.
//! It looks a few times a second and sleeps in between. It knows nothing of lines' meaning.

use std::{
    fs::{self, File, Metadata},
    io::{self, Read, Seek as _, SeekFrom},
    os::unix::fs::MetadataExt as _,
    path::{Path, PathBuf},
    thread,
    time::Duration,
};

use super::interrupt::Interrupt;

/// A file that is followed. It ends only when it is interrupted.
pub(super) struct Tail<F> {
    path: PathBuf,
    file: File,
    read: u64,
    in_line: bool,
    /// What is to be done when the end was reached for the first time.
    at_end: Option<F>,
    interrupt: Interrupt,
}

impl<F: FnOnce()> Tail<F> {
    /// Opens the file; reading begins at its beginning.
    pub fn open(path: &Path, interrupt: Interrupt, at_end: F) -> io::Result<Self> {
        Ok(Self {
            path: path.to_owned(),
            file: File::open(path)?,
            read: 0,
            in_line: false,
            at_end: Some(at_end),
            interrupt,
        })
    }

    /// What stands at the path now, if the writer has begun to write there instead.
    fn successor(&self) -> io::Result<Option<File>> {
        let (Ok(there), own) = (fs::metadata(&self.path), self.file.metadata()?) else { return Ok(None) };
        // While the new one is empty the old one is still written to: servers open the new one a moment after the renaming.
        if is_same(&there, &own) || there.len() == 0 {
            return Ok(None);
        }
        Ok(File::open(&self.path).ok())
    }

    /// Begins a file anew; a line that was not ended stays a line of its own.
    fn anew(&mut self, buffer: &mut [u8]) -> Option<usize> {
        self.read = 0;
        if !std::mem::take(&mut self.in_line) {
            return None;
        }
        *buffer.first_mut()? = b'\n';
        Some(1)
    }
}

impl<F: FnOnce()> Read for Tail<F> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty() {
            return Ok(0);
        }
        loop {
            if self.interrupt.is_set() {
                return Ok(0);
            }
            // Looked for before the last reading of the old one, so that nothing written to it until then is missed.
            let successor = self.successor()?;
            let count = self.file.read(buffer)?;
            if let Some(last) = buffer.get(..count).and_then(<[u8]>::last) {
                self.read += count as u64;
                self.in_line = *last != b'\n';
                return Ok(count);
            }
            if let Some(successor) = successor {
                self.file = successor;
                if let Some(count) = self.anew(buffer) {
                    return Ok(count);
                }
                continue;
            }
            if self.file.metadata()?.len() < self.read {
                self.file.seek(SeekFrom::Start(0))?;
                if let Some(count) = self.anew(buffer) {
                    return Ok(count);
                }
                continue;
            }
            if let Some(at_end) = self.at_end.take() {
                at_end();
            }
            thread::sleep(PAUSE);
        }
    }
}

fn is_same(left: &Metadata, right: &Metadata) -> bool {
    (left.dev(), left.ino()) == (right.dev(), right.ino())
}

/// Between two looks.
const PAUSE: Duration = Duration::from_millis(200);

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    fn append(path: &Path, text: &str) {
        File::options().append(true).create(true).open(path).unwrap().write_all(text.as_bytes()).unwrap();
    }

    fn next<F: FnOnce()>(tail: &mut Tail<F>) -> String {
        let mut buffer = [0; 64];
        let count = tail.read(&mut buffer).unwrap();
        String::from_utf8(buffer[..count].to_vec()).unwrap()
    }

    #[test]
    fn what_is_appended_renamed_and_cut_short_is_read_in_order() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("access.log");
        append(&path, "one\n");
        let mut tail = Tail::open(&path, Interrupt::default(), || ()).unwrap();
        assert_eq!(next(&mut tail), "one\n");

        append(&path, "two\n");
        assert_eq!(next(&mut tail), "two\n");

        // The server still writes to the old file after it was renamed.
        let old = folder.path().join("access.log.1");
        fs::rename(&path, &old).unwrap();
        append(&path, "");
        append(&old, "three\n");
        assert_eq!(next(&mut tail), "three\n");
        append(&old, "four");
        append(&path, "five, longer\n");
        assert_eq!(next(&mut tail), "four");
        assert_eq!(next(&mut tail), "\n", "a line that was not ended stays one of its own");
        assert_eq!(next(&mut tail), "five, longer\n");

        // copytruncate
        File::options().write(true).truncate(true).open(&path).unwrap();
        append(&path, "six\n");
        assert_eq!(next(&mut tail), "six\n");
    }

    #[test]
    fn an_interruption_is_the_end() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("access.log");
        append(&path, "one\n");
        let interrupt = Interrupt::default();
        let stop = interrupt.clone();
        // Set when the end is reached: the reading that waits there must come back.
        let mut tail = Tail::open(&path, interrupt, move || stop.set()).unwrap();
        assert_eq!(next(&mut tail), "one\n");
        assert_eq!(next(&mut tail), "");
    }
}

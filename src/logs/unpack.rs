//! How a log is packed, told by its first bytes, and its text: plain, gzip (of any number of members) or zstd. Nothing is held but
//! what a decoder needs.

use std::{
    cell::Cell,
    io::{self, BufReader, Cursor, Read},
    rc::Rc,
};

use flate2::bufread::MultiGzDecoder;

/// How a log is packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Packing {
    /// It is text.
    Plain,
    /// gzip (RFC 1952).
    Gzip,
    /// Zstandard (RFC 8878).
    Zstd,
    /// Something else, and the command that makes text of it.
    Other(&'static str, &'static str),
}

impl Packing {
    /// Told by the first bytes.
    fn of(magic: &[u8]) -> Self {
        match magic {
            [0x1f, 0x8b, ..] => Self::Gzip,
            // A frame, or one of those that decoders skip: parallel packers begin with one.
            [0x28, 0xb5, 0x2f, 0xfd, ..] | [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..] => Self::Zstd,
            [0xfd, b'7', b'z', b'X', ..] => Self::Other("xz", "xz -dc"),
            [b'B', b'Z', b'h', b'1'..=b'9', ..] => Self::Other("bzip2", "bzip2 -dc"),
            [0x04, 0x22, 0x4d, 0x18, ..] => Self::Other("lz4", "lz4 -dc"),
            [b'P', b'K', 3, 4, ..] => Self::Other("zip", "unzip -p"),
            [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => Self::Other("UTF-16 text", "iconv -f UTF-16 -t UTF-8"),
            _ => Self::Plain,
        }
    }

    /// The word of the API.
    pub fn word(self) -> Option<&'static str> {
        match self {
            Self::Gzip => Some("gzip"),
            Self::Zstd => Some("zstd"),
            Self::Plain | Self::Other(..) => None,
        }
    }
}

/// The text of a log.
pub struct Unpacked<'a> {
    text: Box<dyn Read + 'a>,
    /// How it is packed.
    pub packing: Packing,
    taken: Rc<Taken>,
}

/// What was taken from a log as it lies there.
#[derive(Debug, Default)]
struct Taken {
    bytes: Cell<u64>,
    failed: Cell<bool>,
}

/// A log as it lies there.
struct Source<R> {
    input: R,
    taken: Rc<Taken>,
}

impl<R: Read> Read for Source<R> {
    fn read(&mut self, space: &mut [u8]) -> io::Result<usize> {
        match self.input.read(space) {
            Ok(count) => {
                self.taken.bytes.set(self.taken.bytes.get() + count as u64);
                Ok(count)
            }
            Err(error) => {
                self.taken.failed.set(error.kind() != io::ErrorKind::Interrupted);
                Err(error)
            }
        }
    }
}

impl<'a> Unpacked<'a> {
    /// Looks at the first bytes of a log. `stop` is asked whenever the reader is interrupted; an end that comes so is an end.
    pub fn open(input: impl Read + 'a, window_log: u32, stop: impl Fn() -> bool) -> io::Result<Self> {
        let taken = Rc::new(Taken::default());
        let mut source = Source { input, taken: Rc::clone(&taken) };
        let mut magic = [0; MAGIC];
        let mut known = 0;
        while let Some(space) = magic.get_mut(known..).filter(|space| !space.is_empty()) {
            match source.read(space) {
                Ok(0) => break,
                Ok(count) => known += count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {
                    if stop() {
                        break;
                    }
                }
                Err(error) => return Err(error),
            }
            // A log that grows line by line may begin with a short one.
            if magic.get(..known).is_some_and(|magic| magic.contains(&b'\n')) {
                break;
            }
        }
        let packing = Packing::of(magic.get(..known).unwrap_or_default());
        let whole = Cursor::new(magic).take(known as u64).chain(source);
        let text: Box<dyn Read + 'a> = match packing {
            Packing::Plain | Packing::Other(..) => Box::new(whole),
            Packing::Gzip => Box::new(MultiGzDecoder::new(BufReader::with_capacity(PACKED, whole))),
            Packing::Zstd => {
                let mut decoder = zstd::Decoder::with_buffer(BufReader::with_capacity(PACKED, whole))?;
                decoder.window_log_max(window_log)?;
                Box::new(decoder)
            }
        };
        Ok(Self { text, packing, taken })
    }

    /// Bytes taken so far, as they lie there.
    pub fn packed_bytes(&self) -> u64 {
        self.taken.bytes.get()
    }

    /// Whether the log itself could not be read, rather than be unpacked.
    pub fn failed(&self) -> bool {
        self.taken.failed.get()
    }
}

impl Read for Unpacked<'_> {
    fn read(&mut self, space: &mut [u8]) -> io::Result<usize> {
        self.text.read(space)
    }
}

/// Bytes that tell how a log is packed.
const MAGIC: usize = 4;
/// Packed bytes that are read at a time.
const PACKED: usize = 128 * 1024;

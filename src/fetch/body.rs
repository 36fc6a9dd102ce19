//! Reads a body up to a cap that counts decoded bytes, undoing one `Content-Encoding`. What arrived before a failure is kept.
//! A cap on the header's word would be no cap: a compressed 500 MB page fits in 400 bytes on the wire.

use std::{
    error::Error,
    io,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use async_compression::tokio::bufread::{BrotliDecoder, GzipDecoder};
use bytes::Bytes;
use futures_util::{Stream, StreamExt as _, stream};
use reqwest::header::{CONTENT_ENCODING, HeaderMap};
use tokio::{
    io::{AsyncBufRead, AsyncBufReadExt as _, AsyncRead, AsyncReadExt as _},
    time::Instant,
};
use tokio_util::io::StreamReader;

use super::failure::{self, Failure, Stage};

/// A body as far as it came.
#[derive(Debug, Clone)]
pub struct Body {
    /// The decoded bytes, cut at the cap.
    pub bytes: Bytes,
    /// How many bytes came over the wire, before decoding.
    pub wire_bytes: u64,
    /// The `Content-Encoding` that was undone, if any.
    pub encoding: Option<&'static str>,
    /// True if there was more than was kept: the cap, a reset or the deadline cut it.
    pub truncated: bool,
}

/// The encodings that are undone (RFC 9110, 8.4.1; RFC 7932).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Encoding {
    Identity,
    Gzip,
    Brotli,
}

impl Encoding {
    /// What the headers say. Several encodings on top of each other are refused like unknown ones: stacked gzip is how
    /// small bombs are built, and parsing encoded bytes as HTML would make a card of noise.
    pub fn of(headers: &HeaderMap) -> Result<Self, Failure> {
        let mut found = Self::Identity;
        let mut seen = Vec::new();
        for value in headers.get_all(CONTENT_ENCODING) {
            let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
            for token in value.split(',').map(str::trim).filter(|token| !token.is_empty()) {
                let encoding = match token.to_ascii_lowercase().as_str() {
                    "identity" => continue,
                    "gzip" | "x-gzip" => Some(Self::Gzip),
                    "br" => Some(Self::Brotli),
                    _ => None,
                };
                seen.push(token.to_owned());
                match encoding {
                    Some(encoding) if seen.len() == 1 => found = encoding,
                    _ => return Err(Failure::EncodingUnsupported(seen.join(", "))),
                }
            }
        }
        Ok(found)
    }

    fn name(self) -> Option<&'static str> {
        match self {
            Self::Identity => None,
            Self::Gzip => Some("gzip"),
            Self::Brotli => Some("br"),
        }
    }
}

/// Reads the body until its end, the cap, the deadline or a failure, whichever comes first.
pub(super) async fn read(
    response: reqwest::Response,
    encoding: Encoding,
    cap: usize,
    deadline: Instant,
    limits: ReadLimits,
) -> (Body, Option<Failure>) {
    let count = Arc::new(Count::default());
    let counter = Arc::clone(&count);
    let pieces = within(limits.silence, response.bytes_stream())
        .flat_map(|piece| stream::iter(split(piece)))
        .map(move |piece| piece.and_then(|bytes| counter.came(bytes)));
    let mut kept = Vec::new();
    let reading = decode(StreamReader::new(pieces), encoding, &mut kept, cap, &count);
    let ended = tokio::time::timeout_at(deadline, reading).await;
    let (truncated, failure) = match ended {
        Ok(Ok(capped)) => (capped, None),
        Ok(Err(error)) => (true, Some(failure::of_body(&error, limits.silence))),
        Err(_elapsed) => (true, Some(Failure::Timeout { stage: Stage::Body, limit: limits.total })),
    };
    let body = Body {
        bytes: Bytes::from(kept),
        wire_bytes: count.wire.load(Ordering::Relaxed),
        encoding: encoding.name(),
        truncated,
    };
    (body, failure)
}

/// The limits a slow body runs into, for the report.
#[derive(Debug, Clone, Copy)]
pub(super) struct ReadLimits {
    /// The longest silence.
    pub silence: Duration,
    /// The whole fetch.
    pub total: Duration,
}

/// The same pieces; a silence longer than `limit` before one of them is an error.
fn within<E: Into<Box<dyn Error + Send + Sync>>>(
    limit: Duration,
    pieces: impl Stream<Item = Result<Bytes, E>>,
) -> impl Stream<Item = io::Result<Bytes>> {
    futures_util::stream::unfold(Box::pin(pieces), move |mut pieces| async move {
        let piece = match tokio::time::timeout(limit, pieces.next()).await {
            Ok(piece) => piece?.map_err(io::Error::other),
            Err(_elapsed) => Err(io::Error::other(failure::Silence)),
        };
        Some((piece, pieces))
    })
}

/// What arrived at once, in pieces of at most [`PIECE`].
fn split(arrived: io::Result<Bytes>) -> impl Iterator<Item = io::Result<Bytes>> {
    let (mut rest, error) = match arrived {
        Ok(bytes) => (bytes, None),
        Err(error) => (Bytes::new(), Some(Err(error))),
    };
    let pieces = std::iter::from_fn(move || (!rest.is_empty()).then(|| Ok(rest.split_to(PIECE.min(rest.len())))));
    pieces.chain(error)
}

/// How many bytes came, and how many they unpacked to.
#[derive(Debug, Default)]
struct Count {
    wire: AtomicU64,
    unpacked: AtomicU64,
}

impl Count {
    /// Counts what came, and refuses it if all of it together unpacks to nothing.
    fn came(&self, bytes: Bytes) -> io::Result<Bytes> {
        let wire = self.wire.fetch_add(bytes.len() as u64, Ordering::Relaxed) + bytes.len() as u64;
        let unpacked = self.unpacked.load(Ordering::Relaxed);
        if wire > unpacked + MAX_AHEAD {
            Err(broken(format!("{wire} bytes unpack to only {unpacked}")))
        } else {
            Ok(bytes)
        }
    }
}

fn broken(what: String) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what)
}

/// Undoes the encoding; true if there was more than `cap` bytes.
async fn decode(
    raw: impl AsyncBufRead,
    encoding: Encoding,
    kept: &mut Vec<u8>,
    cap: usize,
    count: &Count,
) -> io::Result<bool> {
    let mut raw = std::pin::pin!(raw);
    let Some(first) = raw.fill_buf().await?.first().copied() else {
        return Ok(false); // nothing, in whatever encoding, is nothing
    };
    match encoding {
        Encoding::Identity => fill(raw, kept, cap, count).await,
        Encoding::Brotli if first & 0x7F == LARGE_WINDOW => {
            Err(broken("its brotli window is larger than RFC 7932 allows".to_owned()))
        }
        Encoding::Brotli => fill(BrotliDecoder::new(raw), kept, cap, count).await,
        Encoding::Gzip => loop {
            if fill(GzipDecoder::new(raw.as_mut()), kept, cap, count).await? {
                return Ok(true);
            }
            // A body may be several members in a row (RFC 1952, 2.2). What follows a member and is none is padding, which
            // browsers do not mind either.
            if raw.fill_buf().await?.first() != Some(&GZIP_MAGIC) {
                return Ok(false);
            }
        },
    }
}

/// Fills `kept` up to `cap` bytes; true if there was more.
async fn fill(reader: impl AsyncRead, kept: &mut Vec<u8>, cap: usize, count: &Count) -> io::Result<bool> {
    let mut reader = std::pin::pin!(reader);
    let mut piece = vec![0; PIECE];
    loop {
        let read = reader.read(&mut piece).await?;
        count.unpacked.fetch_add(read as u64, Ordering::Relaxed);
        let room = cap - kept.len();
        match piece.get(..read) {
            None | Some([]) => return Ok(false),
            Some(bytes) => {
                kept.extend_from_slice(bytes.get(..room).unwrap_or(bytes));
                if read > room {
                    return Ok(true);
                }
            }
        }
    }
}

const PIECE: usize = 16 * 1024;

/// How far the bytes that came may be ahead of what they unpacked to. Packed is hardly ever longer than unpacked. A stream of
/// empty gzip members is, or a gzip header with an endless file name: no count of unpacked bytes would end it, and it would
/// keep a processor busy until the deadline.
const MAX_AHEAD: u64 = 128 * 1024;

/// The low seven bits that open a brotli stream with a window of up to 1 GB. RFC 7932, 9.1 has 16 MB at most and calls this
/// code invalid, but the decoder takes it: 8 KB on the wire cost 73 MB of memory.
const LARGE_WINDOW: u8 = 0b001_0001;

/// The first byte of a gzip member (RFC 1952, 2.3.1).
const GZIP_MAGIC: u8 = 0x1F;

#[cfg(test)]
mod tests {
    use reqwest::header::HeaderValue;

    use super::*;

    fn encoding(values: &[&'static str]) -> Result<Encoding, String> {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(CONTENT_ENCODING, HeaderValue::from_static(value));
        }
        Encoding::of(&headers).map_err(|failure| failure.evidence().unwrap_or_default())
    }

    #[test]
    fn one_known_encoding_is_undone_and_everything_else_is_named() {
        assert_eq!(encoding(&[]), Ok(Encoding::Identity));
        assert_eq!(encoding(&["identity"]), Ok(Encoding::Identity));
        assert_eq!(encoding(&["GZIP"]), Ok(Encoding::Gzip));
        assert_eq!(encoding(&["x-gzip"]), Ok(Encoding::Gzip));
        assert_eq!(encoding(&["br"]), Ok(Encoding::Brotli));
        assert_eq!(encoding(&["gzip, gzip"]), Err("Content-Encoding: gzip, gzip".to_owned()));
        assert_eq!(encoding(&["gzip", "br"]), Err("Content-Encoding: gzip, br".to_owned()));
        assert_eq!(encoding(&["zstd"]), Err("Content-Encoding: zstd".to_owned()));
        assert_eq!(encoding(&["aes128gcm"]), Err("Content-Encoding: aes128gcm".to_owned()));
    }
}

//! From a body that arrives to a reader that waits: a few pieces stand between them, so that whoever sends faster than logs are read is
//! slowed down. When the sender goes away the reading ends, and its place is free again.

use std::{
    io::{self, Read},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use bytes::{Buf as _, Bytes};
use tokio::{
    sync::{
        OwnedSemaphorePermit,
        mpsc::{Receiver, Sender, channel},
    },
    task::JoinHandle,
};

use super::super::problem::Problem;
use crate::logs::{Ask, Logs, LogsError, Watch};

/// Who will read, before it is known what is asked.
pub(super) struct Feed {
    logs: Logs,
    place: OwnedSemaphorePermit,
}

/// A reading to which pieces are given.
pub(super) struct Running {
    pieces: Sender<Piece>,
    work: Work,
}

/// A reading whose end is waited for.
pub(super) struct Work {
    done: JoinHandle<Result<Vec<u8>, Problem>>,
    /// Ends the reading when whoever waits for it has gone.
    _leaving: Leaving,
}

/// What is handed on.
enum Piece {
    /// A log begins.
    File(String),
    /// Some of it.
    Data(Bytes),
    /// It ends.
    End,
    /// There are no more; without this the upload broke off.
    Finished,
}

impl Feed {
    /// The place is given back when the reading ends, not when the caller leaves: leaving early must not make room for more work.
    pub fn new(logs: Logs, place: OwnedSemaphorePermit) -> Self {
        Self { logs, place }
    }

    /// Begins to read on a thread where waiting harms nobody.
    pub fn start(self, ask: Ask) -> Running {
        let (pieces, receiver) = channel(AHEAD);
        let left = Arc::new(AtomicBool::new(false));
        let leaving = Leaving(Arc::clone(&left));
        let done = tokio::task::spawn_blocking(move || {
            let _held = self.place;
            read(&self.logs, &ask, receiver, Left(left))
        });
        Running { pieces, work: Work { done, _leaving: leaving } }
    }
}

impl Running {
    /// A log begins.
    pub async fn file(&mut self, name: String) {
        self.send(Piece::File(name)).await;
    }

    /// Some of it.
    pub async fn piece(&mut self, bytes: Bytes) {
        self.send(Piece::Data(bytes)).await;
    }

    /// It ends.
    pub async fn end(&mut self) {
        self.send(Piece::End).await;
    }

    /// There are no more.
    pub async fn finish(mut self) -> Work {
        self.send(Piece::Finished).await;
        self.work
    }

    /// A reading that has ended already has an answer of its own; what comes after it is let pass.
    async fn send(&mut self, piece: Piece) {
        let _ended = self.pieces.send(piece).await;
    }
}

impl Work {
    /// The report as JSON.
    pub async fn answer(self) -> Result<Vec<u8>, Problem> {
        self.done.await.map_err(|died| {
            tracing::error!("reading logs died: {died}");
            Problem::Internal
        })?
    }
}

/// Tells the reading that nobody waits for it any more.
struct Leaving(Arc<AtomicBool>);

impl Drop for Leaving {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Whether somebody still waits.
struct Left(Arc<AtomicBool>);

impl Watch for Left {
    fn stop(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

fn read(logs: &Logs, ask: &Ask, mut pieces: Receiver<Piece>, mut left: Left) -> Result<Vec<u8>, Problem> {
    let mut session = logs.session(ask)?.bounded(logs.settings().max_unpacked_bytes);
    loop {
        match pieces.blocking_recv() {
            Some(Piece::File(name)) => {
                let mut part = Part { pieces: &mut pieces, piece: Bytes::new(), ended: false };
                session.read(&name, &mut part, &mut left)?;
                // What is packed may go on after its end; the next log begins after it.
                io::copy(&mut part, &mut io::sink())
                    .map_err(|source| LogsError::Read { name, source: source.into() })?;
            }
            Some(Piece::Data(_) | Piece::End) => {}
            Some(Piece::Finished) => break,
            None => return Err(Problem::BodyBroken("it ended before its end".to_owned())),
        }
    }
    serde_json::to_vec(&session.report()).map_err(|error| {
        tracing::error!("a report about logs cannot be written as JSON: {error}");
        Problem::Internal
    })
}

/// One log as a reader.
struct Part<'a> {
    pieces: &'a mut Receiver<Piece>,
    piece: Bytes,
    ended: bool,
}

impl Read for Part<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.piece.is_empty() && !self.ended {
            match self.pieces.blocking_recv() {
                Some(Piece::Data(bytes)) => self.piece = bytes,
                Some(Piece::End) => self.ended = true,
                Some(Piece::File(_) | Piece::Finished) | None => {
                    return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "the upload broke off"));
                }
            }
        }
        let count = self.piece.len().min(buffer.len());
        if let Some(room) = buffer.get_mut(..count) {
            self.piece.copy_to_slice(room);
        }
        Ok(count)
    }
}

/// Pieces that may stand between sender and reader; actix gives some 32 KiB in each.
const AHEAD: usize = 8;

//! Standard input that Ctrl-C can end although nothing comes: it is read on a thread of its own, and waited for in short turns.

use std::{
    io::{self, Read},
    sync::mpsc::{Receiver, RecvTimeoutError, sync_channel},
    thread,
    time::Duration,
};

use super::interrupt::Interrupt;

/// What comes in.
pub(super) struct Stdin {
    pieces: Receiver<io::Result<Vec<u8>>>,
    piece: io::Cursor<Vec<u8>>,
    interrupt: Interrupt,
}

impl Stdin {
    /// Begins to read.
    pub fn new(interrupt: Interrupt) -> Self {
        Self::of(io::stdin(), interrupt)
    }

    fn of(mut input: impl Read + Send + 'static, interrupt: Interrupt) -> Self {
        let (sender, pieces) = sync_channel(AHEAD);
        thread::spawn(move || {
            loop {
                let mut piece = vec![0; PIECE];
                let read = match input.read(&mut piece) {
                    Ok(0) => return,
                    Ok(count) => {
                        piece.truncate(count);
                        Ok(piece)
                    }
                    Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                    Err(error) => Err(error),
                };
                if sender.send(read).is_err() {
                    return;
                }
            }
        });
        Self { pieces, piece: io::Cursor::default(), interrupt }
    }
}

impl Read for Stdin {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let count = self.piece.read(buffer)?;
            if count > 0 || buffer.is_empty() {
                return Ok(count);
            }
            match self.pieces.recv_timeout(TURN) {
                Ok(piece) => self.piece = io::Cursor::new(piece?),
                Err(RecvTimeoutError::Disconnected) => return Ok(0),
                // Not an end: whoever reads asks why it was interrupted, and stops.
                Err(RecvTimeoutError::Timeout) if self.interrupt.is_set() => {
                    return Err(io::ErrorKind::Interrupted.into());
                }
                Err(RecvTimeoutError::Timeout) => {}
            }
        }
    }
}

/// Bytes of a piece, and pieces that are read ahead.
const PIECE: usize = 256 * 1024;
const AHEAD: usize = 2;
/// Between two looks at Ctrl-C.
const TURN: Duration = Duration::from_millis(200);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_of_it_comes_in_order_and_an_error_is_passed_on() {
        struct Breaks(usize);
        impl Read for Breaks {
            fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
                self.0 += 1;
                match self.0 {
                    1 => buffer.write_of(b"one"),
                    2 => Err(io::ErrorKind::Interrupted.into()),
                    3 => buffer.write_of(b"two"),
                    _ => Err(io::ErrorKind::BrokenPipe.into()),
                }
            }
        }
        trait WriteOf {
            fn write_of(&mut self, text: &[u8]) -> io::Result<usize>;
        }
        impl WriteOf for [u8] {
            fn write_of(&mut self, text: &[u8]) -> io::Result<usize> {
                self[..text.len()].copy_from_slice(text);
                Ok(text.len())
            }
        }
        let mut text = Vec::new();
        let error = Stdin::of(Breaks(0), Interrupt::default()).read_to_end(&mut text).unwrap_err();
        assert_eq!((text.as_slice(), error.kind()), (&b"onetwo"[..], io::ErrorKind::BrokenPipe));
    }

    #[test]
    fn an_input_from_which_nothing_comes_ends_with_ctrl_c() {
        let (reader, _writer) = io::pipe().unwrap();
        let interrupt = Interrupt::default();
        interrupt.set();
        let error = Stdin::of(reader, interrupt).read(&mut [0; 8]).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::Interrupted);
    }
}

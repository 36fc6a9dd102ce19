//! Ctrl-C as a flag that whoever reads looks at; a second one ends the program at once.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
};

use tokio::signal::unix::{SignalKind, signal};

use super::super::{CommandError, live::runtime};

/// Whether Ctrl-C was pressed.
#[derive(Debug, Clone, Default)]
pub(super) struct Interrupt(Arc<AtomicBool>);

impl Interrupt {
    /// Watches the signal from now on, on a thread of its own.
    pub fn watch() -> Result<Self, CommandError> {
        let flag = Self::default();
        let told = flag.clone();
        let runtime = runtime()?;
        let mut signal = {
            let _entered = runtime.enter();
            signal(SignalKind::interrupt()).map_err(CommandError::new)?
        };
        thread::spawn(move || {
            runtime.block_on(async {
                while signal.recv().await.is_some() {
                    if told.0.swap(true, Ordering::Relaxed) {
                        std::process::exit(INTERRUPTED.into());
                    }
                }
            });
        });
        Ok(flag)
    }

    /// Whether to stop.
    pub fn is_set(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }

    /// Stops whoever looks at it, as Ctrl-C does.
    pub fn set(&self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// What shells report for a program that SIGINT ended: 128 + 2.
pub(super) const INTERRUPTED: u8 = 130;

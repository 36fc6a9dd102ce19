//! What a probe is doing, for whoever watches it on a terminal. Values only: the words are the watcher's.

/// Whoever watches a probe.
pub type Watcher<'a> = Option<&'a (dyn Fn(Step) + Send + Sync)>;

/// One thing that a probe does or has done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// The name servers are asked for this host.
    Resolving(String),
    /// They have answered, or will not.
    Resolved {
        /// The host.
        host: String,
        /// `ok` or a delivery code.
        outcome: String,
        /// How many addresses may be dialled.
        addresses: usize,
    },
    /// This address and port is dialled.
    Connecting(String),
    /// It was reached, TLS included, or was not.
    Connected {
        /// The address and port.
        address: String,
        /// `ok` or a delivery code.
        outcome: String,
        /// Milliseconds to the TCP connection.
        ms: Option<u64>,
    },
    /// The page or its image is asked for.
    Asking {
        /// `page` or `image`.
        of: &'static str,
        /// As whom.
        who: &'static str,
        /// Which round it is, from 1.
        run: usize,
        /// How many rounds there are to be.
        runs: usize,
    },
    /// It was answered, or will not be.
    Answered {
        /// `page` or `image`.
        of: &'static str,
        /// To whom.
        who: &'static str,
        /// Which round it was, from 1.
        run: usize,
        /// `ok` or a delivery code.
        outcome: String,
        /// The status.
        status: Option<u16>,
        /// Milliseconds in all.
        ms: u64,
    },
}

/// Tells the watcher, if there is one.
pub(super) fn tell(watcher: Watcher<'_>, step: impl FnOnce() -> Step) {
    if let Some(watcher) = watcher {
        watcher(step());
    }
}

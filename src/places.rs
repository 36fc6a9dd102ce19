//! Bounded places for work: so many at once, so many that wait, and for so long. It does not know what the work is.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Places for work that runs at once.
#[derive(Debug)]
pub struct Places {
    running: Arc<Semaphore>,
    waiting: AtomicUsize,
    max_waiting: usize,
    max_wait: Duration,
}

impl Places {
    /// `places` may run at once, `max_waiting` wait for at most `max_wait`.
    pub fn new(places: usize, max_waiting: usize, max_wait: Duration) -> Self {
        Self { running: Arc::new(Semaphore::new(places.max(1))), waiting: AtomicUsize::new(0), max_waiting, max_wait }
    }

    /// A place; `None` if too many wait already or the wait was too long.
    pub async fn take(&self) -> Option<OwnedSemaphorePermit> {
        let places = Arc::clone(&self.running);
        if let Ok(place) = Arc::clone(&places).try_acquire_owned() {
            return Some(place);
        }
        let _turn = Turn::take(&self.waiting, self.max_waiting)?;
        tokio::time::timeout(self.max_wait, places.acquire_owned()).await.ok()?.ok()
    }

    /// True if whoever comes now may run or wait.
    pub fn has_room(&self) -> bool {
        self.running.available_permits() > 0 || self.waiting.load(Ordering::Relaxed) < self.max_waiting
    }
}

/// One of those that wait; counted while it lives.
struct Turn<'a>(&'a AtomicUsize);

impl<'a> Turn<'a> {
    fn take(waiting: &'a AtomicUsize, limit: usize) -> Option<Self> {
        let turn = Self(waiting);
        (waiting.fetch_add(1, Ordering::Relaxed) < limit).then_some(turn)
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

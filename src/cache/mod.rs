//! Keeps outcomes, failures too, and lets any number of askers share one load. It does not know what it keeps.
//!
//! - A load runs in a task of its own: it survives when the askers leave. (A load inside the first asker's future dies with
//!   it and starts again for the next; measured, 300 impatient askers made 90 loads.)
//! - Past its time a value is still served while it is loaded again in the background (stale-while-revalidate, RFC 5861, 3);
//!   later it is loaded first, and served stale only if that fails (stale-if-error, RFC 5861, 4). Both windows count from
//!   the end of freshness.
//! - A reset while a load runs makes that load's result worthless for the cache: it goes to its askers, and is not kept.

mod entry;

use std::{
    collections::HashMap,
    hash::Hash,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use futures_util::{
    FutureExt as _,
    future::{BoxFuture, Shared},
};
use jiff::Timestamp;
use moka::sync::Cache as Store;
use serde::Deserialize;

pub use entry::{Entry, Loaded, Quality};
use entry::{KeepFor, Times};

/// How long things are kept; section `[cache]`. Times in seconds.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Memory for kept values, in bytes; 0 keeps nothing.
    pub max_bytes: u64,
    /// A good page (R29).
    pub page_seconds: u32,
    /// An image (R30).
    pub image_seconds: u32,
    /// Memory for kept images, in bytes.
    pub image_bytes: u64,
    /// Memory for images encoded anew, in bytes.
    pub rendition_bytes: u64,
    /// A failure (R32).
    pub failure_seconds: u32,
    /// Variation either way, in per cent.
    pub jitter_percent: u8,
    /// Served stale at once, while loading again.
    pub stale_while_revalidate_seconds: u32,
    /// Served stale if loading again fails.
    pub stale_if_error_seconds: u32,
}

/// How an answer came about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Served {
    /// Loaded for this asker, or for another at the same time.
    Loaded,
    /// Kept and fresh.
    Fresh,
    /// Kept past its time.
    Stale,
}

/// The task that loaded a value died. It is a mistake of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the task that was to answer died")]
pub struct LoadDied;

type Loading<V> = Shared<BoxFuture<'static, Result<Arc<Entry<V>>, LoadDied>>>;

/// A cache of `V` by `K`. Cheap to clone; clones share everything.
pub struct Cache<K: Hash + Eq + Clone + Send + Sync + 'static, V: Send + Sync + 'static> {
    store: Store<K, Arc<Entry<V>>>,
    loading: Arc<Mutex<Running<K, V>>>,
    times: Times,
}

/// The loads that run, each with a number that tells it from a later one of the same key.
struct Running<K, V> {
    next: u64,
    loads: HashMap<K, (u64, Loading<V>)>,
}

// By hand: a derived one would ask that `V` be `Clone`.
impl<K, V> Clone for Cache<K, V>
where
    K: Hash + Eq + Clone + Send + Sync + 'static,
    V: Send + Sync + 'static,
{
    fn clone(&self) -> Self {
        Self { store: self.store.clone(), loading: Arc::clone(&self.loading), times: self.times }
    }
}

impl<K, V> Cache<K, V>
where
    K: Hash + Eq + Clone + Send + Sync + 'static,
    V: Send + Sync + 'static,
{
    /// An empty cache that keeps good values for `good_seconds`.
    pub fn new(settings: &Settings, good_seconds: u32) -> Self {
        let store = Store::builder()
            .max_capacity(settings.max_bytes)
            .weigher(|_, entry: &Arc<Entry<V>>| entry.weight)
            .expire_after(KeepFor)
            .build();
        Self {
            store,
            loading: Arc::new(Mutex::new(Running { next: 0, loads: HashMap::new() })),
            times: Times::new(settings, good_seconds),
        }
    }

    /// The value that is kept and fresh, without any work.
    pub fn fresh(&self, key: &K) -> Option<Arc<Entry<V>>> {
        self.store.get(key).filter(|entry| entry.is_fresh(Timestamp::now()))
    }

    /// The value that is kept, fresh or not.
    pub fn kept(&self, key: &K) -> Option<Arc<Entry<V>>> {
        self.store.get(key)
    }

    /// The kept value, or the one that `load` brings.
    pub async fn get_or_load<F>(&self, key: &K, load: impl FnOnce() -> F) -> Result<(Arc<Entry<V>>, Served), LoadDied>
    where
        F: Future<Output = Loaded<V>> + Send + 'static,
    {
        let now = Timestamp::now();
        let Some(kept) = self.store.get(key) else {
            return Ok((self.load(key, load).await?, Served::Loaded));
        };
        if kept.is_fresh(now) {
            return Ok((kept, Served::Fresh));
        }
        if kept.is_quiet(now) {
            return Ok((kept, Served::Stale));
        }
        if kept.may_be_served_stale(now) {
            let _refresh = self.load(key, load); // runs by itself; nobody waits for it
            return Ok((kept, Served::Stale));
        }
        let loaded = self.load(key, load).await?;
        // Asked after the load, which may have taken longer than the kept value's last window.
        let stands_in = loaded.quality != Quality::Good && kept.outlives_errors(Timestamp::now());
        Ok(if stands_in { (kept, Served::Stale) } else { (loaded, Served::Loaded) })
    }

    /// Loads anew, whatever is kept, and keeps the result.
    pub async fn reload<F>(&self, key: &K, load: impl FnOnce() -> F) -> Result<Arc<Entry<V>>, LoadDied>
    where
        F: Future<Output = Loaded<V>> + Send + 'static,
    {
        self.running().loads.remove(key);
        self.start(key, load).await
    }

    /// Forgets every value whose key is wanted gone; says how many there were.
    pub fn forget(&self, gone: impl Fn(&K) -> bool) -> usize {
        let mut running = self.running();
        running.loads.retain(|key, _| !gone(key));
        let keys: Vec<Arc<K>> = self.store.iter().map(|(key, _)| key).filter(|key| gone(key)).collect();
        keys.iter().filter(|key| self.store.remove(&***key).is_some()).count()
    }

    /// Joins the load that runs, or starts one.
    fn load<F>(&self, key: &K, load: impl FnOnce() -> F) -> Loading<V>
    where
        F: Future<Output = Loaded<V>> + Send + 'static,
    {
        let running = self.running();
        if let Some((_, loading)) = running.loads.get(key) {
            return loading.clone();
        }
        // A load may have ended between the asker's look into the store and this lock.
        if let Some(entry) = self.store.get(key).filter(|entry| entry.is_fresh(Timestamp::now())) {
            return async move { Ok(entry) }.boxed().shared();
        }
        drop(running);
        self.start(key, load)
    }

    fn start<F>(&self, key: &K, load: impl FnOnce() -> F) -> Loading<V>
    where
        F: Future<Output = Loaded<V>> + Send + 'static,
    {
        let mut running = self.running();
        if let Some((_, loading)) = running.loads.get(key) {
            return loading.clone(); // somebody was quicker
        }
        running.next += 1;
        let number = running.next;
        let (cache, owned_key, future) = (self.clone(), key.clone(), load());
        let task = tokio::spawn(async move {
            let place = Place { cache: &cache, key: &owned_key, number };
            let entry = Arc::new(cache.times.entry(future.await, Timestamp::now()));
            place.finish(&entry);
            entry
        });
        let loading = task.map(|ended| ended.map_err(|_died| LoadDied)).boxed().shared();
        running.loads.insert(key.clone(), (number, loading.clone()));
        loading
    }

    fn running(&self) -> MutexGuard<'_, Running<K, V>> {
        self.loading.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A load's place among those that run; given up when the load ends, even by a panic.
struct Place<'a, K, V>
where
    K: Hash + Eq + Clone + Send + Sync + 'static,
    V: Send + Sync + 'static,
{
    cache: &'a Cache<K, V>,
    key: &'a K,
    number: u64,
}

impl<K, V> Place<'_, K, V>
where
    K: Hash + Eq + Clone + Send + Sync + 'static,
    V: Send + Sync + 'static,
{
    /// Keeps the value, unless a reset has made it worthless.
    fn finish(&self, entry: &Arc<Entry<V>>) {
        let running = self.cache.running();
        let current = running.loads.get(self.key).is_some_and(|(number, _)| *number == self.number);
        if !current || entry.quality == Quality::Unkept {
            return;
        }
        // A failure does not push out a value that may still be served (RFC 5861, 4); it only buys the site some quiet.
        let stand_in = self
            .cache
            .store
            .get(self.key)
            .filter(|kept| entry.quality == Quality::Failed && kept.outlives_errors(Timestamp::now()));
        match stand_in {
            Some(kept) => kept.stay_quiet_until(entry.fresh_until),
            None => self.cache.store.insert(self.key.clone(), Arc::clone(entry)),
        }
    }
}

impl<K, V> Drop for Place<'_, K, V>
where
    K: Hash + Eq + Clone + Send + Sync + 'static,
    V: Send + Sync + 'static,
{
    fn drop(&mut self) {
        let mut running = self.cache.running();
        if running.loads.get(self.key).is_some_and(|(number, _)| *number == self.number) {
            running.loads.remove(self.key);
        }
    }
}

//! Gets a newer list: once, when somebody asks for it, or again and again in the background of a server. What fails leaves the
//! list before in use, is logged once, and is tried again ever more seldom.

use std::{sync::Arc, time::Duration};

use jiff::{SignedDuration, Timestamp};
use tracing::{info, warn};

use super::{Client, Current, IpsError, News, Settings, Shelf, report::IpsReport};

/// The list with the network behind it. Cheap to clone.
#[derive(Clone)]
pub struct Ips {
    shelf: Shelf,
    client: Client,
    /// One question at a time: whoever comes meanwhile would get the same answer.
    asking: Arc<tokio::sync::Mutex<()>>,
}

impl Ips {
    /// Puts the parts together. Asks nobody.
    pub fn new(shelf: Shelf, client: Client) -> Self {
        Self { shelf, client, asking: Arc::default() }
    }

    /// The list in use, as a handle.
    pub fn current(&self) -> Current {
        self.shelf.current()
    }

    /// The list without the network.
    pub fn shelf(&self) -> &Shelf {
        &self.shelf
    }

    /// The URL that is asked.
    pub fn source(&self) -> String {
        self.client.source()
    }

    /// All there is to say, at this moment.
    pub fn report(&self) -> IpsReport {
        self.shelf.report(self.settings().has_key(), Timestamp::now())
    }

    fn settings(&self) -> &Settings {
        self.shelf.settings()
    }

    /// Asks Kakao, and puts the answer into use and into the store.
    pub async fn refresh(&self) -> Result<News, IpsError> {
        let _turn = self.asking.lock().await;
        let went = self.ask().await;
        self.shelf.note_attempt(Timestamp::now(), went.as_ref().map(|_news| ()));
        went
    }

    async fn ask(&self) -> Result<News, IpsError> {
        let settings = self.settings().clone();
        let key = blocking(move || settings.read_key()).await?;
        let text = self.client.ask(&key).await?;
        let (kept, source) = (self.shelf.clone(), self.client.source());
        blocking(move || kept.put(&text, &source, Timestamp::now())).await
    }

    /// Keeps the list fresh until it is dropped, if there is anything to do: takes up what other processes keep, and asks when it is time, if there is a key.
    pub async fn keep_fresh(self) {
        if self.shelf.path().is_none() && !self.settings().has_key() {
            return;
        }
        let look = Duration::from_secs(self.settings().reload_seconds.max(1));
        let (mut failures, mut told_of_age, mut told_of_problem) = (0_u32, false, None);
        let mut spread = self.spread();
        // Servers that start together do not ask together, nor does one that is started over and over.
        let mut not_before = after(Timestamp::now(), spread);
        loop {
            let now = Timestamp::now();
            told_of_age = self.tell_of_age(now, told_of_age);
            let problem = self.shelf.problem();
            if let Some(problem) = problem.as_ref().filter(|_| problem != told_of_problem) {
                warn!(code = problem.code(), "{problem}; the list in use stays the one before");
            }
            told_of_problem = problem;
            let due = self.settings().has_key().then(|| not_before.max(after(self.fresh_until(now), spread)));
            self.shelf.note_next(due);
            match due {
                Some(due) if due <= now => match self.refresh().await {
                    Ok(news) => {
                        (failures, spread) = (0, self.spread());
                        told(&news);
                    }
                    Err(error) => {
                        failures = failures.saturating_add(1);
                        let wait = backoff(self.settings(), failures, fastrand::f64());
                        not_before = after(Timestamp::now(), wait);
                        warn!(
                            code = error.code(),
                            failures,
                            retry_seconds = wait.as_secs(),
                            "Kakao's list of IP ranges was not refreshed, the one before stays in use: {error}"
                        );
                    }
                },
                Some(due) => tokio::time::sleep(between(now, due).min(look)).await,
                None => tokio::time::sleep(look).await,
            }
            let kept = self.shelf.clone();
            // What cannot be read is remembered by the shelf.
            let _died = tokio::task::spawn_blocking(move || kept.reload()).await;
        }
    }

    fn spread(&self) -> Duration {
        Duration::from_secs(self.settings().spread_seconds).mul_f64(fastrand::f64())
    }

    /// Until when nothing newer is asked for; long over where there is no list.
    fn fresh_until(&self, now: Timestamp) -> Timestamp {
        let Some(age) = self.shelf.age_seconds(now) else { return Timestamp::UNIX_EPOCH };
        let fresh = i64::try_from(self.settings().refresh_hours.max(1).saturating_mul(3600)).unwrap_or(i64::MAX);
        let left = fresh.saturating_sub(age).max(0).unsigned_abs();
        if left == 0 { Timestamp::UNIX_EPOCH } else { after(now, Duration::from_secs(left)) }
    }

    /// One line when the list gets stale, not one at every look.
    fn tell_of_age(&self, now: Timestamp, told: bool) -> bool {
        let stale = self.shelf.is_stale(now);
        if stale && !told {
            let days = self.shelf.age_seconds(now).unwrap_or_default() / 86_400;
            warn!(
                days,
                "Kakao's list of IP ranges was last fetched {days} days ago: its ranges may have changed since"
            );
        }
        stale
    }
}

/// How long to wait after so many failures in a row; `random`, from 0 to 1, makes it up to a tenth longer.
fn backoff(settings: &Settings, failures: u32, random: f64) -> Duration {
    let doublings = failures.saturating_sub(1).min(32);
    let seconds = settings.retry_min_seconds.max(1).saturating_mul(1 << doublings);
    let seconds = seconds.min(settings.retry_max_seconds.max(1));
    let wait = Duration::from_secs(seconds);
    wait + wait.mul_f64(random / 10.0)
}

fn told(news: &News) {
    let different = news.diff.services.len();
    if news.diff.same {
        info!("refreshed Kakao's list of IP ranges: nothing has changed");
    } else {
        info!(
            services = different,
            "refreshed Kakao's list of IP ranges: it has changed, `scraplens ips diff` shows how"
        );
    }
    for remark in &news.remarks {
        warn!(code = remark.code, "{} {}", remark.message.en, remark.advice.en);
    }
    if let Some(path) = &news.set_aside {
        warn!(path = %path.display(), "a kept list that could not be read was set aside");
    }
}

/// A moment later; the last there is rather than none.
fn after(moment: Timestamp, wait: Duration) -> Timestamp {
    let wait = SignedDuration::try_from(wait).unwrap_or(SignedDuration::MAX);
    moment.checked_add(wait).unwrap_or(Timestamp::MAX)
}

fn between(from: Timestamp, to: Timestamp) -> Duration {
    Duration::try_from(to.duration_since(from)).unwrap_or_default()
}

/// Work with files, away from the threads that answer.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, IpsError> + Send + 'static,
) -> Result<T, IpsError> {
    let died = |error: tokio::task::JoinError| IpsError::KeptUnreadable { path: String::new(), why: error.to_string() };
    tokio::task::spawn_blocking(work).await.map_err(died)?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn failures_wait_twice_as_long_each_time_up_to_the_limit() {
        let settings = crate::config::Settings::defaults().unwrap().ips;
        let seconds = |failures| backoff(&settings, failures, 0.0).as_secs();
        assert_eq!([1, 2, 3, 9, 10, 11, u32::MAX].map(seconds), [60, 120, 240, 15_360, 21_600, 21_600, 21_600]);
        assert_eq!(backoff(&settings, 1, 1.0), Duration::from_secs(66));
    }
}

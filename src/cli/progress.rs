//! Says on a terminal what a scrape is waiting for, and for how long. Nothing is shown when standard error is not a
//! terminal, and nothing stays: the line is cleared at the end and on Ctrl-C.

use std::{io::IsTerminal as _, time::Duration};

use indicatif::{ProgressBar, ProgressStyle};
use tokio::{sync::mpsc::UnboundedReceiver, task::JoinHandle};

use super::style::plain;
use crate::scrape::Event;

/// A line that moves while a scrape runs.
pub(super) struct Spinner(Option<JoinHandle<()>>);

/// Shows the events as they come, until their sender is gone.
pub(super) fn show(events: UnboundedReceiver<Event>) -> Spinner {
    let shown = std::io::stderr().is_terminal();
    Spinner(shown.then(|| tokio::spawn(follow(events))))
}

impl Spinner {
    /// Waits until the line is cleared.
    pub async fn finish(self) {
        if let Some(task) = self.0 {
            // A spinner that died leaves nothing worth saying.
            let _died = task.await;
        }
    }
}

async fn follow(mut events: UnboundedReceiver<Event>) {
    let bar = ProgressBar::new_spinner();
    if let Ok(style) = ProgressStyle::with_template("{spinner} {wide_msg} {elapsed:>4.dim}") {
        bar.set_style(style);
    }
    bar.enable_steady_tick(TICK);
    let mut hop = 0_usize;
    loop {
        tokio::select! {
            event = events.recv() => match event {
                Some(event) => {
                    hop += usize::from(matches!(event, Event::Asking { .. }));
                    if let Some(said) = said(&event, hop) {
                        bar.set_message(said);
                    }
                }
                None => break,
            },
            // Whoever watches the signal must end the program: it no longer does so by itself.
            Ok(()) = tokio::signal::ctrl_c() => {
                bar.finish_and_clear();
                std::process::exit(INTERRUPTED);
            }
        }
    }
    bar.finish_and_clear();
}

/// `2 → https://example.com/`, then `2 ← 200 https://example.com/`: the same in every language. What was read of them is
/// the report's to say.
fn said(event: &Event, hop: usize) -> Option<String> {
    match event {
        Event::Asking { url, .. } => Some(format!("{hop} → {}", plain(url))),
        Event::Hop { hop: answer, .. } => {
            let status = answer.status.map_or_else(|| "✗".to_owned(), |status| status.to_string());
            Some(format!("{hop} ← {status} {}", plain(&answer.url)))
        }
        Event::Page(_) | Event::Card(_) | Event::Image(_) => None,
    }
}

const TICK: Duration = Duration::from_millis(100);
/// What shells report for a program that SIGINT ended: 128 + 2.
const INTERRUPTED: i32 = 130;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        comparison::{Asker, Subject},
        page::{Hop, Timing},
    };

    #[test]
    fn a_hostile_url_cannot_steer_the_terminal() {
        let url = "https://a.example/\u{1b}[2J\r".to_owned();
        let answer = Hop {
            url: url.clone(),
            status: None,
            location: None,
            address: None,
            timing_ms: Timing::default(),
            tls: None,
            server: None,
        };
        let (of, who) = (Subject::Page, Asker::Same);
        let asking = Event::Asking { of, who, url };
        assert_eq!(said(&asking, 1).as_deref(), Some("1 → https://a.example/␛[2J␍"));
        let answered = Event::Hop { of, who, hop: Box::new(answer) };
        assert_eq!(said(&answered, 2).as_deref(), Some("2 ← ✗ https://a.example/␛[2J␍"));
    }
}

//! Says on a terminal what a scrape is waiting for. Nothing is shown when standard error is not a terminal.

use std::{io::IsTerminal as _, time::Duration};

use indicatif::{ProgressBar, ProgressStyle};
use tokio::{sync::mpsc::UnboundedReceiver, task::JoinHandle};

use crate::fetch::Progress;

/// A line that moves while a scrape runs.
pub(super) struct Spinner(Option<JoinHandle<()>>);

/// Shows the events as they come, until their sender is gone.
pub(super) fn show(mut events: UnboundedReceiver<Progress>) -> Spinner {
    if !std::io::stderr().is_terminal() {
        return Spinner(None);
    }
    Spinner(Some(tokio::spawn(async move {
        let bar = ProgressBar::new_spinner();
        if let Ok(style) = ProgressStyle::with_template("{spinner:.cyan} {wide_msg} {elapsed:.dim}") {
            bar.set_style(style);
        }
        bar.enable_steady_tick(TICK);
        while let Some(event) = events.recv().await {
            match event {
                Progress::Asking(url) => bar.set_message(url),
                Progress::Answered(hop) => bar.set_message(format!(
                    "{} {}",
                    hop.status.map_or_else(String::new, |status| status.to_string()),
                    hop.url
                )),
            }
        }
        bar.finish_and_clear();
    })))
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

const TICK: Duration = Duration::from_millis(100);

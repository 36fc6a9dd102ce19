//! Says on a terminal what the verdict waits for: the probe's stage, and how far the logs are read. Nothing is shown when standard
//! error is not a terminal, and nothing stays.

use std::{io::IsTerminal as _, sync::Mutex, time::Duration};

use indicatif::{HumanBytes, ProgressBar, ProgressStyle};

use super::super::{options::Language, probe, style::plain};
use crate::reaching::Step;

/// A line that moves.
pub(super) struct Line {
    bar: ProgressBar,
    language: Language,
    state: Mutex<State>,
}

/// What goes on side by side.
#[derive(Default)]
struct State {
    probe: Option<String>,
    log: Option<String>,
    read: u64,
    all: u64,
}

impl Line {
    /// Begins to move, where there is a terminal. `all` are the bytes of all logs, 0 where nobody knows.
    pub fn start(language: Language, all: u64) -> Self {
        let bar = if std::io::stderr().is_terminal() { ProgressBar::new_spinner() } else { ProgressBar::hidden() };
        if let Ok(style) = ProgressStyle::with_template("{spinner} {wide_msg} {elapsed:>4.dim}") {
            bar.set_style(style);
        }
        bar.enable_steady_tick(TICK);
        Self { bar, language, state: Mutex::new(State { all, ..State::default() }) }
    }

    /// Shows a step.
    pub fn show(&self, step: Step) {
        let Ok(mut state) = self.state.lock() else { return };
        match step {
            Step::Probe(step) => state.probe = Some(probe::said(&step, self.language)),
            Step::Rules => return,
            Step::Log(name) => state.log = Some(plain(&name)),
            Step::Bytes(more) => state.read = state.read.saturating_add(more),
        }
        self.bar.set_message(state.said());
    }

    /// Takes the line away.
    pub fn clear(&self) {
        self.bar.finish_and_clear();
    }
}

impl State {
    fn said(&self) -> String {
        let read = HumanBytes(self.read);
        let log = self.log.as_ref().map(|name| {
            if self.all > 0 { format!("{name} {read} / {}", HumanBytes(self.all)) } else { format!("{name} {read}") }
        });
        [self.probe.as_deref(), log.as_deref()].into_iter().flatten().collect::<Vec<_>>().join(" · ")
    }
}

const TICK: Duration = Duration::from_millis(100);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn probe_and_logs_stand_side_by_side_and_cannot_steer_the_terminal() {
        let line = Line::start(Language::En, 2048);
        line.show(Step::Log("a\u{1b}[2J".to_owned()));
        line.show(Step::Bytes(1024));
        line.show(Step::Probe(crate::probe::Step::Connecting("203.0.113.7:443".to_owned())));

        let said = line.state.lock().unwrap().said();

        assert!(said.contains("203.0.113.7:443") && said.ends_with("a␛[2J 1.00 KiB / 2.00 KiB"), "{said}");
    }
}

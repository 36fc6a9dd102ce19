//! Says on a terminal which stage a probe is at. Nothing is shown when standard error is not a terminal, and nothing stays.

use std::{io::IsTerminal as _, time::Duration};

use indicatif::{ProgressBar, ProgressStyle};

use super::{super::style::plain, words::Words};
use crate::probe::Step;

/// A line that moves while a probe runs.
pub(super) struct Spinner {
    bar: ProgressBar,
    words: &'static Words,
}

impl Spinner {
    /// Begins to move, where there is a terminal.
    pub fn start(words: &'static Words) -> Self {
        let bar = if std::io::stderr().is_terminal() { ProgressBar::new_spinner() } else { ProgressBar::hidden() };
        if let Ok(style) = ProgressStyle::with_template("{spinner} {wide_msg} {elapsed:>4.dim}") {
            bar.set_style(style);
        }
        bar.enable_steady_tick(TICK);
        Self { bar, words }
    }

    /// Shows a step.
    pub fn show(&self, step: &Step) {
        self.bar.set_message(said(step, self.words));
    }

    /// Takes the line away.
    pub fn clear(&self) {
        self.bar.finish_and_clear();
    }
}

pub(super) fn said(step: &Step, words: &Words) -> String {
    match step {
        Step::Resolving(host) => plain(&words.resolving.replacen("{}", host, 1)),
        Step::Resolved { host, outcome, addresses } => plain(&format!("DNS {host} ← {outcome} ({addresses})")),
        Step::Connecting(address) => plain(&words.connecting.replacen("{}", address, 1)),
        Step::Connected { address, outcome, ms } => {
            let ms = ms.map(|ms| format!(" {ms} ms")).unwrap_or_default();
            plain(&format!("{address} ← {outcome}{ms}"))
        }
        Step::Asking { of, who, run, runs } => words
            .asking
            .replace("{thing}", words.thing(of))
            .replace("{who}", words.who(who))
            .replace("{run}", &run.to_string())
            .replace("{runs}", &runs.to_string()),
        Step::Answered { of, who, outcome, status, ms, .. } => {
            let status = status.map_or_else(|| outcome.clone(), |status| status.to_string());
            plain(&format!("{} ({}) ← {status} {ms} ms", words.thing(of), words.who(who)))
        }
    }
}

const TICK: Duration = Duration::from_millis(100);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::Language;

    #[test]
    fn a_step_is_said_in_the_language_and_cannot_steer_the_terminal() {
        let asking = Step::Asking { of: "page", who: "kakao-older", run: 2, runs: 3 };
        assert_eq!(said(&asking, Words::of(Language::En)), "page as Kakao, older, 2 of 3");
        assert_eq!(said(&asking, Words::of(Language::Ko)), "페이지 요청(카카오(옛 표기)) 2/3");
        let resolved = Step::Resolved { host: "a\u{1b}[2J".to_owned(), outcome: "ok".to_owned(), addresses: 2 };
        assert_eq!(said(&resolved, Words::of(Language::En)), "DNS a␛[2J ← ok (2)");
    }
}

//! The rules of one section as steps: when, and what happens. Where they go on from there is `lower`'s affair.

use super::{
    condition::{Acls, acls, condition},
    fetch::{Client, Known},
    words::{Line, Section},
};
use crate::acl::{Action, Condition, Doubt, How, Rule};

/// What a step does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Refuses.
    Refuse(How),
    /// Ends the rules of this kind in this section.
    Pass,
    /// Answers the request itself: nothing after it counts.
    Answer,
    /// Nobody can tell.
    Unknown(Doubt),
}

/// A step with its condition.
#[derive(Debug, Clone)]
pub struct Ruled {
    /// Place and condition; its action is not used.
    pub rule: Rule,
    /// What it does.
    pub step: Step,
}

/// Reads the rules of sections in order, forgetting what they change.
pub struct Reader<'a, 'k> {
    acls: Acls<'a>,
    known: Known<'k>,
}

impl<'a, 'k> Reader<'a, 'k> {
    /// A reader of one section.
    pub fn new(section: &'a Section, known: &Known<'k>) -> Self {
        Self { acls: acls(section), known: known.clone() }
    }

    /// What is known after the rules read so far.
    pub fn known(&self) -> &Known<'k> {
        &self.known
    }

    /// The condition of a line.
    pub fn when(&self, line: &Line) -> Condition {
        let condition = condition(&line.words, &self.acls, &self.known);
        match &line.within {
            Some(within) => condition.and(Condition::unknown("expression", within.clone())),
            None => condition,
        }
    }

    fn ruled(&self, line: &Line, step: Step) -> Ruled {
        Ruled { rule: Rule::new(line.place, self.when(line), Action::Continue), step }
    }

    /// `tcp-request PHASE` rules.
    pub fn tcp(&mut self, section: &Section, phase: &str) -> Vec<Ruled> {
        let mut found = Vec::new();
        for line in section.starting_with("tcp-request", phase) {
            // Before the request is read a reset is what the client sees, later a closed connection.
            let refused = if phase == "content" { How::Close } else { How::Reset };
            let action = line.word(2);
            let step = match action {
                "accept" => Step::Pass,
                "reject" => Step::Refuse(refused),
                "silent-drop" => Step::Refuse(How::Drop),
                "use-service" => Step::Unknown(Doubt::new("target-unknown", action)),
                _ if action.starts_with("lua.") => Step::Unknown(Doubt::new("target-unknown", action)),
                _ => {
                    self.forget(action, line);
                    continue;
                }
            };
            found.push(self.ruled(line, step));
        }
        found
    }

    /// `http-request` rules, with the older `block` before and `redirect` after them.
    pub fn http(&mut self, section: &Section) -> Vec<Ruled> {
        let mut found = Vec::new();
        for line in section.starting("block") {
            found.push(self.ruled(line, Step::Refuse(How::Status(403))));
        }
        for line in &section.lines {
            let old = ["reqdeny", "reqideny", "reqtarpit", "reqitarpit", "reqallow", "reqiallow"];
            if old.contains(&line.word(0)) {
                found.push(self.ruled(line, Step::Unknown(Doubt::new("expression", line.word(0)))));
            }
        }
        for line in section.starting("http-request") {
            let action = line.word(1);
            let step = match action {
                "allow" => Step::Pass,
                "deny" => Step::Refuse(How::Status(status(line).unwrap_or(403))),
                "tarpit" => Step::Refuse(How::Status(status(line).unwrap_or(500))),
                "reject" => Step::Refuse(How::Close),
                "silent-drop" => Step::Refuse(How::Drop),
                "auth" => Step::Refuse(How::Status(401)),
                "redirect" => Step::Answer,
                "return" => match status(line) {
                    Some(status) if status >= 400 => Step::Refuse(How::Status(status)),
                    Some(_) | None => Step::Answer,
                },
                "use-service" => Step::Unknown(Doubt::new("target-unknown", line.word(2))),
                _ if action.starts_with("lua.") => Step::Unknown(Doubt::new("target-unknown", action)),
                _ => {
                    self.forget(action, line);
                    continue;
                }
            };
            found.push(self.ruled(line, step));
        }
        for line in section.starting("redirect") {
            found.push(self.ruled(line, Step::Answer));
        }
        found
    }

    /// Rules about answers: whether they apply depends on the answer.
    pub fn answers(&self, section: &Section) -> Vec<Ruled> {
        let refusing = |line: &&Line| matches!(line.word(1), "deny" | "reject" | "silent-drop" | "return");
        let lines = section.starting("http-response").filter(refusing);
        lines
            .map(|line| {
                let mut ruled = self.ruled(line, Step::Refuse(How::Status(502)));
                ruled.rule.when = ruled.rule.when.and(Condition::unknown("expression", "http-response"));
                ruled
            })
            .collect()
    }

    /// What a rule changes is not known after it.
    fn forget(&mut self, action: &str, line: &Line) {
        match action {
            "set-path" | "set-pathq" | "set-uri" | "replace-path" | "replace-pathq" | "replace-uri"
            | "normalize-uri" => {
                self.known.path = None;
            }
            "set-header" | "replace-header" | "replace-value" | "del-header" | "add-header" => {
                match line.word(2).to_ascii_lowercase().as_str() {
                    "host" => self.known.host = None,
                    "user-agent" => self.known.agent = None,
                    "x-forwarded-for" | "x-real-ip" => self.known.header_trusted = false,
                    _ => {}
                }
            }
            // The address comes from a header then: believed where the layer is said to see it by one.
            "set-src" if self.known.header_trusted => self.known.client = Client::Seen,
            "set-src" => self.known.client = Client::Doubtful("header", "set-src"),
            _ => {}
        }
    }
}

fn status(line: &Line) -> Option<u16> {
    let at = line.words.iter().position(|word| word == "deny_status" || word == "status")?;
    line.word(at + 1).parse().ok()
}

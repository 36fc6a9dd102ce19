//! Makes chains of rules while a request's way is followed, within bounds. What the rules are is the dialect's.

use crate::acl::{Action, Chain, ChainId, Condition, Doubt, Place, Rule};

/// Chains a configuration may need; a tangle of conditions that needs more is not followed to its end.
const MAX_CHAINS: usize = 3_000;
const MAX_RULES: usize = 1_000_000;

/// The chains so far.
#[derive(Debug, Default)]
pub struct Chains {
    /// The chains.
    pub all: Vec<Chain>,
    rules: usize,
}

impl Chains {
    /// A new chain.
    pub fn new_chain(&mut self, name: impl Into<String>) -> ChainId {
        self.all.push(Chain { name: name.into(), rules: Vec::new() });
        ChainId(self.all.len() - 1)
    }

    /// Adds a rule, with a note of why it decides.
    pub fn say(&mut self, chain: ChainId, place: Place, when: Condition, then: Action, note: Option<&'static str>) {
        self.rules += 1;
        if let Some(chain) = self.all.get_mut(chain.0)
            && self.rules <= MAX_RULES
        {
            chain.rules.push(Rule { place, when, then, note });
        }
    }

    /// Whether there is no room to follow another way; then the chain says so.
    pub fn full(&mut self, chain: ChainId, place: Place) -> bool {
        let full = self.all.len() > MAX_CHAINS || self.rules > MAX_RULES;
        if full {
            let doubt = Doubt::new("expression", "the conditions are nested too deeply to follow");
            self.say(chain, place, Condition::ALWAYS, Action::Unknown(doubt), None);
        }
        full
    }
}

//! `map` blocks: a text for a text. What the source holds is in `value`.

use std::collections::HashMap;

use super::{
    super::web::{address_pattern::source_matches, logic, pattern::Pattern, value::Known},
    token::Directive,
};
use crate::acl::{Addresses, Condition, Doubt};

/// A `map` block.
#[derive(Debug, Clone)]
pub struct MapTable {
    /// What is looked up, with its variables.
    pub source: String,
    exact: HashMap<String, String>,
    /// With `hostnames`: endings and beginnings, longest first.
    masks: Vec<(Mask, String)>,
    patterns: Vec<(PatternText, String)>,
    default: String,
    doubt: Option<Doubt>,
}

#[derive(Debug, Clone)]
enum Mask {
    Ending { with: String, itself: Option<String> },
    Beginning(String),
}

#[derive(Debug, Clone)]
struct PatternText {
    text: String,
    ignore_case: bool,
    pattern: Option<Pattern>,
}

/// What a source gives: a text with variables, or a doubt, where the condition applies.
pub type Found = Vec<(Condition, Result<String, Doubt>)>;

impl MapTable {
    /// Reads a block; `None` where the directive has none.
    pub fn read(directive: &Directive) -> Option<Self> {
        let block = directive.block.as_ref()?;
        let mut table = Self {
            source: directive.arg(0).to_owned(),
            exact: HashMap::new(),
            masks: Vec::new(),
            patterns: Vec::new(),
            default: String::new(),
            doubt: None,
        };
        let hostnames = block.has("hostnames");
        for line in &block.directives {
            let value = line.arg(0).to_owned();
            match line.name.as_str() {
                "hostnames" | "volatile" if line.args.is_empty() => {}
                "default" => table.default = value,
                "include" => table.doubt = Some(Doubt::new("include-missing", value)),
                key => match key.strip_prefix('~') {
                    Some(pattern) => {
                        let (text, ignore_case) =
                            pattern.strip_prefix('*').map_or((pattern, false), |text| (text, true));
                        let pattern = Pattern::new(text, ignore_case);
                        table.patterns.push((PatternText { text: text.to_owned(), ignore_case, pattern }, value));
                    }
                    None if hostnames => table.host(&key.to_ascii_lowercase(), value),
                    None => {
                        let key = key.strip_prefix('\\').unwrap_or(key).to_ascii_lowercase();
                        table.exact.entry(key).or_insert(value);
                    }
                },
            }
        }
        let length = |mask: &Mask| match mask {
            // Endings are tried before beginnings.
            Mask::Ending { with, .. } => (0, usize::MAX - with.len()),
            Mask::Beginning(with) => (1, usize::MAX - with.len()),
        };
        table.masks.sort_by_key(|(mask, _)| length(mask));
        Some(table)
    }

    fn host(&mut self, key: &str, value: String) {
        if let Some(name) = key.strip_prefix("*.") {
            self.masks.push((Mask::Ending { with: format!(".{name}"), itself: None }, value));
        } else if let Some(name) = key.strip_prefix('.') {
            self.masks.push((Mask::Ending { with: key.to_owned(), itself: Some(name.to_owned()) }, value));
        } else if let Some(name) = key.strip_suffix(".*") {
            self.masks.push((Mask::Beginning(format!("{name}.")), value));
        } else {
            self.exact.entry(key.to_owned()).or_insert(value);
        }
    }

    /// What the source gives.
    pub fn look_up(&self, source: &Known) -> Found {
        if let Some(doubt) = &self.doubt {
            return vec![(Condition::ALWAYS, Err(doubt.clone()))];
        }
        match source {
            Known::Unknown(doubt) => vec![(Condition::ALWAYS, Err(doubt.clone()))],
            Known::Text(text) => vec![(Condition::ALWAYS, self.of_text(text))],
            Known::Address => self.of_address(),
        }
    }

    fn of_text(&self, text: &str) -> Result<String, Doubt> {
        let lower = text.to_ascii_lowercase();
        if let Some(value) = self.exact.get(&lower) {
            return Ok(value.clone());
        }
        let fits = |mask: &Mask| match mask {
            Mask::Ending { with, itself } => lower.ends_with(with) || itself.as_ref() == Some(&lower),
            Mask::Beginning(with) => lower.starts_with(with),
        };
        if let Some((_, value)) = self.masks.iter().find(|(mask, _)| fits(mask)) {
            return Ok(value.clone());
        }
        for (pattern, value) in &self.patterns {
            let Some(compiled) = &pattern.pattern else { return Err(Doubt::new("expression", pattern.text.clone())) };
            if compiled.matches(text) {
                return Ok(value.clone());
            }
        }
        Ok(self.default.clone())
    }

    fn of_address(&self) -> Found {
        let mut found = Vec::new();
        let mut taken: Vec<Condition> = Vec::new();
        let mut exact: Vec<(Addresses, &String)> = self
            .exact
            .iter()
            .filter(|(key, _)| !key.contains(['/', '-']))
            .filter_map(|(key, value)| Some((Addresses::parse(key).ok()?, value)))
            .collect();
        exact.sort_by(|one, other| (one.1, one.0.networks()).cmp(&(other.1, other.0.networks())));
        for group in exact.chunk_by(|one, other| one.1 == other.1) {
            let when = logic::any_of(group.iter().map(|(set, _)| logic::source(set.clone())));
            taken.push(when.clone());
            if let Some((_, value)) = group.first() {
                found.push((when, Ok((*value).clone())));
            }
        }
        for (pattern, value) in &self.patterns {
            let free = logic::not(logic::any_of(taken.iter().cloned()));
            let when = source_matches(&pattern.text, pattern.ignore_case);
            taken.push(when.clone());
            found.push((logic::all_of([free, when]), Ok(value.clone())));
        }
        found.push((logic::not(logic::any_of(taken)), Ok(self.default.clone())));
        found
    }
}

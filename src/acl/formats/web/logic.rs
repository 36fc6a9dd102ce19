//! Puts conditions together so that what concerns addresses only becomes one set. It decides nothing.

use std::sync::Arc;

use crate::acl::{Addresses, Condition};

/// Whether it always applies.
pub fn is_always(condition: &Condition) -> bool {
    matches!(condition, Condition::All(parts) if parts.is_empty())
}

/// Whether it never applies.
pub fn is_never(condition: &Condition) -> bool {
    matches!(condition, Condition::Any(parts) if parts.is_empty())
}

/// The source is in the set; always or never where that is the same.
pub fn source(set: Addresses) -> Condition {
    if set.is_empty() {
        Condition::NEVER
    } else if set == Addresses::all() {
        Condition::ALWAYS
    } else {
        Condition::source(set)
    }
}

/// A truth that is known.
pub fn known(holds: bool) -> Condition {
    if holds { Condition::ALWAYS } else { Condition::NEVER }
}

/// The opposite.
pub fn not(condition: Condition) -> Condition {
    if is_always(&condition) {
        return Condition::NEVER;
    }
    if is_never(&condition) {
        return Condition::ALWAYS;
    }
    match condition {
        Condition::Source(set) => source(Addresses::all().difference(&set)),
        other => other.negated(),
    }
}

/// All of them.
pub fn all_of(parts: impl IntoIterator<Item = Condition>) -> Condition {
    let (mut set, mut others): (Option<Arc<Addresses>>, Vec<Condition>) = (None, Vec::new());
    for part in parts {
        for part in flat(part, true) {
            match part {
                part if is_never(&part) => return Condition::NEVER,
                Condition::Source(more) => {
                    set = Some(match set {
                        Some(set) => Arc::new(set.intersection(&more)),
                        None => more,
                    });
                }
                part if others.contains(&part) => {}
                part => others.push(part),
            }
        }
    }
    if let Some(set) = set {
        if set.is_empty() {
            return Condition::NEVER;
        }
        others.insert(0, Condition::Source(set));
    }
    single(others, Condition::All)
}

/// One of them at least.
pub fn any_of(parts: impl IntoIterator<Item = Condition>) -> Condition {
    let (mut sets, mut others): (Vec<Arc<Addresses>>, Vec<Condition>) = (Vec::new(), Vec::new());
    for part in parts {
        for part in flat(part, false) {
            match part {
                part if is_always(&part) => return Condition::ALWAYS,
                Condition::Source(more) => sets.push(more),
                part if others.contains(&part) => {}
                part => others.push(part),
            }
        }
    }
    let united = |family| sets.iter().flat_map(move |set: &Arc<Addresses>| set.family(family).iter()).collect();
    let set = Addresses { v4: united(crate::acl::Family::V4), v6: united(crate::acl::Family::V6) };
    let set = source(set);
    if is_always(&set) {
        return set;
    }
    if !is_never(&set) {
        others.insert(0, set);
    }
    single(others, Condition::Any)
}

fn flat(part: Condition, all: bool) -> Vec<Condition> {
    match part {
        Condition::All(inner) if all => inner,
        Condition::Any(inner) if !all => inner,
        other => vec![other],
    }
}

fn single(mut parts: Vec<Condition>, many: fn(Vec<Condition>) -> Condition) -> Condition {
    match (parts.len(), parts.pop()) {
        (1, Some(part)) => part,
        (_, Some(part)) => {
            parts.push(part);
            many(parts)
        }
        (_, None) => many(parts),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(text: &str) -> Condition {
        source(Addresses::parse(text).unwrap())
    }

    #[test]
    fn addresses_are_put_together_exactly() {
        assert_eq!(all_of([set("27.0.236.0/22"), not(set("27.0.238.0/23"))]), set("27.0.236.0/23"));
        assert_eq!(any_of([set("27.0.236.0/23"), set("27.0.238.0/23")]), set("27.0.236.0/22"));
        assert!(is_never(&all_of([set("27.0.236.0/24"), set("27.0.237.0/24")])));
        assert!(is_always(&any_of([set("27.0.236.0/24"), not(set("27.0.236.0/24"))])));
    }
}

//! When a field has a value: single values, ranges, flags, sets, several side by side. What the rule then does is in `lower`.

use std::{cell::RefCell, collections::HashMap, sync::Arc};

use super::{
    field::{Field, Selected, comes_in, forwarded, goes_out, selected},
    number::{bit_field, bits, bits_of, doubt, masked, not_understood, numeric, ordered},
    tree::{Data, Element, Expr, Op, Table},
};
use crate::acl::{Condition, Family};

/// What is known while values are read.
pub struct Values {
    /// Some rule may translate packets that stay on this host.
    pub redirects: bool,
    cache: RefCell<HashMap<String, Condition>>,
}

/// A field with its mask.
struct Part<'e> {
    field: Field,
    mask: Option<&'e Expr>,
}

impl Values {
    /// With an empty memory.
    pub fn new(redirects: bool) -> Self {
        Self { redirects, cache: RefCell::default() }
    }

    /// When a match holds.
    pub fn matching(&self, table: &Table, left: &Expr, op: Op, right: &Expr) -> Condition {
        let (parts, implied) = parts(left);
        let set = matches!(right.plain(), Expr::Set(_) | Expr::Ref(_));
        let holds = if set || parts.len() > 1 {
            let inside = self.remembered(table, left, right, &parts);
            match op {
                Op::Implicit | Op::Eq => inside,
                Op::Ne => inside.negated(),
                Op::Lt | Op::Gt | Op::Le | Op::Ge | Op::Without => not_understood(right),
            }
        } else {
            parts.first().map_or(Condition::ALWAYS, |part| self.single(part, op, right.plain()))
        };
        implied.and(holds)
    }

    /// Whether something is in a set, with a memory for sets that many rules use.
    fn remembered(&self, table: &Table, left: &Expr, right: &Expr, parts: &[Part<'_>]) -> Condition {
        let name = if let Expr::Ref(name) = right {
            name.clone()
        } else if let Expr::Shared(shared) = right {
            format!("{:p}", Arc::as_ptr(shared))
        } else {
            return self.inside(table, right, parts);
        };
        let key = format!("{} {} {name} {left:?}", table.family, table.name);
        if let Some(known) = self.cache.borrow().get(&key) {
            return known.clone();
        }
        let condition = self.inside(table, right, parts);
        self.cache.borrow_mut().insert(key, condition.clone());
        condition
    }

    fn inside(&self, table: &Table, right: &Expr, parts: &[Part<'_>]) -> Condition {
        let mut keys = Vec::new();
        let mut sometimes = None;
        match right.plain() {
            Expr::Ref(name) => {
                let Some(set) = table.set_named(name) else { return Condition::unknown("set-missing", name.as_str()) };
                // Elements that time takes away may be gone; others may have come.
                let stays = |element: &&Element| !(set.dynamic && element.expires);
                set.elements.iter().filter(stays).for_each(|element| flatten(&element.key, &mut keys));
                sometimes = set.dynamic.then(|| Condition::unknown("dynamic-set", name.as_str()));
            }
            other => flatten(other, &mut keys),
        }
        let inside = self.among(parts, &keys);
        match sometimes {
            Some(doubt) => Condition::Any(vec![inside, doubt]),
            None => inside,
        }
    }

    /// Whether the fields have one of these values.
    fn among(&self, parts: &[Part<'_>], keys: &[&Expr]) -> Condition {
        if keys.iter().any(|key| **key == Expr::Word("*".to_owned()) && !is_interface(parts)) {
            return Condition::ALWAYS;
        }
        let [first, rest @ ..] = parts else { return Condition::ALWAYS };
        if rest.is_empty() {
            return self.member(first, keys);
        }
        // Keys that differ in one address only are one condition: a list of thousands of pairs stays small.
        let pivot = parts.iter().position(|part| matches!(part.field, Field::Address { .. })).unwrap_or(0);
        let mut groups: Vec<(Vec<&Expr>, &[Expr])> = Vec::new();
        let mut index: HashMap<String, usize> = HashMap::new();
        let mut doubts = Vec::new();
        for key in keys {
            let Expr::Concat(values) = key else {
                doubts.push(not_understood(key));
                continue;
            };
            let Some(value) = values.get(pivot).filter(|_| values.len() == parts.len()) else {
                doubts.push(not_understood(key));
                continue;
            };
            let others: Vec<&Expr> = (0..).zip(values).filter(|(at, _)| *at != pivot).map(|(_, value)| value).collect();
            let at = *index.entry(format!("{others:?}")).or_insert_with(|| {
                groups.push((Vec::new(), values));
                groups.len() - 1
            });
            if let Some((values, _)) = groups.get_mut(at) {
                flatten(value, values);
            }
        }
        doubts.truncate(4); // more help nobody
        let group = |(pivots, values): (Vec<&Expr>, &[Expr])| {
            let one = |(at, (part, value)): (usize, (&Part<'_>, &Expr))| {
                if at == pivot {
                    return self.member(part, &pivots);
                }
                let mut flat = Vec::new();
                flatten(value, &mut flat);
                self.member(part, &flat)
            };
            Condition::All(parts.iter().zip(values).enumerate().map(one).collect())
        };
        let mut found: Vec<Condition> = groups.into_iter().map(group).collect();
        found.extend(doubts);
        Condition::Any(found)
    }

    /// One field compared with one value.
    fn single(&self, part: &Part<'_>, op: Op, right: &Expr) -> Condition {
        if let Field::Opaque(doubt) = &part.field {
            return match (reverse_path(&doubt.what, right), op) {
                (Some(holds), Op::Implicit | Op::Eq) => holds,
                (Some(holds), Op::Ne) => holds.negated(),
                (Some(_) | None, _) => Condition::Unknown(doubt.clone()),
            };
        }
        if let Some(read) = bits_of(&part.field) {
            let (Some(value), Some(mask)) =
                (bits(right, read), part.mask.map_or(Some(u64::MAX), |mask| bits(mask, read)))
            else {
                return not_understood(right);
            };
            return bit_field(&part.field, |have| {
                let have = have & mask;
                match op {
                    // Flags without an operator: one of them is enough.
                    Op::Implicit if part.mask.is_none() => have & value != 0,
                    Op::Implicit | Op::Eq => have == value,
                    Op::Ne => have != value,
                    Op::Without => have & value == 0,
                    Op::Lt => have < value,
                    Op::Gt => have > value,
                    Op::Le => have <= value,
                    Op::Ge => have >= value,
                }
            });
        }
        if let Some(mask) = part.mask {
            return masked(&part.field, mask.plain(), op, right);
        }
        if let Expr::List(values) = right {
            let values: Vec<&Expr> = values.iter().map(Expr::plain).collect();
            return match (&part.field, op) {
                (Field::Status, Op::Implicit) => self.member(part, &values),
                (Field::Status, Op::Without) => self.member(part, &values).negated(),
                _ => not_understood(right),
            };
        }
        match op {
            Op::Implicit | Op::Eq => self.member(part, &[right]),
            // Something else may have happened to the connection beside this.
            Op::Ne if part.field == Field::Status => not_understood(right),
            Op::Ne | Op::Without => self.member(part, &[right]).negated(),
            Op::Lt | Op::Gt | Op::Le | Op::Ge => ordered(&part.field, op, right),
        }
    }

    /// Whether a field has one of these values.
    fn member(&self, part: &Part<'_>, values: &[&Expr]) -> Condition {
        let any = |one: &dyn Fn(&str) -> Condition| {
            let each = values.iter().map(|value| match value {
                Expr::Word(word) => one(word),
                Expr::Unknown(doubt) => Condition::Unknown(doubt.clone()),
                other => not_understood(other),
            });
            Condition::Any(each.collect())
        };
        let unknown = |what: &str| Condition::unknown("match-unknown", what);
        if let Some(read) = bits_of(&part.field) {
            let known: Option<Vec<u64>> = values.iter().map(|value| bits(value, read)).collect();
            let mask = part.mask.map_or(Some(u64::MAX), |mask| bits(mask, read));
            let (Some(known), Some(mask)) = (known, mask) else {
                return values.first().map_or(Condition::NEVER, |value| not_understood(value));
            };
            return bit_field(&part.field, |have| known.contains(&(have & mask)));
        }
        if let (Some(mask), false) = (part.mask, matches!(part.field, Field::Opaque(_))) {
            return not_understood(mask);
        }
        match &part.field {
            Field::Opaque(doubt) => Condition::Unknown(doubt.clone()),
            Field::Address { .. } | Field::Port { .. } | Field::Protocol => numeric(&part.field, values),
            Field::Network => any(&|word| match word {
                "ip" | "ipv4" | "0x0800" | "2048" => Condition::Family(Family::V4),
                "ip6" | "ipv6" | "0x86dd" | "34525" => Condition::Family(Family::V6),
                "arp" | "vlan" | "8021q" | "8021ad" | "bridge" => Condition::NEVER,
                _ => unknown(word),
            }),
            Field::Interface { input } => any(&|word| match word {
                // A number, or a name that would read as a pattern here and is none there.
                _ if word.ends_with('+') || word.chars().all(|digit| digit.is_ascii_digit()) => {
                    Condition::unknown("interface-unknown", word)
                }
                _ if *input => Condition::InInterface(word.to_owned()),
                _ => Condition::OutInterface(word.to_owned()),
            }),
            Field::Direction => any(&|word| match word {
                "original" | "0" => Condition::Any(vec![comes_in(), forwarded().and(unknown("ct direction"))]),
                "reply" | "1" => Condition::Any(vec![goes_out(), forwarded().and(unknown("ct direction"))]),
                _ => unknown(word),
            }),
            Field::Status => any(&|word| match word {
                "dnat" if self.redirects => Condition::Any(vec![forwarded(), unknown("ct status dnat")]),
                "dnat" => forwarded(),
                _ => unknown(word),
            }),
            Field::PacketType => any(&|word| match word {
                "host" | "unicast" => {
                    Condition::Any(vec![Condition::InInterface("*".to_owned()), unknown("meta pkttype")])
                }
                "broadcast" | "multicast" => Condition::NEVER,
                _ => unknown(word),
            }),
            Field::Route { source } => any(&|word| match (word, source) {
                ("local", false) => comes_in(),
                ("local", true) => goes_out(),
                ("unicast", false) => Condition::OutInterface("*".to_owned()),
                ("unicast", true) => Condition::InInterface("*".to_owned()),
                ("broadcast" | "multicast" | "anycast", _) => Condition::NEVER,
                _ => unknown("fib type"),
            }),
            Field::State | Field::Flags => Condition::NEVER,
        }
    }

    /// The elements of a map with when each is found, those that give the same together.
    pub fn found<'e>(&self, key: &Expr, elements: &'e [Element]) -> Vec<(Condition, Option<&'e Data>)> {
        let (parts, implied) = parts(key);
        let mut groups: Vec<(Vec<&Expr>, Option<&Data>)> = Vec::new();
        let mut index: HashMap<String, usize> = HashMap::new();
        let (mut all, mut other) = (Vec::new(), None);
        for element in elements {
            if element.key == Expr::Word("*".to_owned()) && !is_interface(&parts) {
                other = Some(element.data.as_ref());
                continue;
            }
            flatten(&element.key, &mut all);
            let at = *index.entry(format!("{:?}", element.data)).or_insert_with(|| {
                groups.push((Vec::new(), element.data.as_ref()));
                groups.len() - 1
            });
            if let Some((keys, _)) = groups.get_mut(at) {
                flatten(&element.key, keys);
            }
        }
        let mut found: Vec<_> =
            groups.into_iter().map(|(keys, data)| (implied.clone().and(self.among(&parts, &keys)), data)).collect();
        if let Some(data) = other {
            found.push((implied.and(self.among(&parts, &all).negated()), data));
        }
        found
    }
}

/// The fields of an operand, and what they take for granted together.
fn parts(left: &Expr) -> (Vec<Part<'_>>, Condition) {
    let mut implied = Vec::new();
    let mut read = |expr: &'_ Expr| -> Field {
        let Selected { field, implied: takes } = match expr {
            Expr::Selector(name) => selected(name),
            other => Selected { field: Field::Opaque(doubt(other)), implied: Condition::ALWAYS },
        };
        if takes != Condition::ALWAYS {
            implied.push(takes);
        }
        field
    };
    let all = match left {
        Expr::Concat(all) => all.as_slice(),
        one => std::slice::from_ref(one),
    };
    let fields = all
        .iter()
        .map(|expr| match expr {
            Expr::Mask(inner, mask) => Part { field: read(inner), mask: Some(mask) },
            other => Part { field: read(other), mask: None },
        })
        .collect();
    (fields, Condition::All(implied))
}

/// Only interface names may be `*` themselves.
fn is_interface(parts: &[Part<'_>]) -> bool {
    matches!(parts, [Part { field: Field::Interface { .. }, .. }])
}

/// The values inside sets inside sets.
fn flatten<'e>(expr: &'e Expr, found: &mut Vec<&'e Expr>) {
    match expr.plain() {
        Expr::Set(elements) => elements.iter().for_each(|element| flatten(&element.key, found)),
        other => found.push(other),
    }
}

/// Whether the way back to where a packet came from is there: `fib saddr … oif missing`. A server that answers the internet has
/// a default route, so it is; the rule set's assumptions say that this was taken for granted.
fn reverse_path(selector: &str, value: &Expr) -> Option<Condition> {
    if !is_reverse_path(selector) {
        return None;
    }
    match value {
        Expr::Word(word) if matches!(&**word, "missing" | "0") => Some(Condition::NEVER),
        Expr::Word(word) if word == "exists" => Some(Condition::ALWAYS),
        _ => None,
    }
}

/// Whether a selector looks up the way back.
pub fn is_reverse_path(selector: &str) -> bool {
    selector.starts_with("fib saddr") && (selector.ends_with(" oif") || selector.ends_with(" oifname"))
}

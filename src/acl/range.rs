//! Sets of whole numbers as sorted, disjoint, inclusive ranges: addresses and ports. Pure set algebra; it knows no CIDR
//! text and no rules.

use std::cmp::Ordering;

/// A set of numbers: sorted ranges, inclusive on both sides, none touching the next. Two equal sets are `==`.
///
/// ```
/// use scraplens::acl::Ranges;
///
/// let web = Ranges::from_iter([(80, 80), (443, 443), (8000, 8080)]);
/// let low = Ranges::from_iter([(0, 1023)]);
/// assert_eq!(web.intersection(&low), Ranges::from_iter([(80, 80), (443, 443)]));
/// assert_eq!(web.difference(&low), Ranges::from_iter([(8000, 8080)]));
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Ranges(Vec<(u128, u128)>);

impl FromIterator<(u128, u128)> for Ranges {
    /// The union of any ranges, in any order. A range whose end is before its start holds nothing.
    fn from_iter<I: IntoIterator<Item = (u128, u128)>>(ranges: I) -> Self {
        let mut parts: Vec<(u128, u128)> = ranges.into_iter().filter(|(from, to)| from <= to).collect();
        if !parts.is_sorted() {
            parts.sort_unstable();
        }
        let mut joined: Vec<(u128, u128)> = Vec::with_capacity(parts.len());
        for (from, to) in parts {
            match joined.last_mut() {
                Some((_, end)) if from <= end.saturating_add(1) => *end = (*end).max(to),
                _ => joined.push((from, to)),
            }
        }
        Self(joined)
    }
}

impl Ranges {
    /// The set of nothing.
    pub const fn empty() -> Self {
        Self(Vec::new())
    }

    /// One range, inclusive.
    pub fn one(from: u128, to: u128) -> Self {
        Self::from_iter([(from, to)])
    }

    /// The ranges, in order.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (u128, u128)> + ExactSizeIterator + '_ {
        self.0.iter().copied()
    }

    /// Whether nothing is in it.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many ranges it takes.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// How many numbers are in it; stays at the largest number rather than overflow.
    pub fn count(&self) -> u128 {
        self.0.iter().fold(0, |sum: u128, (from, to)| sum.saturating_add((to - from).saturating_add(1)))
    }

    /// Whether the number is in the set.
    pub fn contains(&self, number: u128) -> bool {
        self.0
            .binary_search_by(|&(from, to)| {
                if to < number {
                    Ordering::Less
                } else if from > number {
                    Ordering::Greater
                } else {
                    Ordering::Equal
                }
            })
            .is_ok()
    }

    /// The ranges that meet `from..=to`, found without looking at the others.
    fn meeting(&self, from: u128, to: u128) -> &[(u128, u128)] {
        let start = self.0.partition_point(|&(_, end)| end < from);
        let rest = self.0.get(start..).unwrap_or_default();
        let end = rest.partition_point(|&(start, _)| start <= to);
        rest.get(..end).unwrap_or_default()
    }

    /// Whether every number of `from..=to` is in the set.
    pub fn covers(&self, from: u128, to: u128) -> bool {
        matches!(self.meeting(from, to), [(start, end)] if *start <= from && to <= *end)
    }

    /// Whether a number of `from..=to` is in the set.
    pub fn meets(&self, from: u128, to: u128) -> bool {
        !self.meeting(from, to).is_empty()
    }

    /// Whether every number of this set is in the other.
    pub fn is_subset(&self, other: &Self) -> bool {
        self.0.iter().all(|&(from, to)| other.covers(from, to))
    }

    /// Whether no number is in both sets.
    pub fn is_disjoint(&self, other: &Self) -> bool {
        let (few, many) = if self.len() <= other.len() { (self, other) } else { (other, self) };
        !few.0.iter().any(|&(from, to)| many.meets(from, to))
    }

    /// The numbers in either set.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        self.iter().chain(other.iter()).collect()
    }

    /// The numbers in both sets. Fast where one set is small, however large the other is.
    #[must_use]
    pub fn intersection(&self, other: &Self) -> Self {
        let (few, many) = if self.len() <= other.len() { (self, other) } else { (other, self) };
        let common = few.0.iter().flat_map(|&(from, to)| {
            many.meeting(from, to).iter().map(move |&(start, end)| (from.max(start), to.min(end)))
        });
        Self(common.collect())
    }

    /// The numbers of this set that are not in the other.
    #[must_use]
    pub fn difference(&self, other: &Self) -> Self {
        let mut left = Vec::with_capacity(self.len());
        for &(from, to) in &self.0 {
            let mut next = Some(from);
            for &(start, end) in other.meeting(from, to) {
                let Some(at) = next else { break };
                if start > at {
                    left.push((at, start - 1));
                }
                next = end.checked_add(1).filter(|after| *after <= to);
            }
            if let Some(at) = next {
                left.push((at, to));
            }
        }
        Self(left)
    }

    /// The numbers up to `max` that are not in the set.
    #[must_use]
    pub fn complement(&self, max: u128) -> Self {
        Self::one(0, max).difference(self)
    }
}

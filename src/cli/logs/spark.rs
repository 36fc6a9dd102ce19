//! A timeline as a row of bars, one character for each step of time. It says nothing about when or how long.

/// Bars from nothing to the most there is in this row.
const BARS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/// A row of at most `columns` bars; neighbours are put together where there are more. Whatever is not nothing is seen as such.
pub(super) fn spark(counts: &[u64], columns: usize) -> String {
    let together = counts.len().div_ceil(columns.max(1)).max(1);
    let sums: Vec<u64> =
        counts.chunks(together).map(|chunk| chunk.iter().fold(0, |sum, n| u64::saturating_add(sum, *n))).collect();
    let most = sums.iter().copied().max().unwrap_or_default();
    sums.iter().map(|count| bar(*count, most)).collect()
}

fn bar(count: u64, most: u64) -> char {
    // From 1 for the least that is something, to 7 for the most.
    let level = if count == 0 { 0 } else { 1 + u128::from(count) * 6 / u128::from(most.max(1)) };
    usize::try_from(level).ok().and_then(|level| BARS.get(level)).copied().unwrap_or('█')
}

/// Seconds in the largest unit that divides them: `90 s`, `5 min`, `6 h`, `2 d`.
pub(super) fn duration(seconds: u64) -> String {
    for (unit, name) in [(86_400, "d"), (3_600, "h"), (60, "min")] {
        if seconds >= unit && seconds.is_multiple_of(unit) {
            return format!("{} {name}", seconds / unit);
        }
    }
    format!("{seconds} s")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_is_a_full_bar_and_nothing_is_the_lowest() {
        assert_eq!(spark(&[0, 1, 6, 12], 10), "▁▂▅█");
        assert_eq!(spark(&[0, 1, 1_000_000], 10), "▁▂█", "little is not nothing");
        assert_eq!(spark(&[u64::MAX, u64::MAX], 1), "█");
    }

    #[test]
    fn steps_are_put_together_where_there_is_no_room() {
        assert_eq!(spark(&[1, 1, 0, 0, 2], 3).chars().count(), 3);
        assert_eq!(spark(&[1, 1, 0, 0, 2], 3), "█▁█");
        assert_eq!(spark(&[], 3), "");
        assert_eq!(spark(&[1], 0), "█");
    }

    #[test]
    fn a_step_is_said_in_the_unit_that_fits() {
        for (seconds, said) in [(1, "1 s"), (90, "90 s"), (300, "5 min"), (21_600, "6 h"), (172_800, "2 d"), (0, "0 s")]
        {
            assert_eq!(duration(seconds), said);
        }
    }
}

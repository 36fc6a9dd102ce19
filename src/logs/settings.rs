//! The bounds of reading access logs, section `[logs]`. Memory depends on these alone; what they mean is said in
//! `config/default.toml`.

use serde::Deserialize;

use crate::accesslog::Bounds;

/// Bounds of reading access logs; section `[logs]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Bytes read at a time.
    pub block_bytes: usize,
    /// Longest line that is read.
    pub max_line_bytes: usize,
    /// Bytes at the start of a file in which its format is looked for.
    pub sample_bytes: usize,
    /// Different paths that are counted.
    pub max_paths: usize,
    /// Images of one page that are counted apart.
    pub max_images: usize,
    /// Longest path that is kept.
    pub max_path_bytes: usize,
    /// Different addresses that are counted apart among those that are not known as Kakao's.
    pub max_sources: usize,
    /// Different addresses that are told from each other when they are counted.
    pub max_addresses: usize,
    /// Rows of one table of a report.
    pub max_rows: usize,
    /// Seconds beyond which a request counts as slow.
    pub slow_seconds: f64,
    /// Seconds within which an image belongs to a page.
    pub join_seconds: i64,
    /// Steps into which the time of the logs is cut, at most.
    pub timeline_steps: usize,
    /// Kakao ranges of one list.
    pub max_ranges: usize,
    /// Largest window of a zstd file, as a power of two.
    pub zstd_window_log: u32,
    /// Bytes of one upload over HTTP.
    pub max_body_bytes: usize,
    /// Bytes of the files of one upload after unpacking.
    pub max_unpacked_bytes: u64,
    /// Files of one upload over HTTP.
    pub max_files: usize,
    /// Seconds an upload may take to arrive.
    pub body_timeout_seconds: u64,
    /// Uploads over HTTP that are read at once.
    pub max_parallel: usize,
    /// Further uploads that may wait.
    pub max_waiting: usize,
    /// Milliseconds an upload may wait.
    pub max_wait_ms: u64,
}

impl Settings {
    pub(super) fn bounds(&self) -> Bounds {
        Bounds {
            max_paths: self.max_paths,
            max_images: self.max_images,
            max_path_bytes: self.max_path_bytes,
            max_sources: self.max_sources,
            max_addresses: self.max_addresses,
            max_rows: self.max_rows,
            slow_seconds: self.slow_seconds,
            join_seconds: self.join_seconds,
            timeline_steps: self.timeline_steps,
        }
    }

    /// Bytes of a list of ranges: enough for each in Kakao's JSON with its indentation.
    pub fn max_ranges_bytes(&self) -> usize {
        self.max_ranges.saturating_mul(RANGE_BYTES)
    }
}

const RANGE_BYTES: usize = 256;

//! Counts requests, in memory that its bounds alone decide. It keeps what is counted exactly up to them and says where there was more;
//! what it means is said elsewhere.

mod answers;
mod latest;
mod timeline;

/// How much is kept; section `[logs]` says what each is.
#[derive(Debug, Clone, PartialEq)]
pub struct Bounds {
    /// Different paths, of pages and their images, and as many that were refused.
    pub max_paths: usize,
    /// Images of one page.
    pub max_images: usize,
    /// Bytes of a path.
    pub max_path_bytes: usize,
    /// Sources that are not known as Kakao's.
    pub max_sources: usize,
    /// Different addresses.
    pub max_addresses: usize,
    /// Rows of a table.
    pub max_rows: usize,
    /// Seconds beyond which a request is slow.
    pub slow_seconds: f64,
    /// Seconds within which an image belongs to a page.
    pub join_seconds: i64,
    /// Steps of time.
    pub timeline_steps: usize,
}

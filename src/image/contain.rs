//! Keeps a panic of somebody else's decoder from ending more than the picture at hand. Not a cure: it still prints
//! what happened, so that it is seen and reported.

use std::panic::{AssertUnwindSafe, catch_unwind};

use super::{Format, Refusal};

/// Runs a decoder. The `image` crate's own notes: "Many decoders will panic on malicious input".
pub(super) fn contained<T>(format: Format, decoder: impl FnOnce() -> T) -> Result<T, Refusal> {
    // Unwind safety: what the decoder was at is dropped with it; only `T` comes out, and only if it ran to its end.
    catch_unwind(AssertUnwindSafe(decoder))
        .or(Err(Refusal::Undecodable { format, reason: "its decoder gave up".into() }))
}

//! Pictures as bytes: good ones of every format, and hostile ones that must end quickly and small.

mod bombs;
mod facts;
mod files;
mod properties;
mod renditions;
mod served;

use scraplens::image::{Measured, measure};

use self::files::settings;

/// Measures a picture that nothing is wrong with.
fn good(bytes: &[u8]) -> Measured {
    let measured = measure(bytes, &settings(), None);
    assert_eq!((measured.outcome, &measured.evidence), ("ok", &None));
    measured
}

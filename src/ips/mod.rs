//! Kakao's official list of IP ranges: asked for with an app key, kept in a file, refreshed in the background, and handed to
//! whoever asks which addresses are Kakao's. How a list is read is `acl::list`'s; nothing is judged by it here.
//!
//! ```text
//! settings, secret    what it may do, and the key that nobody sees
//! answer, compare     pure: is this a list of Kakao's, and what is different in it
//! report              what is answered, as plain data
//! client              asks Kakao's API
//! store               the file, safe from being killed and from other processes
//! current             the list in use: a handle that costs nothing to clone
//! shelf               all of that together, without the network
//! refresh             the same with it, now or in the background
//! ```

mod answer;
mod client;
mod compare;
mod current;
mod error;
mod refresh;
pub mod report;
mod secret;
mod settings;
mod shelf;
mod store;

use crate::words::Words;

pub use self::{
    answer::accept,
    client::Client,
    compare::compare,
    current::Current,
    error::IpsError,
    refresh::Ips,
    secret::{NotASecret, Secret},
    settings::{ApiUrl, Settings},
    shelf::{News, Shelf, day_of},
    store::{Kept, Record, Store},
};

/// The sentences about the list. A test reads the file, so this cannot fail in a program that was built.
pub fn words() -> Result<Words, toml::de::Error> {
    Words::parse(include_str!("../../static/i18n/ips.toml"))
}

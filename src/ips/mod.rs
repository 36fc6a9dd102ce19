//! Kakao's official list of IP ranges: asked for with an app key, kept in a file, refreshed in the background, and handed to
//! whoever asks which addresses are Kakao's. How a list is read is `acl::list`'s; nothing is judged by it here.
//!
//! ```text
//! settings, secret    what it may do, and the key that nobody sees
//! current             the list in use: a handle that costs nothing to clone
//! ```

mod current;
mod secret;
mod settings;

pub use self::{
    current::Current,
    secret::{NotASecret, Secret},
    settings::{ApiUrl, Settings},
};

//! The chat a message was shared to, as far as a webhook tells of it: its kind, and a hash that is the same each time.

use data_encoding::BASE64URL_NOPAD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use utoipa::ToSchema;

use crate::sandbox::App;

/// `CHAT_TYPE` (kakaotalk-share/callback).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
pub enum ChatType {
    /// The chat with oneself.
    #[default]
    MemoChat,
    /// A chat with one friend.
    DirectChat,
    /// A chat with several.
    MultiChat,
    /// An open chat with one.
    OpenDirectChat,
    /// An open chat with several.
    OpenMultiChat,
}

impl ChatType {
    /// All of them, in the order of Kakao's page.
    pub const ALL: [Self; 5] =
        [Self::MemoChat, Self::DirectChat, Self::MultiChat, Self::OpenDirectChat, Self::OpenMultiChat];

    /// The word in `CHAT_TYPE`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::MemoChat => "MemoChat",
            Self::DirectChat => "DirectChat",
            Self::MultiChat => "MultiChat",
            Self::OpenDirectChat => "OpenDirectChat",
            Self::OpenMultiChat => "OpenMultiChat",
        }
    }

    /// Reads the word.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }

    /// `HASH_CHAT_ID`: "a hash that is unique per service". The sandbox has one chat of each kind and app. How Kakao hashes is not
    /// public; this is a keyed hash, so that it tells neither the chat nor the key.
    pub fn hash(self, app: &App) -> String {
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(app.admin_key.as_str().as_bytes()) else {
            return String::new(); // HMAC takes keys of every length
        };
        mac.update(b"chat\0");
        mac.update(self.as_str().as_bytes());
        let whole = mac.finalize().into_bytes();
        BASE64URL_NOPAD.encode(whole.get(..HASH_BYTES).unwrap_or(&whole))
    }
}

const HASH_BYTES: usize = 18;

//! The few words that stand beside a message rather than in it, in both languages: for those who hear the page instead of seeing it,
//! and in the place of a picture that is missing.

use crate::{language::Language, template::message::SocialKind};

/// What is counted.
pub(super) fn counted(kind: SocialKind, language: Language) -> &'static str {
    let (ko, en) = match kind {
        SocialKind::Like => ("좋아요", "Likes"),
        SocialKind::Comment => ("댓글", "Comments"),
        SocialKind::Shared => ("공유", "Shares"),
        SocialKind::View => ("조회", "Views"),
        SocialKind::Subscriber => ("구독", "Subscribers"),
    };
    pick(language, ko, en)
}

/// What a picture says to those who do not see it: a template has no words for it.
pub(super) fn picture(number: usize, of: usize, language: Language) -> String {
    match (language, of) {
        (Language::Ko, 0..=1) => "이미지".to_owned(),
        (Language::En, 0..=1) => "Image".to_owned(),
        (Language::Ko, _) => format!("이미지 {number}/{of}"),
        (Language::En, _) => format!("Image {number} of {of}"),
    }
}

/// What an event's tile says.
pub(super) fn event(language: Language) -> &'static str {
    pick(language, "일정", "Event")
}

/// What the price before a discount says.
pub(super) fn regular(language: Language) -> &'static str {
    pick(language, "정가", "Regular price")
}

/// Why there is no picture, in two short lines.
pub(super) fn no_picture(outcome: &str, language: Language) -> String {
    let none = pick(language, "이미지 없음", "No image");
    match outcome.strip_prefix("image-status-") {
        _ if outcome.is_empty() => none.to_owned(),
        Some(status) => format!("{none}\nHTTP {status}"),
        None => format!("{none}\n{outcome}"),
    }
}

fn pick(language: Language, ko: &'static str, en: &'static str) -> &'static str {
    match language {
        Language::Ko => ko,
        Language::En => en,
    }
}

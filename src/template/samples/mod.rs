//! Templates to start from: of each default type a rich one and a minimal one. Not custom templates: those are files of
//! `config/templates`. Links are on the domains that the sandbox's app registers; pictures are those of Kakao's own examples
//! (message-template/default), which every KakaoTalk can load.

use std::sync::LazyLock;

use serde::Serialize;

use super::object::ObjectType;
use crate::finding::Text;

/// A template to start from.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct Sample {
    /// Name, such as `feed` or `feed-minimal`.
    pub name: &'static str,
    /// Its type.
    pub object_type: ObjectType,
    /// What it shows.
    pub title: Text,
    /// Pretty JSON.
    pub text: &'static str,
}

/// All of them, in the order of Kakao's reference, each type's rich one first.
pub fn samples() -> &'static [Sample] {
    &SAMPLES
}

static SAMPLES: LazyLock<Vec<Sample>> =
    LazyLock::new(|| {
        let sample = |(name, object_type, ko, en, text): &(&'static str, ObjectType, &str, &str, &'static str)| {
            Sample { name, object_type: *object_type, title: Text { ko: (*ko).to_owned(), en: (*en).to_owned() }, text }
        };
        TABLE.iter().map(sample).collect()
    });

/// Name, type, title in Korean and English, text.
const TABLE: &[(&str, ObjectType, &str, &str, &str)] = &[
    (
        "feed",
        ObjectType::Feed,
        "피드: 아이템 목록과 소셜 정보까지",
        "Feed: with item list and social counts",
        include_str!("feed.json"),
    ),
    (
        "feed-minimal",
        ObjectType::Feed,
        "피드: 필수 항목만",
        "Feed: what is required alone",
        include_str!("feed-minimal.json"),
    ),
    (
        "list",
        ObjectType::List,
        "리스트: 글 세 편과 버튼 두 개",
        "List: three posts and two buttons",
        include_str!("list.json"),
    ),
    (
        "list-minimal",
        ObjectType::List,
        "리스트: 필수 항목만",
        "List: what is required alone",
        include_str!("list-minimal.json"),
    ),
    (
        "location",
        ObjectType::Location,
        "위치: 모임 장소와 지도 버튼",
        "Location: where to meet, with the map button",
        include_str!("location.json"),
    ),
    (
        "location-minimal",
        ObjectType::Location,
        "위치: 필수 항목만",
        "Location: what is required alone",
        include_str!("location-minimal.json"),
    ),
    (
        "commerce",
        ObjectType::Commerce,
        "커머스: 할인 중인 상품",
        "Commerce: a product at a discount",
        include_str!("commerce.json"),
    ),
    (
        "commerce-minimal",
        ObjectType::Commerce,
        "커머스: 필수 항목만",
        "Commerce: what is required alone",
        include_str!("commerce-minimal.json"),
    ),
    (
        "text",
        ObjectType::Text,
        "텍스트: 배송 안내와 버튼 두 개",
        "Text: a delivery notice with two buttons",
        include_str!("text.json"),
    ),
    (
        "text-minimal",
        ObjectType::Text,
        "텍스트: 필수 항목만",
        "Text: what is required alone",
        include_str!("text-minimal.json"),
    ),
    (
        "calendar",
        ObjectType::Calendar,
        "캘린더: 일정 하나와 버튼",
        "Calendar: an event with a button",
        include_str!("calendar.json"),
    ),
    (
        "calendar-minimal",
        ObjectType::Calendar,
        "캘린더: 필수 항목만",
        "Calendar: what is required alone",
        include_str!("calendar-minimal.json"),
    ),
];

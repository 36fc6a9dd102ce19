//! The rules of templates in one table: how bad breaking each is, how well it is known, and where it is from. Not how a break is found
//! (one file per subject) and not the sentences (`static/i18n/template.toml`, by code).
//!
//! An error is what Kakao refuses, drops or cuts off, by its own pages or the checks of its SDKs. What is only told by old copies of
//! documentation, by use, or by common sense is a warning at most.

use crate::finding::{
    Confidence::{self, Default as Assumed, Documented, Observed},
    Severity::{self, Error, Info, Warning},
};

/// One rule.
#[derive(Debug, Clone, Copy)]
pub struct Rule {
    /// Stable kebab-case name.
    pub code: &'static str,
    /// How bad breaking it is.
    pub severity: Severity,
    /// How well it is known.
    pub confidence: Confidence,
    /// Where it is from: a page of Kakao's documentation, a file of its SDKs, or what else there is.
    pub source: &'static str,
}

/// The rule of a code.
pub fn rule(code: &str) -> Option<&'static Rule> {
    RULES.iter().find(|rule| rule.code == code)
}

const fn row(code: &'static str, severity: Severity, confidence: Confidence, source: &'static str) -> Rule {
    Rule { code, severity, confidence, source }
}

const TEMPLATES: &str = "developers.kakao.com/docs/latest/ko/message-template/default";
const CUSTOM: &str = "developers.kakao.com/docs/latest/ko/message-template";
const SHARE_TROUBLE: &str = "developers.kakao.com/docs/latest/ko/kakaotalk-share/trouble-shooting";
const MESSAGE_TROUBLE: &str = "developers.kakao.com/docs/latest/ko/kakaotalk-message/trouble-shooting";
const SHARE_FAQ: &str = "developers.kakao.com/docs/latest/ko/kakaotalk-share/faq";
const CLAMP: &str = "cs.kakao.com article 1073203581";
const OLD: &str = "earlier documentation of the KakaoTalk API, in copies";
const JAVASCRIPT: &str = "Kakao JavaScript SDK 1.43.5";
const SDKS: &str = "types of Kakao's SDKs (TemplateModels.swift, template models of kakao_flutter_sdk)";
const NATIVE: &str = "kakao-ios-sdk 2.27.3, kakao_flutter_sdk: size limit of message templates";
/// Of one of `title`, `image_url`, `description`; of `image_width` and `image_height` from 200; of `discount_rate` from 0 to 100.
const COPIES: &str = "Kakao's reference as others wrote it down in types (IKakaoTalk.Content, IKakaoTalk.Commerce)";
const USE: &str = "common sense: no source says it";

/// Every rule, by subject.
pub const RULES: &[Rule] = &[
    // the text and the whole
    row("json-broken", Error, Observed, "answer -2 of kapi (kakao_flutter_sdk issue 11)"),
    row("toml-broken", Error, Documented, "toml.io/en/v1.1.0"),
    row("key-twice", Warning, Assumed, "RFC 8259, section 4"),
    row("template-not-object", Error, Observed, "answer -2 of kapi (kakao_flutter_sdk issue 11)"),
    row("object-type-unknown", Error, Documented, TEMPLATES),
    row("object-type-not-custom", Error, Documented, CUSTOM),
    row("size-native", Error, Observed, NATIVE),
    row("size-javascript", Error, Observed, JAVASCRIPT),
    row("problems-more", Info, Assumed, "sandbox.max_problems"),
    // fields and their types
    row("field-required", Error, Documented, TEMPLATES),
    row("field-unknown", Warning, Assumed, TEMPLATES),
    row("field-misspelt", Warning, Assumed, TEMPLATES),
    row("field-camel-case", Warning, Observed, JAVASCRIPT),
    row("field-unused", Warning, Assumed, TEMPLATES),
    row("field-custom-only", Warning, Documented, CUSTOM),
    row("type-wrong", Error, Documented, TEMPLATES),
    row("number-as-text", Warning, Assumed, SDKS),
    row("text-as-number", Warning, Assumed, SDKS),
    row("number-not-whole", Error, Documented, TEMPLATES),
    row("number-negative", Warning, Assumed, USE),
    row("number-too-large", Warning, Observed, SDKS),
    // texts
    row("text-empty", Warning, Assumed, USE),
    row("text-too-long", Error, Documented, TEMPLATES),
    row("text-cut", Warning, Documented, TEMPLATES),
    row("text-wraps", Info, Documented, TEMPLATES),
    row("text-lines", Info, Observed, OLD),
    row("length-depends", Info, Assumed, USE),
    // links
    row("link-empty", Error, Documented, TEMPLATES),
    row("link-no-pc", Info, Documented, TEMPLATES),
    row("link-domain-unregistered", Warning, Documented, SHARE_TROUBLE),
    row("link-host-private", Info, Assumed, USE),
    row("url-invalid", Error, Observed, OLD),
    row("url-scheme", Error, Documented, MESSAGE_TROUBLE),
    row("url-characters", Warning, Observed, OLD),
    row("url-too-long", Warning, Assumed, USE),
    row("execution-params-url", Warning, Documented, TEMPLATES),
    row("execution-params-malformed", Warning, Documented, TEMPLATES),
    row("execution-params-one-platform", Info, Documented, TEMPLATES),
    // buttons
    row("buttons-too-many", Error, Documented, TEMPLATES),
    row("button-title-long", Info, Documented, TEMPLATES),
    row("button-title-ignored", Info, Documented, TEMPLATES),
    // content and images
    row("content-bare", Warning, Observed, COPIES),
    row("title-missing", Info, Observed, JAVASCRIPT),
    row("image-missing", Info, Observed, JAVASCRIPT),
    row("image-small", Warning, Observed, COPIES),
    row("image-below-recommended", Info, Documented, SHARE_FAQ),
    row("image-size-incomplete", Info, Assumed, USE),
    row("image-ratio", Info, Documented, CLAMP),
    row("image-http", Info, Assumed, USE),
    row("image-host-private", Warning, Assumed, USE),
    row("images-too-many", Error, Documented, CUSTOM),
    // list, social, calendar
    row("contents-too-few", Error, Documented, TEMPLATES),
    row("contents-too-many", Error, Documented, TEMPLATES),
    row("social-too-many", Info, Documented, TEMPLATES),
    row("id-type-unknown", Error, Documented, TEMPLATES),
    // commerce
    row("discount-forms-together", Error, Documented, TEMPLATES),
    row("discount-above-regular", Warning, Assumed, USE),
    row("discount-price-missing", Warning, Assumed, USE),
    row("discount-rate-range", Warning, Observed, COPIES),
    row("discount-rate-mismatch", Warning, Assumed, USE),
    row("currency-position-unknown", Error, Documented, TEMPLATES),
    row("description-unused", Warning, Observed, "kakao_flutter_sdk issue 139"),
    // item list
    row("items-too-many", Error, Documented, TEMPLATES),
    row("item-incomplete", Warning, Observed, SDKS),
    row("sum-incomplete", Warning, Assumed, USE),
    row("amount-characters", Info, Observed, SDKS),
    // custom templates and arguments
    row("template-id-invalid", Error, Observed, SDKS),
    row("purpose-unknown", Error, Documented, MESSAGE_TROUBLE),
    row("argument-malformed", Warning, Assumed, USE),
    row("argument-other-style", Warning, Assumed, USE),
    row("argument-in-default", Warning, Assumed, CUSTOM),
    row("scrap-argument-unknown", Warning, Observed, OLD),
];

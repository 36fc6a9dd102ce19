//! The report's own words in both languages. The sentences of findings come with the findings.

use crate::{
    cli::options::Language,
    finding::{Confidence, Severity, Text},
};

pub(super) use crate::rules::thousands;

/// One language.
#[derive(Debug)]
pub(super) struct Words {
    pub language: Language,
    pub card_of: &'static str,
    pub no_image: &'static str,
    pub findings: &'static str,
    /// One, several.
    pub severities: [[&'static str; 2]; 3],
    pub confidences: [&'static str; 3],
    pub request: &'static str,
    pub chain: &'static str,
    pub requests: [&'static str; 2],
    pub stages: [&'static str; 5],
    pub no_answer: &'static str,
    pub location: &'static str,
    pub certificate: &'static str,
    pub issuer: &'static str,
    pub valid_until: &'static str,
    pub valid_from: &'static str,
    pub expired: &'static str,
    pub days_left: [&'static str; 2],
    pub choices: &'static str,
    pub title: &'static str,
    pub description: &'static str,
    pub url: &'static str,
    pub kind: &'static str,
    pub no_value: &'static str,
    pub same_value: &'static str,
    pub more: &'static str,
    pub images: &'static str,
    pub images_used: &'static str,
    pub tags: &'static str,
    pub tags_shown: &'static str,
    pub empty: &'static str,
    pub in_body: &'static str,
    pub displaced: &'static str,
    pub page: &'static str,
    /// `bom`, `http-header`, `meta`, `valid-utf-8`, `detected`, `default`.
    pub charset_sources: [&'static str; 6],
    pub bytes: [&'static str; 2],
    pub kept_until: &'static str,
    pub comparisons: &'static str,
    /// The page, the image, the page of `og:url`.
    pub subjects: [&'static str; 3],
    pub browser: &'static str,
    pub on_the_wire: &'static str,
    pub truncated: &'static str,
    pub asked: &'static str,
}

impl Words {
    /// The words of a language.
    pub fn of(language: Language) -> &'static Self {
        match language {
            Language::Ko => &KO,
            Language::En => &EN,
        }
    }

    /// The sentence in this language.
    pub fn pick<'a>(&self, text: &'a Text) -> &'a str {
        match self.language {
            Language::Ko => &text.ko,
            Language::En => &text.en,
        }
    }

    /// A severity, counted.
    pub fn severity(&self, severity: Severity, count: usize) -> String {
        let [error, warning, info] = self.severities;
        let forms = match severity {
            Severity::Error => error,
            Severity::Warning => warning,
            Severity::Info => info,
        };
        counted(forms, count as u64)
    }

    /// How well a rule is known.
    pub fn confidence(&self, confidence: Confidence) -> &'static str {
        let [documented, observed, default] = self.confidences;
        match confidence {
            Confidence::Documented => documented,
            Confidence::Observed => observed,
            Confidence::Default => default,
        }
    }

    /// Who named the charset; an unknown name is passed on.
    pub fn charset_source<'a>(&self, source: &'a str) -> &'a str {
        let names = ["bom", "http-header", "meta", "valid-utf-8", "detected", "default"];
        names.iter().zip(self.charset_sources).find(|(name, _)| **name == source).map_or(source, |(_, words)| words)
    }
}

/// `{}` is replaced by the number, in the form for one or for several.
pub(in crate::cli) fn counted([one, several]: [&str; 2], count: u64) -> String {
    filled(if count == 1 { one } else { several }, &thousands(count))
}

/// `{}` is replaced by the value.
pub(in crate::cli) fn filled(template: &str, value: &str) -> String {
    template.replacen("{}", value, 1)
}

const EN: Words = Words {
    language: Language::En,
    card_of: "card taken from og:url",
    no_image: "no image",
    findings: "Findings",
    severities: [["{} error", "{} errors"], ["{} warning", "{} warnings"], ["{} info"; 2]],
    confidences: ["documented", "observed", "our default"],
    request: "Request",
    chain: "Redirect chain",
    requests: ["{} request", "{} requests"],
    stages: ["DNS", "connect", "TLS", "wait", "body"],
    no_answer: "no answer",
    location: "redirects to",
    certificate: "certificate",
    issuer: "issued by",
    valid_until: "valid until {}",
    valid_from: "not valid before {}",
    expired: "expired on {}",
    days_left: ["1 day left", "{} days left"],
    choices: "Why these values",
    title: "title",
    description: "description",
    url: "url",
    kind: "type",
    no_value: "no value",
    same_value: "same value",
    more: "and {} more",
    images: "Image candidates",
    images_used: "the first is shown",
    tags: "Tags",
    tags_shown: "{shown} of {all}; --all-tags shows all",
    empty: "(empty)",
    in_body: "in body",
    displaced: "pushed out of head",
    page: "Page",
    charset_sources: [
        "from the byte order mark",
        "from the Content-Type header",
        "from the meta tag",
        "undeclared, reads as UTF-8",
        "undeclared, guessed from the content",
        "undeclared, default used",
    ],
    bytes: ["{} byte", "{} bytes"],
    kept_until: "kept until {}",
    comparisons: "Compared with others",
    subjects: ["page", "image", "og:url"],
    browser: "browser",
    on_the_wire: "{} on the wire",
    truncated: "not read to the end",
    asked: "Scraped",
};

const KO: Words = Words {
    language: Language::Ko,
    card_of: "og:url의 카드",
    no_image: "이미지 없음",
    findings: "진단",
    severities: [["오류 {}건"; 2], ["주의 {}건"; 2], ["정보 {}건"; 2]],
    confidences: ["카카오 문서", "관찰됨", "기본값(미확인)"],
    request: "요청",
    chain: "이동 경로",
    requests: ["요청 {}번"; 2],
    stages: ["DNS", "연결", "TLS", "대기", "본문"],
    no_answer: "응답 없음",
    location: "이동할 주소",
    certificate: "인증서",
    issuer: "발급",
    valid_until: "{}까지 유효",
    valid_from: "{}부터 유효",
    expired: "{}에 만료됨",
    days_left: ["{}일 남음"; 2],
    choices: "값을 고른 이유",
    title: "제목",
    description: "설명",
    url: "주소",
    kind: "종류",
    no_value: "값 없음",
    same_value: "같은 값",
    more: "외 {}개",
    images: "이미지 후보",
    images_used: "첫 번째 이미지가 표시됩니다",
    tags: "태그",
    tags_shown: "전체 {all}개 중 {shown}개, 모두 보려면 --all-tags",
    empty: "(비어 있음)",
    in_body: "body 안",
    displaced: "head 밖으로 밀려남",
    page: "응답",
    charset_sources: [
        "BOM에서 확인",
        "Content-Type 헤더에서 확인",
        "메타 태그에서 확인",
        "선언이 없고 UTF-8로 읽힘",
        "선언이 없어 내용으로 추정",
        "선언이 없어 기본값 사용",
    ],
    bytes: ["{}바이트"; 2],
    kept_until: "{}까지 보관",
    comparisons: "다른 User-Agent와 비교",
    subjects: ["페이지", "이미지", "og:url"],
    browser: "브라우저",
    on_the_wire: "전송량 {}",
    truncated: "끝까지 읽지 않음",
    asked: "스크랩",
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_thousands_separators() {
        for (number, written) in
            [(0, "0"), (999, "999"), (1_000, "1,000"), (51_234, "51,234"), (1_234_567, "1,234,567")]
        {
            assert_eq!(thousands(number), written);
        }
    }

    #[test]
    fn one_is_not_counted_as_several() {
        assert_eq!(EN.severity(Severity::Warning, 1), "1 warning");
        assert_eq!(EN.severity(Severity::Warning, 2), "2 warnings");
        assert_eq!(KO.severity(Severity::Error, 1), "오류 1건");
    }
}

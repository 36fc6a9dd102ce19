//! The words of a probe's report in both languages. Sentences of verdicts, limits and findings come with the report.

use crate::{finding::Text, language::Language};

/// One language.
#[derive(Debug)]
pub(super) struct Words {
    pub language: Language,
    pub names: &'static str,
    /// `pinned`, `localhost`.
    sources: [&'static str; 2],
    pub seconds: &'static str,
    pub connections: &'static str,
    pub address: &'static str,
    pub outcome: &'static str,
    pub tls: &'static str,
    pub version: &'static str,
    pub days: &'static str,
    pub days_left: &'static str,
    pub certificate: &'static str,
    pub missing: &'static str,
    pub takes: &'static str,
    pub pages: &'static str,
    pub images: &'static str,
    /// The page, its image; while they are asked for.
    things: [&'static str; 2],
    pub asker: &'static str,
    /// `kakao`, `kakao-older`, `facebook`, `browser`.
    askers: [&'static str; 4],
    pub status: &'static str,
    pub size: &'static str,
    pub spread: &'static str,
    pub runs: &'static str,
    pub differs: &'static str,
    /// `status`, `redirect`, `body`, `type`, `slower`, `challenge`, `geo`.
    differences: [&'static str; 7],
    pub title: &'static str,
    pub challenge: &'static str,
    pub limits: &'static str,
    pub asked: &'static str,
    pub hosts: &'static str,
    pub resolving: &'static str,
    pub connecting: &'static str,
    pub asking: &'static str,
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

    /// Who asked; an unknown one is passed on.
    pub fn who<'a>(&self, who: &'a str) -> &'a str {
        named(["kakao", "kakao-older", "facebook", "browser"], self.askers, who)
    }

    /// What was asked for.
    pub fn thing<'a>(&self, of: &'a str) -> &'a str {
        named(["page", "image"], self.things, of)
    }

    /// How an answer differs.
    pub fn difference<'a>(&self, code: &'a str) -> &'a str {
        named(["status", "redirect", "body", "type", "slower", "challenge", "geo"], self.differences, code)
    }

    /// Who said what a name stands for, where that was not a name server.
    pub fn source(&self, source: &str) -> Option<&'static str> {
        let [pinned, localhost] = self.sources;
        match source {
            "pinned" => Some(pinned),
            "localhost" => Some(localhost),
            _ => None,
        }
    }
}

fn named<'a, const N: usize>(codes: [&str; N], names: [&'static str; N], code: &'a str) -> &'a str {
    codes.iter().zip(names).find(|(known, _)| **known == code).map_or(code, |(_, name)| name)
}

const EN: Words = Words {
    language: Language::En,
    names: "Names",
    sources: ["fixed by --resolve", "this machine"],
    seconds: "{} s",
    connections: "Addresses",
    address: "address",
    outcome: "outcome",
    tls: "TLS",
    version: "version",
    days: "certificate",
    days_left: "{} days left",
    certificate: "certificate",
    missing: "missing in the chain: {}",
    takes: "takes {}",
    pages: "Page",
    images: "Image",
    things: ["page", "image"],
    asker: "asked as",
    askers: ["Kakao", "Kakao, older", "Facebook", "browser"],
    status: "status",
    size: "size",
    spread: "min · median · max",
    runs: "runs",
    differs: "differs in",
    differences: ["status", "redirect", "content", "type", "slower", "challenge", "country"],
    title: "title",
    challenge: "challenge page of {}",
    limits: "What this cannot prove",
    asked: "Probed",
    hosts: "Hosts of Kakao's",
    resolving: "DNS {}",
    connecting: "→ {}",
    asking: "{thing} as {who}, {run} of {runs}",
};

const KO: Words = Words {
    language: Language::Ko,
    names: "이름(DNS)",
    sources: ["--resolve로 지정", "이 컴퓨터"],
    seconds: "{}초",
    connections: "IP 주소",
    address: "주소",
    outcome: "결과",
    tls: "TLS",
    version: "버전",
    days: "인증서",
    days_left: "{}일 남음",
    certificate: "인증서",
    missing: "체인에 빠진 인증서: {}",
    takes: "지원 {}",
    pages: "페이지",
    images: "이미지",
    things: ["페이지", "이미지"],
    asker: "User-Agent",
    askers: ["카카오", "카카오(옛 표기)", "페이스북", "브라우저"],
    status: "상태",
    size: "크기",
    spread: "최소 · 중간 · 최대",
    runs: "횟수",
    differs: "차이",
    differences: ["상태", "이동", "내용", "형식", "느림", "봇 확인", "국가"],
    title: "제목",
    challenge: "{}의 봇 확인 페이지",
    limits: "이 검사로 알 수 없는 것",
    asked: "검사",
    hosts: "카카오 호스트",
    resolving: "DNS {}",
    connecting: "→ {}",
    asking: "{thing} 요청({who}) {run}/{runs}",
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_no_name_is_shown_by_its_code() {
        assert_eq!((EN.who("kakao-older"), EN.who("bing")), ("Kakao, older", "bing"));
        assert_eq!((KO.difference("geo"), KO.difference("new")), ("국가", "new"));
        assert_eq!((EN.source("dns"), EN.source("pinned")), (None, Some("fixed by --resolve")));
    }
}

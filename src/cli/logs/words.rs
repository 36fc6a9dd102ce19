//! The report's own words about logs in both languages. Sentences of verdicts, origins and findings come with the report.

use crate::{
    accesslog::{Origin, report::Arrival},
    language::Language,
};

/// One language.
#[derive(Debug)]
pub(super) struct Words {
    pub requests: [&'static str; 2],
    pub files: [&'static str; 2],
    pub addresses: [&'static str; 2],
    pub partial: &'static str,
    pub lately: &'static str,
    /// In the order of [`Arrival`].
    arrivals: [&'static str; 5],
    pub who: &'static str,
    /// In the order of [`Origin`].
    origins: [&'static str; 5],
    pub ranges: &'static str,
    pub seen: &'static str,
    pub unseen: [&'static str; 2],
    pub why_unseen: &'static str,
    pub range: &'static str,
    pub count: &'static str,
    pub pages: &'static str,
    pub images: &'static str,
    pub slow_count: &'static str,
    pub first: &'static str,
    pub last: &'static str,
    pub over_time: &'static str,
    pub step: &'static str,
    pub whose: &'static str,
    pub refused: &'static str,
    pub path: &'static str,
    pub address: &'static str,
    pub missing_images: &'static str,
    pub page: &'static str,
    pub no_status: &'static str,
    pub status: &'static str,
    pub asked_pages: &'static str,
    pub images_got: &'static str,
    pub sources: &'static str,
    pub origin: &'static str,
    pub example: &'static str,
    pub slow: &'static str,
    pub seconds: &'static str,
    pub time: &'static str,
    pub more: &'static str,
    pub cut: &'static str,
    pub read: &'static str,
    pub bytes: &'static str,
    pub long_lines: [&'static str; 2],
    pub damaged: &'static str,
    pub unreadable: [&'static str; 2],
    pub client_field: &'static str,
    pub from: &'static str,
}

impl Words {
    /// The words of a language.
    pub fn of(language: Language) -> &'static Self {
        match language {
            Language::Ko => &KO,
            Language::En => &EN,
        }
    }

    /// A verdict in a word or two.
    pub fn arrival(&self, arrival: Arrival) -> &'static str {
        let [served, partly, refused, absent, unknown] = self.arrivals;
        match arrival {
            Arrival::Served => served,
            Arrival::PartlyRefused => partly,
            Arrival::Refused => refused,
            Arrival::Absent => absent,
            Arrival::CannotTell => unknown,
        }
    }

    /// What an origin is called.
    pub fn origin_name(&self, origin: Origin) -> &'static str {
        let [genuine, plausible, cloud, hidden, forged] = self.origins;
        match origin {
            Origin::Genuine => genuine,
            Origin::Plausible => plausible,
            Origin::UnverifiedCloud => cloud,
            Origin::Hidden => hidden,
            Origin::Forged => forged,
        }
    }
}

const EN: Words = Words {
    requests: ["{} request names the scraper", "{} requests name the scraper"],
    files: ["{} file", "{} files"],
    addresses: ["{} address", "{} addresses"],
    partial: "Stopped before the end: only what was read until then is counted.",
    lately: "Of late:",
    arrivals: ["served", "partly refused", "refused", "nothing came", "cannot tell"],
    who: "Who came",
    origins: ["genuine", "plausible", "unverified cloud", "hidden", "forged"],
    ranges: "By range",
    seen: "{} seen",
    unseen: ["1 range never seen", "{} ranges never seen"],
    why_unseen: "This is weak evidence only: Kakao keeps a page for at least an hour without asking again, and its servers take \
        turns. --all lists them.",
    range: "range",
    count: "requests",
    pages: "pages",
    images: "images",
    slow_count: "slow",
    first: "first",
    last: "last (UTC)",
    over_time: "over time",
    step: "{} a step",
    whose: "whose",
    refused: "Refused to Kakao",
    path: "path",
    address: "address",
    missing_images: "Images that Kakao did not get",
    page: "of page",
    no_status: "–",
    status: "status",
    asked_pages: "Pages that Kakao asked for",
    images_got: "images got",
    sources: "Not known as Kakao's",
    origin: "what it is",
    example: "asked for",
    slow: "Slow answers",
    seconds: "seconds",
    time: "time (UTC)",
    more: "and {} more; --all shows them",
    cut: "There were more than are kept: {}. The counts above are of everything.",
    read: "Read",
    bytes: "{} read",
    long_lines: ["1 line was too long to be read whole", "{} lines were too long to be read whole"],
    damaged: "its end could not be unpacked",
    unreadable: ["1 line could not be read", "{} lines could not be read"],
    client_field: "address from {}",
    from: "from",
};

const KO: Words = Words {
    requests: ["카카오 스크래퍼를 자처한 요청 {}건"; 2],
    files: ["파일 {}개"; 2],
    addresses: ["주소 {}개"; 2],
    partial: "중간에 멈췄습니다. 그때까지 읽은 것만 셌습니다.",
    lately: "최근 요청:",
    arrivals: ["정상", "일부 거부", "거부", "요청 없음", "판단 불가"],
    who: "누가 왔는가",
    origins: ["공식 대역", "카카오 네트워크(추정)", "미확인 클라우드", "주소 가려짐", "위조"],
    ranges: "대역별",
    seen: "{}개 확인",
    unseen: ["한 번도 오지 않은 대역 {}개"; 2],
    why_unseen: "약한 근거입니다. 카카오는 페이지를 1시간 넘게 보관해 다시 묻지 않고, 여러 서버가 번갈아 옵니다. 모두 보려면 --all",
    range: "대역",
    count: "요청",
    pages: "페이지",
    images: "이미지",
    slow_count: "느림",
    first: "처음",
    last: "마지막(UTC)",
    over_time: "추이",
    step: "한 칸 {}",
    whose: "소유",
    refused: "카카오가 거부당한 요청",
    path: "경로",
    address: "주소",
    missing_images: "카카오가 받지 못한 이미지",
    page: "페이지",
    no_status: "–",
    status: "상태",
    asked_pages: "카카오가 요청한 페이지",
    images_got: "받은 이미지",
    sources: "카카오로 확인되지 않은 주소",
    origin: "구분",
    example: "요청한 경로",
    slow: "느린 응답",
    seconds: "초",
    time: "시각(UTC)",
    more: "외 {}건, 모두 보려면 --all",
    cut: "보관 한도를 넘은 항목: {}. 위의 합계에는 모두 들어 있습니다.",
    read: "읽은 파일",
    bytes: "{} 읽음",
    long_lines: ["너무 길어 앞부분만 읽은 줄 {}개"; 2],
    damaged: "파일 끝의 압축을 풀지 못함",
    unreadable: ["읽지 못한 줄 {}개"; 2],
    client_field: "주소 필드 {}",
    from: "출처",
};

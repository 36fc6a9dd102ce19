//! The words of the tables in both languages. The sentences come with the reports.

use crate::{ips::report::Share, language::Language};

/// One language.
#[derive(Debug)]
pub(super) struct Words {
    pub source: &'static str,
    pub fetched: &'static str,
    pub hours_ago: [&'static str; 2],
    pub days_ago: [&'static str; 2],
    pub list_of: &'static str,
    pub kept_in: &'static str,
    pub next: &'static str,
    pub when_due: &'static str,
    pub last: &'static str,
    pub calls_you: &'static str,
    pub you_call: &'static str,
    pub ranges: [&'static str; 2],
    pub ports: &'static str,
    pub updated: &'static str,
    pub unknown_keys: &'static str,
    pub more: &'static str,
    pub coming: &'static str,
    pub announced: &'static str,
    pub withdrawn: &'static str,
    pub no_day: &'static str,
    pub days_left: [&'static str; 2],
    pub today: &'static str,
    pub over: [&'static str; 2],
    pub old: &'static str,
    pub new: &'static str,
    pub any_service: &'static str,
    pub missing: &'static str,
    pub too_much: &'static str,
    pub lines: &'static str,
    pub not_kakaos: &'static str,
    shares: [&'static str; 3],
    kakao_shares: [&'static str; 3],
    pub origins: [&'static str; 3],
    pub kept_nowhere: &'static str,
    pub set_aside: &'static str,
    pub no_previous: [&'static str; 2],
    pub no_kept: [&'static str; 2],
}

impl Words {
    /// The words of a language.
    pub fn of(language: Language) -> &'static Self {
        match language {
            Language::Ko => &KO,
            Language::En => &EN,
        }
    }

    /// How much of a line the list has.
    pub fn share(&self, share: Share) -> &'static str {
        of(share, self.shares)
    }

    /// How much of a line Kakao's networks have.
    pub fn kakao_share(&self, share: Share) -> &'static str {
        of(share, self.kakao_shares)
    }
}

fn of(share: Share, [all, part, nothing]: [&'static str; 3]) -> &'static str {
    match share {
        Share::All => all,
        Share::Part => part,
        Share::Nothing => nothing,
    }
}

/// `{}` is replaced by the value.
pub(super) fn filled(template: &str, value: &str) -> String {
    template.replacen("{}", value, 1)
}

/// The form for one or for several, `{}` replaced by the number.
pub(super) fn counted([one, several]: [&str; 2], count: i64) -> String {
    filled(if count == 1 { one } else { several }, &count.to_string())
}

const EN: Words = Words {
    source: "Source",
    fetched: "Fetched",
    hours_ago: ["{} hour ago", "{} hours ago"],
    days_ago: ["{} day ago", "{} days ago"],
    list_of: "the list is of {}",
    kept_in: "Kept in",
    next: "Next",
    when_due: "a server with the key fetches it again at {}",
    last: "Last try",
    calls_you: "calls your site",
    you_call: "your server calls it",
    ranges: ["{} range", "{} ranges"],
    ports: "ports {}",
    updated: "changed {}",
    unknown_keys: "has keys that are not documented: {}",
    more: "and {} more; --all shows them",
    coming: "Coming changes",
    announced: "Announced anew",
    withdrawn: "No longer announced",
    no_day: "on a day that is not said",
    days_left: ["in {} day", "in {} days"],
    today: "today",
    over: ["{} day ago", "{} days ago"],
    old: "old",
    new: "new",
    any_service: "services are not told apart",
    missing: "only in the new list:",
    too_much: "only in the old list:",
    lines: "Lines of the old list",
    not_kakaos: "{} of {lines} lines have no address in any network that Kakao or its group announces (observed, not documented by Kakao)",
    shares: ["in the new list", "partly in the new list", "not in the new list"],
    kakao_shares: ["Kakao's network", "partly Kakao's network", "not Kakao's network"],
    origins: ["Kakao's API", "a plain list", "announced by BGP"],
    kept_nowhere: "ips.store is empty and there is no home folder: the list was shown, but is kept nowhere",
    set_aside: "a kept file that was broken is now {}",
    no_previous: [
        "there is no list before the kept one",
        "it is kept from the first change on; give two lists, such as: scraplens ips diff old.json new.json",
    ],
    no_kept: [
        "no official list is kept",
        "fetch it with `scraplens ips refresh`, or give the other list as a file or as the word announced",
    ],
};

const KO: Words = Words {
    source: "출처",
    fetched: "받은 때",
    hours_ago: ["{}시간 전"; 2],
    days_ago: ["{}일 전"; 2],
    list_of: "목록 기준일 {}",
    kept_in: "보관 위치",
    next: "다음 갱신",
    when_due: "키가 있는 서버가 {}에 다시 받습니다",
    last: "마지막 시도",
    calls_you: "사이트로 들어오는 요청",
    you_call: "서버에서 나가는 요청",
    ranges: ["대역 {}개"; 2],
    ports: "포트 {}",
    updated: "{} 변경",
    unknown_keys: "문서에 없는 항목: {}",
    more: "외 {}개, 모두 보려면 --all",
    coming: "예정된 변경",
    announced: "새로 예고된 변경",
    withdrawn: "예고에서 빠진 변경",
    no_day: "날짜 미정",
    days_left: ["{}일 남음"; 2],
    today: "오늘",
    over: ["{}일 지남"; 2],
    old: "이전",
    new: "새 목록",
    any_service: "서비스 구분 없음",
    missing: "새 목록에만 있음:",
    too_much: "이전 목록에만 있음:",
    lines: "이전 목록의 각 줄",
    not_kakaos: "{lines}줄 중 {}줄은 카카오와 계열사가 공개한 네트워크에 속한 주소가 없습니다(관찰됨, 카카오 문서 아님)",
    shares: ["새 목록에 있음", "일부만 새 목록에 있음", "새 목록에 없음"],
    kakao_shares: ["카카오 네트워크", "일부만 카카오 네트워크", "카카오 네트워크 아님"],
    origins: ["카카오 API", "일반 목록", "BGP 공개 대역"],
    kept_nowhere: "ips.store가 비어 있고 홈 폴더가 없어, 목록을 보여 주기만 하고 보관하지 않았습니다",
    set_aside: "손상된 파일은 {}(으)로 옮겨 두었습니다",
    no_previous: [
        "이전 목록이 없습니다",
        "목록이 처음 바뀔 때부터 보관합니다. 두 목록을 직접 줄 수 있습니다: scraplens ips diff old.json new.json",
    ],
    no_kept: [
        "보관 중인 공식 목록이 없습니다",
        "`scraplens ips refresh`로 받거나, 비교할 목록을 파일이나 announced로 지정하세요",
    ],
};

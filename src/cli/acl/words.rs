//! The table's own words in both languages. The sentences of verdicts, doubts and changes come with the report.

use crate::{acl::report::Standing, finding::Text, language::Language};

/// One language.
#[derive(Debug)]
pub(super) struct Words {
    language: Language,
    /// Allowed, partly allowed, denied, cannot tell; counted.
    counts: [&'static str; 4],
    /// The same of one thing.
    standings: [&'static str; 4],
    pub ranges: [&'static str; 2],
    pub ports: [&'static str; 2],
    pub list: &'static str,
    pub age: [&'static str; 2],
    pub layers: &'static str,
    pub rules: [&'static str; 2],
    /// `balancer`, `header`.
    pub sees: [&'static str; 2],
    pub refused: &'static str,
    pub unknown: &'static str,
    pub let_in: &'static str,
    /// `syn-ack`, `data`, `reply`.
    packets: [&'static str; 3],
    pub in_part: &'static str,
    pub part_of: &'static str,
    pub from_day: &'static str,
    pub until_day: &'static str,
    pub more: &'static str,
    pub more_networks: &'static str,
    pub more_lines: &'static str,
    pub dead: &'static str,
    pub dead_by: &'static str,
    pub assumed: &'static str,
    pub changes: &'static str,
    pub next: &'static str,
    pub by_hand: &'static str,
    pub diff: &'static str,
    pub commands: &'static str,
    pub remarks: &'static str,
    pub obstacles: &'static str,
    pub proof: &'static str,
    pub compared_ports: &'static str,
    pub compared_pieces: &'static str,
    pub must_not: &'static str,
    pub also_opens: &'static str,
    pub before_after: &'static str,
    pub wrote: &'static str,
    pub wrote_nothing: &'static str,
    pub fixes: &'static str,
    pub joins: &'static str,
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

    /// The sentence in this language.
    pub fn pick<'a>(&self, text: &'a Text) -> &'a str {
        match self.language {
            Language::Ko => &text.ko,
            Language::En => &text.en,
        }
    }

    /// So many ranges stand so.
    pub fn count(&self, standing: Standing, count: usize) -> String {
        filled(of(standing, self.counts), &count.to_string())
    }

    /// How one thing stands.
    pub fn standing(&self, standing: Standing) -> &'static str {
        of(standing, self.standings)
    }

    /// Which way of a visit is refused; empty for the first packet and for a request, which is what everybody thinks of.
    pub fn packet(&self, packet: &str) -> &'static str {
        let [syn_ack, data, reply] = self.packets;
        match packet {
            "syn-ack" => syn_ack,
            "data" => data,
            "reply" => reply,
            _ => "",
        }
    }
}

fn of(standing: Standing, [allowed, partial, denied, unknown]: [&'static str; 4]) -> &'static str {
    match standing {
        Standing::Allowed => allowed,
        Standing::Partial => partial,
        Standing::Denied => denied,
        Standing::Undetermined => unknown,
    }
}

/// `{}` is replaced by the value.
pub(super) fn filled(template: &str, value: &str) -> String {
    template.replacen("{}", value, 1)
}

/// The form for one or for several, `{}` replaced by the number.
pub(super) fn counted([one, several]: [&str; 2], count: usize) -> String {
    filled(if count == 1 { one } else { several }, &count.to_string())
}

const EN: Words = Words {
    language: Language::En,
    counts: ["{} allowed", "{} partly allowed", "{} denied", "{} not known"],
    standings: ["allowed", "partly allowed", "denied", "cannot tell"],
    ranges: ["{} range", "{} ranges"],
    ports: ["port {}", "ports {}"],
    list: "List",
    age: ["1 day old", "{} days old"],
    layers: "Layers",
    rules: ["{} rule", "{} rules"],
    sees: ["sees the balancer's address", "sees the address in a header"],
    refused: "Refused",
    unknown: "Cannot tell",
    let_in: "Let in",
    packets: ["the answer to the connection", "what comes after the connection is made", "the answer on its way back"],
    in_part: "{} in part",
    part_of: "{parts} of {range}",
    from_day: "from {}",
    until_day: "until {}",
    more: "and {} more; --all shows them",
    more_networks: "and {} more",
    more_lines: "and {} more lines",
    dead: "Lines that never decide",
    dead_by: "because of",
    assumed: "Taken for granted",
    changes: "Coming changes",
    next: "Next",
    by_hand: "{}: no change can be written for this format; allow the networks above by hand",
    diff: "Change",
    commands: "The same as commands",
    remarks: "Before applying it",
    obstacles: "What stays closed or unknown",
    proof: "Proof",
    compared_ports: "ports {}",
    compared_pieces: "{} address ranges compared",
    must_not: "Do not apply this: it would change more than it should",
    also_opens: "Opens more for these ranges than was asked for, because the rules here know no ports:",
    before_after: "{before} before, {after} after",
    wrote: "wrote {}",
    wrote_nothing: "nothing was written",
    fixes: "acl fix writes it",
    joins: "several files are one layer",
    from: "from",
};

const KO: Words = Words {
    language: Language::Ko,
    counts: ["허용 {}", "일부 허용 {}", "차단 {}", "판단 불가 {}"],
    standings: ["허용", "일부 허용", "차단", "판단 불가"],
    ranges: ["대역 {}개"; 2],
    ports: ["포트 {}"; 2],
    list: "목록",
    age: ["{}일 지남"; 2],
    layers: "계층",
    rules: ["규칙 {}개"; 2],
    sees: ["로드밸런서 주소를 봄", "헤더의 주소를 봄"],
    refused: "차단",
    unknown: "판단 불가",
    let_in: "허용",
    packets: ["연결 응답(SYN-ACK)이 막힘", "연결 뒤의 패킷이 막힘", "돌아가는 응답이 막힘"],
    in_part: "일부만 {}개",
    part_of: "{range} 중 {parts}",
    from_day: "{}부터",
    until_day: "{}까지",
    more: "외 {}건, 모두 보려면 --all",
    more_networks: "외 {}개",
    more_lines: "외 {}줄",
    dead: "쓰이지 않는 줄",
    dead_by: "먼저 걸리는 줄",
    assumed: "이렇게 가정했습니다",
    changes: "예정된 변경",
    next: "다음 단계",
    by_hand: "{}: 이 형식의 변경안은 만들 수 없습니다. 위 대역을 직접 허용하세요",
    diff: "변경",
    commands: "같은 변경의 명령",
    remarks: "적용하기 전에",
    obstacles: "아직 막히거나 알 수 없는 것",
    proof: "검증",
    compared_ports: "포트 {}",
    compared_pieces: "주소 구간 {}개 비교",
    must_not: "적용하지 마세요. 필요한 것보다 많이 바뀝니다",
    also_opens: "이 규칙은 포트를 구분하지 않아, 같은 대역에 다른 포트도 열립니다.",
    before_after: "변경 전 {before}, 변경 후 {after}",
    wrote: "{}에 썼습니다",
    wrote_nothing: "아무것도 쓰지 않았습니다",
    fixes: "acl fix 지원",
    joins: "여러 파일이 한 계층",
    from: "출처",
};

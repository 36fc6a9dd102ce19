//! Which column a header names, in Korean or English. The cells are read in `cells`.

/// A column that is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Column {
    /// The rule's number.
    Number,
    /// Whether the rule is in use.
    Enabled,
    /// Source addresses.
    Source,
    /// Destination addresses.
    Destination,
    /// Services by name, protocol and port.
    Service,
    /// Destination ports.
    Port,
    /// Source ports.
    SourcePort,
    /// Protocols.
    Protocol,
    /// What happens.
    Action,
    /// In or out.
    Direction,
    /// Zone or interface it comes from.
    SourceZone,
    /// Zone or interface it goes to.
    DestinationZone,
    /// When the rule holds.
    Time,
    /// For whom the rule holds.
    User,
    /// For which application the rule holds.
    Application,
    /// The addresses are those for which it does not hold.
    Negated,
}

const NAMES: &[(Column, &[&str])] = &[
    (
        Column::Number,
        &["no", "번호", "순번", "순서", "우선순위", "priority", "seq", "sequence", "정책번호", "규칙번호", "policyid"],
    ),
    (
        Column::Enabled,
        &[
            "사용",
            "사용여부",
            "상태",
            "활성",
            "활성화",
            "활성여부",
            "적용",
            "적용여부",
            "enabled",
            "enable",
            "status",
            "state",
            "active",
            "use",
        ],
    ),
    (
        Column::Source,
        &[
            "출발지",
            "출발지ip",
            "출발지주소",
            "출발지ip주소",
            "출발지객체",
            "소스",
            "소스ip",
            "송신지",
            "source",
            "src",
            "sourceaddress",
            "sourceaddresses",
            "sourceip",
            "srcip",
            "srcaddr",
            "srcaddress",
        ],
    ),
    (
        Column::Destination,
        &[
            "목적지",
            "목적지ip",
            "목적지주소",
            "목적지ip주소",
            "목적지객체",
            "도착지",
            "도착지ip",
            "도착지주소",
            "수신지",
            "destination",
            "dst",
            "dest",
            "destinationaddress",
            "destinationaddresses",
            "destinationip",
            "dstip",
            "dstaddr",
            "dstaddress",
            "destip",
        ],
    ),
    (Column::Service, &["서비스", "서비스객체", "서비스명", "service", "services"]),
    (
        Column::Port,
        &[
            "포트",
            "목적지포트",
            "도착지포트",
            "서비스포트",
            "포트번호",
            "port",
            "ports",
            "dstport",
            "destport",
            "destinationport",
            "destinationports",
            "dport",
        ],
    ),
    (Column::SourcePort, &["출발지포트", "소스포트", "srcport", "sourceport", "sourceports", "sport"]),
    (Column::Protocol, &["프로토콜", "protocol", "proto", "ipprotocol"]),
    (
        Column::Action,
        &[
            "동작",
            "행위",
            "정책",
            "조치",
            "처리",
            "액션",
            "허용차단",
            "허용여부",
            "차단여부",
            "action",
            "policy",
            "verdict",
            "permission",
        ],
    ),
    (Column::Direction, &["방향", "direction", "트래픽방향"]),
    (
        Column::SourceZone,
        &[
            "출발지존",
            "출발지zone",
            "출발지구역",
            "출발지인터페이스",
            "인바운드인터페이스",
            "srczone",
            "sourcezone",
            "fromzone",
            "srcintf",
            "sourceinterface",
            "from",
            "incominginterface",
        ],
    ),
    (
        Column::DestinationZone,
        &[
            "목적지존",
            "목적지zone",
            "목적지구역",
            "목적지인터페이스",
            "도착지존",
            "dstzone",
            "destinationzone",
            "tozone",
            "dstintf",
            "destinationinterface",
            "to",
            "outgoinginterface",
        ],
    ),
    (Column::Time, &["시간", "스케줄", "스케쥴", "일정", "유효기간", "적용시간", "schedule", "time"]),
    (Column::User, &["사용자", "유저", "user", "users", "sourceuser"]),
    (Column::Application, &["애플리케이션", "어플리케이션", "application", "applications", "app"]),
    (
        Column::Negated,
        &[
            "출발지제외",
            "출발지반전",
            "목적지제외",
            "negate",
            "negatesource",
            "sourcenegate",
            "srcaddrnegate",
            "srcnegate",
        ],
    ),
];

/// The column a header names.
pub fn column(header: &str) -> Option<Column> {
    let plain: String = header.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    NAMES.iter().find(|(_, names)| names.contains(&plain.as_str())).map(|(column, _)| *column)
}

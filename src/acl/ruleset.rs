//! What every dialect is read into: chains of rules over packets, and the order in which a packet meets them. The vocabulary
//! is netfilter's, because the others need no more. Nothing is decided here.

use std::sync::Arc;

use super::{Addresses, Family, Place, Ranges};

/// A rule set: what one layer's files say.
#[derive(Debug, Clone, Default)]
pub struct Ruleset {
    /// The chains; a `ChainId` is a place in this list.
    pub chains: Vec<Chain>,
    /// Where packets meet the chains. Within a hook, in the order they are met.
    pub stages: Vec<Stage>,
    /// Families these files speak of. Of a family that is missing nothing is known.
    pub families: Vec<Family>,
    /// Which address the conditions see.
    pub sees: Sees,
    /// What was taken for granted while reading.
    pub assumptions: Vec<Assumption>,
    /// Lines that can never match, as the parser knows (a rule for a set that is empty, a mask that holds nothing).
    pub idle: Vec<Idle>,
}

/// Index of a chain in its rule set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ChainId(pub usize);

/// Rules in order.
#[derive(Debug, Clone, Default)]
pub struct Chain {
    /// Its name in the dialect, for people: `filter INPUT`, `inet fw input`, `location /shop`.
    pub name: String,
    /// The rules, first match first.
    pub rules: Vec<Rule>,
}

/// One rule.
#[derive(Debug, Clone)]
pub struct Rule {
    /// The line it is written in.
    pub place: Place,
    /// When it applies.
    pub when: Condition,
    /// What happens then.
    pub then: Action,
    /// Why this decides, where the action does not say it all: a code of `static/i18n/acl.toml`, section `[why]`.
    pub note: Option<&'static str>,
}

impl Rule {
    /// A rule without a note.
    pub fn new(place: Place, when: Condition, then: Action) -> Self {
        Self { place, when, then, note: None }
    }

    /// The rule with a note.
    #[must_use]
    pub fn with_note(mut self, note: &'static str) -> Self {
        self.note = Some(note);
        self
    }
}

/// What a rule does with what it matches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// Lets it through this stage; a later stage can still refuse.
    Accept,
    /// Refuses, finally.
    Deny(How),
    /// Goes through a chain and comes back at its end.
    Jump(ChainId),
    /// Goes through a chain and comes back where this chain's caller went on (iptables `-g`, nft `goto`).
    Goto(ChainId),
    /// Goes back to the caller; in a base chain, to its policy.
    Return,
    /// Decides nothing (LOG, counters, marks).
    Continue,
    /// DNAT and REDIRECT: changes where the packet goes, and accepts.
    Translate(Translation),
    /// From here on, connection tracking does not know the packet.
    Untrack,
    /// A target nobody here knows: it may do anything.
    Unknown(Doubt),
}

/// Where a packet goes after a translation.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Translation {
    /// The new port; `None` keeps the old one.
    pub port: Option<u16>,
    /// The new address; `None` is this host itself (REDIRECT, or DNAT without an address).
    pub to: Option<std::net::IpAddr>,
}

/// How a packet or a request is refused: what the client sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum How {
    /// Nothing comes back; the client waits until it gives up.
    Drop,
    /// An ICMP error: "connection refused" or "unreachable".
    Reject,
    /// A TCP reset.
    Reset,
    /// Nothing listens on the port.
    Refused,
    /// An HTTP status. 444 is nginx's: the connection closes without an answer.
    Status(u16),
    /// The connection closes without an answer.
    Close,
    /// Status 200 with a page that says no.
    BlockedPage,
}

impl How {
    /// The word of the API.
    pub fn word(self) -> String {
        match self {
            Self::Drop => "drop".to_owned(),
            Self::Reject => "reject".to_owned(),
            Self::Reset => "reset".to_owned(),
            Self::Refused => "refused".to_owned(),
            Self::Status(status) => status.to_string(),
            Self::Close => "close".to_owned(),
            Self::BlockedPage => "blocked-page".to_owned(),
        }
    }
}

/// When a rule applies. Anything that cannot be known is `Unknown`, never left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Condition {
    /// The packet's source address is in the set.
    Source(Arc<Addresses>),
    /// The packet's destination address is in the set.
    Destination(Arc<Addresses>),
    /// The packet is of this family.
    Family(Family),
    /// The IP protocol's number is in the set (TCP is 6).
    Protocol(Ranges),
    /// The source port is in the set.
    SourcePort(Ranges),
    /// The destination port is in the set.
    DestinationPort(Ranges),
    /// Connection tracking's state of the packet is one of these.
    State(States),
    /// TCP flags: those in `mask` are exactly those in `set` (bits of RFC 9293, 3.1).
    Flags {
        /// Flags that are looked at.
        mask: u8,
        /// Flags of these that must be set.
        set: u8,
    },
    /// The interface it came in by: the exact name, or a prefix where it ends in `+` (iptables) or `*` (nft).
    InInterface(String),
    /// The interface it leaves by.
    OutInterface(String),
    /// Nobody can tell from the files.
    Unknown(Doubt),
    /// The opposite.
    Not(Box<Condition>),
    /// All of them. `All` of nothing always applies.
    All(Vec<Condition>),
    /// One of them at least. `Any` of nothing never applies.
    Any(Vec<Condition>),
}

impl Condition {
    /// Always applies.
    pub const ALWAYS: Self = Self::All(Vec::new());
    /// Never applies.
    pub const NEVER: Self = Self::Any(Vec::new());

    /// TCP.
    pub fn tcp() -> Self {
        Self::Protocol(Ranges::one(6, 6))
    }

    /// One destination port.
    pub fn port(port: u16) -> Self {
        Self::DestinationPort(Ranges::one(port.into(), port.into()))
    }

    /// Source addresses.
    pub fn source(addresses: Addresses) -> Self {
        Self::Source(Arc::new(addresses))
    }

    /// Something that cannot be known: `code` is a row of `[doubt]` in `static/i18n/acl.toml`, `what` its `{what}`.
    pub fn unknown(code: &'static str, what: impl Into<String>) -> Self {
        Self::Unknown(Doubt::new(code, what))
    }

    /// The opposite.
    #[must_use]
    pub fn negated(self) -> Self {
        match self {
            Self::Not(inner) => *inner,
            other => Self::Not(Box::new(other)),
        }
    }

    /// The opposite if `negate`.
    #[must_use]
    pub fn negated_if(self, negate: bool) -> Self {
        if negate { self.negated() } else { self }
    }

    /// Both.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::All(mut all), Self::All(others)) => {
                all.extend(others);
                Self::All(all)
            }
            (Self::All(mut all), other) => {
                all.push(other);
                Self::All(all)
            }
            (one, Self::All(others)) => Self::All(std::iter::once(one).chain(others).collect()),
            (one, other) => Self::All(vec![one, other]),
        }
    }
}

/// States of connection tracking, as a set.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct States(u8);

impl States {
    /// No state.
    pub const NONE: Self = Self(0);
    /// Not a packet of any known connection.
    pub const INVALID: Self = Self(1);
    /// The first packet of a connection.
    pub const NEW: Self = Self(2);
    /// A packet of a connection that has seen both directions.
    pub const ESTABLISHED: Self = Self(4);
    /// A connection that another one announced.
    pub const RELATED: Self = Self(8);
    /// Exempted from tracking.
    pub const UNTRACKED: Self = Self(16);

    /// Either set.
    #[must_use]
    pub const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether a state is in it.
    pub const fn has(self, state: Self) -> bool {
        self.0 & state.0 != 0
    }
}

/// Why something cannot be known.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Doubt {
    /// A row of `[doubt]` in `static/i18n/acl.toml`.
    pub code: &'static str,
    /// What exactly: the match, the set's name, the variable. Fills `{what}`.
    pub what: String,
}

impl Doubt {
    /// A doubt.
    pub fn new(code: &'static str, what: impl Into<String>) -> Self {
        Self { code, what: what.into() }
    }
}

/// Where packets meet a chain.
#[derive(Debug, Clone)]
pub struct Stage {
    /// At which point of a packet's way.
    pub hook: Hook,
    /// The base chain.
    pub chain: ChainId,
    /// Only packets of this family come by; `None` for both.
    pub family: Option<Family>,
    /// What happens to what no rule decides.
    pub policy: Policy,
    /// What kind of chain.
    pub kind: Kind,
}

/// The end of a base chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// Accept or Deny.
    pub verdict: Action,
    /// The line that sets it; `None` where the dialect has it built in.
    pub place: Option<Place>,
}

impl Policy {
    /// The dialect's own default, to accept.
    pub fn accept() -> Self {
        Self { verdict: Action::Accept, place: None }
    }

    /// The dialect's own default, to refuse.
    pub fn deny(how: How) -> Self {
        Self { verdict: Action::Deny(how), place: None }
    }
}

/// What a stage does to the packets of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Judges every packet.
    Filter,
    /// Judges the first packet of a connection; the others follow it, in both directions (nat chains, and cloud firewalls
    /// that keep state).
    Connection,
}

/// Points of a packet's way, netfilter's names. Dialects that are no packet filter use `Input` for connections and
/// `Request` for HTTP.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Hook {
    /// nft `netdev` chains, before all else.
    Ingress,
    /// Before routing: raw, mangle, nat.
    Prerouting,
    /// To this host.
    Input,
    /// Through this host to another.
    Forward,
    /// From this host.
    Output,
    /// After routing.
    Postrouting,
    /// A request that has come in: web servers and applications.
    Request,
}

/// Which address a layer sees as the client's.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub enum Sees {
    /// Kakao's own.
    #[default]
    Direct,
    /// That of a load balancer or proxy in front; `None` where it is not known.
    Balancer(Option<Addresses>),
    /// Kakao's, from a header that the proxy in front sets (X-Forwarded-For, PROXY protocol).
    Header,
}

/// Something taken for granted.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Assumption {
    /// A row of `[assumption]` in `static/i18n/acl.toml`.
    pub code: &'static str,
    /// The line that made it necessary.
    pub place: Option<Place>,
    /// What exactly. Fills `{what}`.
    pub what: String,
}

/// A line that never matches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Idle {
    /// The line.
    pub place: Place,
    /// Why, a row of `[idle]` in `static/i18n/acl.toml`.
    pub code: &'static str,
    /// What exactly. Fills `{what}`.
    pub what: String,
}

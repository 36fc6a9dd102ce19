//! Notes when each stage of one hop began and ended, and what the server showed on the way. One recorder per hop.
//! reqwest tells none of this; the resolver, the connector and the TLS verifier each leave a mark here.

use std::{
    net::{IpAddr, SocketAddr},
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use tokio::sync::SetOnce;

use super::{failure::Stage, tls::Chain};
use crate::page::Timing;

/// The marks of one hop.
#[derive(Debug, Default)]
pub(super) struct Recorder {
    marks: Mutex<Marks>,
    ready: SetOnce<()>,
}

#[derive(Debug, Default)]
struct Marks {
    dns: Span,
    connector: Span,
    tls: Span,
    addresses: Vec<SocketAddr>,
    chain: Chain,
}

#[derive(Debug, Default, Clone, Copy)]
struct Span {
    from: Option<Instant>,
    to: Option<Instant>,
}

impl Span {
    fn duration(self) -> Option<Duration> {
        Some(self.to?.saturating_duration_since(self.from?))
    }

    fn under_way(self) -> bool {
        self.from.is_some() && self.to.is_none()
    }
}

impl Recorder {
    fn marks(&self) -> MutexGuard<'_, Marks> {
        self.marks.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The name servers are being asked.
    pub fn dns_started(&self) {
        self.marks().dns.from = Some(Instant::now());
    }

    /// The name servers answered, or will not.
    pub fn dns_finished(&self, addresses: &[IpAddr], port: u16) {
        let mut marks = self.marks();
        marks.dns.to = Some(Instant::now());
        marks.addresses = addresses.iter().map(|ip| SocketAddr::new(*ip, port)).collect();
    }

    /// The URL names the address itself.
    pub fn literal(&self, address: SocketAddr) {
        self.marks().addresses = vec![address];
    }

    /// A connection is being made: name, TCP and TLS.
    pub fn connector_started(&self) {
        self.marks().connector.from = Some(Instant::now());
    }

    /// The connection is ready for a request.
    pub fn connector_finished(&self) {
        let mut marks = self.marks();
        let now = Instant::now();
        marks.connector.to = Some(now);
        if marks.tls.under_way() {
            marks.tls.to = Some(now);
        }
        drop(marks);
        let _already = self.ready.set(()); // kept for waiters that are yet to come
    }

    /// Waits until the connection is ready for a request.
    pub async fn until_ready(&self) {
        self.ready.wait().await;
    }

    /// TCP is up and the TLS handshake begins.
    pub fn tls_started(&self) {
        let mut marks = self.marks();
        if marks.tls.from.is_none() {
            marks.tls.from = Some(Instant::now());
        }
    }

    /// The server showed its certificates.
    pub fn chain(&self, chain: Chain) {
        self.marks().chain = chain;
    }

    /// The certificates the server showed.
    pub fn shown_chain(&self) -> Chain {
        self.marks().chain.clone()
    }

    /// Where we knocked.
    pub fn addresses(&self) -> Vec<SocketAddr> {
        self.marks().addresses.clone()
    }

    /// Who was reached. Of several addresses nobody tells which one it was, unless it answered.
    pub fn reached(&self) -> Option<SocketAddr> {
        let only = match self.marks().addresses.as_slice() {
            [only] => *only,
            _ => return None,
        };
        matches!(self.stage(), Stage::Tls | Stage::Head).then_some(only)
    }

    /// How far it has come.
    pub fn stage(&self) -> Stage {
        let marks = self.marks();
        if marks.connector.to.is_some() {
            Stage::Head
        } else if marks.tls.from.is_some() {
            Stage::Tls
        } else if marks.dns.under_way() {
            Stage::Dns
        } else {
            Stage::Connect
        }
    }

    /// The time of each stage up to a ready connection; `wait` and `body` are the caller's.
    pub fn timing(&self) -> Timing {
        let marks = self.marks();
        let name = marks.dns.duration().unwrap_or_default();
        let until = marks.tls.from.or(marks.connector.to);
        let tcp =
            until.zip(marks.connector.from).map(|(to, from)| to.saturating_duration_since(from).saturating_sub(name));
        Timing {
            dns: marks.dns.duration().map(millis),
            connect: tcp.map(millis),
            tls: marks.tls.duration().map(millis),
            wait: None,
            body: None,
        }
    }

    /// When the connection was ready.
    pub fn ready(&self) -> Option<Instant> {
        self.marks().connector.to
    }
}

/// Milliseconds with one decimal: finer than that is noise.
pub(super) fn millis(duration: Duration) -> f64 {
    (duration.as_secs_f64() * 10_000.0).round() / 10.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hop_that_stopped_in_tls_says_so() {
        let recorder = Recorder::default();
        recorder.connector_started();
        recorder.dns_started();
        assert_eq!(recorder.stage(), Stage::Dns);
        recorder.dns_finished(&[], 443);
        assert_eq!(recorder.stage(), Stage::Connect);
        recorder.tls_started();
        assert_eq!(recorder.stage(), Stage::Tls);
        assert_eq!(recorder.timing().tls, None, "a stage that did not finish has no time");
        recorder.connector_finished();
        assert_eq!(recorder.stage(), Stage::Head);
        assert!(recorder.timing().tls.is_some() && recorder.timing().connect.is_some());
    }

    #[test]
    fn milliseconds_are_rounded_to_a_tenth() {
        assert!((millis(Duration::from_micros(1_234)) - 1.2).abs() < 1e-9);
    }
}

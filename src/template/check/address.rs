//! Addresses: of links, which must be of a registered domain, and of pictures, which Kakao's servers fetch.

use std::net::IpAddr;

use url::{Host, Url};

use super::judge::{Judge, shown};

/// Longest address that is taken without a word: what older browsers take. Kakao names no limit.
const LONGEST: usize = 2048;

/// `web_url`, `mobile_web_url`.
pub(super) fn web(judge: &mut Judge<'_>, path: &str, text: &str) {
    let Some(url) = web_address(judge, path, text) else { return };
    let host = url.host_str().unwrap_or_default();
    match judge.rules.sender {
        Some(sender) if !sender.registers(&url) => {
            let domains = sender.domains.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
            let origin = shown(&url.origin().ascii_serialization());
            judge.tell("link-domain-unregistered", path, &[("origin", &origin), ("domains", &domains)]);
        }
        _ if private(&url) => judge.tell("link-host-private", path, &[("host", &shown(host))]),
        _ => {}
    }
}

/// `image_url` and its like.
pub(super) fn image(judge: &mut Judge<'_>, path: &str, text: &str) {
    let Some(url) = web_address(judge, path, text) else { return };
    if private(&url) {
        judge.tell("image-host-private", path, &[("host", &shown(url.host_str().unwrap_or_default()))]);
    } else if url.scheme() == "http" {
        judge.tell("image-http", path, &[]);
    }
}

/// The address, if it is one of the web. An empty one is an absent one.
fn web_address(judge: &mut Judge<'_>, path: &str, text: &str) -> Option<Url> {
    if text.trim().is_empty() || judge.open(text) {
        return None;
    }
    let bare = text.trim();
    let url = match Url::parse(bare) {
        Ok(url) if port_for_scheme(bare) => {
            judge.tell("url-invalid", path, &[("value", &shown(url.as_str()))]);
            return None;
        }
        Ok(url) => url,
        Err(_) => {
            judge.tell("url-invalid", path, &[("value", &shown(bare))]);
            return None;
        }
    };
    if !matches!(url.scheme(), "http" | "https") {
        judge.tell("url-scheme", path, &[("scheme", &shown(url.scheme()))]);
        return None;
    }
    // `https:example.com` and `http:/example.com` are mended by browsers alone.
    let slashes = bare.split_once(':').is_some_and(|(_, rest)| rest.starts_with("//") && !rest.starts_with("///"));
    if !slashes {
        judge.tell("url-invalid", path, &[("value", &shown(bare))]);
        return None;
    }
    if let Some(odd) = text.chars().find(|character| !allowed(*character)) {
        judge.tell("url-characters", path, &[("character", &spelt(odd))]);
    }
    let length = text.chars().count();
    if length > LONGEST {
        judge.measure("url-too-long", path, length, LONGEST, &[]);
    }
    Some(url)
}

/// `localhost:3000/a` has no scheme; what stands before the colon is a host.
fn port_for_scheme(text: &str) -> bool {
    text.split_once(':').is_some_and(|(_, rest)| rest.starts_with(|first: char| first.is_ascii_digit()))
}

/// Characters of an address by RFC 2396; others are to be percent-encoded.
fn allowed(character: char) -> bool {
    character.is_ascii_alphanumeric() || "-_.!~*'();/?:@&=+$,%#[]".contains(character)
}

/// A character for a sentence.
fn spelt(character: char) -> String {
    if character.is_whitespace() || character.is_control() {
        format!("U+{:04X}", u32::from(character))
    } else {
        character.to_string()
    }
}

/// Whether only some network knows the host: Kakao's servers, and a friend's phone, do not reach it.
fn private(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(ip)) => local(IpAddr::V4(ip)),
        Some(Host::Ipv6(ip)) => local(IpAddr::V6(ip).to_canonical()),
        Some(Host::Domain(name)) => {
            let name = name.trim_end_matches('.');
            let last = name.rsplit('.').next().unwrap_or(name);
            !name.contains('.') || LOCAL_NAMES.contains(&last)
        }
        None => true,
    }
}

/// Names that the Internet's DNS never answers (RFC 2606, 6761, 6762, ICANN for `internal`).
const LOCAL_NAMES: [&str; 5] = ["localhost", "local", "internal", "test", "invalid"];

fn local(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => {
            // 100.64.0.0/10: carrier-grade NAT (RFC 6598).
            let [first, second, ..] = ip.octets();
            let shared = first == 100 && second & 0xc0 == 64;
            ip.is_private() || ip.is_loopback() || ip.is_link_local() || ip.is_unspecified() || shared
        }
        IpAddr::V6(ip) => ip.is_loopback() || ip.is_unspecified() || ip.is_unique_local() || ip.is_unicast_link_local(),
    }
}

//! A site on a real nginx, and the rules and logs that its operator would give: what the tests of the command line and of the HTTP
//! API share.

use std::fs;

use jiff::{SignedDuration, Timestamp};
use tempfile::TempDir;

use crate::nginx::Nginx;

/// Kakao's list as its API gives it.
pub const RANGES: &str = r#"{"inbound":[{"service":"scrap","ips":["27.0.236.0/22"],"ports":[80,443],"updatedDate":"2026-11-20"}],"updatedDate":"2026-11-20"}"#;
/// Refuses all of `RANGES` at line 5.
pub const CLOSED: &str = "*filter\n:INPUT ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n-A INPUT -i lo -j ACCEPT\n-A INPUT -s 27.0.236.0/22 -j DROP\nCOMMIT\n";
pub const OPEN: &str = "*filter\n:INPUT ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\nCOMMIT\n";
/// Gives the page to everybody but Kakao.
pub const BLOCKS_KAKAO: &str = "if ($http_user_agent ~* kakaotalk-scrap) { return 403; }";

const KAKAO: &str = "facebookexternalhit/1.1; kakaotalk-scrap/1.0; +https://devtalk.kakao.com/t/scrap/33984";
const PAGE: &str = r#"<!DOCTYPE html><html lang="ko"><head><meta charset="utf-8"><title>a page</title>
    <meta property="og:title" content="a page"></head><body><p>A page with enough words to be taken for a page.</p></body></html>"#;

pub struct Site {
    nginx: Nginx,
    _root: TempDir,
}

impl Site {
    pub fn new(directives: &str) -> Self {
        let root = tempfile::tempdir().unwrap();
        fs::write(root.path().join("index.html"), PAGE).unwrap();
        Self { nginx: Nginx::serving(root.path(), directives), _root: root }
    }

    pub fn url(&self) -> String {
        self.nginx.url("/")
    }
}

/// Two days of combined log that end now: a visitor every hour, and in the end Kakao's name from this address, answered so.
pub fn log(address: &str, status: u16) -> String {
    let line = |hours: i64, address: &str, status: u16, agent: &str| {
        let time = Timestamp::now() - SignedDuration::from_hours(hours);
        let time = time.strftime("%d/%b/%Y:%H:%M:%S +0000");
        format!("{address} - - [{time}] \"GET / HTTP/1.1\" {status} 512 \"-\" \"{agent}\"\n")
    };
    // As many visitors as a site has: an address that sends most of all requests would be taken for a proxy's.
    let visitors = (0..=48).rev().map(|hours| {
        let visitor = format!("198.51.100.{}", hours + 1);
        line(hours, &visitor, 200, "Mozilla/5.0 (X11; Linux x86_64)")
    });
    let kakao = [line(1, address, status, KAKAO), line(0, address, status, KAKAO)];
    visitors.chain(kakao).collect()
}

/// An address of `RANGES`.
pub const KAKAOS: &str = "27.0.238.7";

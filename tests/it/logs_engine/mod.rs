//! What the log engine makes of whole logs: hand-written ones with their reports, packed ones, hostile ones, and random ones beside a
//! naive reading.

mod cases;
mod hostile;
mod naive;
mod packed;

use std::{fs, path::PathBuf};

use scraplens::{
    accesslog::{self, report::LogReport},
    ips::Current,
    kakao::Kakao,
    logs::{Ask, Logs, LogsError, Session, Settings, Unwatched},
};

fn fixtures() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/logs_engine")
}

fn settings() -> Settings {
    let text = fs::read_to_string(PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("config/default.toml")).unwrap();
    let mut table: toml::Table = text.parse().unwrap();
    table.remove("logs").unwrap().try_into().unwrap()
}

fn logs_with(settings: Settings) -> Logs {
    let kakao = Kakao::embedded().unwrap();
    let current = Current::announced(&kakao);
    Logs::new(settings, accesslog::words().unwrap(), &kakao, current)
}

fn logs() -> Logs {
    logs_with(settings())
}

fn ask() -> Ask {
    Ask { today: "2026-11-23".to_owned(), ..Ask::default() }
}

fn session() -> Session {
    logs().session(&ask()).unwrap()
}

/// The report of one log.
fn read(bytes: &[u8]) -> Result<LogReport, LogsError> {
    let mut session = session();
    session.read("access.log", bytes, &mut Unwatched)?;
    Ok(session.report())
}

/// A line of a combined log at a second of an hour.
fn line(address: &str, second: u32, path: &str, status: u16, agent: &str) -> String {
    let (minute, second) = (second / 60 % 60, second % 60);
    format!(
        "{address} - - [23/Nov/2026:10:{minute:02}:{second:02} +0900] \"GET {path} HTTP/1.1\" {status} 120 \"-\" \"{agent}\"\n"
    )
}

const KAKAO: &str = "facebookexternalhit/1.1; kakaotalk-scrap/1.0; +https://devtalk.kakao.com/t/scrap/33984";
const BROWSER: &str =
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36";

fn codes(report: &LogReport) -> Vec<&'static str> {
    report.findings.iter().map(|finding| finding.code).collect()
}

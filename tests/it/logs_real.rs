//! The formats of access logs against what real web servers wrote for requests that are known: `tests/fixtures/logs_real`, whose
//! README says how it was made. What the engine makes of logs is tested elsewhere.

use std::{borrow::Cow, fs, net::IpAddr, path::PathBuf};

use jiff::Timestamp;
use scraplens::accesslog::{Dialect, Entry, Line};
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Fixture {
    #[expect(dead_code, reason = "for readers")]
    about: String,
    formats: Option<Vec<String>>,
    template: Option<String>,
    lines: Vec<Sent>,
}

/// A request that was sent; what a log must tell of it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Sent {
    about: String,
    time: Timestamp,
    peer: IpAddr,
    #[serde(default)]
    forwarded: Vec<IpAddr>,
    method: Option<String>,
    target: Option<String>,
    host: Option<String>,
    status: u16,
    referer: Option<String>,
    user_agent: Option<String>,
    at_least_seconds: Option<f64>,
    #[serde(default)]
    unsure: Vec<String>,
}

/// Every log with what was sent.
fn fixtures() -> Vec<(String, Vec<u8>, Fixture)> {
    let folder = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/logs_real"));
    let mut logs: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    logs.retain(|path| path.extension().is_some_and(|ending| ending == "log"));
    logs.sort();
    let read = |log: PathBuf| {
        let told = fs::read_to_string(log.with_extension("toml")).unwrap();
        let name = log.file_stem().unwrap().to_string_lossy().into_owned();
        let fixture = toml::from_str(&told).unwrap_or_else(|error| panic!("{name}: {error}"));
        (name, fs::read(log).unwrap(), fixture)
    };
    logs.into_iter().map(read).collect()
}

/// What differs between an entry and the request behind it.
fn differences(entry: &Entry<'_>, sent: &Sent) -> Vec<String> {
    let mut found = Vec::new();
    let mut same = |field: &str, read: Option<String>, asked: Option<String>| {
        if read != asked && !sent.unsure.iter().any(|unsure| unsure == field) {
            found.push(format!("{field}: read {read:?}, sent {asked:?}"));
        }
    };
    let text = |text: &Option<Cow<'_, str>>| text.as_ref().filter(|text| !text.is_empty()).map(ToString::to_string);
    let addresses =
        |all: &[IpAddr]| Some(all.iter().map(|one| one.to_canonical().to_string()).collect::<Vec<_>>().join(" "));
    same("time", entry.time.map(|time| time.as_second().to_string()), Some(sent.time.as_second().to_string()));
    same("peer", entry.peer.map(|peer| peer.to_canonical().to_string()), Some(sent.peer.to_string()));
    same("forwarded", addresses(&entry.forwarded), addresses(&sent.forwarded));
    same("method", text(&entry.method), sent.method.clone());
    same("target", text(&entry.target), sent.target.clone());
    same("host", text(&entry.host), sent.host.clone());
    same("status", entry.status.map(|status| status.to_string()), Some(sent.status.to_string()));
    same("referer", text(&entry.referer), sent.referer.clone());
    same("user_agent", text(&entry.user_agent), sent.user_agent.clone());
    if let Some(least) = sent.at_least_seconds
        && !sent.unsure.iter().any(|unsure| unsure == "seconds")
        && entry.seconds.is_none_or(|seconds| seconds < least || seconds > least + 2.0)
    {
        found.push(format!("seconds: read {:?}, took at least {least}", entry.seconds));
    }
    found
}

/// Every line of a log read by a dialect, against what was sent.
fn compare(name: &str, dialect: &mut Dialect, log: &[u8], sent: &[Sent]) -> Vec<String> {
    let lines: Vec<&[u8]> = log.strip_suffix(b"\n").unwrap_or(log).split(|byte| *byte == b'\n').collect();
    assert_eq!(lines.len(), sent.len(), "{name}: one line for each request");
    let mut wrong = Vec::new();
    for (line, sent) in lines.into_iter().zip(sent) {
        let differences = match dialect.read(line) {
            Line::Entry(entry) => differences(&entry, sent),
            Line::Unreadable if sent.unsure.iter().any(|unsure| unsure == "line") => continue,
            other => vec![format!("read as {other:?}")],
        };
        let shown = String::from_utf8_lossy(line);
        wrong.extend(differences.into_iter().map(|text| format!("{name}, {}: {text}\n    {shown}", sent.about)));
    }
    wrong
}

#[test]
fn lines_of_real_servers_mean_what_was_sent() {
    let mut wrong = Vec::new();
    for (name, log, fixture) in fixtures() {
        if let Some(formats) = &fixture.formats {
            match Dialect::detect(&String::from_utf8_lossy(&log)) {
                Some(mut dialect) if formats.iter().any(|format| format == dialect.format().name) => {
                    wrong.extend(compare(&name, &mut dialect, &log, &fixture.lines));
                }
                other => wrong.push(format!("{name}: found as {:?}", other.map(|dialect| dialect.format().name))),
            }
        }
        if let Some(template) = &fixture.template {
            match Dialect::template(template) {
                Ok(mut dialect) => {
                    wrong.extend(compare(&format!("{name} by its template"), &mut dialect, &log, &fixture.lines));
                }
                Err(error) => wrong.push(format!("{name}: its template: {error}")),
            }
        }
    }

    assert!(wrong.is_empty(), "{} differ:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn there_is_a_log_of_every_server() {
    let names: Vec<String> = fixtures().into_iter().map(|(name, ..)| name).collect();

    for server in ["nginx_", "apache_", "haproxy_", "caddy_"] {
        assert!(names.iter().any(|name| name.starts_with(server)), "{server}");
    }
}

//! The formats of access logs against lines whose meaning was written down by hand (`tests/fixtures/logs`), against an independent writer,
//! and against any bytes at all.

use std::{collections::BTreeSet, fs, net::IpAddr, path::PathBuf};

use jiff::Timestamp;
use proptest::prelude::*;
use scraplens::accesslog::{Dialect, Entry, FORMATS, Line};
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Fixture {
    format: String,
    template: Option<String>,
    client_field: Option<String>,
    lines: Vec<Meant>,
}

/// What a line means.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Meant {
    #[serde(default)]
    other: bool,
    #[serde(default)]
    unreadable: bool,
    time: Option<Timestamp>,
    peer: Option<IpAddr>,
    #[serde(default)]
    forwarded: Vec<IpAddr>,
    method: Option<String>,
    target: Option<String>,
    host: Option<String>,
    status: Option<u16>,
    bytes: Option<u64>,
    seconds: Option<f64>,
    referer: Option<String>,
    user_agent: Option<String>,
}

fn fixtures() -> Vec<(String, Vec<u8>, Fixture)> {
    let folder = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/logs"));
    let mut logs: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    logs.retain(|path| path.extension().is_some_and(|ending| ending == "log"));
    logs.sort();
    let read = |log: PathBuf| {
        let name = log.file_stem().unwrap().to_string_lossy().into_owned();
        let meant = fs::read_to_string(log.with_extension("toml")).unwrap();
        (name.clone(), fs::read(log).unwrap(), toml::from_str(&meant).unwrap_or_else(|error| panic!("{name}: {error}")))
    };
    logs.into_iter().map(read).collect()
}

fn same(name: &str, number: usize, entry: &Entry<'_>, meant: &Meant) {
    let at = format!("{name}, line {number}");
    assert_eq!(entry.time, meant.time, "{at}: time");
    assert_eq!(entry.peer, meant.peer, "{at}: peer");
    assert_eq!(entry.forwarded, meant.forwarded, "{at}: forwarded");
    assert_eq!(entry.method.as_deref(), meant.method.as_deref(), "{at}: method");
    assert_eq!(entry.target.as_deref(), meant.target.as_deref(), "{at}: target");
    assert_eq!(entry.host.as_deref(), meant.host.as_deref(), "{at}: host");
    assert_eq!(entry.status, meant.status, "{at}: status");
    assert_eq!(entry.referer.as_deref(), meant.referer.as_deref(), "{at}: referer");
    assert_eq!(entry.user_agent.as_deref(), meant.user_agent.as_deref(), "{at}: user_agent");
    if meant.bytes.is_some() {
        assert_eq!(entry.bytes, meant.bytes, "{at}: bytes");
    }
    if let Some(seconds) = meant.seconds {
        assert!(entry.seconds.is_some_and(|read| (read - seconds).abs() < 1e-9), "{at}: seconds {:?}", entry.seconds);
    }
}

fn compare(name: &str, dialect: &mut Dialect, log: &[u8], meant: &[Meant]) {
    let lines: Vec<&[u8]> = log.strip_suffix(b"\n").unwrap_or(log).split(|byte| *byte == b'\n').collect();
    assert_eq!(lines.len(), meant.len(), "{name}: one meaning for each line");
    for (number, (line, meant)) in (1..).zip(lines.into_iter().zip(meant)) {
        match dialect.read(line) {
            Line::Entry(entry) if !meant.other && !meant.unreadable => same(name, number, &entry, meant),
            Line::Other if meant.other => {}
            Line::Unreadable if meant.unreadable => {}
            read => panic!("{name}, line {number}: read as {read:?}"),
        }
    }
}

#[test]
fn every_line_means_what_was_written_down_by_hand() {
    for (name, log, fixture) in fixtures() {
        let text = String::from_utf8_lossy(&log);
        let found = match &fixture.template {
            Some(template) => Dialect::template(template).unwrap_or_else(|error| panic!("{name}: {error}")),
            None => Dialect::detect(&text).unwrap_or_else(|| panic!("{name}: no format is found")),
        };
        assert_eq!(found.format().name, fixture.format, "{name}");
        let mut dialects = vec![found];
        if fixture.template.is_none() {
            dialects.push(Dialect::named(&fixture.format).unwrap());
        }
        for dialect in dialects {
            let mut dialect = match &fixture.client_field {
                Some(field) => dialect.with_client_field(field).unwrap_or_else(|error| panic!("{name}: {error}")),
                None => dialect,
            };
            assert_eq!(dialect.client_field(), fixture.client_field.as_deref().unwrap_or("peer"), "{name}");
            compare(&name, &mut dialect, &log, &fixture.lines);
        }
    }
}

#[test]
fn there_is_a_log_of_every_format() {
    let found: BTreeSet<String> = fixtures().into_iter().map(|(name, ..)| name).collect();
    for format in FORMATS {
        assert!(found.contains(format.name), "{}", format.name);
    }
}

#[test]
fn every_format_says_what_it_cannot_tell_in_both_languages() {
    let mut names = BTreeSet::new();
    for format in FORMATS {
        assert!(names.insert(format.name), "{} stands twice", format.name);
        assert!(!format.title.is_empty() && !format.from.is_empty() && !format.cannot.is_empty(), "{}", format.name);
        for cannot in format.cannot {
            assert!(cannot.ko.ends_with('.') && cannot.en.ends_with('.'), "{}: {}", format.name, cannot.en);
            assert!(cannot.ko.chars().any(|letter| ('가'..='힣').contains(&letter)), "{}: {}", format.name, cannot.ko);
        }
    }
}

#[test]
fn a_format_that_is_none_says_which_there_are() {
    let error = Dialect::named("combind").unwrap_err();
    assert_eq!((error.code(), error.to_string().as_str()), ("unknown-log-format", "there is no log format `combind`"));
    assert!(error.advice().contains("did you mean `combined`?"), "{}", error.advice());
    assert!(FORMATS.iter().all(|format| error.advice().contains(format.name)), "{}", error.advice());
    assert_eq!(Dialect::named("nginx").unwrap_err().code(), "log-template-needed");
    assert!(!Dialect::named("b\u{1b}[31m").unwrap_err().to_string().contains('\u{1b}'));
}

#[test]
fn a_client_field_that_is_none_says_which_there_are() {
    for (dialect, expected) in [
        (Dialect::named("combined"), "fields there are: peer"),
        (Dialect::named("main"), "fields there are: peer, http_x_forwarded_for"),
        (Dialect::template("$remote_addr $status"), "fields there are: remote_addr, status"),
    ] {
        let error = dialect.unwrap().with_client_field("x_client").unwrap_err();
        assert_eq!((error.code(), error.advice().as_str()), ("unknown-log-field", expected));
    }
    let peer = Dialect::named("combined").unwrap().with_client_field("remote_addr").unwrap();
    assert_eq!(peer.client_field(), "peer");
}

#[test]
fn what_is_no_log_has_no_format() {
    for text in ["", "\n\n", "hello\nworld\n", "<html>\n<body>\n", "# only\n# comments\n", "1\n2\n3\n"] {
        assert_eq!(Dialect::detect(text).map(|dialect| dialect.format().name), None, "{text}");
    }
}

#[test]
fn four_lines_of_five_are_enough_and_three_are_not() {
    let good = "27.0.238.7 - - [23/Nov/2026:20:02:09 +0900] \"GET / HTTP/1.1\" 200 5 \"-\" \"a/1\"\n";
    let found = |bad: usize| Dialect::detect(&format!("{}{}", good.repeat(4), "bad\n".repeat(bad)));
    assert_eq!(found(1).map(|dialect| dialect.format().name), Some("combined"));
    assert!(found(2).is_none());
}

#[test]
fn only_w3c_logs_have_lines_that_must_be_read_whatever_they_hold() {
    for format in FORMATS {
        let Ok(dialect) = Dialect::named(format.name) else { continue };
        let expected = matches!(format.name, "iis" | "cloudfront").then_some("#Fields:");
        assert_eq!(dialect.directive(), expected, "{}", format.name);
        assert_eq!(dialect.names_agent(), format.name != "common", "{}", format.name);
    }
    assert!(!Dialect::template("$remote_addr [$time_local] $status").unwrap().names_agent());
    assert!(Dialect::template("%h %t %>s \"%{User-agent}i\"").unwrap().names_agent());
}

/// Every dialect there is, templates too.
fn dialects() -> Vec<Dialect> {
    let named = FORMATS.iter().filter_map(|format| Dialect::named(format.name).ok());
    let templates =
        fixtures().into_iter().filter_map(|(_, _, fixture)| Some(Dialect::template(&fixture.template?).unwrap()));
    named.chain(templates).collect()
}

/// A request as a server would have known it.
#[derive(Debug, Clone)]
struct Known {
    second: i64,
    peer: IpAddr,
    forwarded: Vec<IpAddr>,
    target: String,
    status: u16,
    bytes: u64,
    milliseconds: u32,
    referer: String,
    agent: String,
}

prop_compose! {
    fn known()(
        second in 946_684_800i64..4_102_444_800,
        peer in address(),
        forwarded in proptest::collection::vec(address(), 0..4),
        target in "/[!-~가-힣]{0,20}",
        status in 100u16..600,
        bytes in any::<u64>(),
        milliseconds in any::<u32>(),
        referer in "(https?://[a-z]{1,9}/[ -~]{0,12}[!-~])?",
        agent in "[!-~가-힣]([ -~가-힣\\t\"\\\\]{0,40}[!-~])?",
    ) -> Known {
        // `-` is how a log says that there was none.
        let agent = if agent == "-" { "x".to_owned() } else { agent };
        Known { second, peer, forwarded, target, status, bytes, milliseconds, referer, agent }
    }
}

fn address() -> impl Strategy<Value = IpAddr> {
    let mapped = |address: &IpAddr| address.to_canonical() == *address;
    prop_oneof![
        any::<[u8; 4]>().prop_map(IpAddr::from),
        any::<[u8; 16]>().prop_map(IpAddr::from).prop_filter("mapped", mapped)
    ]
}

/// As nginx writes a value by default.
fn escaped(value: &str) -> String {
    let written = |byte: u8| match byte {
        b'"' | b'\\' | 0..0x20 | 0x7f.. => format!("\\x{byte:02X}"),
        byte => char::from(byte).to_string(),
    };
    let text: String = value.bytes().map(written).collect();
    if text.is_empty() { "-".to_owned() } else { text }
}

fn list(addresses: &[IpAddr]) -> String {
    let list: Vec<String> = addresses.iter().map(ToString::to_string).collect();
    if list.is_empty() { "-".to_owned() } else { list.join(", ") }
}

impl Known {
    /// The time as the Common Log Format has it, on a server in Korea.
    fn clf(&self) -> String {
        let time =
            Timestamp::from_second(self.second).unwrap().to_zoned(jiff::tz::TimeZone::fixed(jiff::tz::offset(9)));
        time.strftime("%d/%b/%Y:%H:%M:%S %z").to_string()
    }

    fn is_told_by(&self, line: &str, dialect: &mut Dialect) -> Result<(), TestCaseError> {
        let Line::Entry(entry) = dialect.read(line.as_bytes()) else {
            return Err(TestCaseError::fail(format!("unreadable: {line}")));
        };
        prop_assert_eq!(entry.time, Some(Timestamp::from_second(self.second).unwrap()), "{}", line);
        prop_assert_eq!(entry.peer, Some(self.peer), "{}", line);
        prop_assert_eq!(entry.target.as_deref(), Some(self.target.as_str()), "{}", line);
        prop_assert_eq!(entry.status, Some(self.status), "{}", line);
        prop_assert_eq!(entry.referer.as_deref().unwrap_or_default(), self.referer.as_str(), "{}", line);
        prop_assert_eq!(entry.user_agent.as_deref(), Some(self.agent.as_str()), "{}", line);
        Ok(())
    }
}

proptest! {
    #[test]
    fn what_nginx_writes_is_read_back(known in known()) {
        let (agent, referer) = (escaped(&known.agent), escaped(&known.referer));
        let plain = format!(
            "{} - - [{}] \"GET {} HTTP/1.1\" {} {} \"{referer}\" \"{agent}\"",
            known.peer, known.clf(), escaped(&known.target), known.status, known.bytes,
        );
        known.is_told_by(&plain, &mut Dialect::named("combined").unwrap())?;
        let main = format!("{plain} \"{}\"", list(&known.forwarded));
        let mut dialect = Dialect::named("main").unwrap();
        known.is_told_by(&main, &mut dialect)?;
        let Line::Entry(entry) = dialect.read(main.as_bytes()) else { panic!("read before") };
        let upstream = known.forwarded.iter().all(|address| scraplens::accesslog::is_private(*address));
        prop_assert!(entry.forwarded == known.forwarded || upstream, "{}", main);
        let template = "$remote_addr [$time_local] \"$request_method $request_uri $server_protocol\" $status rt=$request_time \
            \"$http_referer\" \"$http_user_agent\" \"$http_x_forwarded_for\" $body_bytes_sent";
        let line = format!(
            "{} [{}] \"GET {} HTTP/2.0\" {} rt={}.{:03} \"{referer}\" \"{agent}\" \"{}\" {}",
            known.peer, known.clf(), escaped(&known.target), known.status, known.milliseconds / 1000, known.milliseconds % 1000,
            list(&known.forwarded), known.bytes,
        );
        let mut dialect = Dialect::template(template).unwrap();
        known.is_told_by(&line, &mut dialect)?;
        let Line::Entry(entry) = dialect.read(line.as_bytes()) else { panic!("read before") };
        prop_assert_eq!(&entry.forwarded, &known.forwarded);
        prop_assert_eq!(entry.bytes, Some(known.bytes));
        prop_assert!(entry.seconds.is_some_and(|seconds| (seconds - f64::from(known.milliseconds) / 1000.0).abs() < 1e-6));
    }

    #[test]
    fn what_json_says_is_read_back(known in known()) {
        let line = serde_json::json!({
            "msec": known.second,
            "remote_addr": known.peer,
            "request_method": "GET",
            "request_uri": known.target,
            "status": known.status,
            "http_referer": known.referer,
            "http_user_agent": known.agent,
            "http_x_forwarded_for": list(&known.forwarded),
        });
        let mut dialect = Dialect::named("nginx-json").unwrap();
        known.is_told_by(&line.to_string(), &mut dialect)?;
        let line = line.to_string();
        let Line::Entry(entry) = dialect.read(line.as_bytes()) else { panic!("read before") };
        prop_assert_eq!(&entry.forwarded, &known.forwarded);
    }

    #[test]
    fn what_cloudfront_writes_is_read_back(known in known()) {
        let encoded = |text: &str| if text.is_empty() { "-".to_owned() } else { text.bytes().map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'.' => char::from(byte).to_string(),
            byte => format!("%{byte:02X}"),
        }).collect() };
        // An agent with a literal `%20` and no blank is taken for one that was encoded twice.
        prop_assume!(!known.agent.contains("%20") && !known.referer.contains("%20"));
        let time = Timestamp::from_second(known.second).unwrap();
        let log = format!("#Fields: date time c-ip cs-method cs-uri-stem sc-status cs(Referer) cs(User-Agent) time-taken\n{}\t{}\tGET\t{}\t{}\t{}\t{}\t0.1",
            time.strftime("%Y-%m-%d\t%H:%M:%S"), known.peer, known.target, known.status, encoded(&known.referer), encoded(&known.agent));
        let mut dialect = Dialect::named("cloudfront").unwrap();
        let (fields, line) = log.split_once('\n').unwrap();
        prop_assert_eq!(dialect.read(fields.as_bytes()), Line::Other);
        known.is_told_by(line, &mut dialect)?;
    }

    #[test]
    fn no_bytes_make_any_dialect_panic(lines in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..300), 0..4)) {
        for mut dialect in dialects() {
            for line in &lines {
                let _ = dialect.read(line);
            }
        }
    }

    #[test]
    fn no_damage_to_a_line_makes_any_dialect_panic(at in any::<prop::sample::Index>(), cut in any::<prop::sample::Index>(), byte in any::<u8>()) {
        for (_, log, fixture) in fixtures() {
            let mut log = log;
            let spot = at.index(log.len());
            log[spot] = byte;
            log.truncate(cut.index(log.len()) + 1);
            let _ = Dialect::detect(&String::from_utf8_lossy(&log));
            let dialect = fixture.template.as_deref().map_or_else(|| Dialect::named(&fixture.format), Dialect::template);
            let mut dialect = dialect.unwrap();
            for line in log.split(|byte| *byte == b'\n') {
                let _ = dialect.read(line);
            }
        }
    }

    #[test]
    fn no_text_makes_the_reading_of_templates_panic(text in "([$%{}a-zA-Z_<>!;'\"\\\\ \n#\\[\\]-]|log_format |LogFormat |가){0,60}") {
        if let Ok(mut dialect) = Dialect::template(&text) {
            let _ = dialect.read(text.as_bytes());
            let _ = dialect.with_client_field(&text);
        }
    }
}

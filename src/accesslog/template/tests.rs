//! Templates as operators have them, and lines as servers write by them.

use super::*;

fn read<'a>(template: &str, line: &'a str) -> Entry<'a> {
    let (mut template, _) = Template::parse(template).unwrap();
    template.read(line.as_bytes()).unwrap_or_else(|| panic!("unreadable: {line}"))
}

fn agent(entry: &Entry<'_>) -> String {
    entry.user_agent.as_deref().unwrap_or_default().to_owned()
}

const AGENT: &str = "facebookexternalhit/1.1; kakaotalk-scrap/1.0; +https://devtalk.kakao.com/t/scrap/33984";

#[test]
fn the_same_template_is_found_however_it_is_pasted() {
    for text in [
        r#"$remote_addr [$time_local] "$request" $status"#,
        r#"'$remote_addr [$time_local] "$request" $status'"#,
        r#"'$remote_addr [$time_local] ' '"$request" $status';"#,
        r#"log_format main '$remote_addr [$time_local] "$request" $status';"#,
        "log_format main escape=default\n  '$remote_addr [$time_local] '\n  '\"$request\" $status'; # ours\n",
        "log_format main \"$remote_addr [$time_local] \\\"$request\\\" $status\";",
        "http {\n  # log_format old '$remote_addr $status';\n  log_format main '${remote_addr} [$time_local] \"$request\" $status';\n  access_log /a main;\n}",
        r#"%a [%{%d/%b/%Y:%H:%M:%S %z}t] \"%r\" %>s"#,
        r#""%h %t \"%r\" %>s""#,
        r#"LogFormat "%h %t \"%r\" %>s" ours"#,
        "  # LogFormat \"%h\" not\n  logformat \"%a %t \\\"%r\\\" \\\n%>s\" ours",
        r#"CustomLog logs/access.log "%h %t \"%r\" %s""#,
    ] {
        let entry = read(text, "27.0.238.7 [23/Nov/2026:20:02:09 +0900] \"GET /a HTTP/1.1\" 200");
        assert_eq!(entry.peer, "27.0.238.7".parse().ok(), "{text}");
        assert_eq!(entry.time, "2026-11-23T11:02:09Z".parse().ok(), "{text}");
        assert_eq!((entry.target.as_deref(), entry.status), (Some("/a"), Some(200)), "{text}");
    }
}

#[test]
fn what_is_no_template_says_why() {
    for (text, code) in [
        ("", "log-template-without-variable"),
        ("combined", "log-template-without-variable"),
        ("$pid", "log-template-without-variable"),
        ("costs 5 $", "log-template-without-variable"),
        ("${remote_addr", "malformed-log-template"),
        ("%{User-Agent", "malformed-log-template"),
        ("%h %", "malformed-log-template"),
        ("log_format a '$status'; log_format b '$request';", "several-log-templates"),
        ("LogFormat \"%h\" a\nLogFormat \"%a\" b", "several-log-templates"),
    ] {
        assert_eq!(Template::parse(text).err().map(|error| error.code()), Some(code), "{text}");
    }
    assert_eq!(Template::parse(&"$status ".repeat(200)).err().map(|error| error.code()), Some("log-template-too-long"));
}

#[test]
fn quotes_and_blanks_in_fields_do_not_mislead() {
    let quoted = r#"$remote_addr "$http_referer" "$http_user_agent" $request_time"#;
    let entry = read(quoted, r#"27.0.238.7 "-" "say \x22hi\x22 \x5C" 0.120"#);
    assert_eq!((agent(&entry).as_str(), entry.seconds), (r#"say "hi" \"#, Some(0.12)));
    let entry = read(r#"%h "%{Referer}i" "%{User-Agent}i" %D"#, r#"27.0.238.7 "-" "say \"hi\" \\" 120000"#);
    assert_eq!((agent(&entry).as_str(), entry.seconds), (r#"say "hi" \"#, Some(0.12)));
    let none = format!("log_format n escape=none '{quoted}';");
    let entry = read(&none, r#"27.0.238.7 "" "say "hi" \x22" 0.120"#);
    assert_eq!((agent(&entry).as_str(), entry.seconds, entry.referer), (r#"say "hi" \x22"#, Some(0.12), None));
    let line = format!("27.0.238.7 {AGENT} 0.5");
    let entry = read("$remote_addr $http_user_agent $request_time", &line);
    assert_eq!((agent(&entry).as_str(), entry.seconds), (AGENT, Some(0.5)));
    let entry = read(
        "$remote_addr - $remote_user [$time_local] $status",
        "27.0.238.7 - hong [gil] dong [23/Nov/2026:20:02:09 +0900] 200",
    );
    assert_eq!(entry.status, Some(200));
}

#[test]
fn several_upstreams_are_one_request() {
    let template = r#"$remote_addr "$request" $status $upstream_addr $upstream_status $upstream_response_time $request_time "$http_user_agent""#;
    let line =
        format!("27.0.238.7 \"GET / HTTP/1.1\" 200 10.0.0.1:80, 10.0.0.2:80 502, 200 0.100, 0.200 0.301 \"{AGENT}\"");
    let entry = read(template, &line);
    assert_eq!((entry.status, entry.seconds, agent(&entry).as_str()), (Some(200), Some(0.301), AGENT));
    let line = format!("27.0.238.7 \"GET / HTTP/1.1\" 444 - - - 0.000 \"{AGENT}\"");
    assert_eq!(read(template, &line).status, Some(444));
}

#[test]
fn parts_of_a_url_become_one_target() {
    for (template, line, host, target) in [
        (
            "$remote_addr $scheme://$host$request_uri $status",
            "1.2.3.4 https://a.example/p?q=1 200",
            Some("a.example"),
            "/p?q=1",
        ),
        ("$remote_addr $uri$is_args$args $status", "1.2.3.4 /p?q=1 200", None, "/p?q=1"),
        ("$remote_addr $uri $args $status", "1.2.3.4 /p q=1 200", None, "/p?q=1"),
        ("%h %V \"%m %U%q %H\" %>s", "1.2.3.4 a.example \"GET /p?q=1 HTTP/1.1\" 200", Some("a.example"), "/p?q=1"),
        (
            "$remote_addr \"$request_method $request_uri $server_protocol\" $status",
            "1.2.3.4 \"GET /a b HTTP/1.1\" 200",
            None,
            "/a b",
        ),
    ] {
        let entry = read(template, line);
        assert_eq!((entry.host.as_deref(), entry.target.as_deref()), (host, Some(target)), "{template}");
        assert_eq!(entry.status, Some(200), "{template}");
    }
}

#[test]
fn times_of_templates_are_read() {
    for (template, line) in [
        ("$remote_addr $time_iso8601", "1.2.3.4 2026-11-23T20:02:09+09:00"),
        ("$remote_addr $msec", "1.2.3.4 1795431729.000"),
        ("%h %{sec}t", "1.2.3.4 1795431729"),
        ("%h %{msec}t", "1.2.3.4 1795431729000"),
        ("%h %{usec}t", "1.2.3.4 1795431729000000"),
        ("%h %{%Y-%m-%d %H:%M:%S}t", "1.2.3.4 2026-11-23 11:02:09"),
        ("%h %{begin:%Y-%m-%dT%H:%M:%S%z}t", "1.2.3.4 2026-11-23T20:02:09+0900"),
        ("%h [%{%d/%b/%Y %T}t.%{msec_frac}t %{%z}t] %>s", "1.2.3.4 [23/Nov/2026 20:02:09.000 +0900] 200"),
    ] {
        assert_eq!(read(template, line).time, "2026-11-23T11:02:09Z".parse().ok(), "{template}");
    }
    let (template, _) = Template::parse("$remote_addr $status").unwrap();
    assert!(!template.names(&Means::Agent));
    assert_eq!(read("$remote_addr $status", "1.2.3.4 200").time, None);
}

#[test]
fn the_client_is_where_the_operator_says() {
    let (mut template, _) =
        Template::parse(r#"$remote_addr "$http_x_forwarded_for" "$http_x_client" $status"#).unwrap();
    assert_eq!(template.client("X-Client"), Ok(true));
    let entry = template.read(br#"10.0.0.1 "1.1.1.1" "27.0.238.7" 200"#).unwrap();
    assert_eq!(entry.forwarded, ["27.0.238.7".parse::<std::net::IpAddr>().unwrap()]);
    let names = template.client("nope").unwrap_err();
    assert_eq!(names, ["remote_addr", "http_x_forwarded_for", "http_x_client", "status"]);
    assert_eq!(template.client("remote_addr"), Ok(false));
}

#[test]
fn lines_of_another_format_are_refused() {
    let (mut template, _) = Template::parse(r#"$remote_addr [$time_local] "$request" $status"#).unwrap();
    for line in [
        "",
        "x",
        "1.2.3.4 [never] \"GET / HTTP/1.1\" 200",
        "1.2.3.4 [23/Nov/2026:20:02:09 +0900] \"GET / HTTP/1.1\" 200 more",
    ] {
        assert_eq!(template.read(line.as_bytes()), None, "{line}");
    }
}

#[test]
fn a_line_that_could_be_cut_in_too_many_ways_is_given_up() {
    let (mut template, _) = Template::parse("$a $b $c $d $e $f $g $h $status").unwrap();
    assert_eq!(template.read("x ".repeat(5_000).trim_end().as_bytes()), None);
}

//! JSON logs as servers write them.

use super::*;

fn read(flavour: Flavour, line: &str) -> Entry<'static> {
    match Reader::new(flavour).read(line.as_bytes(), false) {
        Line::Entry(entry) => owned(entry),
        other => panic!("{other:?}: {line}"),
    }
}

#[test]
fn every_server_s_keys_mean_the_same() {
    for (flavour, line) in [
        (
            Flavour::Nginx,
            r#"{"time_iso8601":"2026-11-23T20:02:09+09:00","remote_addr":"27.0.238.7","request":"GET /p?q=1 HTTP/1.1","status":"200","request_time":"0.250","host":"shop.example","http_referer":"https://shop.example/","http_user_agent":"a/1; b"}"#,
        ),
        (
            Flavour::Nginx,
            r#"{"@timestamp":"2026-11-23T11:02:09Z","nginx":{"client":"27.0.238.7","request_method":"GET","uri":"/p","args":"q=1","status":200,"request_time":0.25,"http_host":"shop.example","referer":"https://shop.example/","agent":"a/1; b"}}"#,
        ),
        (
            Flavour::Caddy,
            r#"{"level":"info","ts":1795431729.0,"logger":"http.log.access","msg":"handled request","request":{"remote_ip":"27.0.238.7","remote_port":"5","client_ip":"27.0.238.7","proto":"HTTP/2.0","method":"GET","host":"shop.example","uri":"/p?q=1","headers":{"User-Agent":["a/1; b"],"Referer":["https://shop.example/"]}},"duration":0.25,"size":5,"status":200,"resp_headers":{"Server":["Caddy"],"Referer":["no"]}}"#,
        ),
        (
            Flavour::Caddy,
            r#"{"ts":"2026-11-23T11:02:09Z","request":{"remote_addr":"27.0.238.7:51234","proto":"HTTP/1.1","method":"GET","host":"shop.example:443","uri":"/p?q=1","headers":{"User-Agent":["a/1; b"],"Referer":["https://shop.example/"]}},"duration":"250ms","status":200}"#,
        ),
        (
            Flavour::Traefik,
            r#"{"ClientAddr":"27.0.238.7:51234","ClientHost":"27.0.238.7","ClientPort":"51234","DownstreamStatus":200,"Duration":250000000,"OriginStatus":502,"RequestHost":"shop.example","RequestMethod":"GET","RequestPath":"/p?q=1","StartUTC":"2026-11-23T11:02:09Z","StartLocal":"2026-11-23T20:02:09+09:00","request_User-Agent":"a/1; b","request_Referer":"https://shop.example/","time":"2026-11-23T11:02:10Z"}"#,
        ),
        (
            Flavour::Any,
            r#"{"level":30,"time":1795431729000,"pid":1,"hostname":"web1","req":{"id":1,"method":"GET","url":"/p?q=1","headers":{"host":"shop.example","user-agent":"a/1; b","referer":"https://shop.example/"},"remoteAddress":"::ffff:27.0.238.7","remotePort":51234},"res":{"statusCode":200,"headers":{"content-type":"text/html","host":"x"}},"responseTime":250,"msg":"request completed"}"#,
        ),
        (
            Flavour::Any,
            r#"{"start_time":"2026-11-23T11:02:09.000Z","method":"GET","path":"/p?q=1","response_code":200,"response_flags":"-","duration":250,"bytes_sent":5,"user_agent":"a/1; b","referer":"https://shop.example/","authority":"shop.example","downstream_remote_address":"27.0.238.7:51234","upstream_host":"10.0.0.1:80","x_forwarded_for":"27.0.238.7"}"#,
        ),
        (
            Flavour::Any,
            r#"{"timestamp":"2026-11-23T11:02:09Z","httpRequest":{"requestMethod":"GET","requestUrl":"https://shop.example/p?q=1","status":200,"userAgent":"a/1; b","remoteIp":"27.0.238.7","serverIp":"10.0.0.1","referer":"https://shop.example/","latency":"0.25s"}}"#,
        ),
        (
            Flavour::Any,
            r#"{"@timestamp":"2026-11-23T11:02:09Z","source":{"ip":"27.0.238.7"},"http.request.method":"GET","url.original":"/p?q=1","url":{"domain":"shop.example"},"http":{"response":{"status_code":200},"request":{"referrer":"https://shop.example/"}},"user_agent":{"original":"a/1; b"},"event":{"duration":250000000}}"#,
        ),
        (
            Flavour::Any,
            r#"{"ClientIP":"27.0.238.7","ClientRequestHost":"shop.example","ClientRequestMethod":"GET","ClientRequestURI":"/p?q=1","ClientRequestUserAgent":"a/1; b","ClientRequestReferer":"https://shop.example/","EdgeResponseStatus":200,"OriginResponseStatus":0,"EdgeStartTimestamp":1795431729000000000,"latency":"250ms"}"#,
        ),
    ] {
        let entry = read(flavour, line);
        assert_eq!(entry.time, "2026-11-23T11:02:09Z".parse().ok(), "{line}");
        assert_eq!(entry.peer, "27.0.238.7".parse().ok(), "{line}");
        assert!(entry.forwarded.is_empty(), "{line}");
        assert_eq!((entry.method.as_deref(), entry.target.as_deref()), (Some("GET"), Some("/p?q=1")), "{line}");
        assert_eq!((entry.host.as_deref(), entry.status), (Some("shop.example"), Some(200)), "{line}");
        assert_eq!(entry.referer.as_deref(), Some("https://shop.example/"), "{line}");
        assert_eq!(entry.user_agent.as_deref(), Some("a/1; b"), "{line}");
        assert_eq!(entry.seconds, Some(0.25), "{line}");
    }
}

#[test]
fn a_duration_of_unknown_unit_is_left_out() {
    for line in [
        r#"{"method":"GET","url":"/","status":200,"duration":12}"#,
        r#"{"method":"GET","url":"/","status":200,"latency":"12"}"#,
    ] {
        assert_eq!(read(Flavour::Any, line).seconds, None, "{line}");
    }
}

#[test]
fn what_a_server_takes_for_the_client_stands_beside_the_peer() {
    let entry = read(
        Flavour::Caddy,
        r#"{"request":{"remote_ip":"10.0.0.1","client_ip":"27.0.238.7","method":"GET","uri":"/"},"status":200}"#,
    );
    assert_eq!(entry.peer, "10.0.0.1".parse().ok());
    assert_eq!(entry.forwarded, ["27.0.238.7".parse::<std::net::IpAddr>().unwrap()]);
}

#[test]
fn headers_in_a_list_are_read() {
    let entry = read(
        Flavour::Any,
        r#"{"timestamp":1795431729000,"httpRequest":{"clientIp":"27.0.238.7","headers":[{"name":"Host","value":"shop.example"},{"name":"user-agent","value":"a/1"}],"uri":"/p","args":"q=1","httpMethod":"GET"}}"#,
    );
    assert_eq!((entry.user_agent.as_deref(), entry.target.as_deref()), (Some("a/1"), Some("/p?q=1")));
}

#[test]
fn an_object_without_a_request_is_nothing_to_count() {
    let mut reader = Reader::new(Flavour::Any);
    for line in [r#"{"level":30,"msg":"listening","hostname":"web1"}"#, "[", "]", "{}"] {
        assert_eq!(reader.read(line.as_bytes(), false), Line::Other, "{line}");
    }
    for line in ["x", "{", r#"{"a":"#, "[1]", "null"] {
        assert_eq!(reader.read(line.as_bytes(), false), Line::Unreadable, "{line}");
    }
}

#[test]
fn the_client_s_key_is_asked_for_by_its_way() {
    let line = br#"{"remote_addr":"10.0.0.1","time_local":"23/Nov/2026:20:02:09 +0900","request":"GET / HTTP/1.1","edge":{"Client-Addr":"27.0.238.7"},"http_x_forwarded_for":"1.1.1.1"}"#;
    let mut reader = Reader::new(Flavour::Nginx);
    assert!(matches!(reader.read(line, true), Line::Entry(_)));
    assert_eq!(
        reader.client("nope"),
        Err(["remote_addr", "time_local", "request", "edge.Client-Addr", "http_x_forwarded_for"]
            .map(str::to_owned)
            .to_vec())
    );
    assert_eq!(reader.client("edge.client-addr"), Ok(true));
    let Line::Entry(entry) = reader.read(line, false) else { panic!("unreadable") };
    assert_eq!(entry.forwarded, ["27.0.238.7".parse::<std::net::IpAddr>().unwrap()]);
}

#[test]
fn nothing_is_nested_too_deep_for_the_stack() {
    let deep = format!("{}1{}", "{\"a\":".repeat(100_000), "}".repeat(100_000));
    assert_eq!(Reader::new(Flavour::Any).read(deep.as_bytes(), false), Line::Unreadable);
}

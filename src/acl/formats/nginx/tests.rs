//! What must hold for any text, and fixes tried out. Single cases are fixtures.

use proptest::prelude::*;

use super::{super::web::trial, open, parse, recognise};
use crate::acl::{File, Ruleset};

fn read(files: &[File]) -> Ruleset {
    parse(files, &trial::reading("/")).unwrap()
}

fn opened(text: &str, network: &str) -> Option<String> {
    trial::opens_exactly(read, open, &[File::new("nginx.conf", text)], network, 80)
}

#[test]
fn an_allow_line_goes_before_the_deny_that_refuses() {
    let text = "server {\n    listen 80;\n    allow 10.0.0.0/8;\n    deny all;\n    location / { proxy_pass http://app; }\n}\n";
    let wanted = text.replace("    deny all;", "    allow 27.0.236.0/22;\n    deny all;");
    assert_eq!(opened(text, "27.0.236.0/22").unwrap(), wanted);
}

#[test]
fn a_deny_on_the_line_of_its_location_gets_the_allow_inside() {
    let text = "server {\n    listen 80;\n    location / { deny all; proxy_pass http://app; }\n}\n";
    assert!(opened(text, "27.0.238.7").unwrap().contains("location / { allow 27.0.238.7; deny all;"));
}

#[test]
fn a_geo_block_that_decides_gets_entries() {
    let text = "http {\n    geo $kakao {\n        default 0;\n        27.0.238.0/25 0;\n        10.0.0.0/8 1;\n    }\n    server {\n        \
                listen 80;\n        if ($kakao = 0) { return 403; }\n        location / { proxy_pass http://app; }\n    }\n}\n";
    let changed = opened(text, "27.0.236.0/22").unwrap();
    assert!(changed.contains("        27.0.236.0/22 1;\n    }\n"), "{changed}");
    assert!(changed.contains("        27.0.238.0/25 1;\n"), "{changed}");
}

#[test]
fn a_map_over_geo_is_opened_through_the_geo_block() {
    let text = "http {\n    geo $blocked {\n        default 1;\n        10.0.0.0/8 0;\n    }\n    map $blocked $deny {\n        default 0;\n        \
                1 yes;\n    }\n    server {\n        listen 80;\n        if ($deny = yes) {\n            return 444;\n        }\n        \
                location / { proxy_pass http://app; }\n    }\n}\n";
    assert!(opened(text, "27.0.236.0/22").unwrap().contains("27.0.236.0/22 0;"));
}

#[test]
fn a_password_is_waived_for_the_addresses_only() {
    let text = "server {\n    listen 80;\n    auth_basic \"x\";\n    auth_basic_user_file /h;\n    location / { proxy_pass http://app; }\n}\n";
    let changed = opened(text, "27.0.236.0/22").unwrap();
    assert!(changed.contains("    satisfy any;\n    allow 27.0.236.0/22;\n    deny all;\n    auth_basic"), "{changed}");
}

#[test]
fn a_refusal_by_user_agent_cannot_be_opened_by_addresses() {
    let text = "server {\n    listen 80;\n    if ($http_user_agent ~* facebook) { return 403; }\n    location / { proxy_pass http://app; }\n}\n";
    assert_eq!(opened(text, "27.0.236.0/22"), None);
}

#[test]
fn other_dialects_are_not_taken_for_nginx() {
    for text in [
        "table inet fw {\n chain input {\n type filter hook input priority filter; policy drop;\n }\n}\n",
        "{\"SecurityGroups\": []}",
        "*filter\n:INPUT DROP [0:0]\nCOMMIT\n",
        "<VirtualHost *:80>\nRequire all granted\n</VirtualHost>\n",
        "frontend web\n  bind :80\n",
        "example.com {\n  @kakao remote_ip 27.0.236.0/22\n  abort @kakao\n}\n",
        "27.0.236.0/22\n211.231.99.0/24\n",
    ] {
        assert!(recognise(text) < 50, "{text}");
    }
    assert!(recognise("allow 27.0.236.0/22;\ndeny all;\n") >= 50);
}

#[test]
fn a_long_list_is_read_once() {
    let mut text = String::from("http {\n");
    for number in 0..60_000_u32 {
        let address = std::net::Ipv4Addr::from_bits(0x0a00_0000 + number);
        text.push_str("deny ");
        text.push_str(&address.to_string());
        text.push_str(";\n");
    }
    text.push_str("server { listen 80; location = / { allow all; } location / { try_files $uri /index.php; } location ~ php { proxy_pass http://a; } }\n}\n");
    let rules: usize = read(&[File::new("nginx.conf", &text)]).chains.iter().map(|chain| chain.rules.len()).sum();
    assert!(rules < 200_000, "{rules}");
}

const PIECES: &[&str] = &[
    "server {",
    "}",
    "{",
    ";",
    "listen 80;",
    "listen [::]:443 ssl default_server;",
    "server_name a.com *.b.com ~^c;",
    "location / {",
    "location ~ \\.php$ {",
    "location = / {",
    "location @x {",
    "allow 27.0.236.0/22;",
    "deny all;",
    "deny 1.2.3;",
    "return 403;",
    "return 301 https://$host$uri;",
    "if ($x = 1) {",
    "if ($remote_addr ~ ^27\\.) {",
    "if (-f $uri) {",
    "set $x \"${x}$y\";",
    "map $x $y {",
    "map $y $x {",
    "geo $x {",
    "default 1;",
    "~^a b;",
    "27.0.236.0/22 1;",
    "1.2.3.4-1.2.3.9 2;",
    "ranges;",
    "rewrite ^(.*)$ /$1/x last;",
    "rewrite ^ /b break;",
    "try_files $uri $uri/ /index.php?$args;",
    "try_files $uri =404;",
    "try_files $uri @x;",
    "index a.php index.html /c;",
    "error_page 403 =200 /e;",
    "error_page 418 = @x;",
    "satisfy any;",
    "auth_basic x;",
    "auth_basic_user_file f;",
    "include x.conf;",
    "include /etc/nginx/*;",
    "# configuration file /etc/nginx/nginx.conf:",
    "# configuration file /etc/nginx/x.conf:",
    "http {",
    "stream {",
    "'a",
    "\"b\"c",
    "\\",
    "$",
    "${",
    "limit_req zone=a;",
    "content_by_lua_block {",
    "internal;",
    "proxy_pass http://a;",
];

proptest! {
    #[test]
    fn no_text_makes_the_parser_panic(text in any::<String>()) {
        let _any = parse(&[File::new("x", &text)], &trial::reading("/a/"));
        recognise(&text);
    }

    #[test]
    fn no_pieces_in_any_order_make_it_panic(pieces in prop::collection::vec(prop::sample::select(PIECES), 0..40)) {
        let text = pieces.join("\n");
        let _any = parse(&[File::new("x", &text)], &trial::reading("/a/?b=c"));
        let mut balanced = text.clone();
        let open = text.matches('{').count().saturating_sub(text.matches('}').count());
        balanced.push_str(&"}".repeat(open));
        if let Ok(ruleset) = parse(&[File::new("x", &balanced)], &trial::reading("/")) {
            trial::pieces(&ruleset, &trial::reading("/"), 80);
        }
    }
}

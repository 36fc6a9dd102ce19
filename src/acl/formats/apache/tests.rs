//! What must hold for any text, and fixes tried out. Single cases are fixtures.

use proptest::prelude::*;

use super::{super::web::trial, open, parse, recognise};
use crate::acl::{File, Ruleset};

fn read(files: &[File]) -> Ruleset {
    parse(files, &trial::reading("/")).unwrap()
}

fn opened(text: &str, network: &str) -> Option<String> {
    trial::opens_exactly(read, open, &[File::new(".htaccess", text)], network, 80)
}

#[test]
fn a_require_line_is_added() {
    assert_eq!(
        opened("Require ip 10.0.0.0/8\n", "27.0.236.0/22").unwrap(),
        "Require ip 27.0.236.0/22\nRequire ip 10.0.0.0/8\n"
    );
    assert_eq!(
        opened("Require all denied\n", "27.0.236.0/22").unwrap(),
        "Require ip 27.0.236.0/22\nRequire all denied\n"
    );
}

#[test]
fn a_line_in_require_all_gets_the_networks_itself() {
    let text = "<RequireAll>\n    Require ip 10.0.0.0/8\n    Require not ip 10.1.0.0/16\n</RequireAll>\n";
    let wanted = text.replace("10.0.0.0/8", "10.0.0.0/8 27.0.236.0/22");
    assert_eq!(opened(text, "27.0.236.0/22").unwrap(), wanted);
}

#[test]
fn an_allow_line_is_added() {
    let text = "Order Allow,Deny\nAllow from 10.0.0.0/8\n";
    assert_eq!(
        opened(text, "27.0.236.0/22").unwrap(),
        "Order Allow,Deny\nAllow from 27.0.236.0/22\nAllow from 10.0.0.0/8\n"
    );
    let text = "Order Deny,Allow\nDeny from all\n";
    assert_eq!(opened(text, "27.0.236.0/22").unwrap(), "Order Deny,Allow\nAllow from 27.0.236.0/22\nDeny from all\n");
}

#[test]
fn where_deny_wins_no_line_helps() {
    assert_eq!(opened("Order Allow,Deny\nAllow from all\nDeny from 27.0.236.0/22\n", "27.0.238.0/24"), None);
    assert_eq!(
        opened("RewriteEngine On\nRewriteCond %{HTTP_USER_AGENT} facebook\nRewriteRule ^ - [F]\n", "27.0.238.0/24"),
        None
    );
}

#[test]
fn other_dialects_are_not_taken_for_apache() {
    for text in [
        "server {\n    deny all;\n}\n",
        "*filter\nCOMMIT\n",
        "<?xml version=\"1.0\"?>\n<zone/>\n",
        "{}",
        "allow 1.2.3.4;\n",
    ] {
        assert!(recognise(text) < 40, "{text}");
    }
}

const PIECES: &[&str] = &[
    "<VirtualHost *:80>",
    "</VirtualHost>",
    "<Directory /var/www>",
    "<Directory ~ \"^/v\">",
    "</Directory>",
    "<Location />",
    "</Location>",
    "<RequireAll>",
    "</RequireAll>",
    "<RequireNone>",
    "</RequireNone>",
    "Require ip 27.0.236.0/22 10.1",
    "Require not ip 27.0.238",
    "Require all denied",
    "Require valid-user",
    "Require expr \"%{REMOTE_ADDR} =~ m#^27\\.#\"",
    "Require expr (",
    "Require",
    "Require host a.com",
    "Order deny,allow",
    "Order allow , deny",
    "Deny from all",
    "Allow from env=x 27.0",
    "Satisfy any",
    "AuthMerging And",
    "RewriteEngine on",
    "RewriteCond %{REMOTE_ADDR} ^27\\. [OR]",
    "RewriteCond %{REQUEST_FILENAME} !-f",
    "RewriteRule ^(.*)$ /index.php/$1 [L]",
    "RewriteRule . x [E=a:b,C]",
    "RewriteRule ^a - [S=2]",
    "RewriteRule ^ - [F]",
    "RewriteRule ( - [F]",
    "SetEnvIf Remote_Addr ^27 x !y",
    "SetEnvIf",
    "<If \"%{HTTP_HOST} == 'a'\">",
    "<Else>",
    "</Else>",
    "</If>",
    "<Files index.html>",
    "</Files>",
    "Redirect 410 /",
    "Redirect / http://a/",
    "ProxyPass / http://b/",
    "DocumentRoot /var/www",
    "Listen 80",
    "AllowOverride None",
    "Include x.conf",
    "\\",
    "\"",
    "<",
    ">",
    "<IfModule !x>",
    "</IfModule>",
    "<IfVersion >= 2.4>",
    "</IfVersion>",
    "DirectoryIndex a b",
];

proptest! {
    #[test]
    fn no_text_makes_the_parser_panic(text in any::<String>()) {
        let _any = parse(&[File::new("x", &text)], &trial::reading("/a/"));
        recognise(&text);
    }

    #[test]
    fn no_pieces_in_any_order_make_it_panic(pieces in prop::collection::vec(prop::sample::select(PIECES), 0..40)) {
        for name in [".htaccess", "httpd.conf"] {
            if let Ok(ruleset) = parse(&[File::new(name, &pieces.join("\n"))], &trial::reading("/a")) {
                trial::pieces(&ruleset, &trial::reading("/a"), 80);
            }
        }
    }
}

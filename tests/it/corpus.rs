//! Real pages over a real web server: every page of the corpus scraped through the HTTP API from nginx, and the same files
//! read offline. The corpus stands beside the project where it is present; elsewhere these tests say so and have nothing to do.

use std::{fs, path::Path};

use serde_json::Value;

use crate::{
    helpers::{TestApp, command, corpus, settings, spawn_app, spawn_app_with},
    nginx::Nginx,
};

fn pages(corpus: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(corpus.join("pages"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

async fn scrape_all(app: &TestApp, site: &Nginx, names: &[String]) -> Vec<Value> {
    let mut reports = Vec::new();
    for name in names {
        reports.push(app.scrape(&site.url(&format!("/{name}"))).await);
    }
    reports
}

#[tokio::test]
async fn every_page_of_the_corpus_gives_a_report_over_http_and_the_same_card_offline() {
    let Some(corpus) = corpus() else {
        println!("the corpus is not present: nothing to read");
        return;
    };
    let site = Nginx::serving(&corpus.join("pages"), "");
    // A busy machine must not cut the HTML5 reading of one side short.
    let mut patient = settings();
    patient.extract.tree_budget_ms = 60_000;
    let app = spawn_app_with(&patient);
    let names = pages(&corpus);
    assert_eq!(names.len(), 313);

    let reports = scrape_all(&app, &site, &names).await;

    for (name, report) in names.iter().zip(&reports) {
        assert_eq!(report["outcome"], "ok", "{name}: {:#}", report["findings"]);
        let has_title = report["tags"].as_array().unwrap().iter().any(|tag| {
            matches!(tag["key"].as_str(), Some("title" | "og:title" | "twitter:title"))
                && tag["content"] != ""
                && (tag["key"] == "title" || tag["region"] != "body")
        });
        let title = report["card"]["title"].as_str().unwrap();
        assert!(!title.is_empty(), "{name} has no title");
        let stands_in = title == report["card"]["url"].as_str().unwrap();
        assert!(!(stands_in && has_title), "{name}: the URL stands in although the page has a title");
    }

    let prefix = site.url("/");
    let files = names.iter().map(|name| corpus.join("pages").join(name));
    let offline = command()
        .args(["extract", "--json", "--content-type", "text/html", "--url-prefix", &prefix])
        .args(files)
        .env("SCRAPLENS__EXTRACT__TREE_BUDGET_MS", "60000")
        .output()
        .unwrap();
    let lines: Vec<Value> =
        String::from_utf8(offline.stdout).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 313, "{}", String::from_utf8_lossy(&offline.stderr));
    for ((name, online), offline) in names.iter().zip(&reports).zip(&lines) {
        assert_eq!(online["card"], offline["card"], "{name}");
        assert_eq!(online["tags"], offline["tags"], "{name}");
        assert_eq!(online["page"]["charset"], offline["page"]["charset"], "{name}");
    }
}

#[tokio::test]
async fn gzip_from_a_real_server_changes_the_wire_and_not_the_card() {
    let Some(corpus) = corpus() else {
        println!("the corpus is not present: nothing to read");
        return;
    };
    let site = Nginx::serving(&corpus.join("pages"), "gzip on; gzip_types text/html; gzip_proxied any;");
    let app = spawn_app();

    let report = app.scrape(&site.url("/p000.html")).await;

    assert_eq!(report["page"]["encoding"], "gzip");
    let (wire, bytes) = (report["page"]["wire_bytes"].as_u64().unwrap(), report["page"]["bytes"].as_u64().unwrap());
    assert_eq!(bytes, fs::metadata(corpus.join("pages/p000.html")).unwrap().len());
    assert!(wire < bytes / 2, "{wire} of {bytes}");
}

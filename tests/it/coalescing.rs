//! Many askers, one question: however many ask for a page at once, and however many of them leave, the site is asked once.
//! Also what is kept, for how long, under which key, and what is served when the site fails.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use scraplens::config::Settings;
use serde_json::Value;
use tokio::{io::AsyncWriteExt as _, net::TcpStream, task::JoinSet, time::sleep};

use crate::helpers::{TestApp, TestSite, json, respond, scrape_path, settings, spawn_app, spawn_app_with};

const HTML: &str = "content-type: text/html; charset=utf-8\r\n";

/// A site whose Nth answer, from 1, is written by `answer` after `delay`.
fn site(delay: u64, answer: impl Fn(usize) -> (&'static str, String) + Send + Sync + 'static) -> TestSite {
    let answered = AtomicUsize::new(0);
    TestSite::answering(move |_, stream| {
        let number = answered.fetch_add(1, Ordering::SeqCst) + 1;
        thread::sleep(Duration::from_millis(delay));
        let (status, title) = answer(number);
        respond(stream, status, HTML, format!("<meta property=og:title content='{title}'>").as_bytes());
    })
}

/// A site that answers after `delay` milliseconds and counts in its title.
fn counting_site(delay: u64) -> TestSite {
    site(delay, |number| ("200 OK", format!("answer {number}")))
}

/// A site that answers once and is broken from then on.
fn site_that_breaks() -> TestSite {
    site(
        0,
        |number| {
            if number == 1 { ("200 OK", "good".to_owned()) } else { ("500 Internal Server Error", "bad".to_owned()) }
        },
    )
}

/// Settings in which time passes quickly and without jitter.
fn seconds(page: u32, failure: u32, while_revalidate: u32, if_error: u32) -> Settings {
    let mut settings = settings();
    settings.cache.page_seconds = page;
    settings.cache.failure_seconds = failure;
    settings.cache.stale_while_revalidate_seconds = while_revalidate;
    settings.cache.stale_if_error_seconds = if_error;
    settings.cache.jitter_percent = 0;
    settings
}

/// How the cache took part, the outcome and the title of a report.
fn told(report: &Value) -> (&str, &str, &str) {
    let text = |pointer| report.pointer(pointer).and_then(Value::as_str).unwrap_or("-");
    (text("/cache/state"), text("/outcome"), text("/card/title"))
}

/// The same report for everybody, but for how the cache took part.
fn without_state(mut report: Value) -> Value {
    report["cache"]["state"] = Value::Null;
    report
}

/// All answers to `count` requests that start at once.
async fn ask_at_once(app: &TestApp, path: &str, count: usize) -> Vec<(u16, Value)> {
    let mut asked = JoinSet::new();
    for _ in 0..count {
        let request = app.client.get(app.url(path));
        asked.spawn(async move { json(request.send().await.unwrap()).await });
    }
    asked.join_all().await
}

/// Sends the request and leaves after 50 ms, with FIN or, where `rudely` says so of the asker's number, with RST. A handler
/// runs on after a FIN; a RST drops it where it waits.
fn ask_and_leave(app: &TestApp, path: &str, count: usize, rudely: fn(usize) -> bool) -> JoinSet<()> {
    let mut asked = JoinSet::new();
    for number in 0..count {
        let (address, request) = (app.address, format!("GET {path} HTTP/1.1\r\nhost: test\r\n\r\n"));
        asked.spawn(async move {
            let mut stream = TcpStream::connect(address).await.unwrap();
            stream.write_all(request.as_bytes()).await.unwrap();
            sleep(Duration::from_millis(50)).await;
            if rudely(number) {
                stream.set_zero_linger().unwrap();
            }
        });
    }
    asked
}

async fn wait_until(what: &str, is_so: impl Fn() -> bool) {
    let since = Instant::now();
    while !is_so() {
        assert!(since.elapsed() < Duration::from_secs(5), "{what} did not happen");
        sleep(Duration::from_millis(10)).await;
    }
}

#[tokio::test]
async fn a_thousand_askers_for_one_cold_page_make_one_request() {
    let (app, site) = (spawn_app(), counting_site(300));

    let answers = ask_at_once(&app, &scrape_path(&site.url("/")), 1000).await;

    assert_eq!((site.connections(), site.seen().len()), (1, 1));
    let loaded = answers.iter().filter(|(_, report)| told(report) == ("miss", "ok", "answer 1")).count();
    let kept = answers.iter().filter(|(_, report)| told(report) == ("hit", "ok", "answer 1")).count();
    assert!(loaded > 10 && loaded + kept == 1000, "{loaded} shared the load, {kept} came after it");
    let mut reports: Vec<_> = answers.into_iter().map(|(_, report)| without_state(report)).collect();
    reports.dedup();
    assert_eq!(reports.len(), 1, "everybody gets the same report");
}

#[tokio::test]
async fn askers_who_leave_neither_stop_the_load_nor_start_another() {
    let (app, site) = (spawn_app(), counting_site(400));
    let path = scrape_path(&site.url("/"));

    let leaving = ask_and_leave(&app, &path, 500, |number| number % 2 == 0);
    wait_until("the first request", || !site.seen().is_empty()).await;
    let answers = ask_at_once(&app, &path, 500).await;
    leaving.join_all().await;

    assert_eq!(site.connections(), 1);
    assert!(answers.iter().all(|(status, report)| *status == 200 && told(report).2 == "answer 1"));
}

#[tokio::test]
async fn a_load_that_everybody_left_is_finished_and_kept() {
    let (app, site) = (spawn_app(), counting_site(300));
    let path = scrape_path(&site.url("/"));

    ask_and_leave(&app, &path, 20, |_| true).join_all().await;
    sleep(Duration::from_millis(600)).await;
    let (_, report) = app.get(&path).await;

    assert_eq!((told(&report), site.connections()), (("hit", "ok", "answer 1"), 1));
}

#[tokio::test]
async fn a_failing_site_is_asked_once_too_and_its_failure_is_kept() {
    let app = spawn_app();
    let broken = site(300, |_| ("500 Internal Server Error", "no".to_owned()));
    let silent = TestSite::answering(|_, _| thread::sleep(Duration::from_millis(300)));

    for (site, outcome) in [(&broken, "status-500"), (&silent, "connect-reset")] {
        let path = scrape_path(&site.url("/"));
        let answers = ask_at_once(&app, &path, 200).await;
        let (_, again) = app.get(&path).await;

        assert!(
            answers.iter().all(|(status, report)| *status == 200 && report["outcome"] == outcome),
            "{:#}",
            answers[0].1
        );
        assert_eq!((told(&again).0, told(&again).1), ("hit", outcome));
        assert_eq!(site.connections(), 1, "{outcome}");
    }
}

#[tokio::test]
async fn a_cache_of_no_bytes_keeps_nothing_but_still_shares_a_running_load() {
    let mut settings = settings();
    settings.cache.max_bytes = 0;
    let (app, site) = (spawn_app_with(&settings), counting_site(500));
    let path = scrape_path(&site.url("/"));

    let (_, first) = app.get(&path).await;
    let (_, second) = app.get(&path).await;
    assert_eq!((told(&first), told(&second)), (("miss", "ok", "answer 1"), ("miss", "ok", "answer 2")));

    // Those that come after the load is over start another; so few that they all come in time.
    let answers = ask_at_once(&app, &path, 20).await;
    assert!(answers.iter().all(|(_, report)| told(report) == ("miss", "ok", "answer 3")));
    assert_eq!(site.connections(), 3);
}

#[tokio::test]
async fn a_second_asker_is_answered_without_touching_the_site() {
    let (app, site) = (spawn_app(), counting_site(0));

    let first = app.scrape(&site.url("/")).await;
    let second = app.scrape(&site.url("/")).await;

    assert_eq!((told(&first).0, told(&second).0, site.connections()), ("miss", "hit", 1));
    assert_eq!(without_state(first), without_state(second));
}

#[tokio::test]
async fn asking_afresh_always_asks_the_site_and_keeps_what_it_said() {
    let (app, site) = (spawn_app(), counting_site(0));
    let path = scrape_path(&site.url("/"));
    app.get(&path).await;

    for number in 2..5 {
        let (_, report) = app.get(&format!("{path}&fresh=true")).await;
        assert_eq!(told(&report), ("bypass", "ok", format!("answer {number}").as_str()));
    }
    let (_, kept) = app.get(&path).await;
    assert_eq!((told(&kept), site.connections()), (("hit", "ok", "answer 4"), 4));
}

/// A site whose first answer takes its time.
fn site_with_a_slow_start() -> TestSite {
    site(0, |number| {
        if number == 1 {
            thread::sleep(Duration::from_secs(1));
        }
        ("200 OK", format!("answer {number}"))
    })
}

#[tokio::test]
async fn a_reset_while_a_load_runs_makes_its_result_worthless() {
    let (app, site) = (spawn_app(), site_with_a_slow_start());
    let (url, path) = (site.url("/"), scrape_path(&site.url("/")));
    let request = app.client.get(app.url(&path));
    let first = tokio::spawn(async move { json(request.send().await.unwrap()).await });
    wait_until("the first request", || !site.seen().is_empty()).await;

    let reset = app.reset(&url).await;
    let (_, second) = app.get(&path).await;
    let (_, first) = first.await.unwrap();
    let (_, third) = app.get(&path).await;

    assert_eq!(reset["dropped"], 0, "nothing was kept yet");
    assert_eq!(told(&second), ("miss", "ok", "answer 2"), "whoever comes after the reset starts anew");
    assert_eq!(told(&first), ("miss", "ok", "answer 1"), "whoever came before gets what was asked for");
    assert_eq!(told(&third), ("hit", "ok", "answer 2"), "the old result is not kept");
    assert_eq!(site.connections(), 2);
}

#[tokio::test]
async fn a_reset_while_the_only_load_runs_leaves_nothing_behind() {
    let (app, site) = (spawn_app(), site_with_a_slow_start());
    let path = scrape_path(&site.url("/"));
    let request = app.client.get(app.url(&path));
    let first = tokio::spawn(async move { json(request.send().await.unwrap()).await });
    wait_until("the first request", || !site.seen().is_empty()).await;

    app.reset(&site.url("/")).await;
    first.await.unwrap();

    assert_eq!(told(&app.get(&path).await.1), ("miss", "ok", "answer 2"));
}

#[tokio::test]
async fn a_fresh_answer_is_not_overwritten_by_a_load_that_began_before_it() {
    let (app, site) = (spawn_app(), site_with_a_slow_start());
    let path = scrape_path(&site.url("/"));
    let request = app.client.get(app.url(&path));
    let first = tokio::spawn(async move { json(request.send().await.unwrap()).await });
    wait_until("the first request", || !site.seen().is_empty()).await;

    let (_, fresh) = app.get(&format!("{path}&fresh=true")).await;
    let (_, first) = first.await.unwrap();

    assert_eq!((told(&fresh), told(&first)), (("bypass", "ok", "answer 2"), ("miss", "ok", "answer 1")));
    assert_eq!(told(&app.get(&path).await.1), ("hit", "ok", "answer 2"));
}

#[tokio::test]
async fn a_reset_drops_every_variant_of_its_url_and_no_other() {
    let (app, site) = (spawn_app(), counting_site(0));
    let (path, other) = (scrape_path(&site.url("/?a")), scrape_path(&site.url("/?b")));
    for path in [&path, &format!("{path}&ua=browser"), &format!("{path}&follow_og_url=true"), &other] {
        app.get(path).await;
    }

    let reset = app.reset(&site.url("/?a#fragment")).await;

    assert_eq!(reset["dropped"], 3);
    assert_eq!(told(&app.get(&path).await.1).0, "miss");
    assert_eq!(told(&app.get(&other).await.1).0, "hit");
}

#[tokio::test]
async fn past_its_time_a_report_is_served_at_once_and_read_again_behind_the_scenes() {
    let app = spawn_app_with(&seconds(2, 60, 60, 60));
    let site = counting_site(800);
    let path = scrape_path(&site.url("/"));
    app.get(&path).await;
    sleep(Duration::from_millis(2100)).await;

    let started = Instant::now();
    let (_, stale) = app.get(&path).await;
    let took = started.elapsed();
    let others = ask_at_once(&app, &path, 50).await;
    wait_until("the refresh", || site.seen().len() == 2).await;
    sleep(Duration::from_millis(1300)).await; // it takes 800, and what it brings is fresh for 2000
    let (_, refreshed) = app.get(&path).await;

    assert_eq!(told(&stale), ("stale", "ok", "answer 1"));
    assert!(took < Duration::from_millis(700), "the asker waited {took:?} for the refresh");
    assert!(others.iter().all(|(_, report)| told(report).2 == "answer 1"), "one refresh for all of them");
    assert_eq!((told(&refreshed), site.connections()), (("hit", "ok", "answer 2"), 2));
}

#[tokio::test]
async fn a_site_that_fails_after_a_good_answer_is_covered_by_it_and_left_alone_for_a_while() {
    for while_revalidate in [0, 60] {
        let app = spawn_app_with(&seconds(1, 60, while_revalidate, 60));
        let site = site_that_breaks();
        let path = scrape_path(&site.url("/"));
        app.get(&path).await;
        sleep(Duration::from_millis(1100)).await;

        let (_, first) = app.get(&path).await;
        wait_until("the refresh", || site.seen().len() == 2).await;
        sleep(Duration::from_millis(200)).await;
        let more = ask_at_once(&app, &path, 20).await;

        assert_eq!(told(&first), ("stale", "ok", "good"), "stale-while-revalidate {while_revalidate} s");
        assert!(first["blame"].is_null());
        assert!(more.iter().all(|(_, report)| told(report) == ("stale", "ok", "good")));
        assert_eq!(site.connections(), 2, "failure_seconds have not passed: the site is left alone");
    }
}

#[tokio::test]
async fn a_site_that_recovers_is_found_out_when_the_quiet_time_is_over() {
    let app = spawn_app_with(&seconds(1, 1, 0, 60));
    let site = site(0, |number| {
        if number == 2 { ("503 Service Unavailable", "bad".to_owned()) } else { ("200 OK", format!("answer {number}")) }
    });
    let path = scrape_path(&site.url("/"));
    app.get(&path).await;
    sleep(Duration::from_millis(1100)).await;
    assert_eq!(told(&app.get(&path).await.1), ("stale", "ok", "answer 1"));
    assert_eq!(told(&app.get(&path).await.1), ("stale", "ok", "answer 1"));
    assert_eq!(site.connections(), 2, "quiet for a second");

    sleep(Duration::from_millis(1100)).await;

    assert_eq!(told(&app.get(&path).await.1), ("miss", "ok", "answer 3"));
    assert_eq!(site.connections(), 3);
}

#[tokio::test]
async fn an_error_is_told_when_the_time_of_the_good_answer_is_all_over() {
    let app = spawn_app_with(&seconds(1, 60, 0, 1));
    let site = site_that_breaks();
    let path = scrape_path(&site.url("/"));
    app.get(&path).await;
    sleep(Duration::from_millis(2200)).await;

    assert_eq!((told(&app.get(&path).await.1).0, told(&app.get(&path).await.1).1), ("miss", "status-500"));
}

#[tokio::test]
async fn a_failure_is_kept_for_its_seconds_and_then_asked_about_again() {
    let app = spawn_app_with(&seconds(3600, 1, 60, 60));
    let site =
        site(0, |number| if number == 1 { ("404 Not Found", "no".to_owned()) } else { ("200 OK", "there".to_owned()) });
    let path = scrape_path(&site.url("/"));

    let (_, first) = app.get(&path).await;
    let (_, second) = app.get(&path).await;
    assert_eq!((told(&first).0, told(&first).1), ("miss", "status-404"));
    assert_eq!((told(&second).0, told(&second).1, site.connections()), ("hit", "status-404", 1));

    sleep(Duration::from_millis(1100)).await;
    assert_eq!((told(&app.get(&path).await.1), site.connections()), (("miss", "ok", "there"), 2));
}

#[tokio::test]
async fn what_differs_on_the_wire_is_kept_apart() {
    let (app, site) = (spawn_app(), counting_site(0));
    let plain = site.url("/page");
    let ask = |url: &str, more: &str| format!("{}{more}", scrape_path(url));

    // The first column is asked once; each must ask the site, because nothing before it is the same request.
    for (path, what) in [
        (ask(&plain, ""), "the page"),
        (ask(&format!("{plain}?a=1"), ""), "a query"),
        (ask(&format!("{plain}?a=2"), ""), "another query"),
        (ask(&format!("{plain}?b=1&a=1"), ""), "one more parameter"),
        (ask(&format!("{plain}?a=1&b=1"), ""), "another order"),
        (ask(&site.url("/PAGE"), ""), "another case in the path"),
        (ask(&site.url("/page/"), ""), "a slash"),
        (ask(&plain, "&ua=browser"), "another user agent"),
        (ask(&plain, "&ua=Own/1.0"), "one's own user agent"),
        (ask(&plain, "&follow_og_url=true"), "og:url followed"),
    ] {
        let before = site.connections();
        assert_eq!(told(&app.get(&path).await.1).0, "miss", "{what}");
        assert_eq!(told(&app.get(&path).await.1).0, "hit", "{what}");
        assert_eq!(site.connections(), before + 1, "{what}");
    }
    let agents: Vec<_> = site.seen().iter().rev().take(3).map(|seen| seen.headers["user-agent"].clone()).collect();
    assert!(
        agents[0].contains("kakaotalk-scrap") && agents[1] == "Own/1.0" && agents[2].starts_with("Mozilla/"),
        "{agents:?}"
    );
}

#[tokio::test]
async fn http_and_https_are_two_pages() {
    let mut settings = settings();
    settings.fetch.connect_timeout_ms = 300; // the site does not speak TLS and waits for a request it can read
    let (app, site) = (spawn_app_with(&settings), counting_site(0));
    let (http, https) = (site.url("/"), site.url("/").replace("http:", "https:"));

    assert_eq!(told(&app.scrape(&http).await), ("miss", "ok", "answer 1"));
    assert_eq!(told(&app.scrape(&https).await), ("miss", "connect-timeout", "-"));
    assert_eq!(told(&app.scrape(&http).await), ("hit", "ok", "answer 1"));
    assert_eq!(told(&app.scrape(&https).await), ("hit", "connect-timeout", "-"));
    assert_eq!(site.connections(), 2);
}

#[tokio::test]
async fn spellings_of_one_request_share_one_report_and_each_keeps_its_fragment() {
    let (app, site) = (spawn_app(), TestSite::page("<title>page</title>"));
    let port = site.address.port();
    let first = app.scrape(&format!("http://127.0.0.1:{port}/page?q=1#one")).await;
    assert_eq!(told(&first).0, "miss");

    for (url, requested) in [
        ("http://127.0.0.1:PORT/page?q=1", "http://127.0.0.1:PORT/page?q=1"),
        ("http://127.0.0.1:PORT/page?q=1#one", "http://127.0.0.1:PORT/page?q=1#one"),
        ("http://127.0.0.1:PORT/page?q=1#two", "http://127.0.0.1:PORT/page?q=1#two"),
        ("HTTP://127.0.0.1:PORT/page?q=1", "http://127.0.0.1:PORT/page?q=1"),
        ("http://127.1:PORT/page?q=1", "http://127.0.0.1:PORT/page?q=1"),
        ("http://127.0.0.1:PORT/./x/../page?q=1", "http://127.0.0.1:PORT/page?q=1"),
        (" http://127.0.0.1:PORT/page?q=1\n", "http://127.0.0.1:PORT/page?q=1"),
    ] {
        let (url, requested) = (url.replace("PORT", &port.to_string()), requested.replace("PORT", &port.to_string()));
        let report = app.scrape(&url).await;

        assert_eq!(told(&report).0, "hit", "{url}");
        assert_eq!(report["requested_url"], requested.as_str(), "{url}");
        assert_eq!(
            report["card"]["url"],
            requested.as_str(),
            "{url}: the card's url keeps the fragment that was asked for (R18)"
        );
    }
    assert_eq!(site.connections(), 1);
    assert_eq!(site.seen()[0].path, "/page?q=1", "a fragment is never sent");
}

#[tokio::test]
async fn when_all_places_are_taken_others_are_told_to_come_back_and_the_same_page_is_still_shared() {
    let mut settings = settings();
    settings.scrape.max_concurrent = 1;
    settings.scrape.max_waiting = 0;
    let (app, site) = (spawn_app_with(&settings), Arc::new(counting_site(1500)));
    let (slow, other) = (scrape_path(&site.url("/slow")), scrape_path(&site.url("/other")));
    let request = app.client.get(app.url(&slow));
    let first = tokio::spawn(async move { json(request.send().await.unwrap()).await });
    wait_until("the first request", || !site.seen().is_empty()).await;

    let refused = app.client.get(app.url(&other)).send().await.unwrap();
    let (ready, _) = app.get("/readyz").await;
    let (shared, _) = app.get(&slow).await;

    let headers = refused.headers().clone();
    let (status, problem) = json(refused).await;
    assert_eq!((status, problem["code"].as_str()), (503, Some("busy")), "{problem:#}");
    assert_eq!(headers["content-type"], "application/problem+json");
    assert!(headers["retry-after"].to_str().unwrap().parse::<u32>().unwrap() > 0);
    assert_eq!(ready, 503, "a load balancer may look elsewhere");
    assert_eq!((shared, first.await.unwrap().0), (200, 200), "who asks for the page that is being read needs no place");

    // Being busy is not kept.
    assert_eq!(told(&app.get(&other).await.1), ("miss", "ok", "answer 2"));
    assert_eq!(app.get("/readyz").await.0, 200);
}

#[tokio::test]
async fn an_asker_waits_for_a_place_as_long_as_is_set() {
    let mut settings = settings();
    settings.scrape.max_concurrent = 1;
    settings.scrape.max_waiting = 1;
    settings.scrape.max_wait_ms = 200;
    let (app, site) = (spawn_app_with(&settings), Arc::new(counting_site(1000)));
    let request = app.client.get(app.url(&scrape_path(&site.url("/slow"))));
    let first = tokio::spawn(async move { json(request.send().await.unwrap()).await });
    wait_until("the first request", || !site.seen().is_empty()).await;

    let started = Instant::now();
    let (status, _) = app.get(&scrape_path(&site.url("/other"))).await;

    assert_eq!(status, 503);
    assert!(started.elapsed() >= Duration::from_millis(200), "{:?}", started.elapsed());
    assert_eq!(first.await.unwrap().0, 200);
}

#[tokio::test]
async fn a_busy_moment_does_not_hide_a_kept_report() {
    let mut settings = seconds(1, 60, 0, 60);
    settings.scrape.max_concurrent = 1;
    settings.scrape.max_waiting = 0;
    let (app, site) = (
        spawn_app_with(&settings),
        site(0, |number| {
            if number == 2 {
                thread::sleep(Duration::from_millis(800));
            }
            ("200 OK", format!("answer {number}"))
        }),
    );
    let kept = scrape_path(&site.url("/kept"));
    app.get(&kept).await;
    sleep(Duration::from_millis(1100)).await;
    let request = app.client.get(app.url(&scrape_path(&site.url("/slow"))));
    let slow = tokio::spawn(async move { json(request.send().await.unwrap()).await });
    wait_until("the slow request", || site.seen().len() == 2).await;

    let (status, report) = app.get(&kept).await;

    assert_eq!((status, told(&report)), (200, ("stale", "ok", "answer 1")));
    assert_eq!(slow.await.unwrap().0, 200);
}

//! A stub of Kakao's `GET /v1/system/ips` with the shape that Kakao documents, and everything that may go wrong with it.

use std::{
    net::TcpStream,
    path::Path,
    sync::{Arc, Mutex},
};

use scraplens::{
    config::Settings,
    egress::EgressPolicy,
    fetch::Fetcher,
    ips::{self, Ips, Secret, Shelf},
    kakao::Kakao,
};

use crate::helpers::{self, TestSite, respond};

/// The answer of the documentation, with a change to come either way and keys that are not documented.
pub const DOCUMENTED: &str = include_str!("../../fixtures/ips/documented.json");

/// What it may be some weeks later.
pub const CHANGED: &str = include_str!("../../fixtures/ips/changed.json");

/// A key that must be seen nowhere.
pub const KEY: &str = "5ec2e7c0ffee5ec2e7c0ffee5ec2e7c0";

/// The type that Kakao's API gives its answers.
pub const JSON: &str = "content-type: application/json;charset=UTF-8\r\n";

type Answer = Box<dyn Fn(&mut TcpStream) + Send + Sync>;

/// The API. What it answers can be changed while it runs.
pub struct Stub {
    pub site: TestSite,
    answer: Arc<Mutex<Arc<Answer>>>,
}

impl Stub {
    pub fn answering(answer: impl Fn(&mut TcpStream) + Send + Sync + 'static) -> Self {
        let answer: Arc<Mutex<Arc<Answer>>> = Arc::new(Mutex::new(Arc::new(Box::new(answer))));
        let asked = Arc::clone(&answer);
        let site = TestSite::answering(move |seen, stream| {
            let answer = Arc::clone(&asked.lock().unwrap());
            match (seen.path.as_str(), seen.headers.contains_key("authorization")) {
                ("/v1/system/ips", true) => answer(stream),
                ("/v1/system/ips", false) => respond(stream, "401 Unauthorized", JSON, NO_KEY.as_bytes()),
                _ => respond(stream, "404 Not Found", JSON, b"{}"),
            }
        });
        Self { site, answer }
    }

    /// One that answers this list.
    pub fn list(text: &'static str) -> Self {
        Self::answering(move |stream| respond(stream, "200 OK", JSON, text.as_bytes()))
    }

    pub fn answer_from_now_on(&self, answer: impl Fn(&mut TcpStream) + Send + Sync + 'static) {
        *self.answer.lock().unwrap() = Arc::new(Box::new(answer));
    }

    /// Settings that ask it with a key and keep the list in `store`; nothing waits to be spread.
    pub fn settings(&self, store: &str) -> Settings {
        let mut settings = helpers::curious_settings();
        settings.ips.url = ips::ApiUrl::parse(&self.site.url("/")).unwrap();
        settings.ips.key = Some(Secret::parse(KEY));
        store.clone_into(&mut settings.ips.store);
        settings.ips.spread_seconds = 0;
        settings.ips.reload_seconds = 1;
        settings
    }
}

/// What the command line and the server put together.
pub fn ips(settings: &Settings) -> Ips {
    let fetcher = Fetcher::new(&settings.fetch, &settings.dns, EgressPolicy::new(settings.egress.clone())).unwrap();
    let client = ips::Client::new(fetcher, settings.ips.clone(), settings.fetch.max_url_bytes);
    Ips::new(shelf(settings), client)
}

pub fn shelf(settings: &Settings) -> Shelf {
    Shelf::open(&settings.ips, settings.acl.max_ranges, &Kakao::embedded().unwrap()).unwrap()
}

/// A file in a folder, as a setting.
pub fn in_folder(folder: &Path) -> String {
    folder.join("kept/ips.json").to_str().unwrap().to_owned()
}

const NO_KEY: &str = r#"{"msg":"appkey(KA Header) does not exist","code":-2}"#;

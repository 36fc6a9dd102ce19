//! What every test stands on: the real application on port 0, and sites on loopback that answer what a test wants.

use std::{
    collections::HashMap,
    io::{Cursor, Read as _, Write as _},
    net::{SocketAddr, TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::Command,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::Duration,
};

use scraplens::{
    app::{App, Stopper},
    config::Settings,
    kakao::Kakao,
};
use serde_json::Value;

/// The real application, on a thread of its own, stopped when the test ends.
pub struct TestApp {
    pub address: SocketAddr,
    pub client: reqwest::Client,
    stopper: Option<Stopper>,
}

/// Settings of a test: loopback open, port 0, and nothing is asked for but the page, so that requests can be counted.
pub fn settings() -> Settings {
    let mut settings = curious_settings();
    settings.scrape.images = false;
    settings.scrape.compare = false;
    settings.scrape.robots = false;
    settings.fetch.refusal_bytes = 0;
    settings
}

/// The same with the defaults: images are measured, and others are asked where that explains something.
pub fn curious_settings() -> Settings {
    let mut settings = Settings::defaults().unwrap();
    settings.server.listen = "127.0.0.1:0".parse().unwrap();
    settings.server.shutdown_seconds = 1;
    settings.egress.allow = vec!["127.0.0.0/8".parse().unwrap()];
    settings
}

/// The application that asks for nothing but the page.
pub fn spawn_app() -> TestApp {
    spawn_app_with(&settings())
}

/// The application with settings of the test's own.
pub fn spawn_app_with(settings: &Settings) -> TestApp {
    let settings = settings.clone();
    let (tell, told) = std::sync::mpsc::channel();
    thread::spawn(move || {
        actix_web::rt::System::new().block_on(async move {
            let app = App::build(&settings, Kakao::embedded().unwrap()).unwrap();
            tell.send((app.address, app.stopper())).unwrap();
            app.run().await.unwrap();
        });
    });
    let (address, stopper) = told.recv_timeout(Duration::from_secs(10)).expect("the application did not start");
    TestApp { address, client: client(), stopper: Some(stopper) }
}

/// A client without proxies that never waits for ever.
pub fn client() -> reqwest::Client {
    // The client wants a crypto provider even for plain http.
    let _already = rustls::crypto::ring::default_provider().install_default();
    #[expect(clippy::disallowed_methods, reason = "a test talks to our own server")]
    reqwest::Client::builder().no_proxy().timeout(Duration::from_mins(1)).build().unwrap()
}

impl TestApp {
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    pub async fn get(&self, path: &str) -> (u16, Value) {
        json(self.client.get(self.url(path)).send().await.unwrap()).await
    }

    /// The report of `url`.
    pub async fn scrape(&self, url: &str) -> Value {
        let (status, report) = self.get(&scrape_path(url)).await;
        assert_eq!(status, 200, "{report:#}");
        report
    }

    /// What a cache reset of `url` answers.
    pub async fn reset(&self, url: &str) -> Value {
        let (status, answer) = json(self.client.delete(self.url(&scrape_path(url))).send().await.unwrap()).await;
        assert_eq!(status, 200, "{answer:#}");
        answer
    }

    /// The extraction of `html` as if it stood at `url`.
    pub async fn extract(&self, url: &str, content_type: &str, html: impl Into<Vec<u8>>) -> Value {
        let path = format!("/api/v1/extract?url={}", encode(url));
        let request = self.client.post(self.url(&path)).header("content-type", content_type).body(html.into());
        let (status, report) = json(request.send().await.unwrap()).await;
        assert_eq!(status, 200, "{report:#}");
        report
    }
}

impl Drop for TestApp {
    fn drop(&mut self) {
        if let Some(stopper) = self.stopper.take() {
            thread::spawn(move || actix_web::rt::System::new().block_on(stopper.stop_now()));
        }
    }
}

pub async fn json(response: reqwest::Response) -> (u16, Value) {
    let status = response.status().as_u16();
    #[expect(clippy::disallowed_methods, reason = "our own server's answer is bounded")]
    let text = response.text().await.unwrap();
    let value = serde_json::from_str(&text).unwrap_or_else(|_| panic!("not JSON ({status}): {text}"));
    (status, value)
}

pub fn scrape_path(url: &str) -> String {
    format!("/api/v1/scrape?url={}", encode(url))
}

pub fn encode(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

/// The codes of a report's findings.
pub fn codes(report: &Value) -> Vec<String> {
    report["findings"].as_array().unwrap().iter().map(|finding| finding["code"].as_str().unwrap().to_owned()).collect()
}

/// One request as a site saw it.
#[derive(Debug, Clone)]
pub struct Seen {
    pub method: String,
    pub path: String,
    pub headers: HashMap<String, String>,
}

type Answer = Box<dyn Fn(&Seen, &mut TcpStream) + Send + Sync>;

/// A site on loopback that writes whatever bytes a test wants, so that it can also break HTTP.
pub struct TestSite {
    pub address: SocketAddr,
    seen: Arc<Mutex<Vec<Seen>>>,
    connections: Arc<AtomicUsize>,
}

impl TestSite {
    /// A site whose every answer is written by `answer`. The connection closes when it returns.
    pub fn answering(answer: impl Fn(&Seen, &mut TcpStream) + Send + Sync + 'static) -> Self {
        Self::on(TcpListener::bind("127.0.0.1:0").unwrap(), answer)
    }

    /// The same on a listener of the test's own.
    pub fn on(listener: TcpListener, answer: impl Fn(&Seen, &mut TcpStream) + Send + Sync + 'static) -> Self {
        let address = listener.local_addr().unwrap();
        let answer: Arc<Answer> = Arc::new(Box::new(answer));
        let seen = Arc::new(Mutex::new(Vec::new()));
        let connections = Arc::new(AtomicUsize::new(0));
        let (log, count) = (Arc::clone(&seen), Arc::clone(&connections));
        thread::spawn(move || {
            for stream in listener.incoming() {
                let Ok(mut stream) = stream else { continue };
                count.fetch_add(1, Ordering::SeqCst);
                let (log, answer) = (Arc::clone(&log), Arc::clone(&answer));
                thread::spawn(move || {
                    let Some(request) = read_head(&mut stream) else { return };
                    log.lock().unwrap().push(request.clone());
                    answer(&request, &mut stream);
                });
            }
        });
        Self { address, seen, connections }
    }

    /// A site that answers every path with this page.
    pub fn page(html: impl Into<Vec<u8>>) -> Self {
        let html = html.into();
        Self::answering(move |_, stream| respond(stream, "200 OK", "content-type: text/html; charset=utf-8\r\n", &html))
    }

    /// A site with a head and body per path; 404 elsewhere. Headers end in CRLF each.
    pub fn pages(pages: &[(&str, &str, &str, &str)]) -> Self {
        let pages: HashMap<String, (String, String, Vec<u8>)> = pages
            .iter()
            .map(|(path, status, headers, body)| {
                ((*path).to_owned(), ((*status).to_owned(), (*headers).to_owned(), body.as_bytes().to_vec()))
            })
            .collect();
        Self::answering(move |seen, stream| match pages.get(&seen.path) {
            Some((status, headers, body)) => respond(stream, status, headers, body),
            None => respond(stream, "404 Not Found", "content-type: text/html\r\n", b"<title>no</title>"),
        })
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// The requests so far.
    pub fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }

    /// How many connections were opened, with or without a request.
    pub fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }
}

/// Writes a whole answer with Content-Length.
pub fn respond(stream: &mut TcpStream, status: &str, headers: &str, body: &[u8]) {
    let head = format!("HTTP/1.1 {status}\r\n{headers}content-length: {}\r\nconnection: close\r\n\r\n", body.len());
    // The client may have gone: a site does not care.
    let _gone = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body));
}

fn read_head(stream: &mut TcpStream) -> Option<Seen> {
    stream.set_read_timeout(Some(Duration::from_secs(10))).ok()?;
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") {
        if stream.read(&mut byte).ok()? == 0 {
            return None;
        }
        head.push(byte[0]);
    }
    let text = String::from_utf8_lossy(&head).into_owned();
    let mut lines = text.lines();
    let mut first = lines.next()?.split(' ');
    let (method, path) = (first.next()?.to_owned(), first.next()?.to_owned());
    let headers = lines
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
        .collect();
    Some(Seen { method, path, headers })
}

/// A picture in one colour.
pub fn png(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    let picture = image::RgbImage::from_pixel(width, height, image::Rgb([0xfe, 0xe5, 0x00]));
    picture.write_to(&mut bytes, image::ImageFormat::Png).unwrap();
    bytes.into_inner()
}

/// The program, to be run without what a developer keeps: no list of ranges, no key.
pub fn command() -> Command {
    let mut command = Command::new(program());
    command.env("SCRAPLENS__IPS__STORE", "").env("SCRAPLENS__SANDBOX__STORE", "").env_remove("KAKAO_REST_API_KEY");
    command
}

/// The program itself.
pub fn program() -> PathBuf {
    PathBuf::from(env!("CARGO_BIN_EXE_scraplens"))
}

/// The folder of real pages, where it is present.
pub fn corpus() -> Option<PathBuf> {
    let folder = std::env::var_os("SCRAPLENS_CORPUS")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus"), PathBuf::from);
    folder.join("pages").is_dir().then_some(folder)
}

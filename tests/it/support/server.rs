//! The program itself as a server in a process of its own, so that its memory can be measured and its panics are seen.

use std::{
    io::{BufRead as _, BufReader},
    process::{Child, Stdio},
    sync::{Arc, Mutex},
    thread,
    time::{Duration, Instant},
};

use serde_json::Value;

use crate::helpers::{client, command, json, scrape_path};

/// `scraplens serve` as a child, its standard error kept.
pub struct Server {
    child: Child,
    /// Its address, without a slash at the end.
    pub url: String,
    /// A client for it.
    pub client: reqwest::Client,
    stderr: Arc<Mutex<String>>,
}

impl Server {
    /// Starts it with `--timeout` and these variables.
    pub fn start(timeout: Duration, variables: &[(String, String)]) -> Self {
        let seconds = timeout.as_secs_f64().to_string();
        let mut child = command()
            .args(["serve", "--listen", "127.0.0.1:0", "--allow-net", "127.0.0.0/8", "--timeout", &seconds])
            .env("SCRAPLENS__LOG__LEVEL", "info")
            .envs(variables.iter().cloned())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut first = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut first).unwrap();
        let url = first.trim().rsplit(' ').next().unwrap().to_owned();
        assert!(url.starts_with("http://127.0.0.1:"), "{first}");
        let stderr = Arc::new(Mutex::new(String::new()));
        let (kept, pipe) = (Arc::clone(&stderr), child.stderr.take().unwrap());
        thread::spawn(move || {
            for line in BufReader::new(pipe).lines().map_while(Result::ok) {
                kept.lock().unwrap().push_str(&(line + "\n"));
            }
        });
        Self { child, url, client: client(), stderr }
    }

    /// The report of `url`, and how long it took.
    pub async fn scrape(&self, url: &str) -> (Value, Duration) {
        let started = Instant::now();
        let response = self.client.get(format!("{}{}", self.url, scrape_path(url))).send().await.unwrap();
        let (status, report) = json(response).await;
        assert_eq!(status, 200, "{report:#}");
        (report, started.elapsed())
    }

    pub async fn health(&self) -> Duration {
        let started = Instant::now();
        let response = self.client.get(format!("{}/healthz", self.url)).send().await.unwrap();
        assert_eq!(response.status(), 200);
        started.elapsed()
    }

    /// The peak of resident memory, in kB.
    pub fn peak_kb(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
        line.trim().trim_end_matches(" kB").parse().unwrap()
    }

    #[track_caller]
    pub fn assert_nothing_panicked(&self) {
        let stderr = self.stderr.lock().unwrap();
        assert!(!stderr.contains("panicked") && !stderr.contains("died"), "{stderr}");
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ended = self.child.kill();
        let _ended = self.child.wait();
    }
}

//! A real nginx on a loopback port of its own, for as long as a test lasts.

use std::{
    fs,
    net::{SocketAddr, TcpListener, TcpStream},
    path::Path,
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use tempfile::TempDir;

pub struct Nginx {
    address: SocketAddr,
    process: Child,
    _folder: TempDir,
}

impl Nginx {
    /// Serves a folder. `directives` stand in the server block.
    pub fn serving(root: &Path, directives: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let at = folder.path().display();
        let root = root.canonicalize().unwrap();
        let user = if nix_root() { "user root;" } else { "" };
        let config = format!(
            "{user} worker_processes 1; daemon off; pid {at}/pid; error_log {at}/error.log;
             events {{ worker_connections 512; }}
             http {{
               types {{ text/html html; }} default_type text/html; access_log off;
               client_body_temp_path {at}/b; proxy_temp_path {at}/p; fastcgi_temp_path {at}/f; uwsgi_temp_path {at}/u; scgi_temp_path {at}/s;
               server {{ listen {address}; root \"{}\"; {directives} }}
             }}",
            root.display()
        );
        fs::write(folder.path().join("nginx.conf"), config).unwrap();
        let process = Command::new("nginx")
            .args(["-p", &at.to_string(), "-c", &format!("{at}/nginx.conf"), "-e", &format!("{at}/error.log")])
            .stdout(Stdio::null())
            .spawn()
            .expect("nginx is not installed; `tests/run` installs it");
        let nginx = Self { address, process, _folder: folder };
        let patience = Instant::now() + Duration::from_secs(10);
        while TcpStream::connect(address).is_err() {
            assert!(Instant::now() < patience, "nginx does not listen");
            thread::sleep(Duration::from_millis(20));
        }
        nginx
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }
}

impl Drop for Nginx {
    fn drop(&mut self) {
        // SIGTERM lets the master take its workers along; SIGKILL would leave them.
        let _gone = Command::new("kill").arg(self.process.id().to_string()).status();
        let _gone = self.process.wait();
    }
}

/// True if nginx would drop to another user, who may not read the folder.
fn nix_root() -> bool {
    fs::metadata("/proc/self").is_ok_and(|own| std::os::unix::fs::MetadataExt::uid(&own) == 0)
}

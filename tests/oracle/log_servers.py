"""The real web servers that write access logs in the server's namespace, all with the same pages: nginx, nginx behind
nginx, Apache, HAProxy, and Caddy where it is installed. It judges nothing.

`/p/...` and `/img/...` are files, `/old/...` moves to `/p/...`, `/private/...` is refused, `/drop/...` is closed without
an answer (nginx), `/app/STATUS` is the application's answer, and everything else is missing."""

import os
import socket
import struct
import threading
import time
import zlib

import log_formats
from load_nginx import serve
from namespaces import Worker

PORTS = {"nginx": 80, "nginx-behind": 8081, "apache": 8080, "haproxy": 8090, "caddy": 8091}
APPLICATION, BEHIND, PLAIN = 9000, 8082, 8083
PAGES = [f"/p/{number}" for number in range(1, 25)]
IMAGES = [f"/img/{number}.{ending}" for number in range(1, 25) for ending in ("jpg", "png", "webp")]


def png(width, height):
    """A grey image."""
    rows = zlib.compress(b"".join(b"\0" + b"\x80" * width for _ in range(height)))
    chunks = [(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)), (b"IDAT", rows), (b"IEND", b"")]
    number = struct.Struct(">I").pack
    packed = [number(len(data)) + kind + data + number(zlib.crc32(kind + data)) for kind, data in chunks]
    return b"\x89PNG\r\n\x1a\n" + b"".join(packed)


PNG = png(800, 400)
MODULES = "mpm_event authz_core authz_host alias mime dir proxy proxy_http".split()


def tree(folder):
    """The files."""
    for path in [*PAGES, "/index.html", *IMAGES]:
        file = folder / "www" / path[1:]
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(PNG if path.startswith("/img/") else f"<!doctype html><title>{path}</title>\n".encode())
        os.utime(file, (1_700_000_000, 1_700_000_000))
    # Apache's workers are not root.
    for path in [folder, *folder.glob("www/**/")]:
        path.chmod(0o755)


def nginx(folder, syslog):
    """nginx.conf: one server that is reached directly, one behind a proxy, one that keeps no log."""

    def common(extra, behind):
        address = "$http_x_real_ip" if behind else "$remote_addr"
        return f"""
    root {folder}/www;
    {extra}
    location /old/ {{ rewrite ^/old/(.*)$ /p/$1 permanent; }}
    location /private/ {{ deny all; }}
    location /drop/ {{ return 444; }}
    location /app/ {{ proxy_pass http://127.0.0.1:{APPLICATION}; proxy_set_header X-Real-IP {address}; }}
"""

    formats = "\n".join(log.directive() for log in log_formats.LOGS if log.server.startswith("nginx"))
    direct = "\n".join(f"access_log {folder}/logs/{log.name}.log {log.name};" for log in log_formats.of("nginx"))
    if syslog:
        direct += f"\naccess_log syslog:server=unix:{folder}/nginx.sock,facility=local7,tag=nginx nginx_combined;"
    behind = "\n".join(
        f"access_log {folder}/logs/{log.name}.log {log.name};" for log in log_formats.of("nginx-behind")
    )
    return f"""user root;
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 2048; }}
http {{
  access_log off;
  types {{ text/html html; image/jpeg jpg; image/png png; image/webp webp; }}
  default_type text/html;
  client_body_temp_path {folder}/t1;
  proxy_temp_path {folder}/t2;
  fastcgi_temp_path {folder}/t3;
  uwsgi_temp_path {folder}/t4;
  scgi_temp_path {folder}/t5;
  {formats}
  server {{ listen 80; listen [::]:80; server_name shop.example; {common(direct, False)} }}
  server {{ listen {PORTS["nginx-behind"]}; listen [::]:{PORTS["nginx-behind"]};
    location / {{
      proxy_pass http://127.0.0.1:{BEHIND};
      proxy_set_header Host $host;
      proxy_set_header X-Real-IP $remote_addr;
      proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
    }}
  }}
  server {{ listen 127.0.0.1:{BEHIND}; {common(behind, True)} }}
  server {{ listen 127.0.0.1:{PLAIN}; {common("", True)} }}
}}
"""


def apache(folder):
    """httpd.conf."""
    modules = "\n".join(f"LoadModule {name}_module /usr/lib/apache2/modules/mod_{name}.so" for name in MODULES)
    logs = "\n".join(
        f"{log.directive()}\nCustomLog {folder}/logs/{log.name}.log {log.name}" for log in log_formats.of("apache")
    )
    return f"""ServerRoot "{folder}"
PidFile {folder}/apache.pid
ErrorLog {folder}/apache-error.log
ServerName shop.example
UseCanonicalName Off
User www-data
Group www-data
StartServers 1
ThreadsPerChild 64
ServerLimit 2
MaxRequestWorkers 128
ListenBacklog 2048
Listen {PORTS["apache"]}
{modules}
TypesConfig /etc/mime.types
DocumentRoot "{folder}/www"
<Directory />
Require all granted
</Directory>
<Location /private/>
Require all denied
</Location>
RedirectMatch permanent ^/old/(.*)$ /p/$1
ProxyPass /app/ http://127.0.0.1:{APPLICATION}/app/
{logs}
"""


def haproxy(folder, syslog):
    """haproxy.cfg: the same log to standard output as it is, and to a socket with the prefix that syslog has."""
    more = f"log {folder}/haproxy.sock len 4096 local0" if syslog else ""
    return f"""global
  log stdout len 4096 format raw local0
  {more}
defaults
  mode http
  log global
  option httplog
  timeout connect 5s
  timeout client 20s
  timeout server 20s
frontend web
  bind :::{PORTS["haproxy"]} v4v6
  capture request header User-Agent len 200
  capture request header Referer len 200
  http-request deny if {{ path_beg /private/ }}
  default_backend shop
backend shop
  server nginx 127.0.0.1:{PLAIN}
"""


def caddy(folder):
    """Caddyfile."""
    return f"""{{
  admin off
  auto_https off
}}
http://:{PORTS["caddy"]} {{
  log {{
    output file {folder}/logs/caddy_json.log
  }}
  root * {folder}/www
  respond /private/* 403
  redir /old/* /p/1 301
  reverse_proxy /app/* 127.0.0.1:{APPLICATION}
  file_server
}}
"""


class Syslog:
    """A socket that a server sends its log to; what comes is written down line by line."""

    def __init__(self, path, file):
        self.plug = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.plug.bind(str(path))
        path.chmod(0o777)
        self.file = file
        threading.Thread(target=self.read, daemon=True).start()

    def read(self):
        """Every datagram is a line."""
        with self.file.open("ab", buffering=0) as file:
            while True:
                data = self.plug.recv(65536)
                file.write(data.rstrip(b"\n\0") + b"\n")


class Servers:
    """All of them on one bench."""

    def __init__(self, bench, wanted=("nginx", "apache", "haproxy"), syslog=False):
        # A server in haste drops lines for syslog: only who visits one page after the other can count on them.
        self.bench, self.folder, self.syslog = bench, bench.folder, syslog
        (self.folder / "logs").mkdir(exist_ok=True)
        tree(self.folder)
        if syslog:
            Syslog(self.folder / "nginx.sock", self.log("nginx_syslog"))
            Syslog(self.folder / "haproxy.sock", self.log("haproxy_syslog"))
        self.application = Worker(bench.server, "application.py", str(APPLICATION))
        self.application.ask({})
        for name in wanted:
            getattr(self, f"start_{name}")()

    def log(self, name):
        """The file of a log."""
        return self.folder / "logs" / f"{name}.log"

    def start_nginx(self):
        """Starts nginx in front, behind and by itself."""
        conf = self.folder / "nginx.conf"
        conf.write_text(nginx(self.folder, self.syslog))
        self.serve(f"exec nginx -p {self.folder} -c {conf} -g 'daemon off;'", "nginx")

    def start_apache(self):
        """Starts Apache."""
        conf = self.folder / "httpd.conf"
        conf.write_text(apache(self.folder))
        self.serve(f"exec apache2 -f {conf} -DFOREGROUND", "apache")

    def start_haproxy(self):
        """Starts HAProxy, whose standard output is one of its logs."""
        conf = self.folder / "haproxy.cfg"
        conf.write_text(haproxy(self.folder, self.syslog))
        self.serve(f"exec haproxy -f {conf} -db >{self.log('haproxy_http')}", "haproxy")

    def start_caddy(self, binary="caddy"):
        """Starts Caddy."""
        conf = self.folder / "Caddyfile"
        conf.write_text(caddy(self.folder))
        self.serve(f"HOME={self.folder} exec {binary} run --config {conf} --adapter caddyfile", "caddy")

    def serve(self, command, name):
        """Starts a server under a host name of its own, as syslog's lines name the host."""
        command = f"hostname www1; {command} 2>{self.folder}/{name}-stderr"
        serve(self.bench, ["unshare", "--uts", "sh", "-c", command], str(PORTS[name]))

    def rotate(self, number):
        """Rotates nginx's logs as logrotate does: rename, then have them opened anew."""
        for log in [*log_formats.of("nginx"), *log_formats.of("nginx-behind")]:
            self.log(log.name).rename(self.folder / "logs" / f"{log.name}.log.{number}")
        self.bench.at_server("nginx", "-p", str(self.folder), "-c", str(self.folder / "nginx.conf"), "-s", "reopen")
        for _ in range(200):
            if self.log("nginx_combined").exists():
                return
            time.sleep(0.02)
        raise RuntimeError("nginx does not open its logs anew")

    def settle(self, logs, wanted):
        """Waits until each of the logs has as many lines as requests were sent: servers write after they answer."""
        until = time.monotonic() + 8
        while True:
            counts = {log.name: self.lines(log.name) for log in logs}
            if all(count >= wanted[log.server] for log, count in zip(logs, counts.values())):
                return counts
            if time.monotonic() > until:
                return counts
            time.sleep(0.1)

    def lines(self, name):
        """Lines of a log and of those rotated away."""
        return sum(file.read_bytes().count(b"\n") for file in (self.folder / "logs").glob(f"{name}.log*"))

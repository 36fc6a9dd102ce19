"""Writes tests/fixtures/logs_real anew: short access logs of the real servers for a fixed set of requests, and beside
each what was sent.

    python3 tests/oracle/record_logs.py [--caddy PATH]

Needs root, nginx, Apache and HAProxy; Caddy's log is left as it is where Caddy is missing. What a line means comes from
what was sent and what came back, never from the line."""

import sys

sys.dont_write_bytecode = True

import argparse
import base64
import datetime
import json
import shutil
import time
from pathlib import Path

import log_formats
import namespaces
from log_servers import PORTS, Servers
from namespaces import SERVER, Worker

FIXTURES = Path(__file__).resolve().parent.parent / "fixtures" / "logs_real"
NEW = "facebookexternalhit/1.1; kakaotalk-scrap/1.0; +https://devtalk.kakao.com/t/scrap/33984"
OLD = NEW.replace("; kakao", ";kakao")
BROWSER = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36"
)
INAPP = "Mozilla/5.0 (Linux; Android 15; SM-S928N) AppleWebKit/537.36 Mobile Safari/537.36 KAKAOTALK/25.9.0 (INAPP)"
NGINX = ("nginx",)
WEB = ("nginx", "nginx-behind", "apache", "haproxy", "caddy")
# 한글.jpg as a browser of 2005 sends it, and as one of today does.
EUC_KR = "/\ud55c\uae00.jpg?q=\uac80\uc0c9".encode("euc-kr").decode("latin-1")
UTF_8 = "/\ud55c\uae00".encode().decode("latin-1")


def text(target, agent, method="GET", version="HTTP/1.1", **headers):
    """A request."""
    lines = [f"{method} {target} {version}", "Host: shop.example"]
    lines += [f"User-Agent: {agent}"] if agent is not None else []
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "Connection: close", "", ""])


def ask(about, source, target, agent=NEW, servers=WEB, **more):
    """A request, and what a log may say of it."""
    headers = more.pop("headers", {})
    return {
        "about": about,
        "source": source,
        "target": target,
        "method": more.get("method", "GET"),
        "user_agent": agent,
        "referer": headers.get("Referer"),
        "forwarded": more.pop("forwarded", []),
        "host": "shop.example",
        "text": text(target, agent, more.pop("method", "GET"), more.pop("version", "HTTP/1.1"), **headers),
        "servers": servers,
        **more,
    }


def login(user):
    """Credentials that nobody asked for; nginx logs the name as it came."""
    return "Basic " + base64.b64encode(f"{user}:secret".encode()).decode()


PAGE = "http://shop.example/p/1?from=talk"
REQUESTS = [
    ask("the first address of a range", "27.0.236.0", "/"),
    ask("the spelling of 2018, and the last address", "211.231.103.255", "/p/1?from=talk&q=%EA%B0%80", OLD),
    ask("an image after its page", "121.53.83.7", "/img/1.jpg", headers={"Referer": PAGE}),
    ask("an image without an extension", "210.220.70.255", "/p/2", headers={"Referer": PAGE}),
    ask("a page that moved", "27.0.238.117", "/old/3"),
    ask("a page that is refused", "220.64.100.255", "/private/4"),
    ask("a page that is not there", "121.53.80.254", "/gone/5"),
    ask("the application fails", "211.249.201.138", "/app/500", servers=WEB),
    ask("a slow answer", "27.0.238.70", "/app/200?wait=0.4", seconds=0.4),
    ask("closed by `return 444`", "27.0.238.71", "/drop/6", servers=NGINX, status=444),
    ask("the scraper gives up", "27.0.238.72", "/app/200?wait=2", servers=NGINX, hang_up=0.3, status=499, seconds=0.3),
    ask("not modified", "27.0.238.69", "/img/2.png", headers={"If_Modified_Since": "Tue, 14 Nov 2023 22:13:20 GMT"}),
    ask("Kakao's IPv6 network", "2404:4600:6::1", "/p/3"),
    ask("a rented server of Kakao Enterprise", "61.109.216.9", "/p/4"),
    ask("the name is forged", "203.0.113.77", "/p/5"),
    ask(
        "forged, and says it asks for a Kakao address",
        "203.0.113.78",
        "/p/6",
        headers={"X_Forwarded_For": "27.0.238.117"},
        forwarded=["27.0.238.117"],
    ),
    ask(
        "a header of several addresses, ports and garbage",
        "27.0.238.114",
        "/p/7",
        headers={"X_Forwarded_For": "10.0.0.1, unknown, [2001:db8::7]:443, 192.0.2.60:8080"},
        forwarded=["10.0.0.1", "2001:db8::7", "192.0.2.60"],
    ),
    ask("quotes and a backslash in the agent", "203.0.113.79", "/p/8", 'say "hi" \\ kakaotalk-scrap/1.0 {x|y} #1'),
    ask("agent of bytes that are not UTF-8", "203.0.113.80", "/p/8", "\xc7\xd1 kakaotalk-scrap/1.0"),
    ask("a page whose name is EUC-KR", "27.0.238.118", EUC_KR, servers=("nginx", "nginx-behind", "apache", "caddy")),
    ask("a page whose name is UTF-8", "27.0.238.186", UTF_8, servers=("nginx", "nginx-behind", "apache", "caddy")),
    ask("quotes in the query", "27.0.238.187", '/p/9?q="a"&b=[1]', servers=("nginx", "nginx-behind")),
    ask(
        "a name that nobody asked for, with a blank",
        "27.0.238.1",
        "/p/9",
        headers={"Authorization": login("hong gil")},
    ),
    ask(
        "a name that looks like the rest of a line",
        "27.0.238.2",
        "/p/9",
        headers={"Authorization": login('x [01/Jan/2020:00:00:00 +0000] "GET /no HTTP/1.1" 200 1 "-" "-')},
    ),
    ask("HEAD", "27.0.238.3", "/p/10", method="HEAD"),
    ask("HTTP/1.0", "27.0.238.4", "/p/10", version="HTTP/1.0"),
    {
        **ask("a whole URL in the request line", "27.0.238.5", "/p/11", servers=("nginx", "apache")),
        "text": text("http://shop.example/p/11", NEW),
        "skip": ["host"],
    },
    ask("a browser", "175.223.10.9", "/p/1", BROWSER),
    ask("a browser that searches for the scraper's name", "175.223.10.9", "/p/1?q=kakaotalk-scrap", BROWSER),
    ask(
        "a browser that comes from a page about the scraper",
        "175.223.10.10",
        "/p/1",
        INAPP,
        headers={"Referer": "https://blog.example/kakaotalk-scrap/1.0"},
    ),
    ask("no agent at all", "175.223.10.11", "/p/1", None),
    {
        **ask("a line that is not HTTP", "203.0.113.81", "kakaotalk-scrap", None, servers=("nginx", "apache")),
        "text": "kakaotalk-scrap\r\n\r\n",
        "skip": ["method", "target", "host"],
        "seen": {"nginx": 400, "apache": 400},
    },
    {
        **ask("TLS to a port without TLS", "203.0.113.82", "", None, servers=("nginx", "apache")),
        "text": "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\"\\\r\n\r\n",
        "skip": ["method", "target", "host"],
        "seen": {"nginx": 400, "apache": 400},
    },
]


def aligned():
    """Waits for a moment in the middle of a second: the second that is logged is then the one that is noted."""
    while not 0.1 < time.time() % 1 < 0.55:
        time.sleep(0.02)


def lossy(value):
    """Text as a reader of UTF-8 sees it."""
    return value.encode("latin-1").decode("utf-8", "replace")


def url(value):
    """A part of a URL. One that is not UTF-8 has all its bytes beyond ASCII percent-encoded, so that two paths stay two."""
    raw = value.encode("latin-1")
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return "".join(chr(byte) if byte < 128 else f"%{byte:02X}" for byte in raw)


def entry(request, result, log):
    """What the line of one log must mean."""
    seen = str(request.get("status") or request.get("seen", {}).get(log.server) or result["seen"])
    row = {
        "time": datetime.datetime.fromtimestamp(int(result["sent"]), datetime.timezone.utc).isoformat(),
        "peer": request["source"],
        "forwarded": request["forwarded"],
        "method": request["method"],
        "target": url(request["target"]),
        "host": request["host"],
        "status": int(seen),
        "referer": request["referer"],
        "user_agent": lossy(request["user_agent"]) if request["user_agent"] is not None else None,
    }
    if log.server == "nginx-behind":
        row["peer"] = "127.0.0.1"
        row["forwarded"] = [*request["forwarded"], request["source"]]
    row = {key: value for key, value in row.items() if key in log.fields and value not in (None, [])}
    if "seconds" in log.fields and "seconds" in request:
        row["at_least_seconds"] = request["seconds"]
    unsure = [*request.get("skip", []), *log.unsure]
    # Caddy replaces bytes that are not UTF-8 itself.
    unsure += ["target"] if log.server == "caddy" and "%C7" in url(request["target"]) else []
    # Apache's %U is the file that it came to, not what was asked for.
    unsure += ["target"] if "%U" in log.template and request["target"] == "/" else []
    # A quote inside quotes that nothing escapes: nobody can say where the request ends.
    unsure += ["line"] if log.escape == "none" and '"' in request["text"].partition("\r\n")[0] else []
    row = {key: value for key, value in row.items() if key not in unsure}
    return {"about": request["about"], **row, **({"unsure": unsure} if unsure else {})}


def toml(value):
    """A value as TOML writes it."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def write(log, name, lines, rows):
    """One fixture."""
    (FIXTURES / f"{name}.log").write_bytes(lines)
    top = [f"about = {toml('What ' + log.server.replace('-', ' ') + ' wrote for requests that are known')}"]
    if log.format:
        top.append(f"formats = {toml(log.format.split('|'))}")
    if log.template:
        top.append(f"template = {toml(log.directive())}")
    blocks = ["\n".join(["[[lines]]", *(f"{key} = {toml(value)}" for key, value in row.items())]) for row in rows]
    (FIXTURES / f"{name}.toml").write_text("\n\n".join(["\n".join(top), *blocks]) + "\n")


def main():
    """Records."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--caddy", default=shutil.which("caddy"), help="the Caddy program")
    options = parser.parse_args()
    namespaces.need_root()
    bench = namespaces.Bench("record", ())
    try:
        servers = Servers(bench, syslog=True)
        if options.caddy:
            servers.start_caddy(options.caddy)
        sender = Worker(bench.client, "sender.py")
        FIXTURES.mkdir(parents=True, exist_ok=True)
        for server in [name for name in PORTS if name != "caddy" or options.caddy]:
            sent = []
            for request in [request for request in REQUESTS if server in request["servers"]]:
                aligned()
                asked = {
                    **{key: request[key] for key in ("source", "text")},
                    "target": SERVER[6 if ":" in request["source"] else 4],
                    "port": PORTS[server],
                    "hang_up": request.get("hang_up"),
                }
                [[result]] = sender.ask({"chains": [[asked]]})
                sent.append((request, result))
                time.sleep(0.05)
            time.sleep(0.5)
            for log in log_formats.of(server, syslog=True):
                lines = servers.log(log.name).read_bytes()
                rows = [entry(request, result, log) for request, result in sent]
                print(f"{log.name}: {len(rows)} requests, {lines.count(10)} lines")
                write(log, log.name, lines, rows)
                if log.name == "nginx_combined":
                    write(log, "nginx_syslog", servers.log("nginx_syslog").read_bytes(), rows)
    finally:
        bench.close()


if __name__ == "__main__":
    main()

"""The application behind the web servers: what it answers is in the path, `/app/403` or `/app/200?wait=0.4`. Networks
named after its port it refuses by itself, as a middleware with a list of its own does; it knows visitors by
`X-Real-IP`. Speaks one JSON line when it is ready."""

import http.server
import ipaddress
import json
import re
import sys
import time
import urllib.parse

PAGE = b"""<!doctype html><meta charset="utf-8"><title>Shop</title>
<meta property="og:title" content="Shop"><meta property="og:description" content="All of it">
<meta property="og:image" content="http://shop.example/img/1.png"><p>ok
"""


class Application(http.server.BaseHTTPRequestHandler):
    """Answers as it is asked to."""

    protocol_version = "HTTP/1.1"
    refused = []

    def do_GET(self):
        """One request."""
        url = urllib.parse.urlsplit(self.path)
        if wait := urllib.parse.parse_qs(url.query).get("wait"):
            time.sleep(float(wait[0]))
        wanted = re.fullmatch(r"/app/(\d{3})(?:/.*)?", url.path)
        status = int(wanted.group(1)) if wanted else 200
        visitor = self.headers.get("X-Real-IP")
        if visitor and any(ipaddress.ip_address(visitor) in network for network in self.refused):
            status = 403
        body = b"" if status in (204, 304) else PAGE
        self.send_response(status)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Connection", "close")
        self.end_headers()
        try:
            self.wfile.write(body)
        except OSError:
            pass  # the visitor has hung up
        self.close_connection = True

    do_HEAD = do_GET

    def log_message(self, *_arguments):
        """The web server before it keeps the log."""


def main():
    """Serves until it is killed."""
    port, *networks = sys.argv[1:]
    Application.refused = [ipaddress.ip_network(network) for network in networks]
    server = http.server.ThreadingHTTPServer(("127.0.0.1", int(port)), Application)
    server.daemon_threads = True
    server.request_queue_size = 512
    sys.stdin.readline()
    print(json.dumps({"ready": True}), flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()

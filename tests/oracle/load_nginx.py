"""nginx: runs it in the server's namespace with a random configuration, and hands in `nginx -T` and the file
itself."""

import os
import signal
import subprocess
import time

from case import Case, Form
from generate_nginx import HOSTS, PATHS, Generator
from kakao import Space
from namespaces import SERVER, Refused
from tool import KAKAO


def request(host, path):
    """Kakao's request for a page."""
    return f"GET {path} HTTP/1.1\r\nHost: {host}\r\nUser-Agent: {KAKAO}\r\nConnection: close\r\n\r\n"


def serve(bench, command, ready_port="80"):
    """Starts a server in the bench's namespace and waits until it listens."""
    process = subprocess.Popen(
        ["ip", "netns", "exec", bench.server, *command],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        env=bench.env,
    )
    for _ in range(300):
        if process.poll() is not None:
            raise Refused(f"{command[0]}: {process.stderr.read()}")
        if f":{ready_port} " in bench.at_server("ss", "-Hltn"):
            return process
        time.sleep(0.02)
    process.kill()
    raise Refused(f"{command[0]} does not listen")


def end(bench, process, port="80"):
    """Ends a server that `serve` started, and waits until its port is free."""
    if process and process.poll() is None:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(5)
    for _ in range(200):
        if f":{port} " not in bench.at_server("ss", "-Hltn"):
            return
        time.sleep(0.02)


def page_tree(folder):
    """The pages that the web servers serve."""
    for path in PATHS:
        file = folder / "www" / (path[1:] + "index.html" if path.endswith("/") else path[1:])
        os.makedirs(file.parent, exist_ok=True)
        file.write_text("ok\n")


class Nginx:
    """The section of nginx."""

    def __init__(self, name, family, per_case):
        self.name = name
        self.family = family
        self.per_case = per_case
        self.listen = ()
        self.process = None

    def make(self, bench, rng, seed):
        """Cases of one running configuration: some pages of some hosts."""
        page_tree(bench.folder)
        (bench.folder / "users").write_text("kakao:{PLAIN}x\n")
        os.chmod(bench.folder, 0o755)
        opaque = rng.random() < 0.08
        for _ in range(30):
            space = Space(rng, self.family)
            text = Generator(rng, space, opaque).text(bench.folder)
            try:
                self.start(bench, text)
            except Refused as refusal:
                reason = refusal
                continue
            break
        else:
            raise RuntimeError(f"{self.name}: nginx refused thirty configurations in a row, the last: {reason}")
        dumped = bench.at_server("nginx", "-T", "-p", str(bench.folder), "-c", str(bench.folder / "nginx.conf"))
        cases = []
        for host, path in rng.sample([(host, path) for host in HOSTS for path in PATHS], 3):
            forms = [
                Form("T", [("nginx-T.txt", dumped)], rng.choice(["nginx", None])),
                Form("conf", [("nginx.conf", text)], "nginx", fix=not cases),
            ]
            case = Case(
                self.name,
                seed,
                space,
                forms,
                space.targets((80, 443), self.per_case // 3),
                [80, 443],
                text,
                opaque,
                ["--host", host, "--path", path],
                request(host, path),
                True,
            )
            cases.append(case)
        return cases

    def start(self, bench, text):
        """Replaces the running nginx."""
        end(bench, self.process)
        (bench.folder / "nginx.conf").write_text(text)
        bench.at_server("nginx", "-t", "-q", "-p", str(bench.folder), "-c", str(bench.folder / "nginx.conf"))
        self.process = serve(
            bench, ["nginx", "-p", str(bench.folder), "-c", str(bench.folder / "nginx.conf"), "-g", "daemon off;"]
        )

    def reload(self, bench, _form, files):
        """Runs a patched configuration, for `acl fix`."""
        self.start(bench, dict(files)["nginx.conf"])

    def target(self):
        """The server's address."""
        return SERVER[self.family]

"""Reach: for sites where Kakao is stopped at one known place, what `reach` says from real dumps and real logs must name
that place - and must say less where evidence is kept from it."""

import json
import re
import time
import traceback

from load_nginx import end, serve
from log_servers import tree
from namespaces import SERVER, Worker
from plan import NEW, OLD
from proof import Program
from scenes import OFFICIAL, SCENES, SOURCES
from tool import Failed

URL = "http://shop.example/p/1"
APPLICATION = 9000
CONF = """user root;
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 512; }}
http {{
  types {{ text/html html; image/png png; }}
  client_body_temp_path {folder}/t1;
  proxy_temp_path {folder}/t2;
  fastcgi_temp_path {folder}/t3;
  uwsgi_temp_path {folder}/t4;
  scgi_temp_path {folder}/t5;
  access_log {folder}/access.log;
  {http}
  server {{
    listen 80 default_server;
    listen [::]:80 default_server;
    server_name shop.example;
    root {folder}/www;
    {server}
    location /p/ {{
      proxy_pass http://127.0.0.1:{port};
      proxy_set_header X-Real-IP $remote_addr;
    }}
  }}
}}
"""


class Reach:
    """The section."""

    name = "reach"
    command = "reach"
    needs = ("nginx", "iptables", "iptables-save", "ipset", "nft")
    listen = ()

    def run(self, bench, binary, folder, seed, tally):
        """Every scene."""
        self.bench, self.tally, self.folder, self.binary = bench, tally, folder, binary
        self.sender = Worker(bench.client, "sender.py")
        tree(bench.folder)
        for number, scene in enumerate(SCENES):
            try:
                self.play(scene, APPLICATION + number)
            except Exception as error:  # one broken scene must not hide the others
                tally.note(tally.broken, f"{scene.name}: {error}\n{traceback.format_exc(limit=-2)}")

    def play(self, scene, port):
        """Sets one scene up, has it visited, takes dumps and log, and asks."""
        bench, folder = self.bench, self.folder / scene.name
        program = Program(self.binary, folder, bench.client)
        official = {
            "inbound": [{"service": "scrap", "ips": OFFICIAL, "ports": [80], "updatedDate": "2026-11-02"}],
            "updatedDate": "2026-11-02",
        }
        (folder / "ips.json").write_text(json.dumps(official))
        application = Worker(bench.server, "application.py", str(port), *scene.application)
        application.ask({})
        conf = bench.folder / "nginx.conf"
        log = bench.folder / "access.log"
        log.unlink(missing_ok=True)
        conf.write_text(CONF.format(folder=bench.folder, http=scene.http, server=scene.server, port=port))
        nginx = serve(bench, ["nginx", "-p", str(bench.folder), "-c", str(conf), "-g", "daemon off;"])
        try:
            files = self.load(scene, conf, folder)
            if scene.stopped:
                self.browse()
                end(bench, nginx)
            self.visit(scene)
            (folder / "access.log").write_bytes(log.read_bytes())
            (folder / "long.log").write_bytes(earlier(log.read_bytes()) + log.read_bytes())
            for row in scene.rows:
                self.ask(program, scene, row, files)
        finally:
            end(bench, nginx)
            bench.flush()
            application.process.kill()

    def load(self, scene, conf, folder):
        """Loads the rules and takes the dumps of what is loaded."""
        kept = False
        for command, text in scene.load:
            if command == ["keep"]:
                self.dump(scene, conf, folder)
                kept = True
            else:
                self.bench.at_server(*command, text=text)
        if not kept:
            self.dump(scene, conf, folder)
        return list(scene.dumps)

    def dump(self, scene, conf, folder):
        """The dumps, as an operator takes them."""
        for name, command in scene.dumps.items():
            if command == ["nginx-T"]:
                command = ["nginx", "-T", "-p", str(self.bench.folder), "-c", str(conf)]
            (folder / name).write_text(self.bench.at_server(*command))

    def request(self, source, path, agent, referer=""):
        """One request for `sender.py`."""
        lines = [f"GET {path} HTTP/1.1", "Host: shop.example", f"User-Agent: {agent}", "Connection: close"]
        lines += [f"Referer: {referer}"] if referer else []
        text = "\r\n".join([*lines, "", ""])
        return {"source": source, "target": SERVER[4], "port": 80, "text": text, "patience": 2.0}

    def browse(self):
        """Browsers, and one who forges the name."""
        visit = [self.request("175.223.10.9", path, "Mozilla/5.0") for path in ("/p/1", "/img/1.png")]
        chains = [visit for _ in range(10)]
        self.sender.ask({"chains": [*chains, [self.request("203.0.113.77", "/p/2", NEW)]]})

    def visit(self, scene):
        """Kakao shares the page; what becomes of that is the scene's truth, and is held against the set-up. Who does not
        get the page never asks for its image."""
        if not scene.stopped:
            self.browse()
        chains = [
            [
                self.request(source, "/p/1", agent),
                *([self.request(source, "/img/1.png", agent, URL)] if "200" in scene.seen else []),
            ]
            for source, agent in zip(SOURCES, [NEW, OLD] * len(SOURCES))
        ]
        seen = {result["seen"] for chain in self.sender.ask({"chains": chains}) for result in chain}
        if seen != scene.seen:
            raise RuntimeError(f"Kakao's requests are answered {seen}, not {scene.seen}: the scene is not set up")

    def ask(self, program, scene, row, files):
        """One answer."""
        name = f"{scene.name}-{'-'.join(row.given)}"
        arguments = ["reach", URL, "--ranges", "ips.json", "--allow-net", "198.51.100.0/24"]
        arguments += ["--resolve", f"shop.example:80:{SERVER[4]}"]
        for file in files if "acl" in row.given else ():
            arguments += ["--acl", file]
        for file, kind in (("access.log", "log"), ("long.log", "long-log")):
            arguments += ["--log", file] if kind in row.given else []
        arguments += [] if "probe" in row.given else ["--no-probe"]
        try:
            report = program.json(name, *arguments)
            differences = list(self.differences(scene, row, report, program.folder))
            self.tally.judged(name, 3 + len(row.says), differences)
        except (Failed, KeyError, TypeError) as failure:
            self.tally.note(self.tally.broken, f"{name}: {failure}")

    def differences(self, scene, row, report, folder):
        """How an answer differs from the truth."""
        blocker = report["blocked_by"] or {}
        if report["verdict"] not in row.verdict or blocker.get("layer") not in row.layer:
            yield (
                f"found {report['verdict']} at {blocker.get('layer')}, must be {'|'.join(row.verdict)} at "
                f"{'|'.join(map(str, row.layer))}: {report['headline']['en']}"
            )
        if row.place:
            name, mark = scene.mark
            lines = (folder / name).read_text().splitlines()
            right = {
                f"{name}:{number}": line.strip()
                for number, line in enumerate(lines, 1)
                if any(part in line for part in mark.split("|"))
            }
            found = blocker.get("place")
            if found not in right:
                yield f"found the place {found}, must be one of {sorted(right)}"
            elif (blocker.get("line") or "").strip() != right[found]:
                yield f"found the line {blocker.get('line')}, must be {right[found]}"
        elif blocker.get("place"):
            yield f"found the place {blocker['place']}, though none can be known"
        if row.conflict and not report["conflicts"]:
            yield "it does not say that dump and log contradict each other"
        says = {evidence["kind"]: evidence["says"] for evidence in report["evidence"]}
        for kind, expected in row.says.items():
            if says.get(kind) != expected:
                yield f"{kind} says {says.get(kind)}, must say {expected}"


def earlier(log, hours=30):
    """What browsers asked before: the browsers' lines of the same log, dated back hour by hour."""
    lines = [line for line in log.decode().splitlines(keepends=True) if "kakaotalk-scrap" not in line][:8]
    result = []
    for ago in range(hours, 0, -1):
        stamp = time.strftime("%d/%b/%Y:%H:%M:%S +0000", time.gmtime(time.time() - ago * 3600))
        result += [re.sub(r"\[[^\]]+\]", f"[{stamp}]", line, count=1) for line in lines]
    return "".join(result).encode()

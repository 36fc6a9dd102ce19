"""Probe: what `probe` says of a site whose connections are dropped, refused or cut at one of its addresses by the real
kernel and the real nginx."""

import traceback
from dataclasses import dataclass, field

from load_nginx import end, serve
from log_servers import tree
from namespaces import INTERFACE, SERVER, Worker
from proof import Program
from prove_reach import APPLICATION, CONF
from scenes import BY_AGENT
from tool import Failed

SECOND = {4: "198.51.100.81", 6: "2001:db8:51::81"}
URL = "http://shop.example/p/1"
BLOCK = ["iptables", "-A", "INPUT", "-p", "tcp", "--dport", "80"]
BLOCK6 = ["ip6tables", *BLOCK[1:]]


@dataclass
class Scene:
    """One site, and what must be said of it."""

    name: str
    verdict: str
    # What each of its addresses must be found to do.
    connections: dict
    # Findings that must be there.
    codes: set = field(default_factory=set)
    load: list = field(default_factory=list)
    http: str = ""
    server: str = ""
    stopped: bool = False
    # `kakao` and `browser`: the status they must be found to get.
    answers: dict = field(default_factory=dict)


FOUR, SIX = SERVER[4], SERVER[6]
SCENES = [
    Scene("open", "open", {FOUR: "ok"}, answers={"kakao": 200, "browser": 200}),
    Scene("nothing-listens", "closed", {FOUR: "connect-refused"}, stopped=True),
    Scene("dropped", "closed", {FOUR: "connect-timeout"}, load=[[*BLOCK, "-j", "DROP"]]),
    Scene("rejected", "closed", {FOUR: "connect-refused"}, load=[[*BLOCK, "-j", "REJECT"]]),
    Scene(
        "prohibited",
        "closed",
        {FOUR: "connect-unreachable"},
        load=[[*BLOCK, "-j", "REJECT", "--reject-with", "icmp-host-unreachable"]],
    ),
    Scene(
        "one-of-two-dropped",
        "partly",
        {FOUR: "ok", SECOND[4]: "connect-timeout"},
        {"address-dead"},
        [[*BLOCK, "-d", SECOND[4], "-j", "DROP"]],
    ),
    Scene(
        "first-of-two-dropped",
        "partly",
        {FOUR: "connect-timeout", SECOND[4]: "ok"},
        {"address-dead"},
        [[*BLOCK, "-d", FOUR, "-j", "DROP"]],
    ),
    # Kakao was only ever seen coming from IPv4: that the other fails is worth a warning, no more.
    Scene(
        "ipv6-dropped",
        "open",
        {FOUR: "ok", SIX: "connect-timeout"},
        {"address-dead"},
        load=[[*BLOCK6, "-j", "DROP"]],
    ),
    Scene(
        "agent-403",
        "refused-for-kakao",
        {FOUR: "ok"},
        {"ua-blocked"},
        http=BY_AGENT,
        server="if ($scraper) { return 403; }",
        answers={"kakao": 403, "browser": 200},
    ),
    Scene(
        "agent-444",
        "refused-for-kakao",
        {FOUR: "ok"},
        {"ua-blocked"},
        http=BY_AGENT,
        server="if ($scraper) { return 444; }",
        answers={"kakao": None, "browser": 200},
    ),
    # Rules about addresses cannot be seen from elsewhere: the site is open for who asks here, and the report says so.
    Scene("kakao-dropped", "open", {FOUR: "ok"}, load=[[*BLOCK, "-s", "27.0.236.0/22", "-j", "DROP"]]),
]


class Probe:
    """The section."""

    name = "probe"
    command = "probe"
    needs = ("nginx", "iptables", "ip6tables")
    listen = ()

    def run(self, bench, binary, folder, seed, tally):
        """Every scene."""
        self.bench, self.tally, self.folder = bench, tally, folder
        self.program = Program(binary, folder / "answers", bench.client)
        tree(bench.folder)
        for version, length in ((4, 24), (6, 64)):
            options = ["nodad"] if version == 6 else []
            bench.at_server("ip", "addr", "add", f"{SECOND[version]}/{length}", "dev", INTERFACE, *options)
        self.application = Worker(bench.server, "application.py", str(APPLICATION))
        self.application.ask({})
        for scene in SCENES:
            try:
                self.play(scene)
            except Exception as error:  # one broken scene must not hide the others
                tally.note(tally.broken, f"{scene.name}: {error}\n{traceback.format_exc(limit=-2)}")

    def play(self, scene):
        """Sets one scene up and asks."""
        bench = self.bench
        conf = bench.folder / "nginx.conf"
        conf.write_text(CONF.format(folder=bench.folder, http=scene.http, server=scene.server, port=APPLICATION))
        nginx = serve(bench, ["nginx", "-p", str(bench.folder), "-c", str(conf), "-g", "daemon off;"])
        try:
            if scene.stopped:
                end(bench, nginx)
            for command in scene.load:
                bench.at_server(*command)
            addresses = ",".join(f"[{address}]" if ":" in address else address for address in scene.connections)
            report = self.program.json(
                scene.name,
                *("probe", URL, "--runs", "1", "--resolve", f"shop.example:80:{addresses}"),
                *("--allow-net", "198.51.100.0/24", "--allow-net", "2001:db8:51::/64"),
                codes=(0, 1, 2),
            )
            differences = list(self.differences(scene, report))
            self.tally.judged(scene.name, 3 + len(scene.answers), differences)
        except (Failed, KeyError, TypeError) as failure:
            self.tally.note(self.tally.broken, f"{scene.name}: {failure}")
        finally:
            end(bench, nginx)
            bench.flush()

    def differences(self, scene, report):
        """How an answer differs from the truth."""
        if report["verdict"] != scene.verdict:
            yield f"found {report['verdict']}, must be {scene.verdict}: {report['headline']['en']}"
        found = {row["address"].rsplit(":", 1)[0].strip("[]"): row["outcome"] for row in report["connections"]}
        if found != scene.connections:
            yield f"found {found}, must be {scene.connections}"
        codes = {finding["code"] for finding in report["findings"]}
        if not scene.codes <= codes:
            yield f"found {sorted(codes)}, must hold {sorted(scene.codes)}"
        for who, status in scene.answers.items():
            seen = [visit["status"] for visit in report["visits"] if visit["who"] == who and visit["of"] == "page"]
            if seen != [status]:
                yield f"{who} is said to get {seen}, really gets {status}"
        if not report["limits"]:
            yield "it does not say what it cannot prove"

"""Two network namespaces of this run's own, client and server, joined by a veth pair and by nothing else. Rules are
only ever loaded inside the server's. Everything is removed at the end, however the run ends; nothing outside is
touched."""

import atexit
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

SERVER = {4: "198.51.100.80", 6: "2001:db8:51::80"}
CLIENT = {4: "198.51.100.1", 6: "2001:db8:51::1"}
INTERFACE = "ks0"
MAC = {"kc0": "02:00:00:00:00:01", INTERFACE: "02:00:00:00:00:02"}
ANY = (("-4", "0.0.0.0/1"), ("-4", "128.0.0.0/1"), ("-6", "2000::/3"))
HERE = Path(__file__).resolve().parent
_made = []
_lock = threading.Lock()


class Refused(Exception):
    """The real software does not take this input."""


def need_root():
    """Says early and clearly why nothing can be done without root."""
    if os.geteuid() != 0:
        sys.exit(
            "the oracle loads real rules into network namespaces of its own, and only root may make those: run it as root"
        )
    probe = subprocess.run(["ip", "netns", "list"], capture_output=True, text=True)
    if probe.returncode != 0:
        sys.exit(f"network namespaces do not work here: {probe.stderr.strip()}")


def run(command, text=None, check=True, env=None):
    """Runs a command; what it complains of becomes `Refused`."""
    done = subprocess.run(command, input=text, capture_output=True, text=True, env=env, timeout=60)
    if check and done.returncode != 0:
        raise Refused(f"{' '.join(command)}: {done.stderr.strip() or done.stdout.strip()}")
    return done.stdout


class Worker:
    """A Python file of this folder that lives in a namespace and answers one JSON line with another."""

    def __init__(self, namespace, script, *arguments):
        command = ["ip", "netns", "exec", namespace, sys.executable, str(HERE / script), *arguments]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ask(self, question):
        """One question, one answer."""
        self.process.stdin.write(json.dumps(question) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError("a worker of the oracle ended early")
        return json.loads(line)


class Bench:
    """A client and a server namespace. The plain server listens on `ports`; web servers are started by their own
    sections."""

    def __init__(self, label, ports=(80, 443, 8080, 8443)):
        self.client = f"kc0-{label}-{os.getpid()}"
        self.server = f"ks0-{label}-{os.getpid()}"
        self.folder = Path(tempfile.mkdtemp(prefix=f"oracle-{label}-"))
        self.env = {**os.environ, "XTABLES_LOCKFILE": str(self.folder / "xtables.lock"), "LC_ALL": "C"}
        with _lock:
            _made.append(self)
        for name in (self.client, self.server):
            run(["ip", "netns", "add", name])
        self._wire()
        inside = run(["ip", "netns", "exec", self.server, "ip", "netns", "identify"]).strip()
        if inside != self.server:
            raise RuntimeError(f"expected to be in {self.server}, am in {inside or 'the main namespace'}")
        self.prober = Worker(self.client, "probe.py")
        if ports:
            self.listener = Worker(self.server, "server.py", *map(str, ports))
            self.listener.ask({})

    def _wire(self):
        run(
            [
                "ip",
                "-n",
                self.client,
                "link",
                "add",
                "kc0",
                "address",
                MAC["kc0"],
                "type",
                "veth",
                "peer",
                "name",
                INTERFACE,
                "address",
                MAC[INTERFACE],
                "netns",
                self.server,
            ]
        )
        for name, device, side in ((self.client, "kc0", CLIENT), (self.server, INTERFACE, SERVER)):
            lines = [
                "link set lo up",
                f"addr add {side[4]}/24 dev {device}",
                f"addr add {side[6]}/64 dev {device} nodad",
                f"link set {device} up",
            ]
            # Neighbours are known from the start: rules under test may drop neighbour discovery.
            other, there = (CLIENT, "kc0") if name == self.server else (SERVER, INTERFACE)
            lines += [f"neigh add {other[v]} lladdr {MAC[there]} dev {device} nud permanent" for v in (4, 6)]
            if name == self.server:
                lines += [f"route add default via {CLIENT[4]}", f"-6 route add default via {CLIENT[6]}"]
            else:
                # AnyIP: every address but the link's own is this side's, so that it can speak as any of them.
                lines += [f"{kind} route add local {net} dev lo table main" for kind, net in ANY]
            for line in lines:
                run(["ip", "-n", name, *line.split()])
            # Without these, the kernel would drop by itself: reverse path checks, and limits on ICMP answers.
            settings = {
                "net.ipv4.conf.all.rp_filter": 0,
                "net.ipv4.conf.default.rp_filter": 0,
                f"net.ipv4.conf.{device}.rp_filter": 0,
                "net.ipv4.icmp_ratelimit": 0,
                "net.ipv4.icmp_ratemask": 0,
                "net.ipv6.icmp.ratelimit": 0,
                "net.ipv6.ip_nonlocal_bind": 1,
                "net.ipv4.ip_nonlocal_bind": 1,
                "net.ipv4.tcp_syncookies": 0,
                "net.core.somaxconn": 4096,
                "net.ipv4.tcp_max_syn_backlog": 4096,
            }
            for key, value in settings.items():
                run(["ip", "netns", "exec", name, "sysctl", "-qw", f"{key}={value}"], check=False)

    def at_server(self, *command, text=None, check=True):
        """Runs a command in the server's namespace."""
        return run(["ip", "netns", "exec", self.server, *command], text, check, self.env)

    def probe(self, probes, patience=1.0):
        """What becomes of these visits, all at once. `patience` stretches every wait."""
        return self.prober.ask({"probes": probes, "patience": patience})

    def flush(self):
        """Takes all rules of the server's namespace away."""
        self.at_server("nft", "flush", "ruleset")
        # The kernel may hold on to sets whose rules are gone; rule sets therefore use names of their own.
        self.at_server("ipset", "destroy", check=False)

    def close(self):
        """Ends what runs in the two namespaces, and removes them."""
        for name in (self.client, self.server):
            found = subprocess.run(["ip", "netns", "pids", name], capture_output=True, text=True).stdout.split()
            for pid in found:
                try:
                    os.kill(int(pid), signal.SIGKILL)
                except OSError:
                    pass
            subprocess.run(["ip", "netns", "delete", name], capture_output=True)
        shutil.rmtree(self.folder, ignore_errors=True)


def close_all(*_signal):
    """The end of every bench; also for signals."""
    with _lock:
        benches = list(_made)
        _made.clear()
    for bench in benches:
        bench.close()
    if _signal:
        os._exit(130)


atexit.register(close_all)
for _number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
    signal.signal(_number, close_all)

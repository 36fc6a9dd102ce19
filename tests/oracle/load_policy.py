"""Policies of one meaning in many dialects: the kernel is asked once, and every dialect must give the same table.
Cloud dumps come from `clouds`, others from aerleon, which is installed into a virtual environment when the test
runs."""

import atexit
import json
import shutil
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

from case import Case, Form
from clouds import Policy
from kakao import Space
from load_iptables import Iptables, program
from namespaces import HERE, SERVER

AERLEON = "aerleon==1.18.0"


class Clouds:
    """The section of clouds, lists and appliances."""

    def __init__(self, name, family, per_case):
        self.name = name
        self.family = family
        self.per_case = per_case
        self.listen = (80, 443)

    def make(self, bench, rng, seed):
        """A policy, loaded into the kernel."""
        space = Space(rng, self.family)
        policy = Policy(rng, space, only_allow=rng.random() < 0.5)
        self.load(bench, policy.restore())
        return Case(
            self.name, seed, space, policy.forms(), space.targets((80, 443), self.per_case), [80, 443], policy.restore()
        )

    def load(self, bench, text):
        """Replaces all rules."""
        bench.flush()
        bench.at_server(program(self.family, "nft", "-restore"), text=text)

    def reload(self, _bench, _form, _files):
        """There is no cloud here to load a fix into."""
        raise NotImplementedError

    def target(self):
        """The server's address."""
        return SERVER[self.family]


class Aerleon(Clouds):
    """The section of aerleon: one policy rendered into iptables, ipset and nftables."""

    environment = None
    lock = threading.Lock()

    def make(self, bench, rng, seed):
        """A policy, rendered, and its iptables form loaded into the kernel."""
        space = Space(rng, self.family)
        policy = Policy(rng, space, only_allow=False)
        files = self.render(policy)
        plain = files["kakao"]
        self.load(bench, f"*filter\n:INPUT ACCEPT\n{plain}COMMIT\n")
        tool = program(self.family, "nft", "-save")
        save = bench.at_server(tool)
        places = Iptables(self.name, self.family, "nft", 0).places(bench, "rules", save)
        ipset, rules = split_ipset(files["kakao.ips"])
        forms = [
            Form("iptables", [("kakao.ipt", plain)], "iptables"),
            Form("saved", [("rules", save)], "iptables", places=places),
            Form("speedway", [("kakao.speedway", files["kakao.ipt"])], "iptables"),
            Form("nftables", [("kakao.nft", files["kakao.nft"])], "nftables"),
            Form("ipset", [("rules.ips", rules), ("ipset", ipset)], "iptables"),
        ]
        return Case(
            self.name, seed, space, forms, space.targets((80, 443), self.per_case), [80, 443], json.dumps(files)
        )

    def render(self, policy):
        """aerleon's output by file name."""
        networks, terms = {}, []
        for index, (allow, nets, ports) in enumerate(policy.terms):
            networks[f"NET{index}"] = {"values": [{"address": str(net)} for net in nets]}
            terms.append(
                {
                    "name": f"term-{index}",
                    "source-address": f"NET{index}",
                    "destination-port": {(80,): "HTTP", (443,): "HTTPS"}.get(ports, "WEB"),
                    "protocol": "tcp",
                    "action": "accept" if allow else "deny",
                }
            )
        services = {"HTTP": [{"protocol": "tcp", "port": "80"}], "HTTPS": [{"protocol": "tcp", "port": "443"}]}
        services["WEB"] = services["HTTP"] + services["HTTPS"]
        family = "inet" if self.family == 4 else "inet6"
        targets = {
            "iptables": f"INPUT DROP {family}",
            "speedway": f"INPUT DROP {family}",
            "nftables": f"{family} input",
            "ipset": f"INPUT DROP {family}",
        }
        terms.append({"name": "default", "action": "deny"})
        question = {
            "definitions": {"networks": networks, "services": services},
            "policy": {
                "filename": "kakao",
                "filters": [{"header": {"comment": "kakao", "targets": targets}, "terms": terms}],
            },
        }
        done = subprocess.run(
            [self.python(), str(HERE / "aerleon" / "render.py")],
            input=json.dumps(question),
            capture_output=True,
            text=True,
            timeout=60,
        )
        if done.returncode != 0:
            raise RuntimeError(f"aerleon: {done.stderr.strip()[-600:]}")
        return json.loads(done.stdout)

    @classmethod
    def python(cls):
        """The interpreter of an environment that has aerleon; made once a run."""
        with cls.lock:
            if cls.environment is None:
                folder = Path(tempfile.mkdtemp(prefix="oracle-aerleon-"))
                atexit.register(shutil.rmtree, folder, True)
                subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True, timeout=120)
                subprocess.run(
                    [str(folder / "bin" / "pip"), "install", "--quiet", "--disable-pip-version-check", AERLEON],
                    check=True,
                    timeout=300,
                )
                cls.environment = str(folder / "bin" / "python")
            return cls.environment


def split_ipset(text):
    """aerleon's ipset output is two in one: what `ipset restore` takes, and what `iptables-restore` takes."""
    lines = text.splitlines(keepends=True)
    sets = [line for line in lines if line.startswith(("create ", "add "))]
    return "".join(sets), "".join(line for line in lines if line not in sets)

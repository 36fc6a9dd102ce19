"""firewalld: its own engine, started without D-Bus in the server's namespaces, with a private copy of its settings
mounted over the machine's."""

import re
import shutil

from case import Case, Form
from generate_firewalld import Generator
from kakao import Space
from load_nft import places_of
from namespaces import SERVER, Refused
from trace import Trace

START = """
import sys
from firewall.core.fw import Firewall
firewall = Firewall()
firewall.start()
sys.exit(0 if firewall.get_state() == "RUNNING" else f"firewalld is {firewall.get_state()}")
"""
# The interpreter of the distribution: firewalld's modules are its.
PYTHON = "/usr/bin/python3"


class Firewalld:
    """The section of firewalld."""

    def __init__(self, name, family, per_case):
        self.name = name
        self.family = family
        self.per_case = per_case
        self.listen = (80, 443, 8080)

    def make(self, bench, rng, seed):
        """Loaded zones."""
        opaque = rng.random() < 0.1
        for _ in range(10):
            space = Space(rng, self.family)
            generated = Generator(rng, space, opaque)
            zones = {f"{name}.xml": text for name, text in generated.zones.items()}
            sets = {f"{name}.xml": text for name, text in generated.sets.items()}
            try:
                self.start(bench, zones, sets)
            except Refused as refusal:
                reason = refusal
                continue
            case = Case(
                self.name,
                seed,
                space,
                self.dump(bench, zones, sets),
                space.targets((80, 443), self.per_case),
                [80, 443],
                "\n".join([*zones.values(), *sets.values()]),
                opaque,
            )
            case.trace = Trace
            return case
        raise RuntimeError(f"{self.name}: firewalld refused ten configurations in a row, the last: {reason}")

    def start(self, bench, zones, sets):
        """Writes the private settings, and has firewalld put them into the kernel."""
        bench.flush()
        folder = bench.folder / "firewalld"
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree("/etc/firewalld", folder)
        (bench.folder / "run").mkdir(exist_ok=True)
        for place, files in (("zones", zones), ("ipsets", sets)):
            shutil.rmtree(folder / place, ignore_errors=True)
            (folder / place).mkdir()
            for name, text in files.items():
                (folder / place / name).write_text(text)
        (bench.folder / "start.py").write_text(START)
        self.inside(bench, f"{PYTHON} {bench.folder}/start.py")

    def inside(self, bench, line):
        """Runs a line where firewalld sees the private settings only."""
        mounts = [
            "set -e",
            "mount --make-rprivate /",
            f"mount --bind {bench.folder}/firewalld /etc/firewalld",
            f"mount --bind {bench.folder}/run /run",
            line,
        ]
        return bench.at_server("unshare", "-m", "sh", text="\n".join(mounts) + "\n")

    def dump(self, bench, zones, sets):
        """The XML files, the listing, and what firewalld made of them."""
        settings = ("firewalld.conf", (bench.folder / "firewalld" / "firewalld.conf").read_text())
        listing = self.inside(bench, "firewall-offline-cmd --list-all-zones")
        ruleset = bench.at_server("nft", "list", "ruleset")
        places = places_of("ruleset.nft", bench.at_server("nft", "-a", "list", "ruleset"))
        forms = [
            Form("xml", [*zones.items(), *sets.items(), settings], "firewalld", fix=True),
            Form("list-all-zones", [("zones.txt", listing), *sets.items(), settings], "firewalld", complete=False),
            Form("nft", [("ruleset.nft", ruleset)], "nftables", places=places),
        ]
        return forms

    def reload(self, bench, _form, files):
        """Loads patched files, for `acl fix`."""
        xml = {name: text for name, text in files if name.endswith(".xml")}
        is_set = {name: bool(re.search(r"<ipset\b", text)) for name, text in xml.items()}
        self.start(
            bench,
            {name: text for name, text in xml.items() if not is_set[name]},
            {name: text for name, text in xml.items() if is_set[name]},
        )

    def target(self):
        """The server's address."""
        return SERVER[self.family]

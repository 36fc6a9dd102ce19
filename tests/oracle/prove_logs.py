"""Logs: real web servers are visited by a random plan, and what `logs` says of what they wrote must equal what was
sent - for every format, after rotation, packed, through standard input, with and without an official list."""

import gzip
import json
import random
import shutil
import traceback

import log_formats
from expect import Comparison
from log_servers import Servers
from namespaces import Worker
from plan import Networks, Plan
from proof import Program
from tool import Failed

DRIVEN = ("nginx", "nginx-behind", "apache", "haproxy")
WAVES = 3


class Logs:
    """The section."""

    name = "logs"
    command = "logs"
    needs = ("nginx", "apache2", "haproxy", "unshare")
    listen = ()

    def run(self, bench, binary, folder, seed, tally):
        """Visits, then asks."""
        rng = random.Random(f"logs {seed}")
        self.tally, self.folder = tally, folder
        self.program = Program(binary, folder / "answers")
        self.networks = Networks(rng)
        (self.program.folder / "ips.json").write_text(json.dumps(self.networks.json()))
        self.servers = Servers(bench)
        plans = {server: Plan(rng, self.networks, server) for server in DRIVEN}
        self.drive(plans, Worker(bench.client, "sender.py"))
        for server, plan in plans.items():
            for log in log_formats.of(server):
                self.attempt(log, plan)
        self.packed(plans["nginx"])
        self.hidden(plans["nginx-behind"])

    def drive(self, plans, sender):
        """All visits, in waves; nginx's logs are rotated between them."""
        for wave in range(WAVES):
            for plan in plans.values():
                chains = plan.chains[wave::WAVES]
                plan.send(sender, chains)
            wanted = {
                server: sum(len(chain) for done in range(wave + 1) for chain in plan.chains[done::WAVES])
                for server, plan in plans.items()
            }
            logs = [log for server in DRIVEN for log in log_formats.of(server)]
            for log, count in zip(logs, self.servers.settle(logs, wanted).values()):
                if count != wanted[log.server]:
                    raise RuntimeError(f"{log.name}: {count} lines for {wanted[log.server]} requests")
            if wave < WAVES - 1:
                self.servers.rotate(WAVES - 1 - wave)
        shutil.copytree(self.servers.folder / "logs", self.folder / "logs")

    def files(self, log):
        """A log and those rotated away."""
        return sorted((self.folder / "logs").glob(f"{log.name}.log*"), reverse=True)

    def attempt(self, log, plan):
        """One log, without and with an official list."""
        if not log.tells_client:
            return
        for official in (False, True):
            self.ask(f"{log.name}{'-official' if official else ''}", self.files(log), log, plan, official)

    def ask(self, name, files, log, plan, official=False, stdin=None):
        """One answer."""
        try:
            ranges = ["--ranges", "ips.json"] if official else []
            report = self.program.json(name, "logs", *files, *log.told(), *ranges, stdin=stdin)
            compared = Comparison(report, plan.requests(), self.networks, official)
            if "user_agent" in log.fields:
                compared.whole(images="referer" in log.fields)
                compared.same("verdict", report["verdict"], "partly-refused")
            else:
                compared.addresses_only()
            if log.format:
                found = {file["format"] for file in report["files"]}
                compared.same("formats of the files", found - set(log.format.split("|")), set())
            self.tally.judged(name, compared.checks, compared.differences)
        except (Failed, KeyError, TypeError) as failure:
            self.tally.note(self.tally.broken, f"{name}: {failure}\n{traceback.format_exc(limit=-1)}")

    def packed(self, plan):
        """The same log through standard input, packed, and as a directory."""
        log = next(log for log in log_formats.LOGS if log.name == "nginx_combined")
        files = self.files(log)
        whole = b"".join(file.read_bytes() for file in files)
        self.ask("stdin", ["-"], log, plan, stdin=whole)
        self.ask("stdin-gzip", ["-"], log, plan, official=True, stdin=gzip.compress(whole))
        folder = self.folder / "rotated"
        folder.mkdir()
        for number, file in enumerate(files):
            if number < len(files) - 1:
                (folder / f"{file.name}.gz").write_bytes(gzip.compress(file.read_bytes()))
            else:
                shutil.copy(file, folder / file.name)
        self.ask("directory", [folder], log, plan)
        # As `cat a.gz b.gz` makes it: several streams in one file; and lines that end as Windows ends them.
        streams = folder.parent / "streams.log.gz"
        streams.write_bytes(b"".join(gzip.compress(file.read_bytes()) for file in files))
        self.ask("streams", [streams], log, plan)
        windows = folder.parent / "windows.log"
        windows.write_bytes(whole.replace(b"\n", b"\r\n").removesuffix(b"\r\n"))
        self.ask("windows", [windows], log, plan)

    def hidden(self, plan):
        """A log whose every address is the proxy's tells nothing, and says so."""
        log = next(log for log in log_formats.LOGS if log.name == "nginx_hidden")
        try:
            report = self.program.json("hidden", "logs", *self.files(log))
            scraper = [request for request in plan.requests() if request.names_scraper()]
            found = {
                "verdict": report["verdict"],
                "requests": report["requests"],
                "finding": "addresses-are-the-proxys" in [finding["code"] for finding in report["findings"]],
                "hidden": next(row["requests"] for row in report["origins"] if row["origin"] == "hidden"),
            }
            wanted = {"verdict": "cannot-tell", "requests": len(scraper), "finding": True, "hidden": len(scraper)}
            self.tally.judged("hidden", 4, [] if found == wanted else [f"found {found}, must be {wanted}"])
        except (Failed, KeyError, TypeError, StopIteration) as failure:
            self.tally.note(self.tally.broken, f"hidden: {failure}")

"""What the sections that prove whole answers have in common: a tally like that of the rule sets, and the program with
its JSON. It knows no section."""

import json
import os
import subprocess

from tool import Failed

KEPT = 12
# No list of ranges that this machine may keep; where packets are dropped, waiting longer shows nothing more, and the
# sites of the oracle need no politeness.
SETTINGS = {
    "SCRAPLENS__IPS__STORE": "",
    "SCRAPLENS__PROBE__CONNECT_TIMEOUT_MS": "2000",
    "SCRAPLENS__FETCH__CONNECT_TIMEOUT_MS": "2000",
    "SCRAPLENS__PROBE__RUNS": "1",
    "SCRAPLENS__PROBE__PAUSE_MS": "0",
}


class Proof:
    """The sums of one section. The fields that a run adds up over sections are there, and zero."""

    def __init__(self, section, folder):
        self.section, self.folder = section, folder
        self.cases = self.checks = 0
        self.probes = self.fix_probes = self.fixes = self.compared = self.opaque = 0
        self.undetermined = self.traced = self.trace_differs = 0
        self.seconds = 0.0
        self.wrong = []
        self.broken = []

    def failed(self):
        """Whether anything is wrong."""
        return bool(self.wrong or self.broken)

    def line(self):
        """The section in one line."""
        return (
            f"{self.section:16} {self.cases:3} answers   {self.checks:5} statements  wrong {len(self.wrong)}  "
            f"broken {len(self.broken)}"
        )

    def judged(self, name, checks, differences):
        """One answer was held against the truth."""
        self.cases += 1
        self.checks += checks
        for difference in differences:
            self.note(self.wrong, f"{name}: WRONG {difference}")

    def note(self, where, text):
        """Writes a difference down, and prints the first ones."""
        where.append(text)
        if len(where) <= KEPT:
            print(f"[{self.section}] {text}\n    in {self.folder}", flush=True)


class Program:
    """The program under test, in a folder of its own and, where one is named, in a network namespace."""

    def __init__(self, binary, folder, namespace=None):
        self.binary, self.folder = binary, folder
        folder.mkdir(parents=True, exist_ok=True)
        self.inside = ["ip", "netns", "exec", namespace] if namespace else []

    def json(self, name, *arguments, stdin=None, codes=(0, 1)):
        """Its answer, which is kept beside the command as NAME.json."""
        command = [*self.inside, self.binary, *map(str, arguments), "--json"]
        (self.folder / f"{name}.command").write_text(" ".join(command) + "\n")
        env = {**os.environ, **SETTINGS, "LC_ALL": "C.UTF-8"}
        done = subprocess.run(command, input=stdin, capture_output=True, cwd=self.folder, env=env, timeout=120)
        (self.folder / f"{name}.json").write_bytes(done.stdout)
        if done.returncode not in codes:
            raise Failed(f"{name}: exit {done.returncode}: {done.stderr.decode(errors='replace').strip()[:600]}")
        try:
            return json.loads(done.stdout)
        except ValueError:
            raise Failed(f"{name}: no JSON: {done.stderr.decode(errors='replace').strip()[:600]}") from None

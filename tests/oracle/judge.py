"""Puts one rule set to the test: probes the real software, asks the program, compares, and writes down what
differs."""

import traceback

from compare import describe, let_in, same_how, same_verdict
from tool import Failed

KEPT_FAILURES = 6


class Tally:
    """The sums of one section."""

    def __init__(self, section):
        self.section = section
        self.cases = self.probes = self.compared = self.allowed = self.undetermined = self.opaque = (
            self.opaque_undetermined
        ) = 0
        self.seconds = 0.0
        self.traced = self.trace_differs = self.retried = self.fixes = self.fix_probes = self.unfixed = 0
        self.wrong = []
        self.how = []
        self.lines = []
        self.broken = []

    def failed(self):
        """Whether anything is wrong in this section; shares are looked at over all sections."""
        return bool(self.wrong or self.how or self.broken)

    def line(self):
        """The section in one line."""
        plain = max(1, self.compared - self.opaque)
        return (
            f"{self.section:16} {self.cases:3} rule sets {self.probes:5} probes ({self.allowed} let in) {self.compared:6} compared  "
            f"wrong {len(self.wrong)}  how {len(self.how)}  undetermined {100 * self.undetermined / plain:.2f}% "
            f"(opaque {self.opaque_undetermined}/{self.opaque})  line {self.traced - self.trace_differs}/{self.traced}  "
            f"fixes {self.fixes} (+{self.unfixed} none, {self.fix_probes} probes)  retried {self.retried}  broken {len(self.broken)}"
        )


class Judge:
    """Judges the rule sets of one section on one bench."""

    def __init__(self, section, bench, tool, folder, tally):
        self.section = section
        self.bench = bench
        self.tool = tool
        self.folder = folder
        self.tally = tally

    def visits(self, case, targets, patience=1.0):
        """What the real software does to visits."""
        target = self.section.target()
        probes = [
            {"source": address, "target": target, "port": port, "request": case.request} for address, port in targets
        ]
        return [answer["seen"] for answer in self.bench.probe(probes, patience)]

    def judge(self, case, number):
        """One rule set, in all its forms."""
        tally = self.tally
        trace = case.trace(self.bench) if case.trace else None
        seen = self.visits(case, case.targets)
        decisions = trace.stop() if trace else {}
        tally.cases += 1
        tally.probes += len(seen)
        tally.allowed += sum(let_in(outcome) for outcome in seen)
        for form in case.forms:
            folder = self.folder / f"{number}-{form.label.replace(' ', '')}"
            try:
                report = self.tool.check(folder, form, case.space.ranges, case.ports, case.options)
                parts = [report.part(*target) for target in case.targets]
            except Failed as failure:
                self.note(tally.broken, case, form, folder, f"no answer: {failure}")
                continue
            self.compare(case, form, folder, seen, parts)
            if form.places is not None and decisions and not case.opaque:
                self.compare_lines(case, form, folder, parts, decisions)

    def compare(self, case, form, folder, seen, parts):
        """Every probe against the part its address is in."""
        tally = self.tally
        opaque = case.opaque or not form.complete
        suspicious = []
        for index, (target, part) in enumerate(zip(case.targets, parts)):
            tally.compared += 1
            tally.opaque += opaque
            if part["verdict"] != "undetermined":
                if not self.same(case, seen[index], part):
                    suspicious.append(index)
            elif opaque:
                tally.opaque_undetermined += 1
            else:
                tally.undetermined += 1
                if tally.undetermined <= 2:
                    self.note(
                        [], case, form, folder, f"undetermined: {target}: really {seen[index]}, found {describe(part)}"
                    )
        if not suspicious:
            return
        if not case.opaque:
            # Under load a packet may be late: such probes are asked again, by themselves and with patience.
            tally.retried += len(suspicious)
            for index, again in zip(suspicious, self.visits(case, [case.targets[index] for index in suspicious], 2.5)):
                seen[index] = again
        for index in suspicious:
            address, port = case.targets[index]
            part = parts[index]
            text = f"{address} port {port}: really `{seen[index]}`, found {describe(part)}"
            if not same_verdict(seen[index], part):
                self.note(tally.wrong, case, form, folder, "WRONG VERDICT " + text)
            elif not self.same(case, seen[index], part):
                self.note(tally.how, case, form, folder, "WRONG WAY OF REFUSING " + text)

    def same(self, case, seen, part):
        """Whether the program is right; the way of refusing counts where nothing is opaque."""
        return same_verdict(seen, part) and (case.opaque or same_how(seen, part, case.web, case.muted))

    def compare_lines(self, case, form, folder, parts, decisions):
        """The deciding line of visits that the first packet decides, against the kernel's trace."""
        tally = self.tally
        for (address, port), part in zip(case.targets, parts):
            decision = decisions.get((address, port))
            if part["verdict"] == "undetermined" or decision is None or part["packet"] != "syn":
                continue
            refused, key = decision
            expected = form.places.get(key)
            if expected is None or refused != (part["verdict"] == "denied"):
                continue
            decided = part.get("decided_by") or {}
            tally.traced += 1
            # Where only policies let it in, which table of a hook is last depends on the back end (security: 50 or 150).
            by_policy = not refused and key[3] == "policy" and decided.get("chain", "").split()[-1:] == [key[2]]
            if (decided.get("file"), decided.get("line")) != expected and not by_policy:
                tally.trace_differs += 1
                text = f"{address} port {port}: the kernel says {key} = {expected}, found {describe(part)}"
                self.note(tally.lines, case, form, folder, "ANOTHER LINE " + text)

    def note(self, where, case, form, folder, text):
        """Writes a difference down, and prints the first ones."""
        where.append(text)
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / "differences").open("a") as file:
            file.write(f"seed {case.seed}\n{text}\n")
        (folder / "made-from").write_text(case.source)
        if len(where) <= KEPT_FAILURES:
            print(f"[{case.section}] seed {case.seed} form {form.label} in {folder}\n    {text}", flush=True)


def run_section(section, bench, tool, folder, tally, seeds, fixer=None):
    """Judges one rule set per seed."""
    import random

    judge = Judge(section, bench, tool, folder, tally)
    for seed in seeds:
        number = f"{section.name}-{seed}"
        try:
            made = section.make(bench, random.Random(f"{section.name} {seed}"), seed)
            cases = made if isinstance(made, list) else [made]
            for index, case in enumerate(cases):
                judge.judge(case, f"{number}-{index}")
            if fixer:
                fixer(judge, cases[0], number)
        except Exception as error:  # one broken rule set must not hide the others
            tally.broken.append(str(error))
            print(f"[{section.name}] seed {seed} broke: {error}\n{traceback.format_exc()}", flush=True)

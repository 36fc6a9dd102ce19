"""iptables, ip6tables (both back ends) and ipset: loads a random rule set into the kernel and dumps it in the forms
that operators hand in."""

import json
import re

from case import Case, Form
from generate_iptables import Generator
from kakao import Space
from namespaces import SERVER, Refused
from pieces_iptables import WEB
from trace import Trace


def program(family, backend, kind=""):
    """`iptables-nft-save` and its relatives."""
    return f"{'iptables' if family == 4 else 'ip6tables'}-{backend}{kind}"


class Iptables:
    """One section: a family and a back end."""

    def __init__(self, name, family, backend, per_case):
        self.name = name
        self.family = family
        self.backend = backend
        self.per_case = per_case
        self.listen = (80, 443, 8080, 8443)

    def make(self, bench, rng, seed):
        """A loaded rule set; tries again where the kernel refuses."""
        opaque = rng.random() < 0.1
        for _ in range(20):
            space = Space(rng, self.family)
            space.server = SERVER[self.family] if rng.random() < 0.5 else None
            generated = Generator(rng, space, opaque, only_filter=rng.random() < 0.3)
            try:
                self.load(bench, generated.text(self.backend == "legacy"), generated.ipset_lines)
            except Refused as refusal:
                reason = refusal
                continue
            ports = [*WEB, 8080] if rng.random() < 0.3 else list(WEB)
            case = Case(
                self.name,
                seed,
                space,
                self.dump(bench, rng, generated),
                space.targets(ports, self.per_case),
                ports,
                generated.text() + "\n" + "\n".join(generated.ipset_lines),
                opaque,
            )
            case.muted = any(mark in case.source for mark in (":OUTPUT DROP", "-A OUTPUT", "-A POSTROUTING"))
            case.options = ["--server", space.server] if space.server else []
            case.trace = Trace if self.backend == "nft" else None
            return case
        raise RuntimeError(f"{self.name}: the kernel refused twenty rule sets in a row, the last: {reason}")

    def load(self, bench, text, ipset_lines):
        """Replaces all rules."""
        if self.backend == "legacy":
            bench.at_server(program(self.family, "legacy", "-restore"), text=EMPTY)
        bench.flush()
        if ipset_lines:
            bench.at_server("ipset", "restore", text="\n".join(ipset_lines) + "\n")
        bench.at_server(program(self.family, self.backend, "-restore"), text=text)

    def dump(self, bench, rng, generated):
        """The forms of this rule set."""
        save = bench.at_server(program(self.family, self.backend, "-save"), *(["-c"] if rng.random() < 0.2 else []))
        saved = "".join(bench.at_server("ipset", "save", of) for of, _kind in generated.sets)
        sets = [("ipset.save", saved)] if saved else []
        name = "rules.v4" if self.family == 4 else "rules.v6"
        places = self.places(bench, name, save) if self.backend == "nft" else None
        order = [(name, save), *sets]
        if rng.random() < 0.3:
            order.reverse()
        forms = [Form("save", order, rng.choice(["iptables", None]), places=places, fix=True)]
        tool = program(self.family, self.backend)
        if generated.only_filter and rng.random() < 0.7:
            listed = bench.at_server(tool, "-S")
            forms.append(Form("-S", [("S.txt", listed), *sets], None))
            counted = rng.choice([["-L", "-n", "-v"], ["-L", "-n", "-v", "--line-numbers"]])
            forms.append(Form(" ".join(counted), [("L.txt", bench.at_server(tool, *counted)), *sets], None))
            if not re.search(r" -[io] ", generated.text().replace("-A INPUT -i lo -j ACCEPT\n", "")):
                # Without -v a listing hides interfaces; only the usual line for `lo` is recognised by its looks.
                forms.append(Form("-L -n", [("L.txt", bench.at_server(tool, "-L", "-n")), *sets], None, complete=False))
        if rng.random() < 0.2:
            forms.append(
                Form(
                    "script",
                    [("fw.sh", self.script(generated)), *[("ipset.save", text) for _, text in sets]],
                    "iptables",
                )
            )
        return forms

    def script(self, generated):
        """The same rules as commands, as blogs write them."""
        tool = "iptables" if self.family == 4 else "ip6tables"
        lines = ["#!/bin/sh", f"{tool} -F"]
        for table, (policies, chains, rules) in generated.tables.items():
            where = "" if table == "filter" else f" -t {table}"
            lines += [f"{tool}{where} -N {chain}" for chain in chains]
            lines += [f"{tool}{where} -P {chain} {policy}" for chain, policy in policies.items()]
            lines += [f"{tool}{where} {rule}" for rule in rules]
        return "\n".join(lines) + "\n"

    def places(self, bench, name, save):
        """Where the dump has each rule the kernel's trace may name: by the order of rules in their chains."""
        family = "ip" if self.family == 4 else "ip6"
        handles = {}
        for item in json.loads(bench.at_server("nft", "-j", "list", "ruleset"))["nftables"]:
            rule = item.get("rule")
            if rule and rule["family"] == family:
                handles.setdefault((rule["table"], rule["chain"]), []).append(rule["handle"])
        places, table, seen = {}, "", {}
        for number, line in enumerate(save.splitlines(), 1):
            line = re.sub(r"^\[\d+:\d+\] ", "", line)
            if line.startswith("*"):
                table = line[1:]
            elif line.startswith(":"):
                places[(family, table, line[1:].split()[0], "policy")] = (name, number)
            elif line.startswith("-A "):
                chain = line.split()[1]
                index = seen[(table, chain)] = seen.get((table, chain), -1) + 1
                here = handles.get((table, chain), [])
                if index < len(here):
                    places[(family, table, chain, str(here[index]))] = (name, number)
        return places

    def reload(self, bench, form, files):
        """Loads a patched form into the kernel, for `acl fix`."""
        if any(name == "ipset.save" and text != dict(form.files)[name] for name, text in files):
            raise Refused("a fix that changes sets is not replayed")
        rules = next(text for name, text in files if name.startswith("rules"))
        bench.at_server(program(self.family, self.backend, "-restore"), text=rules)

    def target(self):
        """The server's address."""
        return SERVER[self.family]


EMPTY = "".join(
    f"*{table}\n" + "".join(f":{hook} ACCEPT [0:0]\n" for hook in hooks) + "COMMIT\n"
    for table, hooks in {
        "raw": ["PREROUTING", "OUTPUT"],
        "mangle": ["PREROUTING", "INPUT", "FORWARD", "OUTPUT", "POSTROUTING"],
        "nat": ["PREROUTING", "INPUT", "OUTPUT", "POSTROUTING"],
        "filter": ["INPUT", "FORWARD", "OUTPUT"],
        "security": ["INPUT", "FORWARD", "OUTPUT"],
    }.items()
)

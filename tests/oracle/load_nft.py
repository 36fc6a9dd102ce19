"""nftables: loads a random rule set into the kernel and dumps it as text and as JSON."""

import json
import re

from case import Case, Form
from generate_nft import Generator
from kakao import Space
from namespaces import SERVER, Refused
from pieces_nft import WEB
from trace import Trace


class Nft:
    """The section of nft; each rule set is of one family."""

    def __init__(self, name, family, per_case):
        self.name = name
        self.family = family
        self.per_case = per_case
        self.listen = (80, 443, 8080, 8443)

    def make(self, bench, rng, seed):
        """A loaded rule set; tries again where nft refuses."""
        opaque = rng.random() < 0.1
        for _ in range(30):
            space = Space(rng, self.family)
            space.server = SERVER[self.family] if rng.random() < 0.5 else None
            generated = Generator(rng, space, opaque)
            try:
                bench.flush()
                bench.at_server("nft", "-f", "-", text=generated.text())
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
                generated.text(),
                opaque,
            )
            case.options = ["--server", space.server] if space.server else []
            case.trace = Trace
            case.muted = "hook output" in generated.text() or "hook postrouting" in generated.text()
            return case
        raise RuntimeError(f"{self.name}: nft refused thirty rule sets in a row, the last: {reason}")

    def dump(self, bench, rng, generated):
        """Text with and without handles, JSON, and the hand-written file itself."""
        text = bench.at_server("nft", "list", "ruleset")
        handled = bench.at_server("nft", "-a", "list", "ruleset")
        compact = bench.at_server("nft", "-j", "list", "ruleset")
        name = "ruleset.nft"
        places = places_of(name, handled)
        if rng.random() < 0.3:
            text = handled
        forms = [Form("text", [(name, text)], rng.choice(["nftables", None]), places=places, fix=True)]
        spread = json.dumps(json.loads(compact), indent=1 if rng.random() < 0.5 else None)
        forms.append(Form("json", [("ruleset.json", spread)], rng.choice(["nftables", None])))
        if rng.random() < 0.5:
            forms.append(
                Form("file", [("nftables.conf", "#!/usr/sbin/nft -f\nflush ruleset\n" + generated.text())], "nftables")
            )
        return forms

    def reload(self, bench, _form, files):
        """Loads a patched form into the kernel, for `acl fix`."""
        bench.flush()
        bench.at_server("nft", "-f", "-", text=dict(files)["ruleset.nft"])

    def target(self):
        """The server's address."""
        return SERVER[self.family]


def places_of(name, handled):
    """Where the listing has each rule the kernel's trace may name; the listing with handles has the same lines."""
    places, table, chain = {}, None, None
    for number, line in enumerate(handled.splitlines(), 1):
        if found := re.match(r"table (\S+) (\S+) \{", line):
            table = found.groups()
        elif found := re.match(r"\s+chain (\S+) \{", line):
            chain = found.group(1)
        elif table and chain and re.match(r"\s+type \S+ hook", line):
            places[(*table, chain, "policy")] = (name, number)
        elif table and chain and (found := re.search(r"# handle (\d+)$", line)):
            places[(*table, chain, found.group(1))] = (name, number)
        elif line == "\t}":
            chain = None
    return places

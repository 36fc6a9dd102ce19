"""Random iptables rule sets: text for `iptables-restore` and `ipset restore`. All constructs that real hosts use, in
proportions that let some visits in and keep others out. It loads nothing."""

from pieces_iptables import WEB, Pieces

HOOKS = {
    "raw": ["PREROUTING", "OUTPUT"],
    "mangle": ["PREROUTING", "INPUT", "FORWARD", "OUTPUT", "POSTROUTING"],
    "nat": ["PREROUTING", "INPUT", "OUTPUT", "POSTROUTING"],
    "filter": ["INPUT", "FORWARD", "OUTPUT"],
    "security": ["INPUT", "FORWARD", "OUTPUT"],
}


class Generator(Pieces):
    """One rule set."""

    def __init__(self, rng, space, opaque=False, only_filter=False):
        super().__init__(rng, space, opaque)
        self.only_filter = only_filter
        self.tables = {}
        self.make_sets()
        self.make_filter()
        if not only_filter:
            self.make_others()

    def rule(self, chain, callable_chains, inbound=True, refuse=0.45, base=False):
        """One rule of a chain of the filter table."""
        matches = self.matches(inbound)
        kind = self.rng.choices(
            ["accept", "drop", "reject", "jump", "goto", "return", "log", "none"],
            [
                1 - refuse,
                refuse * 0.7,
                refuse * 0.3,
                0.5 if callable_chains else 0,
                0.15 if callable_chains else 0,
                0.1,
                0.08,
                0.03,
            ],
        )[0]
        if (
            kind in ("drop", "reject")
            and base
            and ("-s" not in matches and "-d" not in matches and "set" not in matches and "range" not in matches)
        ):
            kind = "accept" if self.chance(0.6) else kind
        target = {
            "accept": "-j ACCEPT",
            "drop": "-j DROP",
            "return": "-j RETURN",
            "none": "",
            "log": "-j " + self.rng.choice(['LOG --log-prefix "fw: "', "NFLOG --nflog-group 3"]),
        }.get(kind)
        if kind == "reject":
            target = self.reject(matches)
        if kind in ("jump", "goto"):
            target = ("-j " if kind == "jump" else "-g ") + self.rng.choice(callable_chains)
        return " ".join(part for part in (f"-A {chain}", matches, target) if part)

    def make_filter(self):
        """INPUT with its own chains, and OUTPUT."""
        rng = self.rng
        names = rng.sample(["WEB", "KAKAO-IN", "f2b-http", "ALLOW_LIST", "DENY_LIST"], rng.choice([0, 1, 2, 3, 4]))
        lines = []
        policy = rng.choices(["DROP", "ACCEPT"], [0.6, 0.4])[0]
        if self.chance(0.65):
            lines.append(
                "-A INPUT "
                + rng.choice(["-m conntrack --ctstate RELATED,ESTABLISHED", "-m state --state RELATED,ESTABLISHED"])
                + " -j ACCEPT"
            )
        if self.chance(0.5):
            lines.append("-A INPUT -i lo -j ACCEPT")
        for _ in range(rng.randint(3, 11)):
            lines.append(self.rule("INPUT", names, refuse=0.3 if policy == "DROP" else 0.6, base=True))
        if self.chance(0.25):
            which = rng.choice(["", "-p tcp -m multiport --dports 80,443 ", "-p tcp -m tcp --dport 443 "])
            lines.append(f"-A INPUT {which}-j {rng.choice(['DROP', 'REJECT', 'ACCEPT'])}")
        for index, name in enumerate(names):
            lines += [self.rule(name, names[index + 1 :]) for _ in range(rng.randint(0, 6))]
        out_policy = "ACCEPT"
        if self.chance(0.25):
            out_policy = rng.choice(["DROP", "ACCEPT"])
            if self.chance(0.7):
                lines.append(
                    "-A OUTPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT"
                    if self.chance(0.6)
                    else f"-A OUTPUT -p tcp -m tcp --sport {rng.choice(WEB)} -j ACCEPT"
                )
            where = rng.randint(0, len(lines))
            extra = [self.rule("OUTPUT", [], inbound=False) for _ in range(rng.randint(0, 3))]
            lines[where:where] = extra
        self.tables["filter"] = (
            {"INPUT": policy, "OUTPUT": out_policy, "FORWARD": rng.choice(["DROP", "ACCEPT"])},
            names,
            lines,
        )

    def make_others(self):
        """raw, mangle, nat and security, each now and then."""
        for table, share in (("raw", 0.15), ("mangle", 0.2), ("nat", 0.3), ("security", 0.06)):
            if self.chance(share):
                getattr(self, f"make_{table}")()

    def make_raw(self):
        """Early drops, and connections that are not tracked."""
        lines = []
        for _ in range(self.rng.randint(1, 2)):
            target = self.rng.choice(["-j DROP", "-j DROP", "-j ACCEPT", "-j NOTRACK", "-j CT --notrack"])
            address = self.address_match() or f"-s {self.space.network()}"
            lines.append(f"-A PREROUTING {address} {self.port_match()} {target}")
            if "TRACK" in target.upper() and self.chance(0.5):
                lines.append(f"-A OUTPUT {self.port_match('sport')} -j NOTRACK")
        self.tables["raw"] = ({}, [], lines)

    def make_mangle(self):
        """Drops and marks, at every point of the way."""
        lines = []
        for _ in range(self.rng.randint(1, 3)):
            chain = self.rng.choice(["PREROUTING", "PREROUTING", "INPUT", "OUTPUT", "POSTROUTING", "FORWARD"])
            # On the way out the source is the server itself: such a rule needs its address to be known.
            inbound = chain in ("PREROUTING", "INPUT", "FORWARD") or bool(self.space.server and self.chance(0.3))
            address = f"{'-s' if inbound else '-d'} {self.space.network()}"
            target = self.rng.choice(["-j DROP", "-j ACCEPT", "-j MARK --set-mark 7"])
            lines.append(f"-A {chain} {address} {self.port_match('dport' if inbound else 'sport')} {target}")
        self.tables["mangle"] = ({}, [], lines)

    def make_nat(self):
        """Ports sent elsewhere on this host; the other hosts' rules that stand around there."""
        rng = self.rng
        lines = []
        for _ in range(rng.randint(1, 3)):
            port, to = rng.choice([(80, 8080), (443, 8443), (80, 443), (443, 80), (8000, 80)])
            address = self.address_match() if self.chance(0.6) else ""
            targets = [f"-j REDIRECT --to-ports {to}", f"-j REDIRECT --to-ports {to}", "-j ACCEPT", "-j RETURN"]
            if self.space.server:
                server = self.space.server if self.family == 4 else f"[{self.space.server}]"
                targets += [f"-j DNAT --to-destination {server}:{to}", f"-j DNAT --to-destination :{to}"]
            target = rng.choice(targets)
            lines.append(f"-A PREROUTING {address} -p tcp -m tcp --dport {port} {target}")
        if self.chance(0.3):
            lines.append("-A POSTROUTING -o eth9 -j MASQUERADE")
        self.tables["nat"] = ({}, [], lines)

    def make_security(self):
        """One rule after the filter table."""
        self.tables["security"] = ({}, [], [f"-A INPUT -s {self.space.network()} {self.port_match()} -j DROP"])

    def text(self, all_tables=False):
        """The input of `iptables-restore`."""
        parts = []
        for table, hooks in HOOKS.items():
            if table not in self.tables and not all_tables:
                continue
            policies, chains, lines = self.tables.get(table, ({}, [], []))
            parts.append(f"*{table}")
            parts += [f":{hook} {policies.get(hook, 'ACCEPT')} [0:0]" for hook in hooks]
            parts += [f":{chain} - [0:0]" for chain in chains]
            parts += [*lines, "COMMIT"]
        return "\n".join(parts) + "\n"

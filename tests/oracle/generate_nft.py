"""Random nftables rule sets as text for `nft -f`: several tables and base chains with priorities, sets, maps, verdict
maps, concatenations, connection states, redirects. It loads nothing."""

from pieces_nft import Pieces

PRIORITIES = ["filter", "filter - 5", "filter + 10", "-10", "0", "security", "mangle", "raw", "7"]


class Generator(Pieces):
    """One rule set of some tables."""

    def __init__(self, rng, space, opaque=False):
        super().__init__(rng, space, opaque)
        self.tables = []
        for number in range(rng.choice([1, 1, 1, 2, 2, 3])):
            self.tables.append(self.table(f"{rng.choice(['fw', 'filter', 'kakao', 'site'])}{number or ''}", number))
        if self.chance(0.1):
            self.tables.append(self.other_family())

    def table(self, name, number):
        """A table with its sets, chains and base chains."""
        rng = self.rng
        family = rng.choice(["inet", "inet", self.ip])
        self.inet = family == "inet"
        lines = self.declare(number)
        names = rng.sample(["web", "kakao_in", "blocked", "allow_list"], rng.choice([0, 1, 2, 3]))
        # A map's verdicts lead to the last chain only, which leads nowhere: no loops.
        lines += self.declare_maps(names[-1:])
        made = []
        for index in reversed(range(len(names))):
            made.append((names[index], [self.rule(names[index + 1 :]) for _ in range(rng.randint(0, 5))]))
        for chain, rules in made:
            lines += [f"chain {chain} {{", *rules, "}"]
        for index in range(rng.choice([1, 1, 1, 2]) if number == 0 else 1):
            lines += self.base(f"input{index or ''}", names, lenient=number > 0 or index > 0)
        if self.chance(0.25):
            lines += self.output()
        if self.chance(0.2):
            lines += self.early()
        if self.chance(0.2) and number == 0:
            lines += self.nat()
        return "\n".join([f"table {family} {name} {{", *lines, "}"])

    def base(self, name, chains, lenient):
        """A base chain on the input hook."""
        rng = self.rng
        policy = rng.choices(["drop", "accept"], [0.15, 0.85] if lenient else [0.6, 0.4])[0]
        rules = []
        if self.chance(0.65):
            rules.append(
                rng.choice(
                    [
                        "ct state established,related accept",
                        "ct state vmap { invalid : drop, established : accept, related : accept }",
                    ]
                )
            )
        if self.chance(0.4):
            rules.append("iif lo accept")
        rules += [
            self.rule(chains, refuse=0.3 if policy == "drop" else 0.6, base=True) for _ in range(rng.randint(2, 9))
        ]
        return [
            f"chain {name} {{",
            f"type filter hook input priority {rng.choice(PRIORITIES)}; policy {policy};",
            *rules,
            "}",
        ]

    def output(self):
        """A base chain on the output hook."""
        policy = self.rng.choices(["drop", "accept"], [0.4, 0.6])[0]
        rules = ["ct state established,related accept"] if self.chance(0.6) else []
        rules += [self.rule([], inbound=False) for _ in range(self.rng.randint(0, 3))]
        return ["chain output {", f"type filter hook output priority filter; policy {policy};", *rules, "}"]

    def early(self):
        """A chain before routing, maybe one after it."""
        hook = self.rng.choice(["prerouting", "prerouting", "postrouting"])
        rules = []
        for _ in range(self.rng.randint(1, 2)):
            target = self.rng.choice(["drop", "accept", "notrack"] if hook == "prerouting" else ["drop", "accept"])
            side = "saddr" if hook == "prerouting" or (self.space.server and self.chance(0.3)) else "daddr"
            rules.append(f"{self.ip} {side} {self.net()} {self.port('dport' if side == 'saddr' else 'sport')} {target}")
        return [
            "chain early {",
            f"type filter hook {hook} priority {'raw' if hook == 'prerouting' else 'filter'}; policy accept;",
            *rules,
            "}",
        ]

    def nat(self):
        """Ports sent elsewhere on this host."""
        rules = []
        for _ in range(self.rng.randint(1, 2)):
            port, to = self.rng.choice([(80, 8080), (443, 8443), (80, 443), (443, 80)])
            address = self.address() if self.chance(0.5) else ""
            rules.append(
                self.rng.choice(
                    [
                        f"{address} tcp dport {port} redirect to :{to}",
                        f"{address} tcp dport {port} accept",
                        "tcp dport { 8000, 80 } redirect to :8080",
                    ]
                ).strip()
            )
        return ["chain dstnat {", "type nat hook prerouting priority dstnat; policy accept;", *rules, "}"]

    def other_family(self):
        """A table that the packets asked about never meet."""
        other = "ip6" if self.ip == "ip" else "ip"
        return f"table {other} elsewhere {{\nchain input {{\ntype filter hook input priority 0; policy drop;\n}}\n}}"

    def text(self):
        """The input of `nft -f`."""
        return "\n".join(self.tables) + "\n"

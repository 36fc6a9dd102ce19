"""Pieces of random nftables rules: sets, maps, matches and rules. `generate_nft` puts them together."""

WEB = (80, 443)
OPAQUE = [
    "limit rate 3/minute",
    "limit rate over 1000/second",
    "meta mark 0x1",
    "ct mark 0x7",
    "meta length 50-70",
    "numgen random mod 2 0",
    "ct count over 1000",
    "quota over 100 mbytes",
    'meta hour "09:00"-"18:00"',
]


class Pieces:
    """Makes pieces for one rule set."""

    def __init__(self, rng, space, opaque):
        self.rng = rng
        self.space = space
        self.ip = "ip" if space.family == 4 else "ip6"
        self.type = "ipv4_addr" if space.family == 4 else "ipv6_addr"
        self.opaque = opaque
        self.inet = False
        self.sets, self.pairs, self.vmaps = [], [], []

    def chance(self, share):
        """True as often as said."""
        return self.rng.random() < share

    def net(self):
        """A network or, now and then, a span."""
        if self.chance(0.15):
            first, last = self.space.span()
            return f"{first}-{last}" if first != last else str(first)
        network = self.space.network()
        return str(network.network_address) if network.prefixlen == self.space.bits else str(network)

    def disjoint(self, count):
        """Networks none of which overlaps another: sets without auto-merge want that."""
        kept = []
        for _ in range(count * 4):
            network = self.space.network()
            if len(kept) < count and not any(network.overlaps(other) for other in kept):
                kept.append(network)
        return [str(net.network_address) if net.prefixlen == self.space.bits else str(net) for net in kept]

    def declare(self, number):
        """Sets and maps of a table: their text, and how rules may name them."""
        self.sets, self.pairs, self.vmaps, lines = [], [], [], []
        for index in range(self.rng.choice([0, 1, 1, 2])):
            name = f"kakao{index}"
            if self.chance(0.3):
                lines += [
                    f"set {name} {{",
                    f"type {self.type}",
                    "elements = { "
                    + ", ".join(
                        str(self.space.remember(self.space.cut(self.space.address(), self.space.bits)).network_address)
                        for _ in range(4)
                    )
                    + " }",
                    "}",
                ]
            else:
                merge = self.chance(0.4)
                elements = (
                    self.disjoint(self.rng.randint(1, 7))
                    if not merge
                    else [str(self.space.network()) for _ in range(5)]
                )
                extra = self.rng.choice(["", "", ' comment "share"'])
                elements = ", ".join(element + (extra if at == 0 else "") for at, element in enumerate(elements))
                lines += [
                    f"set {name} {{",
                    f"type {self.type}",
                    "flags interval" + (", timeout" if self.chance(0.1) else ""),
                    *(["auto-merge"] if merge else []),
                    f"elements = {{ {elements} }}",
                    "}",
                ]
            self.sets.append(name)
        if self.chance(0.3):
            elements = ", ".join(
                f"{network} . {self.rng.choice([80, 443, '80-443', 22])}"
                for network in self.disjoint(self.rng.randint(1, 4))
            )
            lines += [
                "set pairs {",
                f"type {self.type} . inet_service",
                "flags interval",
                f"elements = {{ {elements} }}",
                "}",
            ]
            self.pairs.append("pairs")
        return lines

    def declare_maps(self, chains):
        """Verdict maps; they name chains, which therefore stand before."""
        lines = []
        if self.chance(0.3):
            verdicts = {port: self.verdict(chains) for port in (22, 80, 443) if self.chance(0.75)}
            elements = ", ".join(f"{port} : {verdict}" for port, verdict in verdicts.items())
            lines += [
                "map ports {",
                "type inet_service : verdict",
                *([f"elements = {{ {elements} }}"] if elements else []),
                "}",
            ]
            self.vmaps.append(("tcp dport", "ports"))
        if self.chance(0.25):
            elements = ", ".join(
                f"{network} : {self.verdict(chains)}" for network in self.disjoint(self.rng.randint(1, 5))
            )
            lines += [
                "map sources {",
                f"type {self.type} : verdict",
                "flags interval",
                f"elements = {{ {elements} }}",
                "}",
            ]
            self.vmaps.append((f"{self.ip} saddr", "sources"))
        return lines

    def verdict(self, chains):
        """A verdict that may stand in a map."""
        return self.rng.choice(
            ["accept", "drop", "accept", "return", "continue"]
            + [f"jump {chain}" for chain in chains] * 2
            + [f"goto {chain}" for chain in chains[:1]]
        )

    def address(self, side="saddr"):
        """A match of Kakao's address."""
        negate = "!= " if self.chance(0.12) else ""
        kind = self.rng.choices(
            ["none", "net", "some", "set", "pair"],
            [3, 5, 2, 3 if self.sets else 0, 1.5 if self.pairs and side == "saddr" else 0],
        )[0]
        if kind == "net":
            return f"{self.ip} {side} {negate}{self.net()}"
        if kind == "some":
            return f"{self.ip} {side} {negate}{{ {', '.join(self.disjoint(self.rng.randint(1, 4)))} }}"
        if kind == "set":
            return f"{self.ip} {side} {negate}@{self.rng.choice(self.sets)}"
        if kind == "pair":
            return f"{self.ip} saddr . tcp dport {negate}@{self.rng.choice(self.pairs)}"
        return ""

    def port(self, side="dport"):
        """A match of the port or the protocol."""
        port = self.rng.choice(WEB)
        choices = [
            ("", 3),
            (f"tcp {side} {port}", 5),
            (f"tcp {side} {{ 80, 443 }}", 4),
            (f"tcp {side} {{ 22, {port} }}", 1),
            (f"tcp {side} != {port}", 0.6),
            (f"tcp {side} 80-443", 1),
            (f"tcp {side} >= 443", 0.3),
            (f"tcp {side} < 100", 0.3),
            (f"tcp {side} != {{ 22, {port} }}", 0.5),
            (f"th {side} {port}", 0.4),
            ("meta l4proto tcp", 0.5),
            (f"udp {side} 443", 0.3),
            ("meta l4proto { icmp, ipv6-icmp }", 0.3),
            ("meta l4proto != udp", 0.2),
            (f"meta l4proto {{ tcp, udp }} th {side} {port}", 0.4),
            (f"tcp {side} {{ 79-81, 440-450 }}", 0.4),
        ]
        text = self.rng.choices([text for text, _ in choices], [weight for _, weight in choices])[0]
        if text.startswith("tcp") and self.chance(0.06):
            text += self.rng.choice(
                [
                    " tcp flags syn",
                    " tcp flags & (fin|syn|rst|ack) == syn",
                    " tcp flags != syn",
                    " tcp flags & (syn|ack) == syn",
                ]
            )
        return text

    def state(self):
        """A match of connection tracking's state."""
        return self.rng.choice(
            [
                "ct state new",
                "ct state established,related",
                "ct state { established, related }",
                "ct state != new",
                "ct state invalid",
                "ct state established",
                "ct state new,established",
                "ct state untracked",
            ]
        )

    def harmless(self):
        """What every packet of a visit is, or a mask instead of a network."""
        network = self.space.remember(self.space.cut(self.space.address(), 24 if self.ip == "ip" else 48))
        protocol = "ip protocol tcp" if self.ip == "ip" else "ip6 nexthdr tcp"
        return self.rng.choice(
            [
                protocol,
                "ct direction original",
                "meta pkttype host",
                f"{self.ip} saddr & {network.netmask} == {network.network_address}",
                f'iifname . {self.ip} saddr . tcp dport {{ "ks0" . {network.network_address} . 80, "lo" . {network.network_address} . 443 }}',
                "tcp sport 1024-65535",
                'meta iifname != "lo"',
                "fib daddr type { local, unicast }",
            ]
        )

    def matches(self, inbound=True):
        """All matches of a rule."""
        parts = []
        if self.chance(0.12):
            name = self.rng.choice(['"ks0"', '"lo"', '"eth0"', '"ks*"', '!= "lo"', '{ "lo", "ks0" }'])
            parts.append(("iifname " if inbound else "oifname ") + name)
        parts += [self.address("saddr" if inbound else "daddr"), self.port("dport" if inbound else "sport")]
        if self.chance(0.15):
            parts.append(self.state())
        if self.chance(0.04) and self.inet:
            parts.append("meta nfproto " + ("ipv4" if self.space.family == 4 else "ipv6"))
        if self.chance(0.04) and inbound:
            parts.append("fib daddr type local")
        if self.space.server and self.chance(0.12):
            server = self.space.server
            wide = self.space.cut(server, 24 if self.ip == "ip" else 64)
            side = "daddr" if inbound else "saddr"
            parts.append(
                self.rng.choice(
                    [f"{self.ip} {side} {server}", f"{self.ip} {side} {wide}", f"{self.ip} {side} != {server}"]
                )
            )
        if inbound and self.chance(0.08):
            parts.append(self.harmless())
        if self.opaque and self.chance(0.3):
            parts.append(self.rng.choice(OPAQUE))
        parts = [part for part in parts if part]
        if self.chance(0.3):
            self.rng.shuffle(parts)
        return parts

    def rule(self, chains, inbound=True, refuse=0.4, base=False):
        """One rule."""
        rng = self.rng
        if self.vmaps and inbound and (base or chains) and self.chance(0.12):
            key, name = rng.choice(self.vmaps)
            return f"{key} vmap @{name}"
        if inbound and self.chance(0.07):
            some = ", ".join(f"{net} : {self.verdict(chains)}" for net in self.disjoint(3))
            pairs = ", ".join(f"{net} . {rng.choice(WEB)}" for net in self.disjoint(2))
            return rng.choice(
                [
                    "ct state vmap { established : accept, related : accept, invalid : drop }",
                    f"tcp dport vmap {{ 80 : {self.verdict(chains)}, 443 : {self.verdict(chains)} }}",
                    f"{self.ip} saddr vmap {{ {some} }}",
                    f"{self.ip} saddr . tcp dport {{ {pairs} }} {rng.choice(['accept', 'drop'])}",
                ]
            )
        parts = self.matches(inbound)
        text = " ".join(parts)
        kind = rng.choices(
            ["accept", "drop", "reject", "jump", "goto", "return", "log"],
            [1 - refuse, refuse * 0.7, refuse * 0.3, 0.5 if chains else 0, 0.12 if chains else 0, 0.08, 0.06],
        )[0]
        if kind in ("drop", "reject") and base and "addr" not in text and self.chance(0.6):
            kind = "accept"
        if kind == "reject":
            # A bare `reject with tcp reset` is for TCP only; nft wants to see that.
            abstract = (
                ["reject with icmpx type admin-prohibited", "reject with icmpx type host-unreachable"]
                if self.inet
                else []
            )
            kind = rng.choice(["reject", *abstract] + (["reject with tcp reset"] * 2 if "tcp " in text else []))
        if kind in ("jump", "goto"):
            kind += " " + rng.choice(chains)
        if kind == "log":
            kind = 'log prefix "fw: "'
        counter = "counter " if self.chance(0.25) else ""
        comment = ' comment "kakao: drop all"' if self.chance(0.04) else ""
        return f"{text} {counter}{kind}{comment}".strip()

"""Pieces of random iptables rules: sets, and matches of addresses, ports, states and interfaces. `generate_iptables`
puts them together."""

import json

WEB = (80, 443)
REJECTS = {
    4: [
        "icmp-port-unreachable",
        "icmp-host-prohibited",
        "icmp-admin-prohibited",
        "icmp-net-unreachable",
        "icmp-host-unreachable",
    ],
    6: ["icmp6-port-unreachable", "icmp6-adm-prohibited", "icmp6-addr-unreachable", "icmp6-no-route"],
}
OPAQUE = [
    "-m conntrack --ctstatus SEEN_REPLY",
    "-m limit --limit 3/min --limit-burst 4",
    "-m recent --name r --update --seconds 60 --hitcount 3",
    "-m string --algo bm --string kakao",
    "-m mark --mark 0x1",
    "-m statistic --mode random --probability 0.5",
    "-m length --length 50:70",
    "-m hashlimit --hashlimit-upto 5/sec --hashlimit-mode srcip --hashlimit-name h",
    "-m connlimit --connlimit-above 1",
]


# What every packet of a visit is, or is not.
HARMLESS = [
    "! -f",
    "-m addrtype --dst-type LOCAL",
    "-m pkttype --pkt-type unicast",
    "-m addrtype --dst-type MULTICAST",
    "-m conntrack --ctdir ORIGINAL",
    "-m policy --dir in --pol none",
    "-m conntrack --ctproto 6",
]


class Pieces:
    """Makes pieces for one rule set."""

    def __init__(self, rng, space, opaque):
        self.rng = rng
        self.space = space
        self.family = space.family
        self.opaque = opaque
        self.sets = []
        self.ipset_lines = []

    def chance(self, share):
        """True as often as said."""
        return self.rng.random() < share

    def make_sets(self):
        """Up to four sets, some with holes, some of sets."""
        family = "inet" if self.family == 4 else "inet6"
        for number in range(self.rng.choice([0, 0, 1, 2, 3])):
            kind = self.rng.choice(["hash:net", "hash:net", "hash:ip", "hash:ip,port", "hash:net,port", "list:set"])
            name = self.rng.choice(["kakao", "allow", "kakao_scrap", "blk"]) + f"{number}_{self.rng.randrange(100000)}"
            if kind == "list:set":
                plain = [other for other, of in self.sets if of in ("hash:net", "hash:ip")]
                if not plain:
                    continue
                self.ipset_lines.append(f"create {name} list:set size 8")
                self.ipset_lines += [f"add {name} {other}" for other in self.rng.sample(plain, min(2, len(plain)))]
            else:
                extra = self.rng.choice(["", " comment", " counters", ""])
                self.ipset_lines.append(f"create {name} {kind} family {family} hashsize 1024 maxelem 65536{extra}")
                entries = {self.entry(kind) for _ in range(self.rng.choice([0, 2, 5, 9, 14]))}
                self.ipset_lines += [f"add {name} {entry}" for entry in sorted(entries)]
            self.sets.append((name, kind))

    def entry(self, kind):
        """One entry of a set."""
        port = self.rng.choice(["80", "443", "tcp:443", "udp:443", "tcp:80", "8080"])
        address = self.space.address()
        if kind == "hash:ip":
            self.space.remember(self.space.cut(address, self.space.bits))
            return str(address)
        if kind == "hash:ip,port":
            self.space.remember(self.space.cut(address, self.space.bits))
            return f"{address},{port}"
        network = self.space.network()
        if network.prefixlen == 0:
            network = self.space.cut(address, 24)
        if kind == "hash:net,port":
            return f"{network},{port}"
        return f"{network}{' nomatch' if self.chance(0.2) else ''}"

    def address_match(self, side="src"):
        """None, a network, a span, or a set, maybe the other way round."""
        flag = "-s" if side == "src" else "-d"
        negate = "! " if self.chance(0.1) else ""
        kind = self.rng.choices(["none", "net", "span", "set"], [3, 6, 1.2, 2 if self.sets else 0])[0]
        if kind == "net":
            return f"{negate}{flag} {self.space.network()}"
        if kind == "span":
            first, last = self.space.span()
            return f"-m iprange {negate}--{side}-range {first}-{last}"
        if kind == "set":
            name, of = self.rng.choice(self.sets)
            port = "dst" if side == "src" else "src"
            return f"-m set {negate}--match-set {name} {side}" + (f",{port}" if of.endswith(",port") else "")
        return ""

    def port_match(self, side="dport"):
        """The protocol and the ports."""
        port = self.rng.choice(WEB)
        other = self.rng.choice([22, 81, 8080, 3306])
        short = side[0]
        choices = [
            ("", 3),
            ("-p tcp", 1),
            (f"-p tcp -m tcp --{side} {port}", 6),
            (f"-p tcp -m tcp --{side} {self.rng.choice(['1:443', '80:', ':100', '400:500'])}", 1.5),
            (f"-p tcp -m tcp ! --{side} {port}", 0.7),
            (f"-p tcp -m multiport --{side}s 80,443", 3),
            (f"-p tcp -m multiport --{side}s {other},{port}", 1),
            (f"-p tcp -m multiport ! --{side}s {port},{other}", 0.6),
            (f"-p tcp -m multiport --{side}s 22,80:100", 0.6),
            (f"-p tcp -m multiport --ports {port}", 0.4),
            (f"-p udp -m udp --{side} 443", 0.3),
            ("! -p udp", 0.3),
            ("-p all", 0.1),
            (f"-p tcp -m tcp --{side} {other}", 0.8),
            ("-p " + ("icmp" if self.family == 4 else "ipv6-icmp"), 0.3),
        ]
        text = self.rng.choices([text for text, _ in choices], [weight for _, weight in choices])[0]
        if text.startswith("-p tcp") and "multiport" not in text and self.chance(0.08):
            text += self.rng.choice(
                [
                    " --syn",
                    " ! --syn",
                    " --tcp-flags SYN,ACK SYN",
                    " --tcp-flags ALL NONE",
                    " --tcp-flags FIN,SYN,RST,ACK SYN",
                ]
                if "-m tcp" in text
                else [" -m tcp --syn", f" -m tcp --{'s' if short == 'd' else 'd'}port 1024:65535"]
            )
        return text

    def state_match(self):
        """Connection tracking's state, in both spellings."""
        state = self.rng.choice(
            [
                "NEW",
                "NEW,ESTABLISHED",
                "RELATED,ESTABLISHED",
                "ESTABLISHED",
                "INVALID",
                "NEW,RELATED,ESTABLISHED",
                "UNTRACKED",
            ]
        )
        negate = self.rng.choice(["", "", "", "! "])
        return self.rng.choice([f"-m conntrack {negate}--ctstate {state}", f"-m state {negate}--state {state}"])

    def matches(self, inbound=True, interface=True):
        """All matches of a rule."""
        side, port = ("src", "dport") if inbound else ("dst", "sport")
        parts = [self.address_match(side)]
        if interface and self.chance(0.15):
            parts.append(("-i " if inbound else "-o ") + self.rng.choice(["ks0", "ks0", "lo", "eth0", "ks+", "eth+"]))
            if self.chance(0.2):
                parts[-1] = "! " + parts[-1]
        parts.append(self.port_match(port))
        if self.chance(0.15):
            parts.append(self.state_match())
        if self.chance(0.06):
            parts.append(
                "-m comment --comment "
                + json.dumps(
                    self.rng.choice(["kakao", "a b", 'say "-j DROP"', "27.0.236.0/22 허용"]), ensure_ascii=False
                )
            )
        if self.space.server and self.chance(0.12):
            parts.append(self.server_match("-d" if inbound else "-s"))
        if inbound and self.chance(0.07):
            parts.append(self.rng.choice(HARMLESS if self.family == 4 else HARMLESS[1:]))
        if self.opaque and self.chance(0.3):
            parts.append(self.rng.choice(OPAQUE))
        return " ".join(part for part in parts if part)

    def server_match(self, flag):
        """A match of the server's own address: the address, its network, or another's."""
        server = self.space.server
        wide = 24 if self.family == 4 else 64
        return self.rng.choice(
            [
                f"{flag} {server}",
                f"{flag} {self.space.cut(server, wide)}",
                f"! {flag} {server}",
                f"{flag} " + ("203.0.113.9" if self.family == 4 else "2001:db8:99::9"),
            ]
        )

    def reject(self, matches):
        """A REJECT of some kind; RST only for TCP."""
        if "-p tcp" in matches and self.chance(0.4):
            return "-j REJECT --reject-with tcp-reset"
        return self.rng.choice(["-j REJECT", "-j REJECT --reject-with " + self.rng.choice(REJECTS[self.family])])

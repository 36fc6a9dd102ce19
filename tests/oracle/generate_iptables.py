"""Random iptables rule sets: text for `iptables-restore` and `ipset restore`. All constructs that real hosts use, in proportions
that let some visits in and keep others out. It loads nothing."""

import json

WEB = (80, 443)
REJECTS = {
    4: ["icmp-port-unreachable", "icmp-host-prohibited", "icmp-admin-prohibited", "icmp-net-unreachable", "icmp-host-unreachable"],
    6: ["icmp6-port-unreachable", "icmp6-adm-prohibited", "icmp6-addr-unreachable", "icmp6-no-route"],
}
OPAQUE = ["-m limit --limit 3/min --limit-burst 4", "-m recent --name r --update --seconds 60 --hitcount 3",
          "-m string --algo bm --string kakao", "-m mark --mark 0x1", "-m statistic --mode random --probability 0.5",
          "-m length --length 50:70", "-m hashlimit --hashlimit-upto 5/sec --hashlimit-mode srcip --hashlimit-name h",
          "-m connlimit --connlimit-above 1"]
HOOKS = {"raw": ["PREROUTING", "OUTPUT"], "mangle": ["PREROUTING", "INPUT", "FORWARD", "OUTPUT", "POSTROUTING"],
         "nat": ["PREROUTING", "INPUT", "OUTPUT", "POSTROUTING"], "filter": ["INPUT", "FORWARD", "OUTPUT"],
         "security": ["INPUT", "FORWARD", "OUTPUT"]}


class Generator:
    """One rule set."""

    def __init__(self, rng, space, opaque=False, only_filter=False):
        self.rng = rng
        self.space = space
        self.family = space.family
        self.opaque = opaque
        self.only_filter = only_filter
        self.sets = []
        self.ipset_lines = []
        self.tables = {}
        self.make_sets()
        self.make_filter()
        if not only_filter:
            self.make_others()

    def chance(self, share):
        """True as often as said."""
        return self.rng.random() < share

    # ---- ipset

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

    # ---- matches

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
        choices = [("", 3), ("-p tcp", 1), (f"-p tcp -m tcp --{side} {port}", 6), (f"-p tcp -m tcp --{side} {self.rng.choice(['1:443', '80:', ':100', '400:500'])}", 1.5),
                   (f"-p tcp -m tcp ! --{side} {port}", 0.7), (f"-p tcp -m multiport --{side}s 80,443", 3), (f"-p tcp -m multiport --{side}s {other},{port}", 1),
                   (f"-p tcp -m multiport ! --{side}s {port},{other}", 0.6), (f"-p tcp -m multiport --{side}s 22,80:100", 0.6),
                   (f"-p tcp -m multiport --ports {port}", 0.4), (f"-p udp -m udp --{side} 443", 0.3), ("! -p udp", 0.3), ("-p all", 0.1),
                   (f"-p tcp -m tcp --{side} {other}", 0.8), ("-p " + ("icmp" if self.family == 4 else "ipv6-icmp"), 0.3)]
        text = self.rng.choices([text for text, _ in choices], [weight for _, weight in choices])[0]
        if text.startswith("-p tcp") and "multiport" not in text and self.chance(0.08):
            text += self.rng.choice([" --syn", " ! --syn", " --tcp-flags SYN,ACK SYN", " --tcp-flags ALL NONE", " --tcp-flags FIN,SYN,RST,ACK SYN"]
                                    if "-m tcp" in text else [" -m tcp --syn", f" -m tcp --{'s' if short == 'd' else 'd'}port 1024:65535"])
        return text

    def state_match(self):
        """Connection tracking's state, in both spellings."""
        state = self.rng.choice(["NEW", "NEW,ESTABLISHED", "RELATED,ESTABLISHED", "ESTABLISHED", "INVALID", "NEW,RELATED,ESTABLISHED", "UNTRACKED"])
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
            parts.append("-m comment --comment " + json.dumps(self.rng.choice(["kakao", "a b", "say \"-j DROP\"", "27.0.236.0/22 허용"]), ensure_ascii=False))
        if self.opaque and self.chance(0.3):
            parts.append(self.rng.choice(OPAQUE))
        return " ".join(part for part in parts if part)

    def reject(self, matches):
        """A REJECT of some kind; RST only for TCP."""
        if "-p tcp" in matches and self.chance(0.4):
            return "-j REJECT --reject-with tcp-reset"
        return self.rng.choice(["-j REJECT", "-j REJECT --reject-with " + self.rng.choice(REJECTS[self.family])])

    # ---- chains

    def rule(self, chain, callable_chains, inbound=True, refuse=0.45, base=False):
        """One rule of a chain of the filter table."""
        matches = self.matches(inbound)
        kind = self.rng.choices(["accept", "drop", "reject", "jump", "goto", "return", "log", "none"],
                                [1 - refuse, refuse * 0.7, refuse * 0.3, 0.5 if callable_chains else 0, 0.15 if callable_chains else 0,
                                 0.1, 0.08, 0.03])[0]
        if kind in ("drop", "reject") and base and ("-s" not in matches and "-d" not in matches and "set" not in matches and "range" not in matches):
            kind = "accept" if self.chance(0.6) else kind
        target = {"accept": "-j ACCEPT", "drop": "-j DROP", "return": "-j RETURN", "none": "",
                  "log": "-j " + self.rng.choice(["LOG --log-prefix \"fw: \"", "NFLOG --nflog-group 3"])}.get(kind)
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
            lines.append("-A INPUT " + rng.choice(["-m conntrack --ctstate RELATED,ESTABLISHED", "-m state --state RELATED,ESTABLISHED"]) + " -j ACCEPT")
        if self.chance(0.5):
            lines.append("-A INPUT -i lo -j ACCEPT")
        for _ in range(rng.randint(3, 11)):
            lines.append(self.rule("INPUT", names, refuse=0.3 if policy == "DROP" else 0.6, base=True))
        if self.chance(0.25):
            lines.append(f"-A INPUT {rng.choice(['', '-p tcp -m multiport --dports 80,443 ', '-p tcp -m tcp --dport 443 '])}{rng.choice(['-j DROP', '-j REJECT', '-j ACCEPT'])}")
        for index, name in enumerate(names):
            lines += [self.rule(name, names[index + 1:]) for _ in range(rng.randint(0, 6))]
        out_policy = "ACCEPT"
        if self.chance(0.25):
            out_policy = rng.choice(["DROP", "ACCEPT"])
            if self.chance(0.7):
                lines.append("-A OUTPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT" if self.chance(0.6)
                             else f"-A OUTPUT -p tcp -m tcp --sport {rng.choice(WEB)} -j ACCEPT")
            where = rng.randint(0, len(lines))
            extra = [self.rule("OUTPUT", [], inbound=False) for _ in range(rng.randint(0, 3))]
            lines[where:where] = extra
        self.tables["filter"] = ({"INPUT": policy, "OUTPUT": out_policy, "FORWARD": rng.choice(["DROP", "ACCEPT"])}, names, lines)

    def make_others(self):
        """raw, mangle, nat and security, each now and then."""
        for table, share in (("raw", 0.15), ("mangle", 0.2), ("nat", 0.3), ("security", 0.06)):
            if self.chance(share):
                getattr(self, f"make_{table}")()

    def make_raw(self):
        """Early drops, and connections that are not tracked."""
        lines = []
        for _ in range(self.rng.randint(1, 2)):
            target = self.rng.choice(["-j DROP", "-j DROP", "-j ACCEPT", "-j NOTRACK"])
            address = self.address_match() or f"-s {self.space.network()}"
            lines.append(f"-A PREROUTING {address} {self.port_match()} {target}")
            if target == "-j NOTRACK" and self.chance(0.5):
                lines.append(f"-A OUTPUT {self.port_match('sport')} -j NOTRACK")
        self.tables["raw"] = ({}, [], lines)

    def make_mangle(self):
        """Drops and marks, at every point of the way."""
        lines = []
        for _ in range(self.rng.randint(1, 3)):
            chain = self.rng.choice(["PREROUTING", "PREROUTING", "INPUT", "OUTPUT", "POSTROUTING", "FORWARD"])
            inbound = chain in ("PREROUTING", "INPUT", "FORWARD") or self.chance(0.3)
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
            target = rng.choice([f"-j REDIRECT --to-ports {to}", f"-j REDIRECT --to-ports {to}", "-j ACCEPT", "-j RETURN"])
            lines.append(f"-A PREROUTING {address} -p tcp -m tcp --dport {port} {target}")
        if self.chance(0.3):
            lines.append("-A POSTROUTING -o eth9 -j MASQUERADE")
        self.tables["nat"] = ({}, [], lines)

    def make_security(self):
        """One rule after the filter table."""
        self.tables["security"] = ({}, [], [f"-A INPUT -s {self.space.network()} {self.port_match()} -j DROP"])

    # ---- text

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

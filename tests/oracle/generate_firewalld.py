"""Random firewalld zones as XML: targets, sources, services, ports, rich rules with priorities, and ipsets. It starts
nothing."""

SERVICES = ["http", "https", "ssh", "http3", "mysql"]
REJECT_TYPES = {
    4: ["icmp-host-prohibited", "icmp-admin-prohibited", "tcp-reset", "icmp-port-unreachable"],
    6: ["icmp6-adm-prohibited", "tcp-reset"],
}


class Generator:
    """Zones and sets by file name."""

    def __init__(self, rng, space, opaque=False):
        self.rng = rng
        self.space = space
        self.opaque = opaque
        self.family = f"ipv{space.family}"
        self.used = set()
        self.sets = {name: self.ipset() for name in ("kakao", "blocked") if self.chance(0.4)}
        self.zones = {"public": self.zone(default=True)}
        for name in rng.sample(["internal", "work", "kakaozone", "denied"], rng.choice([0, 1, 1, 2])):
            self.zones[name] = self.zone(default=False)
        self.interface_zone = rng.choice([None, "public", *self.zones])
        if self.interface_zone:
            self.zones[self.interface_zone] = self.zones[self.interface_zone].replace(
                "</short>\n", '</short>\n  <interface name="ks0"/>\n', 1
            )

    def chance(self, share):
        """True as often as said."""
        return self.rng.random() < share

    def net(self):
        """A network."""
        network = self.space.network()
        return str(network.network_address) if network.prefixlen == self.space.bits else str(network)

    def ipset(self):
        """A set of networks."""
        kept = []
        for _ in range(self.rng.randint(1, 6)):
            network = self.space.network()
            if network.prefixlen and not any(network.overlaps(other) for other in kept):
                kept.append(network)
        entries = "".join(f"  <entry>{network}</entry>\n" for network in kept)
        option = '  <option name="family" value="inet6"/>\n' if self.space.family == 6 else ""
        return f'<?xml version="1.0" encoding="utf-8"?>\n<ipset type="hash:net">\n{option}{entries}</ipset>\n'

    def rich(self):
        """One rich rule."""
        rng = self.rng
        priority = f' priority="{rng.choice([-10, -1, 1, 5])}"' if self.chance(0.25) else ""
        kind = rng.choices(["net", "set", "none"], [7, 2 if self.sets else 0, 1])[0]
        family = f' family="{self.family}"' if kind == "net" or self.chance(0.5) else ""
        invert = ' invert="True"' if self.chance(0.1) else ""
        source = {
            "net": f'    <source address="{self.net()}"{invert}/>\n',
            "set": f'    <source ipset="{rng.choice(sorted(self.sets) or [""])}"{invert}/>\n',
            "none": "",
        }[kind]
        port = rng.choice(["80", "443"])
        what = rng.choice(
            [f'    <port port="{port}" protocol="tcp"/>\n'] * 3
            + [
                f'    <service name="{rng.choice(["http", "https"])}"/>\n',
                '    <port port="79-100" protocol="tcp"/>\n',
                '    <protocol value="tcp"/>\n',
                "",
            ]
        )
        if not source and not what:
            what = f'    <port port="{port}" protocol="tcp"/>\n'
        log = '    <log prefix="fw"/>\n' if self.chance(0.1) else ""
        reject = rng.choice(
            ["<reject/>"] + ([f'<reject type="{rng.choice(REJECT_TYPES[self.space.family])}"/>'] if family else [])
        )
        action = rng.choice(["<accept/>", "<accept/>", "<drop/>", reject])
        if self.opaque and action == "<accept/>" and self.chance(0.5):
            action = '<accept><limit value="3/m"/></accept>'
        return f"  <rule{family}{priority}>\n{source}{what}{log}    {action}\n  </rule>\n"

    def zone(self, default):
        """A zone."""
        rng = self.rng
        target = rng.choices(
            ["", ' target="DROP"', ' target="ACCEPT"', ' target="%%REJECT%%"'], [0.55, 0.2, 0.15, 0.1]
        )[0]
        parts = ["  <short>zone</short>\n"]
        if not default or self.chance(0.2):
            for _ in range(rng.choice([0, 1, 1, 2, 3])):
                network = self.net()
                if network not in self.used:
                    self.used.add(network)
                    parts.append(f'  <source address="{network}"/>\n')
            if self.sets and self.chance(0.25) and "ipset" not in self.used:
                self.used.add("ipset")
                parts.append(f'  <source ipset="{rng.choice(sorted(self.sets))}"/>\n')
        parts += [f'  <service name="{name}"/>\n' for name in rng.sample(SERVICES, rng.choice([0, 1, 1, 2]))]
        if self.chance(0.3):
            parts.append(f'  <port port="{rng.choice(["80", "443", "8080", "80-90"])}" protocol="tcp"/>\n')
        parts += [self.rich() for _ in range(rng.choice([0, 1, 2, 2, 4]))]
        return f'<?xml version="1.0" encoding="utf-8"?>\n<zone{target}>\n{"".join(parts)}</zone>\n'

"""Random ufw rules, as the commands that people type. It runs nothing."""


class Generator:
    """The defaults and some ordered rules."""

    def __init__(self, rng, space, opaque=False):
        self.rng = rng
        self.space = space
        self.incoming = rng.choices(["deny", "reject", "allow"], [0.6, 0.15, 0.25])[0]
        self.outgoing = rng.choices(["allow", "deny"], [0.9, 0.1])[0]
        self.commands = []
        for _ in range(rng.randint(3, 9)):
            self.commands.append(self.rule("limit" if opaque and self.chance(0.3) else None))
        if self.chance(0.15):
            self.commands.append(f"insert 1 {self.rule(None)}")

    def chance(self, share):
        """True as often as said."""
        return self.rng.random() < share

    def net(self):
        """A network as people type it."""
        network = self.space.network()
        return str(network.network_address) if network.prefixlen == self.space.bits else str(network)

    def rule(self, action):
        """One rule without the word ufw."""
        rng = self.rng
        action = (
            action
            or rng.choices(
                ["allow", "deny", "reject"], [0.6, 0.3, 0.1] if self.incoming != "allow" else [0.3, 0.5, 0.2]
            )[0]
        )
        port = rng.choice(["80", "443"])
        kind = rng.choices(["simple", "from", "full", "interface", "service", "out"], [2, 1.5, 6, 0.6, 0.6, 0.4])[0]
        if kind == "simple" and action != "allow" and self.chance(0.6):
            kind = "full"
        text = {
            "simple": f"{action} "
            + rng.choice([f"{port}/tcp", f"{port}/tcp", "80,443/tcp", port, "22/tcp", "80:100/tcp", "443/udp"]),
            "from": f"{action} from {self.net()}",
            "full": f"{action} "
            + rng.choice(
                [
                    f"proto tcp from {self.net()} to any port {rng.choice([port, '80,443', '400:500', '22'])}",
                    f"from {self.net()} to any port {port}",
                    f"from {self.net()} to any port {port} proto tcp",
                ]
            ),
            "interface": f"{action} in on {rng.choice(['ks0', 'eth0'])} "
            + rng.choice([f"from {self.net()}", f"to any port {port} proto tcp"]),
            "service": f"{action} {rng.choice(['http', 'https', 'ssh'])}",
            "out": f"{rng.choice(['allow', 'deny'])} out to {self.net()}",
        }[kind]
        if self.chance(0.1) and kind in ("full", "from"):
            text += " comment 'kakao share'"
        return text

    def script(self):
        """The shell text that sets all this up, in a private copy of the machine's ufw settings."""
        logging = self.rng.choice(["off", "low"])
        lines = [
            "ufw --force reset",
            f"ufw default {self.incoming} incoming",
            f"ufw default {self.outgoing} outgoing",
            f"ufw logging {logging}",
        ]
        return lines + [f"ufw {command}" for command in self.commands] + ["ufw --force enable"]

"""Random HAProxy configurations: acls over addresses, paths, hosts and user agents; connection and request rules in
frontends and backends. It starts nothing."""


class Generator:
    """One configuration, and the list files it names."""

    def __init__(self, rng, space, opaque=False):
        self.rng = rng
        self.space = space
        self.opaque = opaque
        self.files = {}
        self.acls = []
        self.tcp = []

    def chance(self, share):
        """True as often as said."""
        return self.rng.random() < share

    def net(self):
        """A network as HAProxy writes it."""
        network = self.space.network()
        return str(network.network_address) if network.prefixlen == self.space.bits else str(network)

    def nets(self):
        """One to four networks."""
        return " ".join(self.net() for _ in range(self.rng.randint(1, 4)))

    def source(self):
        """A test of the address."""
        if self.chance(0.15):
            name = f"list{len(self.files)}.lst"
            self.files[name] = "# kakao\n" + "".join(f"{self.net()}\n" for _ in range(self.rng.randint(1, 6)))
            return f"src -f {name}"
        return f"src {self.nets()}"

    def other(self):
        """A test of something else."""
        return self.rng.choice(
            [
                "path_beg /admin /shop",
                "path /",
                "path_end .jpg .html",
                "hdr(host) -i img.example",
                "hdr_dom(host) -i example",
                "hdr_sub(user-agent) -i kakaotalk",
                "hdr_sub(user-agent) -i semrush ahrefs",
                "hdr(user-agent) -m found",
                "method GET HEAD",
                "dst_port 443",
                "path_reg ^/shop",
                "path -i -m beg /SHOP",
            ]
            + (
                [
                    "hdr_cnt(host) eq 1",
                    "hdr(x-forwarded-for) -m found",
                    "src_port gt 1023",
                    "url_beg /img",
                    "always_true",
                ]
                if self.opaque
                else []
            )
        )

    def declare(self):
        """The acls of a section; a name may be used twice, either then counts."""
        lines = []
        self.acls, self.tcp = [], []
        for name in self.rng.sample(["kakao", "office", "blocked", "webpath", "bots", "site"], self.rng.randint(1, 4)):
            address = self.chance(0.7)
            for _ in range(self.rng.choice([1, 1, 2])):
                lines.append(f"acl {name} {self.source() if address else self.other()}")
            self.acls.append(name)
            if address:
                self.tcp.append(name)
        return lines

    def condition(self, tcp=False):
        """An `if` or `unless`."""
        names = self.tcp if tcp else self.acls
        terms = []
        for _ in range(self.rng.choice([1, 1, 1, 2, 3])):
            term = (
                self.rng.choice(names)
                if names and self.chance(0.8)
                else f"{{ {self.source() if tcp or self.chance(0.5) else self.other()} }}"
            )
            terms.append(("!" if self.chance(0.35) else "") + term)
        if self.opaque and not tcp and self.chance(0.4):
            terms.append("{ rand(100) lt 50 }")
        text = terms[0]
        for term in terms[1:]:
            text += self.rng.choice([" ", " ", " || ", " or "]) + term
        return f"{self.rng.choice(['if', 'if', 'unless'])} {text}"

    def http(self):
        """An http-request rule."""
        action = self.rng.choice(
            [
                "deny",
                "deny",
                "deny deny_status 404",
                "deny deny_status 429",
                "allow",
                "allow",
                "silent-drop",
                "reject",
                "return status 200 content-type text/plain string ok",
                "return status 403",
                "redirect location https://else.example/",
                "set-header X-A b",
                "tarpit",
                "auth realm x",
                "deny status 503",
            ]
        )
        return f"http-request {action} {self.condition()}"

    def connection(self):
        """A tcp-request connection rule."""
        action = self.rng.choice(["reject", "reject", "accept", "silent-drop"])
        return f"tcp-request connection {action} {self.condition(tcp=True)}"

    def text(self):
        """The configuration file."""
        lines = [
            "global",
            "    maxconn 4000",
            "",
            "defaults",
            "    mode http",
            "    timeout connect 2s",
            "    timeout client 20s",
            "    timeout server 20s",
            "    timeout tarpit 300ms",
            "",
            "userlist people",
            "    user kakao insecure-password x",
            "",
            "frontend web",
        ]
        lines += ["    bind 0.0.0.0:80", "    bind [::]:80 v6only", "    bind 0.0.0.0:443", "    bind [::]:443 v6only"]
        lines += ["    " + line for line in self.declare()]
        rules = [self.connection() for _ in range(self.rng.choice([0, 0, 1, 2]))]
        if self.chance(0.15):
            rules += [
                "tcp-request inspect-delay 1s",
                f"tcp-request content {self.rng.choice(['reject', 'accept'])} {self.condition(tcp=True)}",
            ]
        rules += [self.http() for _ in range(self.rng.randint(0, 4))]
        backends = ["pages"]
        if self.chance(0.4):
            backends.append("images")
            rules.append(f"use_backend images {self.condition()}")
        lines += ["    " + line for line in [*rules, "default_backend pages"]]
        for name in backends:
            lines += ["", f"backend {name}"]
            if self.chance(0.4):
                lines += [
                    "    " + line for line in [*self.declare(), *[self.http() for _ in range(self.rng.randint(1, 3))]]
                ]
            lines.append("    server s1 127.0.0.1:8080")
        return "\n".join(lines) + "\n"

"""Random nginx configurations: allow and deny at every level, geo, map, if, return, satisfy. It starts nothing."""

HOSTS = ["shop.example", "img.example", "other.example"]
PATHS = ["/", "/index.html", "/shop/", "/shop/view.html", "/img/a.jpg", "/admin/", "/shop/deep/x.html"]
LOCATIONS = [
    "= /",
    "/",
    "/shop/",
    "^~ /img/",
    "~ \\.jpg$",
    "~* \\.(html|jpg)$",
    "/admin/",
    "/shop/deep/",
    "= /index.html",
]


class Generator:
    """One configuration; the files that it serves are `PATHS` under `root`."""

    def __init__(self, rng, space, opaque=False):
        self.rng = rng
        self.space = space
        self.opaque = opaque
        self.variables = []
        self.flags = []

    def chance(self, share):
        """True as often as said."""
        return self.rng.random() < share

    def net(self):
        """A network as nginx writes it."""
        network = self.space.network()
        return str(network.network_address) if network.prefixlen == self.space.bits else str(network)

    def access(self):
        """Some allow and deny lines."""
        lines = []
        for _ in range(self.rng.randint(1, 5)):
            lines.append(f"{self.rng.choice(['allow', 'allow', 'deny'])} {self.net()};")
        if self.chance(0.7):
            lines.append(self.rng.choice(["deny all;", "deny all;", "allow all;"]))
        return lines

    def geo(self, name):
        """A geo block: order does not matter, the longest prefix wins."""
        values = self.rng.choice([("0", "1"), ("no", "yes")])
        lines = [f"geo {name} {{"]
        if self.chance(0.85):
            lines.append(f"default {values[0]};")
        if self.chance(0.2) and self.space.family == 4:
            lines.insert(1, "ranges;")
            at = 0
            spans = sorted({self.space.span() for _ in range(self.rng.randint(1, 4))})
            for first, last in spans:
                if int(first) > at:
                    lines.append(f"{first}-{last} {self.rng.choice(values[::-1] + values[1:])};")
                    at = int(last)
        else:
            seen = set()
            for _ in range(self.rng.randint(1, 7)):
                network = self.net()
                if network not in seen:
                    seen.add(network)
                    lines.append(f"{network} {self.rng.choice((values[1], values[1], values[0]))};")
        lines.append("}")
        self.variables.append((name, values))
        return lines

    def maps(self):
        """Maps over the geo variables, the address and the user agent."""
        lines = []
        if self.variables and self.chance(0.4):
            name, values = self.rng.choice(self.variables)
            lines += [f"map {name} $deny {{", "default 0;", f"{values[0]} 1;", "}"]
            self.flags.append(("$deny", ("0", "1")))
        if self.chance(0.15) and self.space.family == 4:
            octets = str(self.space.address()).split(".")
            self.space.remember(self.space.cut(".".join(octets[:3]) + ".0", 24))
            lines += [
                "map $remote_addr $listed {",
                "default 0;",
                f"~^{octets[0]}\\.{octets[1]}\\.{octets[2]}\\. 1;",
                f"{self.space.remember(self.space.cut(self.space.address(), 32)).network_address} 1;",
                "}",
            ]
            self.flags.append(("$listed", ("0", "1")))
        if self.chance(0.15):
            pattern = self.rng.choice(["~*kakaotalk", "~*(bot|crawler)", "~facebookexternalhit", '""'])
            lines += ["map $http_user_agent $bot {", "default 0;", f"{pattern} 1;", "}"]
            self.flags.append(("$bot", ("0", "1")))
        return lines

    def condition(self):
        """An `if` that refuses, or answers."""
        choices = [
            ('$http_user_agent ~* "(semrush|ahrefs)"', 0.4),
            ("$request_method !~ ^(GET|HEAD|POST)$", 0.4),
            ("$host = img.example", 0.5),
            ('$request_uri ~* "^/admin"', 0.5),
            ("$http_referer ~ spam", 0.3),
            ("$http_cookie ~ bad", 0.2),
        ]
        for name, values in self.variables:
            choices += [(f"{name} = {values[0]}", 2), (f"{name} != {values[1]}", 1)] + (
                [(name, 1)] if values[0] == "0" else []
            )
        for name, _values in self.flags:
            choices += [(name, 2), (f"{name} = 0", 0.5)]
        if self.space.family == 4 and self.chance(0.3):
            octets = str(self.space.address()).split(".")
            choices.append((f'$remote_addr ~ "^{octets[0]}\\.{octets[1]}\\."', 1))
        text = self.rng.choices([text for text, _ in choices], [weight for _, weight in choices])[0]
        answer = self.rng.choice(["403", "403", "444", "404", "301 https://else.example/", "503"])
        return f"if ({text}) {{ return {answer}; }}"

    def combined(self):
        """Two flags put together in a variable, the usual way to say `and`."""
        if len(self.variables) + len(self.flags) < 1:
            return []
        name, values = self.rng.choice(self.variables + self.flags)
        return [
            'set $test "";',
            f"if ({name} = {values[0]}) {{ set $test A; }}",
            'if ($request_uri ~ ^/shop) { set $test "${test}B"; }',
            f"if ($test = {self.rng.choice(['A', 'AB'])}) {{ return 403; }}",
        ]

    def body(self, depth):
        """What a server or a location may hold."""
        lines = []
        if self.chance(0.45 if depth else 0.55):
            lines += self.access()
        if self.chance(0.3):
            lines.append(self.condition())
        if depth == 0 and self.chance(0.15):
            lines += self.combined()
        if self.chance(0.12):
            lines += [
                "satisfy " + self.rng.choice(["any", "any", "all"]) + ";",
                'auth_basic "x";',
                "auth_basic_user_file users;",
            ]
        if depth and self.chance(0.08):
            lines.append(self.rng.choice(["return 200 ok;", "return 403;", "return 301 /else;", "auth_basic off;"]))
        if self.opaque and self.chance(0.4):
            lines.append("limit_req zone=z burst=1 nodelay;")
        return lines

    def location(self, name, depth=1):
        """A location, maybe with one inside."""
        lines = [f"location {name} {{", *self.body(depth)]
        if name in ("/", "/shop/") and self.chance(0.2):
            lines.append(
                self.rng.choice(
                    ["try_files $uri $uri/ =404;", "try_files $uri $uri/index.html =404;", "index index.html;"]
                )
            )
        if name == "/shop/" and depth == 1 and self.chance(0.3):
            lines += self.location("/shop/deep/", 2)
        return [*lines, "}"]

    def server(self, number):
        """A server block."""
        listens = self.rng.choice([["80", "443"], ["80", "443"], ["80"], ["443", "80"]]) if number else ["80", "443"]
        default = " default_server" if number == 0 and self.chance(0.5) else ""
        lines = ["server {"]
        for port in listens:
            lines += [f"listen {port}{default};", f"listen [::]:{port}{default};"]
        names = (
            HOSTS[number]
            if self.chance(0.8)
            else self.rng.choice(
                [
                    f"{HOSTS[number]} www.{HOSTS[number]}",
                    f"*.{HOSTS[number]} {HOSTS[number]}",
                    f"~^{HOSTS[number].split('.')[0]}\\.",
                ]
            )
        )
        lines += [f"server_name {names};", "root www;", *self.body(0)]
        for name in self.rng.sample(LOCATIONS, self.rng.randint(0, 4)):
            if not (name == "/shop/deep/" and any("location /shop/deep/" in line for line in lines)):
                lines += self.location(name)
        return [*lines, "}"]

    def text(self, folder):
        """The configuration file."""
        lines = [
            "user root;",
            "worker_processes 1;",
            f"pid {folder}/nginx.pid;",
            f"error_log {folder}/error.log;",
            "events { worker_connections 2048; }",
            "http {",
            "access_log off;",
            "default_type text/html;",
            f"client_body_temp_path {folder}/t1;",
            f"proxy_temp_path {folder}/t2;",
            f"fastcgi_temp_path {folder}/t3;",
            f"uwsgi_temp_path {folder}/t4;",
            f"scgi_temp_path {folder}/t5;",
        ]
        if self.opaque:
            lines.append("limit_req_zone $binary_remote_addr zone=z:1m rate=1r/s;")
        for name in self.rng.sample(["$kakao", "$blocked"], self.rng.choice([0, 1, 1, 2])):
            lines += self.geo(name)
        lines += self.maps()
        if self.chance(0.15):
            lines += self.access()
        if self.chance(0.1):
            lines += ["set_real_ip_from 10.0.0.0/8;", "real_ip_header X-Forwarded-For;"]
        for number in range(self.rng.choice([1, 1, 2, 3])):
            lines += self.server(number)
        return "\n".join(indented([*lines, "}"])) + "\n"


def indented(lines):
    """Lines with four blanks per open brace, so that they look written by a person."""
    depth, result = 0, []
    for line in lines:
        depth -= line.startswith("}")
        result.append("    " * max(0, depth) + line)
        depth += line.endswith("{")
    return result

"""Random Apache configurations: Require trees of 2.4, Order/Allow/Deny of 2.2, mod_rewrite blockers, nested sections
and .htaccess. It starts nothing."""

from generate_nginx import PATHS

__all__ = ["Generator", "PATHS"]
MODULES = [
    "mpm_event",
    "authz_core",
    "authz_host",
    "access_compat",
    "authn_core",
    "authn_file",
    "authz_user",
    "auth_basic",
    "dir",
    "mime",
    "alias",
    "setenvif",
    "rewrite",
    "env",
]


class Generator:
    """One configuration of one or two virtual hosts."""

    def __init__(self, rng, space, opaque=False):
        self.rng = rng
        self.space = space
        self.opaque = opaque
        # A .htaccess by itself does not tell what it would be merged with.
        self.alone = False

    def chance(self, share):
        """True as often as said."""
        return self.rng.random() < share

    def net(self):
        """A network in one of the spellings that Apache takes."""
        network = self.space.network()
        if self.space.family == 4:
            octets = str(network.network_address).split(".")
            if network.prefixlen in (8, 16, 24) and self.chance(0.5):
                return ".".join(octets[: network.prefixlen // 8]) + ("." if self.chance(0.2) else "")
            if self.chance(0.15) and network.prefixlen >= 8:
                return f"{network.network_address}/{network.netmask}"
        return str(network.network_address) if network.prefixlen == self.space.bits else str(network)

    def nets(self):
        """One to three networks."""
        return " ".join(self.net() for _ in range(self.rng.choice([1, 1, 2, 3])))

    def require(self, depth=0, negatives=False):
        """One Require line or a container of them; `negatives` where `not` may stand."""
        rng = self.rng
        kind = rng.choices(
            ["ip", "not ip", "all", "container", "user", "method", "env", "expr"],
            [6, 2.5 if negatives else 0, 1, 1.6 if depth < 2 else 0, 0.3, 0.2, 0.4, 0.3 if self.opaque else 0],
        )[0]
        if kind == "container":
            name = rng.choice(
                ["RequireAll", "RequireAny", "RequireAny", "RequireNone"] if negatives else ["RequireAll", "RequireAny"]
            )
            inner = [
                line
                for _ in range(rng.randint(1, 4))
                for line in self.require(depth + 1, negatives=name == "RequireAll")
            ]
            if name == "RequireAll" and not any(
                "not" not in line.split() and line.startswith("Require ") for line in inner
            ):
                inner.insert(0, "Require all granted")
            if name == "RequireNone":
                inner = [f"Require ip {self.nets()}"]
            return [f"<{name}>", *inner, f"</{name}>"]
        return [
            {
                "ip": f"Require ip {self.nets()}",
                "not ip": f"Require not ip {self.nets()}",
                "all": "Require all " + rng.choice(["granted", "granted", "denied"]),
                "user": "Require valid-user",
                "method": "Require method GET HEAD",
                "env": f"Require {'not ' if negatives and self.chance(0.6) else ''}env "
                + rng.choice(["bad", "share", "kakao"]),
                "expr": 'Require expr "%{REQUEST_URI} =~ m#^/shop#"',
            }[kind]
        ]

    def modern(self):
        """A Require block of 2.4."""
        lines = [line for _ in range(self.rng.randint(1, 3)) for line in self.require()]
        if any("valid-user" in line for line in lines):
            lines = ["AuthType Basic", 'AuthName "x"', "AuthUserFile users", *lines]
        if self.chance(0.12) and not self.alone:
            lines.insert(0, "AuthMerging " + self.rng.choice(["And", "Or", "Off"]))
        return lines

    def old(self):
        """An Order block of 2.2."""
        order = self.rng.choice(["Deny,Allow", "Allow,Deny", "deny,allow", "allow,deny", "Mutual-failure"])
        lines = [f"Order {order}"]
        for _ in range(self.rng.randint(1, 5)):
            who = self.rng.choice([self.nets()] * 5 + ["all", "env=bad", "env=share"])
            lines.append(f"{self.rng.choice(['Allow', 'Deny'])} from {who}")
        self.rng.shuffle(lines)
        if self.chance(0.1):
            lines += ["Satisfy Any", "AuthType Basic", 'AuthName "x"', "AuthUserFile users", "Require valid-user"]
        return lines

    def rewrite(self):
        """A blocker by mod_rewrite."""
        condition = self.rng.choice(
            [
                "%{HTTP_USER_AGENT} (semrush|ahrefs) [NC]",
                "%{HTTP_USER_AGENT} kakaotalk-scrap [NC]",
                "%{HTTP_USER_AGENT} ^$",
                "addr",
                "!addr",
            ]
        )
        if condition.endswith("addr"):
            if self.space.family != 4:
                return []
            octets = str(self.space.address()).split(".")
            self.space.remember(self.space.cut(".".join(octets[:3]) + ".0", 24))
            condition = (
                f"%{{REMOTE_ADDR}} {'!' if condition[0] == '!' else ''}^{octets[0]}\\.{octets[1]}\\.{octets[2]}\\."
            )
        return [
            "RewriteEngine On",
            f"RewriteCond {condition}",
            f"RewriteRule {self.rng.choice(['^', '.*', '^.*$'])} - [{self.rng.choice(['F', 'F,L', 'G', 'R=404,L'])}]",
        ]

    def rules(self):
        """What decides in one section."""
        lines = self.modern() if self.chance(0.6) else self.old()
        if self.chance(0.1):
            lines = self.modern() + self.old()
        if self.chance(0.12):
            lines += self.rewrite()
        return lines

    def sections(self, root):
        """Sections of a virtual host."""
        rng = self.rng
        lines = [
            f'<Directory "{root}">',
            "AllowOverride All",
            *(self.rules() if self.chance(0.7) else ["Require all granted"]),
            "</Directory>",
        ]
        for _ in range(rng.choice([0, 1, 1, 2])):
            kind = rng.choice(
                ["Directory", "Location", "Location", "Files", "FilesMatch", "LocationMatch", "DirectoryMatch"]
            )
            place = {
                "Directory": f'"{root}/{rng.choice(["shop", "img", "shop/deep"])}"',
                "Location": rng.choice(['"/shop"', "/", "/img/", '"/shop/deep"']),
                "Files": rng.choice(['"*.jpg"', '"index.html"', '"*.html"']),
                "FilesMatch": '"\\.(html|jpg)$"',
                "LocationMatch": '"^/(shop|img)"',
                "DirectoryMatch": '"/(shop|img)(/|$)"',
            }[kind]
            lines += [
                f"<{kind} {place}>",
                *[line for line in self.rules() if not line.startswith("Rewrite")],
                f"</{kind}>",
            ]
        return lines

    def frame(self, folder):
        """What every configuration opens with."""
        return [
            f'ServerRoot "{folder}"',
            f"PidFile {folder}/apache.pid",
            f"ErrorLog {folder}/apache-error.log",
            "ServerName host.example",
            "User www-data",
            "Group www-data",
            "StartServers 1",
            "ThreadsPerChild 64",
            "ServerLimit 2",
            "MaxRequestWorkers 128",
            "ListenBacklog 2048",
            "Listen 80",
            "Listen 443",
            *[f"LoadModule {name}_module /usr/lib/apache2/modules/mod_{name}.so" for name in MODULES],
            "DirectoryIndex index.html",
            "TypesConfig /etc/mime.types",
            f'DocumentRoot "{folder}/www"',
        ]

    def plain(self, folder):
        """A configuration that leaves all to .htaccess."""
        return (
            "\n".join(
                [
                    *self.frame(folder),
                    f'<Directory "{folder}/www">',
                    "AllowOverride All",
                    "Require all granted",
                    "</Directory>",
                ]
            )
            + "\n"
        )

    def text(self, folder):
        """httpd.conf, with the pages of nginx's section."""
        root = f"{folder}/www"
        lines = [
            *self.frame(folder),
            "<Directory />",
            "Require all denied" if self.chance(0.5) else "AllowOverride None",
            "</Directory>",
            'SetEnvIfNoCase User-Agent "semrush|ahrefs" bad',
            'BrowserMatchNoCase "kakaotalk-scrap" share' if self.chance(0.7) else "",
        ]
        if self.space.family == 4 and self.chance(0.4):
            octets = str(self.space.address()).split(".")
            self.space.remember(self.space.cut(".".join(octets[:3]) + ".0", 24))
            lines.append(f'SetEnvIf Remote_Addr "^{octets[0]}\\.{octets[1]}\\.{octets[2]}\\." kakao')
        hosts = ["shop.example", "img.example"][: self.rng.choice([1, 1, 2])]
        if self.chance(0.3):
            lines += self.sections(root)
        else:
            for host in hosts:
                lines += [
                    "<VirtualHost *:80 *:443>",
                    f"ServerName {host}",
                    f'DocumentRoot "{root}"',
                    *self.sections(root),
                    "</VirtualHost>",
                ]
        return "\n".join(line for line in shifted(lines) if line.strip()) + "\n"

    def htaccess(self):
        """A .htaccess file by itself."""
        self.alone = True
        return "\n".join(self.rules()) + "\n"


def shifted(lines):
    """Indents sections."""
    depth, result = 0, []
    for line in lines:
        depth -= line.startswith("</")
        result.append("    " * max(0, depth) + line)
        depth += line.startswith("<") and not line.startswith("</")
    return result

"""A random plan of visits from a seed: who asks, from where, for what, as whom, and what the servers of `log_servers`
answer to that. What a log must say follows from the plan alone: it knows neither logs nor the program under test."""

import ipaddress
import tomllib
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from log_servers import PORTS
from namespaces import SERVER

KAKAO_TOML = Path(__file__).resolve().parent.parent.parent / "config" / "kakao.toml"
NEW = "facebookexternalhit/1.1; kakaotalk-scrap/1.0; +https://devtalk.kakao.com/t/scrap/33984"
OLD = "facebookexternalhit/1.1;kakaotalk-scrap/1.0; +https://devtalk.kakao.com/t/scrap/33984"
# Everything that holds the name counts as calling itself the scraper, whatever stands around it.
ODD = ["Mozilla/5.0 (compatible; kakaotalk-scrap/1.0)", 'kakaotalk-scrap/1.0 "quoted" \\x22', "kakaotalk-scrap"]
OTHERS = [
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36",
    "Mozilla/5.0 (Linux; Android 15; SM-S928N) AppleWebKit/537.36 Mobile Safari/537.36 KAKAOTALK/25.9.0 (INAPP)",
    "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
    "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    "kakaotalk/25.9.0 scrap",
]
# Not Kakao's: Meta, a Korean provider, documentation, the neighbours of Kakao's networks, a source never confirmed.
ELSEWHERE = [
    *("31.13.127.1", "66.220.149.7", "175.223.10.255", "203.0.113.0", "203.0.113.77", "27.0.235.255", "27.0.240.0"),
    *("210.109.2.5", "121.53.103.255", "2a03:2880:11ff::face:b00c", "2404:4601::1", "2001:db8:77::5"),
]
PRIVATE = ["10.1.2.3", "192.168.7.0", "100.64.9.9"]
SITE = "http://shop.example"
MODIFIED = "Tue, 14 Nov 2023 22:13:20 GMT"


@dataclass
class Request:
    """One request, and what it is."""

    source: str
    path: str
    agent: str = NEW
    referer: str = ""
    status: int = 200
    image: bool = False
    headers: dict = field(default_factory=dict)
    hang_up: float = 0
    seconds: float = 0
    # The path as it goes over the wire, where that is not UTF-8; `path` has such bytes percent-encoded.
    raw: str = ""
    # Filled in when it was sent.
    sent: float = 0
    ended: float = 0

    def names_scraper(self):
        """Whether its agent holds the scraper's name."""
        return "kakaotalk-scrap" in self.agent

    def text(self):
        """As it goes over the wire."""
        lines = [f"GET {self.raw or self.path} HTTP/1.1", "Host: shop.example", f"User-Agent: {self.agent}"]
        lines += [f"Referer: {self.referer}"] if self.referer else []
        lines += [f"{name}: {value}" for name, value in self.headers.items()]
        return "\r\n".join([*lines, "Connection: close", "", ""])


class Networks:
    """Kakao's networks as the program's own configuration announces them, and an official list made of some."""

    def __init__(self, rng):
        rows = tomllib.loads(KAKAO_TOML.read_text())["networks"]
        self.announced = {"plausible": [], "unverified-cloud": []}
        for row in rows:
            kind = "unverified-cloud" if row["kind"] == "cloud" else "plausible"
            self.announced[kind] += [ipaddress.ip_network(text) for text in row["value"]]
        old, new = self.split(self.announced["plausible"])
        self.visited = rng.sample(old, 12) + new
        self.rented = rng.sample(self.announced["unverified-cloud"], 4)
        # Of the official list two are networks as announced, two lie within, one is new, and one is never seen.
        whole, inner = rng.sample(self.visited[:12], 2), rng.sample(self.visited[:12], 2)
        self.official = {*whole, ipaddress.ip_network("198.18.30.0/24"), ipaddress.ip_network("198.18.31.0/24")}
        self.official |= {next(network.subnets(new_prefix=network.prefixlen + 2)) for network in inner}
        self.fresh = ipaddress.ip_network("198.18.30.0/24")

    @staticmethod
    def split(networks):
        """IPv4, IPv6."""
        return [net for net in networks if net.version == 4], [net for net in networks if net.version == 6]

    def json(self):
        """The official list as Kakao's API answers it."""
        service = {
            "service": "scrap",
            "ips": sorted(map(str, self.official)),
            "ports": [80, 443],
            "updatedDate": "2026-11-02",
        }
        return {"inbound": [service], "updatedDate": "2026-11-02"}

    def whose(self, address, official):
        """Origin and range of an address: the most trusted, then the narrowest."""
        number = ipaddress.ip_address(address)
        kinds = [("genuine", self.official if official else ()), *self.announced.items()]
        for origin, networks in kinds:
            inside = [network for network in networks if network.version == number.version and number in network]
            if inside:
                return origin, str(max(inside, key=lambda network: network.prefixlen))
        return ("hidden" if address in PRIVATE else "forged"), None


class Plan:
    """The visits to one server, as chains whose requests follow each other."""

    def __init__(self, rng, networks, server, shares=45):
        self.rng, self.networks, self.server = rng, networks, server
        self.pools = {}
        self.chains = []
        for number in range(shares):
            self.chains.append(self.share(number % 24 + 1))
        self.chains += [[self.forged()] for _ in range(shares // 2)]
        self.chains += [[self.other()] for _ in range(shares)]
        rng.shuffle(self.chains)

    def requests(self):
        """Every request."""
        return [request for chain in self.chains for request in chain]

    def kakao(self):
        """An address of Kakao's; the first and the last of a network are hosts like others."""
        return self.address(self.networks.fresh) if self.rng.random() < 0.08 else self.known()

    def known(self):
        """An address of a network that Kakao announces."""
        return self.address(self.rng.choice(self.networks.visited))

    def address(self, network):
        """One of a few addresses of a network."""
        if network not in self.pools:
            first, last = int(network.network_address), int(network.broadcast_address)
            numbers = [first, last, self.rng.randint(first, last), self.rng.randint(first, last) & ~0xFF | 0xFF]
            make = ipaddress.IPv4Address if network.version == 4 else ipaddress.IPv6Address
            self.pools[network] = [str(make(min(last, max(first, number)))) for number in numbers]
        return self.rng.choice(self.pools[network])

    def agent(self):
        """One of the two spellings."""
        return self.rng.choice([NEW, NEW, OLD])

    def page(self, number):
        """A page and what it is answered, always the same for the same path."""
        choices = [
            (f"/p/{number}", 200),
            (f"/p/{number}?from=talk&id={number}", 200),
            (f"/old/{number}", 301),
            (f"/private/{number}", 403),
            (f"/gone/{number}?a=1", 404),
            (f"/app/500/{number}", 500),
            (f"/app/503/{number}", 503),
            (f"/app/401/{number}", 401),
            (f"/app/429/{number}?utm=x", 429),
            (f"/app/200/{number}?wait=0.5", 200),
        ]
        weights = [8, 5, 3, 3, 2, 1, 1, 1, 1, 1]
        if self.server == "nginx":
            choices += [(f"/drop/{number}", 444), (f"/app/200/left/{number}?wait=2", 499)]
            weights += [2, 2]
        # EUC-KR, as old Korean sites name their pages; HAProxy takes no such request.
        if self.server != "haproxy" and self.rng.random() < 0.06:
            return Request(self.kakao(), f"/%C7%D1/{number}", self.agent(), status=404, raw=f"/\xc7\xd1/{number}")
        path, status = self.rng.choices(choices, weights)[0]
        more = {"hang_up": 0.3} if status == 499 else {"seconds": 0.5} if "wait" in path else {}
        return Request(self.kakao(), path, self.agent(), status=status, **more)

    def share(self, number):
        """One share: a page, then its images from other addresses."""
        page = self.page(number)
        chain = [page]
        if page.status == 301:
            page = Request(self.known(), page.path.replace("/old/", "/p/"), self.agent())
            chain.append(page)
        if page.status == 200:
            images = [self.image(number, SITE + page.path) for _ in range(self.rng.choice([0, 1, 2, 3]))]
            # Only by its page is an image known that does not look like one: the page must be seen to be Kakao's.
            if any(image.path.startswith("/app/") for image in images):
                page.source = self.known()
            chain += images
        return chain

    def image(self, number, referer):
        """An image of a page."""
        choices = [
            (f"/img/{number}.jpg", 200, {}),
            (f"/img/{number}.webp?v=2", 200, {}),
            (f"/img/{number}.png", 304, {"If-Modified-Since": MODIFIED}),
            (f"/img/lost-{number}.jpg", 404, {}),
            (f"/private/{number}.png", 403, {}),
        ]
        if self.server != "haproxy":  # whose log does not name the header that was captured
            choices.append((f"/app/200/file?id={number}", 200, {}))
        path, status, headers = self.rng.choice(choices)
        return Request(self.kakao(), path, self.agent(), referer, status, True, headers)

    def forged(self):
        """Somebody who calls himself the scraper: from a rented server, a neighbour, or anywhere."""
        roll = self.rng.random()
        # Behind a proxy a private visitor cannot be told from the proxy itself.
        private = PRIVATE if self.server != "nginx-behind" else []
        if roll < 0.35:
            source = self.address(self.rng.choice(self.networks.rented))
        elif roll < 0.5 and private:
            source = self.rng.choice(private)
        else:
            source = self.rng.choice(ELSEWHERE)
        number = self.rng.randint(1, 24)
        path, status = self.rng.choice([(f"/p/{number}", 200), (f"/private/{number}", 403), ("/wp-login.php", 404)])
        # A private neighbour is a proxy, and believed: who sits there can forge everything.
        forges = self.rng.random() < 0.3 and source not in PRIVATE
        headers = {"X-Forwarded-For": self.kakao()} if forges else {}
        # Captured headers have no names in HAProxy's log: what looks like no agent is none.
        odd = ODD[:-1] if self.server == "haproxy" else ODD
        return Request(source, path, self.rng.choice([NEW, OLD, *odd]), status=status, headers=headers)

    def other(self):
        """A visit that has nothing to do with the scraper, though some hold its name elsewhere than in the agent."""
        source = self.rng.choice([*ELSEWHERE, *ELSEWHERE, self.kakao(), self.address(self.networks.rented[0])])
        number = self.rng.randint(1, 24)
        path, referer = self.rng.choice(
            [
                (f"/p/{number}", ""),
                (f"/p/{number}?q=kakaotalk-scrap", ""),
                (f"/img/{number}.jpg", f"{SITE}/p/{number}"),
                (f"/p/{number}", "https://blog.example/kakaotalk-scrap/1.0"),
            ]
        )
        return Request(source, path, self.rng.choice(OTHERS), referer)

    def question(self, chains):
        """The chains as `sender.py` takes them."""
        return {
            "chains": [
                [
                    {
                        "source": request.source,
                        "target": SERVER[6 if ":" in request.source else 4],
                        "port": PORTS[self.server],
                        "text": request.text(),
                        "hang_up": request.hang_up,
                    }
                    for request in chain
                ]
                for chain in chains
            ]
        }

    def send(self, sender, chains):
        """Sends some of the chains, and holds what came back against the plan: a harness that errs must not look like
        a program that errs."""
        for chain, results in zip(chains, sender.ask(self.question(chains))):
            for request, result in zip(chain, results):
                request.sent, request.ended = result["sent"], result["ended"]
                wanted = {444: "closed", 499: "hung-up"}.get(request.status, str(request.status))
                if result["seen"] != wanted:
                    where = f"{self.server}: {request.source} {request.path}"
                    raise RuntimeError(f"{where}: {result}, not {wanted}: the server is at fault")

    def summary(self):
        """What the plan holds, in one line."""
        kinds = Counter("scraper" if request.names_scraper() else "other" for request in self.requests())
        return f"{self.server}: {dict(kinds)}"

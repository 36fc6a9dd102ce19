"""What the answer of `logs --json` must be for requests that were sent, and how an answer differs from that. It reads no
log."""

from collections import Counter, defaultdict
from datetime import datetime

TRUSTED = ("genuine", "plausible")
CLASSES = {1: "ok", 2: "ok", 3: "redirected", 4: "refused", 5: "failed"}
SLACK = 1.05  # logs keep whole seconds, and nginx's clock ticks when it wakes


def classes(requests):
    """Requests by class of status, as the answer names them."""
    counts = Counter(CLASSES[request.status // 100] for request in requests)
    return {name: counts[name] for name in ("ok", "redirected", "refused", "failed")} | {"unknown": 0}


def seconds(text):
    """A time of the answer."""
    return datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()


class Comparison:
    """One answer against the requests behind it."""

    def __init__(self, report, requests, networks, official):
        self.report = report
        self.differences = []
        self.checks = 0
        self.whose = {request.source: networks.whose(request.source, official) for request in requests}
        self.all = requests
        self.scraper = [request for request in requests if request.names_scraper()]
        self.trusted = [request for request in self.scraper if self.origin(request) in TRUSTED]

    def origin(self, request):
        """Whose a request's address is."""
        return self.whose[request.source][0]

    def same(self, what, found, expected):
        """Notes a difference."""
        self.checks += 1
        if found != expected:
            self.differences.append(f"{what}: found {found}, sent {expected}")

    def within(self, what, span, requests):
        """First and last time, by the clock of who sent."""
        if span is None:
            self.same(what, None, "a span" if requests else None)
            return
        self.checks += 1
        first, last = seconds(span["first"]), seconds(span["last"])
        begin = min(request.sent for request in requests), min(request.ended for request in requests)
        end = max(request.sent for request in requests), max(request.ended for request in requests)
        if not begin[0] - SLACK <= first <= begin[1] + SLACK or not end[0] - SLACK <= last <= end[1] + SLACK:
            self.differences.append(f"{what}: found {first:.3f} to {last:.3f}, sent {begin} to {end}")

    def whole(self, images=True):
        """Everything that a log with agents must tell; `images` where it names referers, or paths tell all images."""
        report = self.report
        self.same("requests", report["requests"], len(self.scraper))
        self.within("span", report["span"], self.all)
        self.origins()
        self.same("statuses", report["statuses"], classes(self.trusted))
        self.ranges(images)
        self.sources()
        self.refused()
        if images:
            self.pages()
        self.slow()
        self.same(
            "requests of the files", sum(file["requests"] for file in report["files"]), len(self.scraper)
        )
        self.same("unreadable lines", sum(file["unreadable"] for file in report["files"]), 0)
        return self

    def origins(self):
        """Requests and addresses of each origin."""
        requests = Counter(self.origin(request) for request in self.scraper)
        addresses = defaultdict(set)
        for request in self.scraper:
            addresses[self.origin(request)].add(request.source)
        for row in self.report["origins"]:
            name = row["origin"]
            self.same(f"requests {name}", row["requests"], requests[name])
            self.same(f"addresses {name}", row["addresses"], len(addresses[name]))
        self.same("origins", sum(row["requests"] for row in self.report["origins"]), len(self.scraper))

    def ranges(self, images):
        """Every range, seen or not."""
        sent = defaultdict(list)
        for request in self.scraper:
            if self.whose[request.source][1]:
                sent[self.whose[request.source]].append(request)
        found = {(row["origin"], row["cidr"]): row for row in self.report["ranges"] if row["requests"]}
        self.same("ranges seen", sorted(found), sorted(sent))
        for key, row in found.items():
            requests = sent.get(key, [])
            if not requests:
                continue
            name = f"range {key[1]}"
            self.same(f"{name} requests", row["requests"], len(requests))
            self.same(f"{name} addresses", row["addresses"], len({request.source for request in requests}))
            self.same(f"{name} statuses", row["statuses"], classes(requests))
            if images:
                self.same(f"{name} images", row["images"], sum(request.image for request in requests))
                self.same(f"{name} pages", row["pages"], sum(not request.image for request in requests))
            self.within(f"{name} span", row["span"], requests)
            if row["timeline"]:
                self.same(f"{name} timeline", sum(row["timeline"]), len(requests))

    def sources(self):
        """Who used the name and is not Kakao, most first."""
        sent = Counter(
            (request.source, self.origin(request)) for request in self.scraper if self.origin(request) not in TRUSTED
        )
        found = {(row["address"], row["origin"]): row["requests"] for row in self.report["sources"]}
        self.same("sources", found, dict(sent))
        counts = [row["requests"] for row in self.report["sources"]]
        self.same("sources in order", counts, sorted(counts, reverse=True))

    def refused(self):
        """What was refused to Kakao."""
        sent = Counter(
            (request.path.split("?")[0], request.status) for request in self.trusted if request.status >= 400
        )
        found = {(row["path"], row["status"]): row["requests"] for row in self.report["refused"]}
        self.same("refused", found, dict(sent))

    def pages(self):
        """Pages, and the images that belong to them."""
        sent, images = Counter(), defaultdict(Counter)
        status = {}
        for request in self.trusted:
            status[request.path] = request.status
            if request.image:
                images[request.referer.removeprefix("http://shop.example")][request.path] += 1
            else:
                sent[request.path] += 1
        found = {row["path"]: row for row in self.report["pages"]}
        self.same("pages", {path: row["requests"] for path, row in found.items()}, dict(sent))
        for path, row in found.items():
            self.same(f"page {path} status", row["status"], status.get(path))
            joined = {image["path"]: image["requests"] for image in row["images"]}
            self.same(f"images of {path}", joined, dict(images[path]))
            for image in row["images"]:
                code = status.get(image["path"])
                self.same(f"image {image['path']} got", image["got"], code in (200, 304))

    def slow(self):
        """The slowest are the ones that were made to wait."""
        rows = self.report["slow"]
        if rows and any(request.seconds for request in self.trusted):
            self.same("slowest first", "wait=" in rows[0]["path"] or rows[0]["seconds"] >= 0.3, True)

    def addresses_only(self):
        """What a log without agents can tell: everything from Kakao's networks, whoever it was."""
        sent = defaultdict(list)
        for request in self.all:
            if self.whose[request.source][1]:
                sent[self.whose[request.source]].append(request)
        found = {(row["origin"], row["cidr"]): row for row in self.report["ranges"] if row["requests"]}
        self.same("ranges seen", sorted(found), sorted(sent))
        for key, row in found.items():
            self.same(f"range {key[1]} requests", row["requests"], len(sent[key]))
            self.same(f"range {key[1]} statuses", row["statuses"], classes(sent[key]))
        forged = sum(row["requests"] for row in self.report["origins"] if row["origin"] in ("forged", "hidden"))
        self.same("forged without agents", forged, 0)
        return self

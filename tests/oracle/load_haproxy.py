"""HAProxy: runs it in the server's namespace before the plain server, with a random configuration, and hands that
in."""

from case import Case, Form
from generate_haproxy import Generator
from generate_nginx import PATHS
from kakao import Space
from load_nginx import end, request, serve
from namespaces import SERVER, Refused


class Haproxy:
    """The section of HAProxy."""

    def __init__(self, name, family, per_case):
        self.name = name
        self.family = family
        self.per_case = per_case
        self.listen = (8080,)
        self.process = None

    def make(self, bench, rng, seed):
        """Cases of one running configuration: some pages."""
        opaque = rng.random() < 0.08
        for _ in range(30):
            space = Space(rng, self.family)
            generated = Generator(rng, space, opaque)
            text = generated.text()
            try:
                self.start(bench, text, generated.files)
            except Refused as refusal:
                reason = refusal
                continue
            break
        else:
            raise RuntimeError(f"{self.name}: HAProxy refused thirty configurations in a row, the last: {reason}")
        cases = []
        for host, path in rng.sample([(host, path) for host in ("shop.example", "img.example") for path in PATHS], 2):
            forms = [
                Form(
                    "cfg",
                    [("haproxy.cfg", text), *generated.files.items()],
                    "haproxy" if generated.files else rng.choice(["haproxy", None]),
                    fix=not cases,
                )
            ]
            cases.append(
                Case(
                    self.name,
                    seed,
                    space,
                    forms,
                    space.targets((80, 443), self.per_case // 2),
                    [80, 443],
                    text,
                    opaque,
                    ["--host", host, "--path", path],
                    request(host, path),
                    True,
                )
            )
        return cases

    def start(self, bench, text, files):
        """Replaces the running HAProxy."""
        end(bench, self.process)
        for name, content in files.items():
            (bench.folder / name).write_text(content)
        (bench.folder / "haproxy.cfg").write_text(text)
        self.process = serve(bench, ["haproxy", "-C", str(bench.folder), "-f", "haproxy.cfg", "-db"])

    def reload(self, bench, _form, files):
        """Runs a patched configuration, for `acl fix`."""
        texts = dict(files)
        self.start(bench, texts.pop("haproxy.cfg"), texts)

    def target(self):
        """The server's address."""
        return SERVER[self.family]

"""Apache: runs it in the server's namespace with a random configuration, or with a .htaccess file, and hands those
in."""

import os

from case import Case, Form
from generate_apache import PATHS, Generator
from kakao import Space
from load_nginx import end, page_tree, request, serve
from namespaces import SERVER, Refused


class Apache:
    """The section of Apache httpd 2.4 with mod_access_compat."""

    def __init__(self, name, family, per_case):
        self.name = name
        self.family = family
        self.per_case = per_case
        self.listen = ()
        self.process = None

    def make(self, bench, rng, seed):
        """Cases of one running configuration: some pages."""
        page_tree(bench.folder)
        (bench.folder / "users").write_text("kakao:x\n")
        os.chmod(bench.folder, 0o755)
        opaque = rng.random() < 0.08
        own = rng.random() < 0.35
        for _ in range(30):
            space = Space(rng, self.family)
            generated = Generator(rng, space, opaque)
            text = generated.plain(bench.folder) if own else generated.text(bench.folder)
            htaccess = generated.htaccess() if own else ""
            try:
                self.start(bench, text, htaccess)
            except Refused as refusal:
                reason = refusal
                continue
            break
        else:
            raise RuntimeError(f"{self.name}: Apache refused thirty configurations in a row, the last: {reason}")
        cases = []
        for host, path in rng.sample([(host, path) for host in ("shop.example", "img.example") for path in PATHS], 3):
            if own:
                forms = [
                    Form("htaccess", [(".htaccess", htaccess)], rng.choice(["apache", "apache", None]), fix=not cases)
                ]
            else:
                forms = [Form("conf", [("httpd.conf", text)], rng.choice(["apache", None]), fix=not cases)]
            cases.append(
                Case(
                    self.name,
                    seed,
                    space,
                    forms,
                    space.targets((80, 443), self.per_case // 3),
                    [80, 443],
                    text + htaccess,
                    opaque,
                    ["--host", host, "--path", path],
                    request(host, path),
                    True,
                )
            )
        return cases

    def start(self, bench, text, htaccess):
        """Replaces the running Apache."""
        end(bench, self.process)
        self.text = text
        (bench.folder / "httpd.conf").write_text(text)
        (bench.folder / "www" / ".htaccess").write_text(htaccess)
        bench.at_server("apache2", "-t", "-f", str(bench.folder / "httpd.conf"))
        self.process = serve(bench, ["apache2", "-f", str(bench.folder / "httpd.conf"), "-DFOREGROUND"])

    def reload(self, bench, _form, files):
        """Runs a patched configuration, for `acl fix`."""
        texts = dict(files)
        self.start(bench, texts.get("httpd.conf", self.text), texts.get(".htaccess", ""))

    def target(self):
        """The server's address."""
        return SERVER[self.family]

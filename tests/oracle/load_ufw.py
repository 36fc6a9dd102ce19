"""ufw: the real one, in the server's network namespace and with a private copy of its settings mounted over the
machine's."""

import re
import shutil
from pathlib import Path

from case import Case, Form
from generate_ufw import Generator
from kakao import Space
from load_iptables import Iptables
from namespaces import SERVER, Refused
from trace import Trace


class Ufw:
    """The section of ufw."""

    def __init__(self, name, family, per_case):
        self.name = name
        self.family = family
        self.per_case = per_case
        self.listen = (80, 443, 8080)

    def prepare(self, bench):
        """Fresh private copies of the settings."""
        for name in ("etc", "default", "lib", "run"):
            shutil.rmtree(bench.folder / name, ignore_errors=True)
        shutil.copytree("/etc/ufw", bench.folder / "etc", symlinks=True)
        shutil.copytree("/lib/ufw", bench.folder / "lib", symlinks=True)
        (bench.folder / "run").mkdir()
        # ufw would write kernel settings of its own; they are no part of the rules.
        settings = re.sub(r"(?m)^IPT_SYSCTL=.*", "#IPT_SYSCTL=", Path("/etc/default/ufw").read_text())
        (bench.folder / "default").write_text(settings)

    def inside(self, bench, lines, check=True):
        """Runs shell lines where ufw sees the private settings only."""
        mounts = [
            "set -e",
            "mount --make-rprivate /",
            f"mount --bind {bench.folder}/etc /etc/ufw",
            f"mount --bind {bench.folder}/default /etc/default/ufw",
            f"mount --bind {bench.folder}/lib /lib/ufw",
            f"mount --bind {bench.folder}/run /run",
        ]
        return bench.at_server("unshare", "-m", "sh", text="\n".join([*mounts, *lines]) + "\n", check=check)

    def make(self, bench, rng, seed):
        """A loaded set of rules."""
        opaque = rng.random() < 0.15
        for _ in range(10):
            space = Space(rng, self.family)
            generated = Generator(rng, space, opaque)
            script = generated.script()
            try:
                bench.flush()
                self.prepare(bench)
                self.inside(bench, [f"{line} >/dev/null" for line in script])
            except Refused as refusal:
                reason = refusal
                continue
            opaque = any(" limit " in f" {command} " for command in generated.commands)
            case = Case(
                self.name,
                seed,
                space,
                self.dump(bench, rng),
                space.targets((80, 443), self.per_case),
                [80, 443],
                "\n".join(script),
                opaque,
            )
            case.trace = Trace
            case.muted = generated.outgoing != "allow" or any(" out " in command for command in generated.commands)
            return case
        raise RuntimeError(f"{self.name}: ufw refused ten sets of rules in a row, the last: {reason}")

    def dump(self, bench, rng):
        """What people paste: the status, the rules' files, and the kernel's own rules."""
        status = {
            kind: self.inside(bench, [f"ufw {kind}"]) for kind in ("status verbose", "status numbered", "show added")
        }
        rules = [(name, (bench.folder / "etc" / name).read_text()) for name in ("user.rules", "user6.rules")]
        settings = ("default-ufw", (bench.folder / "default").read_text())
        family = "ip" if self.family == 4 else "ip6"
        save = bench.at_server(f"{family}tables-nft-save")
        places = Iptables(self.name, self.family, "nft", 0).places(bench, "rules.v4", save)
        return [
            Form("status verbose", [("status.txt", status["status verbose"])], rng.choice(["ufw", None])),
            Form("status numbered", [("status.txt", status["status numbered"])], None, complete=False),
            Form("show added", [("added.txt", status["show added"])], "ufw", complete=False),
            Form("user.rules", [*rules, settings], "ufw", fix=True),
            Form("user.rules alone", rules, None, complete=False),
            Form("save", [("rules.v4", save)], "iptables", places=places),
        ]

    def reload(self, bench, _form, files):
        """Loads patched user.rules, for `acl fix`."""
        for name, text in files:
            if name.startswith("user"):
                (bench.folder / "etc" / name).write_text(text)
        self.inside(bench, ["ufw reload >/dev/null"])

    def target(self):
        """The server's address."""
        return SERVER[self.family]

"""Runs the program under test and looks answers up in its report."""

import bisect
import ipaddress
import json
import subprocess

KAKAO = "facebookexternalhit/1.1; kakaotalk-scrap/1.0; +https://devtalk.kakao.com/t/scrap/33984"


class Failed(Exception):
    """The program did not answer."""


class Report:
    """The answer of `acl check --json`."""

    def __init__(self, data):
        self.data = data
        self.by_port = {}
        for answer in data["ranges"]:
            spans = self.by_port.setdefault(answer["port"], [])
            for part in answer["parts"]:
                network = ipaddress.ip_network(part["cidr"])
                spans.append((int(network.network_address), int(network.broadcast_address), part))
        for spans in self.by_port.values():
            spans.sort(key=lambda span: span[0])

    def part(self, address, port):
        """The part an address is in."""
        spans = self.by_port[port]
        number = int(ipaddress.ip_address(address))
        index = bisect.bisect_right(spans, number, key=lambda span: span[0]) - 1
        if index < 0 or spans[index][1] < number:
            raise Failed(f"the report has no part for {address} port {port}")
        return spans[index][2]


class Tool:
    """The program."""

    def __init__(self, binary):
        self.binary = binary

    def call(self, command, folder, form, files, ranges, ports, options):
        """Runs `acl COMMAND` over files that are written into the folder."""
        folder.mkdir(parents=True, exist_ok=True)
        paths = []
        for name, text in files:
            (folder / name).write_text(text)
            paths.append(name)
        (folder / "ranges.txt").write_text("".join(f"{network}\n" for network in ranges))
        arguments = [
            self.binary,
            "acl",
            command,
            *paths,
            "--json",
            "--ranges",
            "ranges.txt",
            "--interface",
            "ks0",
            *options,
        ]
        for port in ports:
            arguments += ["--port", str(port)]
        if form.format:
            arguments += ["--format", form.format]
        (folder / "command").write_text(" ".join(map(str, arguments)) + "\n")
        done = subprocess.run(arguments, capture_output=True, text=True, cwd=folder, timeout=120)
        if done.returncode not in (0, 1):
            raise Failed(f"exit {done.returncode}: {done.stderr.strip()[:600]}")
        try:
            return json.loads(done.stdout)
        except ValueError:
            raise Failed(f"exit {done.returncode}, no JSON: {(done.stderr or done.stdout).strip()[:600]}") from None

    def check(self, folder, form, ranges, ports, options=()):
        """Who gets in, by one form of a rule set."""
        return Report(self.call("check", folder, form, form.files, ranges, ports, list(options)))

    def fix(self, folder, form, ranges, ports, options=()):
        """What opens the way."""
        return self.call("fix", folder, form, form.files, ranges, ports, list(options))

    def has(self, *command):
        """Whether this build has a command."""
        done = subprocess.run([self.binary, *command, "--help"], capture_output=True, text=True)
        return done.returncode == 0

    def fixes(self):
        """Whether this build has `acl fix`."""
        return self.has("acl", "fix")

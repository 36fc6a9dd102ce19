"""The kernel's own account: `nft monitor trace`, read into the rule that decided each packet. It compares nothing."""

import re
import subprocess
import threading
import time

TABLE = "oracle_trace"
# Only what opens a connection is traced: more would be lost on its way to the monitor.
RULES = f"""table inet {TABLE} {{
  chain arriving {{
    type filter hook prerouting priority -500;
    tcp flags & (syn | ack) == syn meta nftrace set 1
  }}
  chain arrived {{
    type filter hook input priority 500;
    counter
  }}
}}
"""
LINE = re.compile(r"^trace id (\S+) (\S+) (\S+) (\S+) (packet:|rule|policy|verdict|unknown)\s*(.*)$")
VERDICT = re.compile(r"(?:# handle (\d+) )?\(verdict ([a-z]+)[^)]*\)\s*$")
FIELD = {name: re.compile(rf"\b{name} (?:== )?(\S+)") for name in ("ip saddr", "ip6 saddr", "tcp dport")}


class Trace:
    """Traces one rule set from now until `stop`."""

    def __init__(self, bench):
        self.bench = bench
        bench.at_server("nft", "-f", "-", text=RULES)
        command = ["ip", "netns", "exec", bench.server, "nft", "-a", "monitor", "trace"]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.lines = []
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()
        time.sleep(0.25)

    def _read(self):
        for line in self.process.stdout:
            self.lines.append(line)

    def stop(self):
        """Ends it; the decisions by (address, port)."""
        time.sleep(0.2)
        self.process.terminate()
        self.reader.join(5)
        self.process.wait(5)
        self.bench.at_server("nft", "delete", "table", "inet", TABLE, check=False)
        return decisions(self.lines)


def field(name, text):
    """A field of a packet line."""
    found = FIELD[name].search(text)
    return found.group(1) if found else None


def decisions(lines):
    """For each packet's key the first deciding (family, table, chain, handle or "policy"), or None."""
    open_packets = {}
    found = {}
    for line in lines:
        match = LINE.match(line)
        if not match:
            continue
        number, family, table, chain, kind, rest = match.groups()
        if kind == "packet:":
            if table == TABLE and chain == "arriving":
                key = key_of(rest)
                open_packets[number] = key
                if key is not None and key not in found:
                    found[key] = []
                elif key is not None:
                    open_packets[number] = None  # a retransmission
            continue
        key = open_packets.get(number)
        if key is None or (table == TABLE and chain != "arrived"):
            continue
        found[key].append((family, table, chain, kind, rest))
    return {key: decided(events) for key, events in found.items() if events}


def key_of(text):
    """Which visit it is: Kakao's address and the server's port."""
    address = field("ip saddr", text) or field("ip6 saddr", text)
    port = field("tcp dport", text)
    return (address, int(port)) if address and port and port.isdigit() else None


def decided(events):
    """The rule that refused, or of those that let pass the last of the weightiest: a rule's word, a translation, a
    policy."""
    best = None
    # The monitor may lose lines: what has passed all is only believed if the last chain of all saw it.
    whole = any(table == TABLE for _family, table, _chain, _kind, _rest in events)
    for family, table, chain, kind, rest in events:
        if table == TABLE:
            continue
        if kind == "policy":
            here, weight = "policy", 0
            verdict = rest.split()[0] if rest.split() else ""
        elif kind == "rule":
            ended = VERDICT.search(rest)
            if not ended:
                continue
            here, verdict = ended.group(1), ended.group(2)
            translates = re.search(r"\b(redirect|dnat|REDIRECT|DNAT)\b", rest)
            weight = 1 if translates else 2
        else:
            continue
        if verdict == "drop":
            return True, (family, table, chain, here)
        if verdict in ("accept", "stolen") and (best is None or best[0] <= weight):
            best = (weight, (family, table, chain, here))
    return (False, best[1]) if best and whole else None

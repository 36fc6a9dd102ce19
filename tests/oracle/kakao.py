"""Addresses for the oracle: Kakao's networks as announced by BGP, random networks inside and around them, and the
addresses at whose sides rule sets change their mind. It knows no rule syntax."""

import ipaddress

# AS 38099, 7625, 10158, 152199 and 18160 as of June 2026.
KAKAO_V4 = (
    """27.0.236.0/22 103.246.57.0/24 121.53.104.0/21 121.53.176.0/23 121.53.180.0/23 121.53.200.0/21 121.53.244.0/22
139.150.1.0/24 210.220.70.0/24 210.220.73.0/24 210.220.74.0/24 210.220.79.0/24 210.220.86.0/24 210.220.95.0/24
211.231.97.0/24 211.231.98.0/23 211.231.100.0/22 211.231.104.0/22 211.231.108.0/24 211.231.111.0/24 211.249.200.0/22
211.249.204.0/23 211.249.207.0/24 211.249.252.0/22 219.249.231.0/24 220.64.96.0/22 220.64.144.0/22 121.53.80.0/21
121.53.88.0/23 121.53.216.0/22 121.53.234.0/23 121.53.236.0/22 121.53.240.0/22 211.183.220.0/22 211.249.216.0/21
211.249.240.0/21 211.249.248.0/22 220.64.100.0/22 220.64.104.0/21 103.27.150.0/23 113.61.106.0/23 139.150.0.0/24
139.150.2.0/23 139.150.4.0/22 210.103.240.0/21 211.183.250.0/24 211.231.96.0/24 121.53.230.0/23 211.183.208.0/21
211.183.216.0/22 211.242.11.0/24 211.242.12.0/22 211.242.16.0/23 121.53.90.0/23 121.53.92.0/22 121.53.220.0/22
113.29.189.0/24 203.133.184.0/21 211.183.244.0/22""".split()
)
KAKAO_V6 = ["2404:4600::/32", "2404:4600:2::/48", "2404:4600:6::/48"]
# Never Kakao's: a fix must change nothing for these.
CONTROL_V4 = ["203.0.113.0/24", "27.0.232.0/22", "198.18.7.0/24", "211.231.112.0/22"]
CONTROL_V6 = ["2001:db8:77::/48", "2404:4601::/32"]


class Space:
    """The ranges one rule set is asked about, and random networks that matter to them."""

    def __init__(self, rng, family, size=7):
        self.rng = rng
        self.family = family
        self.bits = 32 if family == 4 else 128
        if family == 4:
            some = ["27.0.236.0/22", *rng.sample(KAKAO_V4[1:], size - 1)]
        else:
            some = rng.sample(["2404:4600::/32", "2404:4600:2::/48", "2404:4600:6::/48"], 2)
        # A network inside another would be asked about twice.
        self.ranges = list(ipaddress.collapse_addresses(ipaddress.ip_network(text) for text in some))
        self.controls = [ipaddress.ip_network(text) for text in (CONTROL_V4 if family == 4 else CONTROL_V6)]
        self.named = []
        # The server's address, where the program is told it and rules may name it.
        self.server = None

    def address(self):
        """An address in one of the ranges; small ranges are as likely as large ones."""
        network = self.rng.choice(self.ranges)
        first = int(network.network_address)
        return ipaddress.ip_address(first + self.rng.randrange(network.num_addresses))

    def network(self):
        """A network that a rule may name: mostly inside a range, sometimes around or beside all of them."""
        if self.rng.random() < 0.06:
            return self.remember(self.rng.choice(self.controls))
        if self.family == 4:
            lengths = [
                8,
                12,
                16,
                20,
                21,
                22,
                22,
                23,
                23,
                23,
                24,
                24,
                24,
                24,
                25,
                25,
                26,
                26,
                27,
                28,
                29,
                30,
                31,
                32,
                32,
            ]
        else:
            lengths = [16, 29, 32, 33, 34, 36, 40, 44, 47, 48, 48, 48, 49, 52, 56, 64, 64, 96, 112, 127, 128]
        return self.remember(self.cut(self.address(), self.rng.choice(lengths)))

    def cut(self, address, length):
        """The network of a length around an address."""
        return ipaddress.ip_network(f"{address}/{length}", strict=False)

    def remember(self, network):
        """Notes the ends of a network: probes look there."""
        self.named.append((int(network.network_address), int(network.broadcast_address)))
        return network

    def span(self):
        """Two addresses in order, near each other."""
        start = int(self.address())
        end = min(start + self.rng.choice([0, 1, 3, 40, 255, 300, 511, 1500]), (1 << self.bits) - 1)
        self.named.append((start, end))
        return ipaddress.ip_address(start), ipaddress.ip_address(end)

    def inside(self, number):
        """Whether a number is an address of the ranges."""
        return any(int(net.network_address) <= number <= int(net.broadcast_address) for net in self.ranges)

    def targets(self, ports, wanted):
        """About `wanted` pairs of an address and a port: the ends of what the rules name, their neighbours, and
        random ones."""
        edges = set()
        for first, last in self.named:
            edges.update({first - 1, first, last, last + 1})
        for network in self.ranges:
            edges.update({int(network.network_address), int(network.broadcast_address)})
        edges = [number for number in sorted(edges) if self.inside(number)]
        self.rng.shuffle(edges)
        many = max(1, int(wanted / len(ports)))
        numbers = edges[: int(many * 0.7)]
        while len(numbers) < many:
            numbers.append(int(self.address()))
        make = ipaddress.IPv4Address if self.family == 4 else ipaddress.IPv6Address
        pairs = {(str(make(number)), port) for number in numbers for port in ports}
        return sorted(pairs)

    def control_targets(self, ports, count=12):
        """Addresses outside the ranges: near the rules' ends and in the control networks."""
        numbers = {edge for first, last in self.named for edge in (first - 1, last + 1) if not self.inside(edge)}
        picked = self.rng.sample(sorted(numbers), min(len(numbers), count // 2))
        while len(picked) < count:
            network = self.rng.choice(self.controls)
            picked.append(int(network.network_address) + self.rng.randrange(network.num_addresses))
        make = ipaddress.IPv4Address if self.family == 4 else ipaddress.IPv6Address
        own = [make(number) for number in picked if 0 < number < (1 << self.bits)]
        return [(str(address), port) for address in own if reachable(address) for port in ports]


def reachable(address):
    """Whether the client side can send from this address: the whole unicast space but what the two sides use
    themselves."""
    return address.is_global or any(address in ipaddress.ip_network(text) for text in CONTROL_V4 + CONTROL_V6)

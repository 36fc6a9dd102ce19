"""The client: visits the server from many chosen addresses at once and says what each one saw. It knows nothing of
rules.

One JSON line in: `{"probes": [{"source", "target", "port", "request"}], "patience": 1.0}`; one out: `[{"seen",
"port"}]`. `seen` is `drop` (no answer to the SYN), `reject` (an ICMP error), `reset` (RST to the SYN), `hang`,
`reset-after`, `close` (after the handshake: nothing, a reset, an end without an answer) or an HTTP status such as
`200`."""

import errno
import json
import select
import socket
import sys
import time

# The first retransmission of a SYN comes after one second: a lost packet must not look like a rule.
WAIT_CONNECT = 1.8
WAIT_ANSWER = 1.5
IP_RECVERR, IPV6_RECVERR, IPV6_FREEBIND, IP_FREEBIND = 11, 25, 78, 15
ESTABLISHED = 1
ESTABLISHED = 1
SO_EE_ORIGIN_ICMP, SO_EE_ORIGIN_ICMP6 = 2, 3
LINGER_RESET = b"\x01\x00\x00\x00\x00\x00\x00\x00"


class Visit:
    """One connection from SYN to the answer."""

    def __init__(self, probe, patience):
        self.probe = probe
        self.patience = patience
        self.seen = None
        self.connected = False
        self.data = b""
        self.v6 = ":" in probe["source"]
        self.plug = socket.socket(socket.AF_INET6 if self.v6 else socket.AF_INET, socket.SOCK_STREAM)
        self.plug.setblocking(False)
        self.plug.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, LINGER_RESET)
        if self.v6:
            self.plug.setsockopt(socket.IPPROTO_IPV6, IPV6_FREEBIND, 1)
            self.plug.setsockopt(socket.IPPROTO_IPV6, IPV6_RECVERR, 1)
        else:
            self.plug.setsockopt(socket.IPPROTO_IP, IP_FREEBIND, 1)
            self.plug.setsockopt(socket.IPPROTO_IP, IP_RECVERR, 1)
        self.plug.bind((probe["source"], 0))
        self.port = self.plug.getsockname()[1]
        self.until = time.monotonic() + WAIT_CONNECT * patience
        error = self.plug.connect_ex((probe["target"], probe["port"]))
        if error not in (0, errno.EINPROGRESS):
            self.refused(error)

    def refused(self, error):
        """An error of the connection: whether it came by ICMP or by RST."""
        if self.connected or error in (errno.ECONNRESET, errno.EPIPE):
            self.seen = "reset-after"
        elif self.by_icmp() or error != errno.ECONNREFUSED:
            self.seen = "drop" if error == errno.ETIMEDOUT else "reject"
        else:
            self.seen = "reset"

    def state(self):
        """The state of the connection, as TCP has it."""
        return self.plug.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 1)[0]

    def by_icmp(self):
        """Whether the socket's error queue holds an ICMP error."""
        try:
            _data, extra, _flags, _address = self.plug.recvmsg(512, 512, socket.MSG_ERRQUEUE)
        except OSError:
            return False
        return any(
            len(data) > 4 and data[4] in (SO_EE_ORIGIN_ICMP, SO_EE_ORIGIN_ICMP6) for _level, _kind, data in extra
        )

    def step(self, events):
        """Goes on where the socket can."""
        if not self.connected:
            error = self.plug.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
            # An ICMP error for a connection that stands is only a complaint; one for a SYN ends it.
            if error and self.state() != ESTABLISHED:
                self.refused(error)
                return
            if error:
                self.by_icmp()
            elif not events & select.EPOLLOUT:
                return
            self.connected = True
            self.until = time.monotonic() + WAIT_ANSWER * self.patience
            try:
                self.plug.send(self.probe["request"].encode())
            except OSError:
                self.seen = "reset-after"
                return
        if events & (select.EPOLLIN | select.EPOLLHUP | select.EPOLLERR):
            self.read(events)

    def read(self, events):
        """Reads the answer's first line."""
        try:
            data = self.plug.recv(4096)
        except BlockingIOError:
            return
        except OSError as error:
            if error.errno in (errno.ECONNRESET, errno.EPIPE) or self.state() != ESTABLISHED:
                self.seen = "reset-after"
            self.by_icmp()
            return
        self.data += data
        words = self.data.split(b" ", 2)
        if len(words) == 3 and words[0].startswith(b"HTTP/") and words[1].isdigit():
            self.seen = words[1].decode()
        elif not data:
            self.seen = "close"


def visit_all(probes, patience):
    """Runs all visits at once."""
    visits = [Visit(probe, patience) for probe in probes]
    poll = select.epoll()
    waiting = {visit.plug.fileno(): visit for visit in visits if visit.seen is None}
    for number in waiting:
        poll.register(number, select.EPOLLIN | select.EPOLLOUT)
    while waiting:
        now = time.monotonic()
        for number, visit in list(waiting.items()):
            if now > visit.until:
                visit.seen = "hang" if visit.connected else "drop"
        for number, events in poll.poll(0.05):
            visit = waiting.get(number)
            if visit and visit.seen is None:
                visit.step(events)
                if visit.connected:
                    poll.modify(number, select.EPOLLIN)
        for number in [number for number, visit in waiting.items() if visit.seen is not None]:
            poll.unregister(number)
            del waiting[number]
    for visit in visits:
        visit.plug.close()
    return [{"seen": visit.seen, "port": visit.port} for visit in visits]


def main():
    """Answers questions until there are none."""
    for line in sys.stdin:
        question = json.loads(line)
        print(json.dumps(visit_all(question["probes"], question["patience"])), flush=True)


if __name__ == "__main__":
    main()

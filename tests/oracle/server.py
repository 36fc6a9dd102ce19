"""The plain server in the server's namespace: answers every HTTP request on the ports it is given with 200. It judges
nothing; rules before it do. Speaks one JSON line when it is ready."""

import json
import selectors
import socket
import sys
import time

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok"
KEPT = 20.0


def listen(selector, family, address, port):
    """Opens one port."""
    plug = socket.socket(family, socket.SOCK_STREAM)
    plug.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if family == socket.AF_INET6:
        plug.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
    plug.bind((address, port))
    plug.listen(4096)
    plug.setblocking(False)
    selector.register(plug, selectors.EVENT_READ, "listener")


def accept(selector, listener, since):
    """Takes every connection that waits."""
    while True:
        try:
            peer, _address = listener.accept()
        except OSError:
            return
        peer.setblocking(False)
        since[peer] = time.monotonic()
        selector.register(peer, selectors.EVENT_READ, "peer")


def drop(selector, peer, since):
    """Ends a connection."""
    selector.unregister(peer)
    since.pop(peer, None)
    peer.close()


def answer(selector, peer, since):
    """Answers a request; the client ends the connection."""
    try:
        data = peer.recv(4096)
        if not data:
            raise OSError
        if b"\r\n\r\n" in data:
            peer.send(ANSWER)
    except OSError:
        drop(selector, peer, since)


def main():
    """Serves until it is killed."""
    selector = selectors.DefaultSelector()
    since = {}
    for port in map(int, sys.argv[1:]):
        listen(selector, socket.AF_INET, "0.0.0.0", port)
        listen(selector, socket.AF_INET6, "::", port)
    sys.stdin.readline()
    print(json.dumps({"ready": True}), flush=True)
    while True:
        for key, _events in selector.select(5):
            if key.data == "listener":
                accept(selector, key.fileobj, since)
            else:
                answer(selector, key.fileobj, since)
        limit = time.monotonic() - KEPT
        for peer in [peer for peer, when in since.items() if when < limit]:
            drop(selector, peer, since)


if __name__ == "__main__":
    main()

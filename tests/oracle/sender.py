"""The client that fills access logs: sends whole requests from chosen addresses, each chain in order, chains side by
side, and says when each was sent and what came back. It knows nothing of plans and of logs.

One JSON line in: `{"chains": [[{"source", "target", "port", "text", "hang_up", "wait"}]], "abreast": 16}`; one out:
`[[{"sent", "ended", "seen", "bytes"}]]`. `text` is the request, a character a byte. `seen` is a status, `closed` (an end
without an answer), `hung-up` (we left after `hang_up` seconds) or `unreached`. `bytes` are the body's."""

import concurrent.futures
import json
import socket
import sys
import time

IPV6_FREEBIND, IP_FREEBIND = 78, 15
PATIENCE = 10.0


def connect(request):
    """A connection from the address that the request is to come from."""
    v6 = ":" in request["source"]
    plug = socket.socket(socket.AF_INET6 if v6 else socket.AF_INET, socket.SOCK_STREAM)
    plug.settimeout(request.get("patience", PATIENCE))
    level, option = (socket.IPPROTO_IPV6, IPV6_FREEBIND) if v6 else (socket.IPPROTO_IP, IP_FREEBIND)
    plug.setsockopt(level, option, 1)
    plug.bind((request["source"], 0))
    plug.connect((request["target"], request["port"]))
    return plug


def answer(plug):
    """Status and body length of an answer; `closed` where none came."""
    data = b""
    try:
        while piece := plug.recv(65536):
            data += piece
    except OSError:
        pass
    head, _blank, body = data.partition(b"\r\n\r\n")
    words = head.split(b" ", 2)
    if len(words) > 1 and words[0].startswith(b"HTTP/") and words[1].isdigit():
        return words[1].decode(), len(body)
    return "closed", 0


def send(request):
    """One request."""
    time.sleep(request.get("wait", 0))
    result = {"sent": time.time(), "seen": "unreached", "bytes": 0}
    try:
        with connect(request) as plug:
            plug.sendall(request["text"].encode("latin-1"))
            if request.get("hang_up"):
                time.sleep(request["hang_up"])
                result["seen"] = "hung-up"
            else:
                result["seen"], result["bytes"] = answer(plug)
    except OSError as error:
        result["why"] = str(error)
    result["ended"] = time.time()
    return result


def main():
    """Answers questions until there are none."""
    for line in sys.stdin:
        question = json.loads(line)
        with concurrent.futures.ThreadPoolExecutor(question.get("abreast", 16)) as pool:
            chains = list(pool.map(lambda chain: [send(request) for request in chain], question["chains"]))
        print(json.dumps(chains), flush=True)


if __name__ == "__main__":
    main()

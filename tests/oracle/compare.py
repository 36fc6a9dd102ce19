"""Whether what the real software did and what the program said are the same. It runs nothing."""

BEFORE = ("drop", "reject", "reset")
AFTER = ("hang", "reset-after", "close")


def let_in(seen):
    """Whether a visit got its page."""
    return seen.isdigit() and seen[0] in "23"


def same_verdict(seen, part):
    """Whether allowed or denied is right; undetermined is always right."""
    verdict = part["verdict"]
    return verdict == "undetermined" or (verdict == "allowed") == let_in(seen)


def alike(one, other):
    """Whether two outcomes are the same to a visitor; how a connection breaks after the handshake depends on timing."""
    return one == other or (one in AFTER and other in AFTER)


def same_how(seen, part, web=False, muted=False):
    """Whether the way of refusing is right, as far as a client can tell it. `muted`: the server's own rules for what it sends may
    keep its refusals from the client, who then only waits."""
    if part["verdict"] != "denied":
        return True
    how, packet = part.get("how"), part["packet"]
    if packet == "request" or (web and how not in ("refused",)):
        if how.isdigit() and how != "444":
            return seen == how
        return seen in {
            "444": ("close", "reset-after"),
            "close": ("close", "reset-after"),
            "reset": ("close", "reset-after", "reset"),
            # Once forgotten, a connection's next packet is answered with RST.
            "drop": ("hang", "reset-after", "drop"),
            "reject": ("close", "reset-after", "reset"),
        }.get(how, ())
    if packet == "syn" and muted and seen == "drop":
        return True
    if packet == "syn":
        return seen in {"drop": ("drop",), "reject": ("reject",), "reset": ("reset",), "refused": ("reset",)}.get(
            how, ()
        )
    if packet == "syn-ack":
        # The refusal goes to the server itself; the client only waits.
        return seen in BEFORE
    return seen in AFTER


def describe(part):
    """A part in one line."""
    decided = part.get("decided_by") or {}
    where = f" by {decided.get('file')}:{decided.get('line')} `{decided.get('text')}`" if decided else ""
    how = f" ({part['how']}, {part['packet']})" if part.get("how") else ""
    doubts = "; ".join(f"{doubt['code']} {doubt['file']}:{doubt['line']}" for doubt in part.get("doubts", []))
    return f"{part['verdict']}{how}{where}{' doubts ' + doubts if doubts else ''} in {part['cidr']}"

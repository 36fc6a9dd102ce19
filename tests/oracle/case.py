"""What a test of one rule set consists of. Plain data."""

from dataclasses import dataclass, field


@dataclass
class Form:
    """One way to write the rule set down, as operators would hand it in."""

    label: str
    # Name and text of each file.
    files: list
    # Name of the dialect; None lets the program find out.
    format: str | None = None
    # Whether everything can be known from this form.
    complete: bool = True
    # (family, table, chain, handle or "policy") of the kernel -> (file, line); None where no trace can be compared.
    places: dict | None = None
    # Whether `acl fix` is tried with it.
    fix: bool = False


@dataclass
class Case:
    """A rule set that is loaded, the ways it is written down, and whom to ask about."""

    section: str
    seed: int
    space: object
    forms: list
    # (address, port) pairs.
    targets: list
    ports: list
    # What it was made from, for the record of a failure.
    source: str
    # Holds matches that no dump tells the outcome of.
    opaque: bool = False
    # Further arguments of the program: --host, --path.
    options: list = field(default_factory=list)
    request: str = "GET / HTTP/1.1\r\nHost: shop.example\r\nConnection: close\r\n\r\n"
    # The layer speaks HTTP: a refused connection is seen after the handshake.
    web: bool = False
    # What the server sends is filtered too; its refusals may not arrive.
    muted: bool = False
    trace: object = None

"""Sites in which Kakao's scraper is stopped at one known place, or is not: how each is set up on the real software, and
what `reach` must say of it by the evidence it is given. The truth is the set-up; no answer is looked at here."""

from dataclasses import dataclass, field

# The official list of these scenes: networks of Kakao's that scrapers were seen in.
OFFICIAL = ["27.0.236.0/22", "121.53.80.0/21", "210.220.70.0/24", "220.64.104.0/21"]
SOURCES = ["27.0.236.0", "27.0.238.117", "27.0.239.255", "121.53.83.7", "210.220.70.255", "220.64.106.250"]
ALL = ("acl", "log", "probe")


@dataclass
class Wanted:
    """What must be said where only some evidence is given."""

    given: tuple
    verdict: set
    layer: set
    place: bool = False
    # What kinds of evidence must say, by their names.
    says: dict = field(default_factory=dict)
    # Whether the evidence contradicts itself, which must be told.
    conflict: bool = False


def wanted(given, verdict, layer=None, place=False, conflict=False, **says):
    """One row; several words where more than one answer is right."""
    return Wanted(given, set(verdict.split("|")), set(layer.split("|")) if layer else {None}, place, says, conflict)


@dataclass
class Scene:
    """One site."""

    name: str
    about: str
    rows: list
    # Lines of nginx.conf.
    http: str = ""
    server: str = ""
    # Networks that the application refuses.
    application: list = field(default_factory=list)
    # How rules are loaded, and how they are dumped: commands of the server's namespace; {file name: command}.
    load: list = field(default_factory=list)
    dumps: dict = field(default_factory=dict)
    # What the deciding line holds, and in which dump.
    mark: tuple = ()
    # What Kakao's requests are answered; `unreached` where no packet gets through.
    seen: set = field(default_factory=set)
    # nginx is stopped before the question.
    stopped: bool = False


NGINX = {"nginx-T.txt": ["nginx-T"]}
IPTABLES = {"iptables.txt": ["iptables-save"], "ipset.txt": ["ipset", "save"]}
BY_AGENT = "map $http_user_agent $scraper { default 0; ~*kakaotalk-scrap 1; }"
DENIED = "\n    ".join([*(f"deny {network};" for network in OFFICIAL), "allow all;"])
FILTER = """*filter
:INPUT ACCEPT [0:0]
:FORWARD ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A INPUT -p tcp -m multiport --dports 80,443 -m set --match-set SETNAME src -j DROP
COMMIT
"""
NFT = """table inet fence {
  set kakao { type ipv4_addr; flags interval; elements = { NETWORKS } }
  chain arriving {
    type filter hook input priority 0; policy accept;
    ct state established,related accept
    tcp dport { 80, 443 } ip saddr @kakao drop
  }
}
"""


def dropped(networks, mark="oracle-kakao"):
    """Commands that have the kernel drop some networks, by a set."""
    entries = "".join(f"add {mark} {network}\n" for network in networks)
    return [
        (["ipset", "restore"], f"create {mark} hash:net family inet\n{entries}"),
        (["iptables-restore"], FILTER.replace("SETNAME", mark)),
    ]


NETWORK_ROWS = [
    wanted(ALL, "blocked", "network", True, acl="stops"),
    wanted(("acl", "log"), "blocked", "network", True),
    wanted(("acl",), "blocked", "network", True),
    wanted(("acl", "probe"), "blocked", "network", True, http="passes"),
    # Nobody may have shared the page: what is not in the log proves nothing.
    wanted(("log", "probe"), "cannot-tell", None, http="passes"),
    wanted(("long-log", "probe"), "cannot-tell", None),
    wanted(("probe",), "cannot-tell", None, logs="missing", acl="missing"),
]

SCENES = [
    Scene(
        "iptables-drop",
        "the host's firewall drops Kakao",
        NETWORK_ROWS,
        load=dropped(OFFICIAL),
        dumps=IPTABLES,
        mark=("iptables.txt", "--match-set"),
        seen={"unreached"},
    ),
    Scene(
        "nft-drop",
        "the host's nftables drop Kakao",
        NETWORK_ROWS,
        load=[(["nft", "-f", "-"], NFT.replace("NETWORKS", ", ".join(OFFICIAL)))],
        dumps={"nft.txt": ["nft", "list", "ruleset"]},
        mark=("nft.txt", "@kakao"),
        seen={"unreached"},
    ),
    Scene(
        "partly-drop",
        "the host's firewall drops one of Kakao's ranges",
        [
            wanted(ALL, "partly", "network", True, acl="partly", logs="passes"),
            wanted(("acl",), "partly", "network", True),
            wanted(("log",), "reachable|partly", None),
        ],
        load=dropped(["121.53.80.0/21"], "oracle-some"),
        dumps=IPTABLES,
        mark=("iptables.txt", "--match-set"),
        seen={"200", "unreached"},
    ),
    Scene(
        "nginx-deny",
        "nginx refuses Kakao's addresses",
        [
            wanted(ALL, "blocked", "web-server", True, acl="stops", logs="stops", http="passes"),
            wanted(("acl", "log"), "blocked", "web-server", True),
            wanted(("acl",), "blocked", "web-server", True),
            wanted(("log",), "blocked", "web-server|application", logs="stops"),
            wanted(("log", "probe"), "blocked", "web-server|application"),
            wanted(("probe",), "cannot-tell", None),
        ],
        server=DENIED,
        dumps=NGINX,
        mark=("nginx-T.txt", "deny 27.0.236.0/22;|deny 121.53.80.0/21;|deny 210.220.70.0/24;|deny 220.64.104.0/21;"),
        seen={"403"},
    ),
    Scene(
        "agent-403",
        "nginx refuses Kakao's user agent",
        [
            wanted(ALL, "blocked", "web-server", True, acl="stops", logs="stops", http="stops"),
            wanted(("acl",), "blocked", "web-server", True),
            wanted(("log", "probe"), "blocked", "web-server|application", http="stops", logs="stops"),
            wanted(("probe",), "blocked", "web-server|application", http="stops"),
        ],
        http=BY_AGENT,
        server="if ($scraper) { return 403; }",
        dumps=NGINX,
        mark=("nginx-T.txt", "if ($scraper)"),
        seen={"403"},
    ),
    Scene(
        "agent-444",
        "nginx closes the connection for Kakao's user agent",
        [
            wanted(ALL, "blocked", "web-server", True, acl="stops", logs="stops", http="stops"),
            # Only nginx writes 444, and only for itself.
            wanted(("log",), "blocked", "web-server", logs="stops"),
            wanted(("log", "probe"), "blocked", "web-server"),
            wanted(("probe",), "blocked", "web-server|application", http="stops"),
        ],
        http=BY_AGENT,
        server="if ($scraper) { return 444; }",
        dumps=NGINX,
        mark=("nginx-T.txt", "if ($scraper)"),
        seen={"closed"},
    ),
    Scene(
        "application-403",
        "the application refuses Kakao's addresses by a list of its own",
        [
            wanted(ALL, "blocked", "application", acl="passes", logs="stops", http="passes"),
            wanted(("acl", "log"), "blocked", "application", acl="passes", logs="stops"),
            wanted(("log", "probe"), "blocked", "web-server|application", logs="stops"),
            # Without the log nobody can know: to say that it gets in would be wrong.
            wanted(("probe",), "cannot-tell", None),
        ],
        application=OFFICIAL,
        dumps=NGINX,
        seen={"403"},
    ),
    Scene(
        "healthy",
        "Kakao gets page and image",
        [
            wanted(ALL, "reachable", None, acl="passes", logs="passes", http="passes"),
            wanted(("log",), "reachable", None, logs="passes", acl="missing"),
            wanted(("log", "probe"), "reachable", None),
            wanted(("probe",), "cannot-tell", None, logs="missing", acl="missing"),
        ],
        dumps=NGINX,
        seen={"200"},
    ),
    Scene(
        "stale-dump",
        "the dump would drop Kakao, but it is not what runs",
        [
            wanted(ALL, "reachable", None, conflict=True, acl="stops", logs="passes"),
            wanted(("acl",), "blocked", "network", True),
        ],
        load=[*dropped(OFFICIAL, "oracle-stale"), (["keep"], ""), (["iptables", "-F"], "")],
        dumps=IPTABLES,
        mark=("iptables.txt", "--match-set"),
        seen={"200"},
    ),
    Scene(
        "closed",
        "nothing listens",
        [
            wanted(("probe",), "blocked", "network", connect="stops"),
            wanted(("log", "probe"), "blocked", "network", connect="stops"),
        ],
        seen={"unreached"},
        stopped=True,
    ),
]

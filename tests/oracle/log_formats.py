"""The access logs that the real servers of the oracle write: how each is configured and what it tells. It starts
nothing and sends nothing."""

from dataclasses import dataclass, field

BASE = ("time", "peer", "method", "target", "status")
AGENT = (*BASE, "referer", "user_agent")


@dataclass
class Log:
    """One log of one server."""

    name: str
    server: str
    # The value of nginx's log_format or of Apache's LogFormat; empty where the server has the format built in.
    template: str = ""
    escape: str = ""
    # What its lines tell, by the names of an entry's fields.
    fields: tuple = AGENT
    # How the format is called, by `|` where two names are right; empty where only the template tells.
    format: str = ""
    # Fields of which nothing is demanded.
    unsure: tuple = ()
    # What the program is told besides the file.
    options: list = field(default_factory=list)
    # Whether addresses can be told apart: not where a proxy stands before the server and the log does not name them.
    tells_client: bool = True
    # Whether it goes to syslog, by a socket.
    syslog: bool = False

    def directive(self):
        """The directive as it stands in the server's configuration."""
        if self.server.startswith("nginx"):
            escape = f" escape={self.escape}" if self.escape else ""
            return f"log_format {self.name}{escape} '{self.template}';"
        quoted = self.template.replace("\\", "\\\\").replace('"', '\\"')
        return f'LogFormat "{quoted}" {self.name}'

    def told(self):
        """The options for the program, with the directive pasted where the format needs one."""
        return [*(["--template", self.directive()] if self.template and not self.format else []), *self.options]


COMMON = '$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent'
COMBINED = f'{COMMON} "$http_referer" "$http_user_agent"'
NGINX_JSON = (
    '{"time_local":"$time_local","time_iso8601":"$time_iso8601","remote_addr":"$remote_addr",'
    '"request_method":"$request_method","host":"$host","request_uri":"$request_uri","status":$status,'
    '"body_bytes_sent":$body_bytes_sent,"request_time":$request_time,"http_referer":"$http_referer",'
    '"http_user_agent":"$http_user_agent","http_x_forwarded_for":"$http_x_forwarded_for"}'
)
NGINX_JSON_OTHER = (
    '{"@timestamp":"$time_iso8601","client":"$remote_addr","request":"$request","status":"$status",'
    '"bytes":"$body_bytes_sent","duration":"$request_time","referer":"$http_referer","agent":"$http_user_agent",'
    '"forwarded":"$http_x_forwarded_for"}'
)
APACHE_COMMON = '%h %l %u %t "%r" %>s %b'
APACHE_COMBINED = APACHE_COMMON + ' "%{Referer}i" "%{User-Agent}i"'

LOGS = [
    Log("nginx_combined", "nginx", COMBINED, format="combined"),
    Log("nginx_common", "nginx", COMMON, fields=BASE, format="common"),
    Log(
        "nginx_main", "nginx", COMBINED + ' "$http_x_forwarded_for"', fields=(*AGENT, "forwarded"), format="main"
    ),
    Log(
        "nginx_timed",
        "nginx",
        '$remote_addr [$time_local] $host "$request" $status $body_bytes_sent rt=$request_time '
        'ut="$upstream_response_time" ref="$http_referer" ua="$http_user_agent" xff="$http_x_forwarded_for"',
        fields=(*AGENT, "host", "forwarded", "seconds"),
    ),
    Log(
        "nginx_tabs",
        "nginx",
        "$time_iso8601\\t$msec\\t$remote_addr\\t$request_method\\t$scheme://$host$request_uri\\t$status\\t$request_time\\t"
        "$http_user_agent\\t$http_referer",
        fields=(*AGENT, "host", "seconds"),
    ),
    Log("nginx_json", "nginx", NGINX_JSON, "json", (*AGENT, "host", "forwarded", "seconds"), "nginx-json"),
    # A `duration` may be anything from nanoseconds to seconds: only the template tells.
    Log(
        "nginx_json_other",
        "nginx",
        NGINX_JSON_OTHER,
        "json",
        (*AGENT, "forwarded", "seconds"),
        "nginx-json|json",
        unsure=("seconds",),
    ),
    Log("nginx_bare", "nginx", COMBINED, "none", format="combined"),
    Log(
        "nginx_behind",
        "nginx-behind",
        COMBINED + ' "$http_x_forwarded_for"',
        fields=(*AGENT, "forwarded"),
        format="main",
    ),
    Log("nginx_hidden", "nginx-behind", COMBINED, format="combined", tells_client=False),
    Log("apache_combined", "apache", APACHE_COMBINED, format="combined"),
    Log("apache_common", "apache", APACHE_COMMON, fields=BASE, format="common"),
    Log("apache_combinedio", "apache", APACHE_COMBINED + " %I %O", format="combinedio"),
    Log(
        "apache_vhost",
        "apache",
        '%v:%p %h %l %u %t "%r" %>s %O "%{Referer}i" "%{User-Agent}i"',
        fields=(*AGENT, "host"),
        format="vhost_combined",
    ),
    Log(
        "apache_timed",
        "apache",
        '%{%Y-%m-%dT%H:%M:%S%z}t %a %{c}a %D %{ms}T %>s %B "%m %U%q %H" "%{Host}i" "%{Referer}i" "%{User-Agent}i" '
        '"%{X-Forwarded-For}i"',
        fields=(*AGENT, "host", "forwarded", "seconds"),
    ),
    Log(
        "apache_json",
        "apache",
        '{"time":"%{%Y-%m-%dT%H:%M:%S%z}t","remote_addr":"%a","method":"%m","request_uri":"%U%q","status":%>s,'
        '"bytes":%B,"referer":"%{Referer}i","user_agent":"%{User-Agent}i"}',
    ),
    # Captured headers have no names in HAProxy's log.
    Log("haproxy_http", "haproxy", fields=(*BASE, "user_agent"), format="haproxy", unsure=("referer",)),
    Log("haproxy_syslog", "haproxy", fields=(*BASE, "user_agent"), format="haproxy", unsure=("referer",), syslog=True),
    Log("caddy_json", "caddy", fields=(*AGENT, "host", "forwarded", "seconds"), format="caddy"),
]


def of(server, syslog=False):
    """The logs of one server."""
    return [log for log in LOGS if log.server == server and (syslog or not log.syslog)]

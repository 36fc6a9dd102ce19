//! The rows: what each format is called, where logs of it come from, and what they do not tell.

use super::cannot::{self as no, Cannot};

/// One format.
pub struct Format {
    /// What it is called on the command line and in the API.
    pub name: &'static str,
    /// What it is called by people.
    pub title: &'static str,
    /// Where such a log comes from: the directive, the service.
    pub from: &'static str,
    /// What such a log does not tell, in both languages.
    pub cannot: &'static [Cannot],
    /// How its lines are read.
    pub(super) kind: Kind,
}

/// How lines of a format are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// The family of the Common Log Format.
    Plain(Plain),
    /// As an operator's template says.
    Template(Language),
    /// One JSON object a line.
    Json(Flavour),
    /// Columns that `#Fields:` names.
    W3c(Columns),
    /// AWS ALB and Classic ELB.
    Alb,
    /// `HAProxy` with `option httplog`.
    Haproxy,
}

/// Members of the family of the Common Log Format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Plain {
    Combined,
    Common,
    CombinedIo,
    VhostCombined,
    Main,
    Traefik,
}

/// In which language a template is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::accesslog) enum Language {
    Nginx,
    Apache,
    /// nginx's, and known beforehand.
    Ingress,
}

/// Whose JSON it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Flavour {
    Nginx,
    Caddy,
    Traefik,
    Any,
}

/// Whose columns they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Columns {
    CloudFront,
    Iis,
}

impl Format {
    /// Of formats that read a sample equally well, the one of the higher number is meant.
    pub(super) fn specificity(&self) -> u8 {
        match self.kind {
            Kind::Template(_) => 9,
            Kind::W3c(_) | Kind::Alb | Kind::Haproxy => 8,
            Kind::Json(Flavour::Caddy | Flavour::Traefik) => 7,
            Kind::Plain(Plain::Traefik) => 6,
            Kind::Json(Flavour::Nginx) | Kind::Plain(Plain::Main | Plain::CombinedIo) => 5,
            Kind::Plain(Plain::VhostCombined) => 4,
            Kind::Plain(Plain::Combined) => 3,
            Kind::Plain(Plain::Common) => 2,
            Kind::Json(Flavour::Any) => 1,
        }
    }

    /// Whether a log of it may leave the `User-Agent` out, which only its lines can tell: JSON has the keys that somebody chose,
    /// `HAProxy` the headers that somebody captures, and Traefik drops headers unless it is told to keep them.
    pub(super) fn may_lack_agent(&self) -> bool {
        matches!(self.kind, Kind::Json(_) | Kind::Haproxy | Kind::Plain(Plain::Traefik))
    }
}

impl std::fmt::Debug for Format {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "Format({})", self.name)
    }
}

/// Every format, in the order that help lists them.
pub const FORMATS: &[Format] = &[
    Format {
        name: "combined",
        title: "nginx / Apache combined",
        from: "nginx: access_log PATH; (combined is the default). Apache: CustomLog PATH combined",
        cannot: &[no::NO_FORWARDED, no::NO_DURATION, no::NO_HOST, no::BLOCKED_BEFORE],
        kind: Kind::Plain(Plain::Combined),
    },
    Format {
        name: "common",
        title: "Common Log Format",
        from: "Apache: CustomLog PATH common",
        cannot: &[no::NO_AGENT, no::NO_REFERER, no::NO_FORWARDED, no::NO_DURATION, no::NO_HOST],
        kind: Kind::Plain(Plain::Common),
    },
    Format {
        name: "combinedio",
        title: "Apache combinedio",
        from: "Apache with mod_logio: CustomLog PATH combinedio",
        cannot: &[no::NO_FORWARDED, no::NO_DURATION, no::NO_HOST, no::BLOCKED_BEFORE],
        kind: Kind::Plain(Plain::CombinedIo),
    },
    Format {
        name: "vhost_combined",
        title: "Apache vhost_combined",
        from: "Apache on Debian and Ubuntu: CustomLog PATH vhost_combined (other_vhosts_access.log)",
        cannot: &[no::NO_FORWARDED, no::NO_DURATION, no::BLOCKED_BEFORE],
        kind: Kind::Plain(Plain::VhostCombined),
    },
    Format {
        name: "main",
        title: "nginx main",
        from: "nginx's packaged nginx.conf: log_format main, which is combined and \"$http_x_forwarded_for\"",
        cannot: &[no::NO_DURATION, no::NO_HOST, no::BLOCKED_BEFORE],
        kind: Kind::Plain(Plain::Main),
    },
    Format {
        name: "nginx",
        title: "nginx log_format",
        from: "nginx: log_format NAME '…'; given as a template",
        cannot: &[no::AS_TEMPLATE, no::BLOCKED_BEFORE],
        kind: Kind::Template(Language::Nginx),
    },
    Format {
        name: "apache",
        title: "Apache LogFormat",
        from: "Apache: LogFormat \"…\" NAME; given as a template",
        cannot: &[no::AS_TEMPLATE, no::BLOCKED_BEFORE],
        kind: Kind::Template(Language::Apache),
    },
    Format {
        name: "ingress-nginx",
        title: "Kubernetes ingress-nginx",
        from: "ingress-nginx: log-format-upstream as it is by default",
        cannot: &[no::NO_FORWARDED, no::NO_HOST, no::BLOCKED_BEFORE],
        kind: Kind::Template(Language::Ingress),
    },
    Format {
        name: "nginx-json",
        title: "nginx JSON",
        from: "nginx: log_format NAME escape=json '{\"remote_addr\":\"$remote_addr\", …}'",
        cannot: &[no::JSON_KEYS, no::BLOCKED_BEFORE],
        kind: Kind::Json(Flavour::Nginx),
    },
    Format {
        name: "caddy",
        title: "Caddy JSON",
        from: "Caddy: log { format json }, as it is by default",
        cannot: &[no::CADDY_CLIENT, no::BLOCKED_BEFORE],
        kind: Kind::Json(Flavour::Caddy),
    },
    Format {
        name: "alb",
        title: "AWS ALB / Classic ELB",
        from: "Access logs of an Application or Classic Load Balancer, as S3 keeps them",
        cannot: &[no::ALB_FORWARDED, no::NO_REFERER, no::ALB_LATE, no::BLOCKED_BEFORE],
        kind: Kind::Alb,
    },
    Format {
        name: "cloudfront",
        title: "AWS CloudFront",
        from: "Standard logs of a CloudFront distribution, as S3 keeps them",
        cannot: &[no::CLOUDFRONT_CACHE, no::CLOUDFRONT_STATUS],
        kind: Kind::W3c(Columns::CloudFront),
    },
    Format {
        name: "iis",
        title: "IIS W3C",
        from: "IIS: W3C extended log file format",
        cannot: &[no::IIS_ZONE, no::IIS_AGENT, no::IIS_HTTPERR],
        kind: Kind::W3c(Columns::Iis),
    },
    Format {
        name: "traefik-json",
        title: "Traefik JSON",
        from: "Traefik: accessLog.format: json, accessLog.fields.headers.names.User-Agent: keep",
        cannot: &[no::TRAEFIK_HEADERS, no::BLOCKED_BEFORE],
        kind: Kind::Json(Flavour::Traefik),
    },
    Format {
        name: "traefik",
        title: "Traefik common",
        from: "Traefik: accessLog, as it is by default; accessLog.fields.headers.names.User-Agent: keep",
        cannot: &[no::TRAEFIK_HEADERS, no::NO_FORWARDED, no::NO_HOST, no::BLOCKED_BEFORE],
        kind: Kind::Plain(Plain::Traefik),
    },
    Format {
        name: "haproxy",
        title: "HAProxy httplog",
        from: "HAProxy: option httplog, http-request capture req.hdr(User-Agent) len 150",
        cannot: &[no::HAPROXY_CAPTURE, no::HAPROXY_ZONE, no::BLOCKED_BEFORE],
        kind: Kind::Haproxy,
    },
    Format {
        name: "json",
        title: "JSON of any server",
        from: "One JSON object a line: pino, bunyan, Envoy, Google Cloud httpRequest, Elastic ECS, Cloudflare Logpush and their like",
        cannot: &[no::JSON_KEYS, no::BLOCKED_BEFORE],
        kind: Kind::Json(Flavour::Any),
    },
];

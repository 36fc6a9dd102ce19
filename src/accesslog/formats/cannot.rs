//! What logs of a format do not tell, in both languages. Each sentence is shown beside the format's name.

/// Something a format's logs do not tell, in both languages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cannot {
    /// Korean.
    pub ko: &'static str,
    /// English.
    pub en: &'static str,
}

pub(super) const NO_AGENT: Cannot = Cannot {
    ko: "User-Agent가 없어 카카오라고 밝힌 요청인지 알 수 없습니다. 주소만 비교합니다. combined 형식으로 바꾸면 알 수 있습니다.",
    en: "It has no User-Agent, so nobody can tell who claimed to be Kakao; only addresses are compared. Log `combined` instead.",
};
pub(super) const NO_FORWARDED: Cannot = Cannot {
    ko: "X-Forwarded-For가 없어 프록시나 로드 밸런서 뒤에서는 실제 접속 주소를 알 수 없습니다.",
    en: "It has no X-Forwarded-For: behind a proxy or a balancer the real addresses are not in it.",
};
pub(super) const NO_DURATION: Cannot =
    Cannot { ko: "응답에 걸린 시간이 없습니다.", en: "It does not tell how long an answer took." };
pub(super) const NO_HOST: Cannot = Cannot {
    ko: "호스트 이름이 없어 여러 사이트의 로그가 섞여 있으면 구분할 수 없습니다.",
    en: "It names no host: where several sites share a log, they cannot be told apart.",
};
pub(super) const NO_REFERER: Cannot = Cannot {
    ko: "Referer가 없어 이미지 요청이 어느 페이지 때문인지 확실히 알 수 없습니다.",
    en: "It has no Referer: which page an image was fetched for can only be told from what was asked for just before.",
};
pub(super) const BLOCKED_BEFORE: Cannot = Cannot {
    ko: "방화벽이나 WAF가 먼저 막은 요청은 남지 않습니다.",
    en: "Requests that a firewall or a WAF refused before are not in it.",
};
pub(super) const AS_TEMPLATE: Cannot = Cannot {
    ko: "템플릿에 적은 변수만 알 수 있습니다.",
    en: "It tells what its variables tell, no more.",
};
pub(super) const ALB_FORWARDED: Cannot = Cannot {
    ko: "X-Forwarded-For를 남기지 않습니다. CloudFront나 다른 프록시가 앞에 있으면 그 주소만 보입니다.",
    en: "It has no X-Forwarded-For: with CloudFront or another proxy in front, only the proxy's addresses are in it.",
};
pub(super) const ALB_LATE: Cannot = Cannot {
    ko: "시각은 응답을 마친 때이고, 로그는 5분(클래식은 5분 또는 60분)마다 올라오며 빠짐이 없다고 보장되지 않습니다.",
    en: "The time is when the answer was complete; files arrive every 5 minutes (Classic: 5 or 60), and AWS promises no completeness.",
};
pub(super) const CLOUDFRONT_CACHE: Cannot = Cannot {
    ko: "엣지가 캐시로 답한 요청도 포함되므로 원본 서버의 로그와 건수가 다릅니다. 로그는 보통 1시간, 늦으면 24시간 뒤에 올라옵니다.",
    en: "It counts answers from the edge's cache too, so the origin's log has fewer; files arrive within the hour, at worst a day later.",
};
pub(super) const CLOUDFRONT_STATUS: Cannot = Cannot {
    ko: "sc-status 000은 답하기 전에 상대가 끊은 요청으로, 상태 코드 없음으로 셉니다.",
    en: "sc-status 000 means that the viewer hung up before an answer; it is counted as no status.",
};
pub(super) const IIS_ZONE: Cannot = Cannot {
    ko: "시각에 시간대가 없습니다. W3C 로그의 규정대로 UTC로 읽습니다.",
    en: "Its times have no zone; they are read as UTC, as the W3C format has it.",
};
pub(super) const IIS_AGENT: Cannot = Cannot {
    ko: "공백을 +로 적으므로 User-Agent에 원래 있던 +와 구분되지 않을 수 있습니다.",
    en: "Blanks are written as `+`, so a `+` that belonged to a User-Agent cannot always be told from a blank.",
};
pub(super) const IIS_HTTPERR: Cannot = Cannot {
    ko: "HTTP.sys가 먼저 거절한 요청은 HTTPERR 로그에만 남습니다.",
    en: "What HTTP.sys refused by itself is in the HTTPERR log only.",
};
pub(super) const HAPROXY_CAPTURE: Cannot = Cannot {
    ko: "`http-request capture req.hdr(User-Agent) len 150` 같은 설정이 없으면 User-Agent가 남지 않습니다. 설정 길이가 짧으면 이름이 잘립니다. \
         어느 헤더를 담았는지 이름이 없어 값의 모양으로 구분합니다.",
    en: "Without `http-request capture req.hdr(User-Agent) len 150` or its like there is no User-Agent, and a short `len` cuts it. Captured \
         headers have no names: they are told apart by what they look like.",
};
pub(super) const HAPROXY_ZONE: Cannot = Cannot {
    ko: "시각에 시간대가 없어 UTC로 읽습니다. 서버가 한국 시간이면 9시간 차이가 납니다.",
    en: "Its times are local and have no zone; they are read as UTC, nine hours off on a server in Korea.",
};
pub(super) const JSON_KEYS: Cannot = Cannot {
    ko: "항목 이름을 자유롭게 정하는 형식이라 널리 쓰는 이름으로만 찾습니다. 단위를 모르는 시간은 쓰지 않습니다.",
    en: "Its keys are free: values are looked for under the usual names, and a duration whose unit is not known is left out.",
};
pub(super) const CADDY_CLIENT: Cannot = Cannot {
    ko: "trusted_proxies를 설정하지 않으면 프록시 뒤에서 client_ip도 프록시 주소입니다.",
    en: "Without trusted_proxies, client_ip is the proxy's address behind a proxy.",
};
pub(super) const TRAEFIK_HEADERS: Cannot = Cannot {
    ko: "accessLog.fields.headers로 User-Agent를 keep 하지 않으면 남지 않습니다.",
    en: "User-Agent is dropped unless accessLog.fields.headers keeps it.",
};

//! `HAProxy`: `haproxy.cfg` and the lists its ACLs read. Frontends by their `bind` lines, their rules, then those of the backend.
//! What a backend's servers answer is not judged.

mod binds;
mod condition;
mod fetch;
mod lower;
mod open;
mod steps;
mod text;
mod words;

use super::{Cannot, Format};
use crate::acl::{File, Malformed, Reading, Ruleset};

/// The dialect.
pub const FORMAT: Format = Format {
    name: "haproxy",
    title: "HAProxy",
    from: "haproxy.cfg, with the lists that `-f` names beside it",
    joins: true,
    cannot: CANNOT,
    recognise,
    parse,
    open: Some(open::open),
};

const CANNOT: &[Cannot] = &[
    Cannot {
        ko: "요청 수 제한(stick-table), Lua, 변수, map, SPOE에 따른 판단은 파일만으로 알 수 없습니다.",
        en: "What depends on rates (stick tables), Lua, variables, maps or SPOE cannot be told from the files.",
    },
    Cannot {
        ko: "HAProxy가 열지 않은 포트는 다른 프로그램이 처리할 수 있으므로 판단하지 않습니다.",
        en: "Ports that HAProxy does not listen on may be another program's and are not judged.",
    },
    Cannot {
        ko: "백엔드 서버의 응답과 응답 규칙(http-response)의 결과는 판단하지 않습니다.",
        en: "What the servers behind answer, and rules about their answers (http-response), are not judged.",
    },
    Cannot {
        ko: "요청의 경로·호스트·User-Agent와 GET 메서드만 알고 판단합니다. 다른 헤더나 쿠키에 따른 규칙은 판단하지 않습니다.",
        en: "Only path, host, user agent and the method GET are known of the request; rules about other headers are left open.",
    },
];

const ADVICE: &str =
    "give haproxy.cfg whole (`haproxy -c -f haproxy.cfg` should accept it), and the lists of `-f` beside it";

fn recognise(text: &str) -> u8 {
    let starts = |words: &[&str]| {
        text.lines().any(|line| line.split_whitespace().next().is_some_and(|word| words.contains(&word)))
    };
    let braces = text.lines().any(|line| matches!(line.trim(), "}" | "server {"));
    let sections = starts(&["frontend", "backend", "listen"]);
    let lines = starts(&["bind", "http-request", "use_backend", "default_backend", "tcp-request"]);
    match (sections, lines, braces) {
        (true, true, false) => 92,
        (true, true, true) => 30,
        (true, false, false) if text.contains("mode http") || text.contains("mode tcp") => 60,
        _ => 0,
    }
}

fn parse(files: &[File], reading: &Reading) -> Result<Ruleset, Malformed> {
    let mut sections = Vec::new();
    let mut lists = fetch::Lists::default();
    for (index, file) in files.iter().enumerate() {
        if words::is_configuration(&file.text) {
            sections.extend(words::sections(index, file, ADVICE)?);
        } else {
            lists.take(&file.name, &file.text);
        }
    }
    let listens = sections.iter().any(|section| matches!(section.kind.as_str(), "frontend" | "listen"));
    if let (false, Some(file)) = (listens, files.first()) {
        return Err(Malformed::at(file, 0, 0, "there is no frontend or listen section in it", ADVICE));
    }
    Ok(lower::ruleset(&sections, &lists, reading))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn reading_never_panics(
            lines in prop::collection::vec(prop::sample::select(vec![
                "frontend a", "backend b", "listen c", "defaults d", "backend e from d", "bind *:443 ssl", "bind :::80-90 v4v6",
                "acl x src 27.0.236.0/22", "acl x src -f", "http-request deny if x", "http-request deny unless !x || { src",
                "tcp-request connection reject if ! ! x", "use_backend b if { path_beg / }", "use_backend %[path]", "default_backend c",
                "http-request return status 403", "http-request deny deny_status", "tcp-request content accept if x or",
                "bind \"$IP\":443", ".if x", ".endif", "bind [::1", "acl y hdr_reg(user-agent) -i (", "redirect scheme https",
            ]), 0..30),
            tail in "[ -~\n]{0,30}",
        ) {
            let text = lines.join("\n") + "\n" + &tail;
            let _any = parse(&[File::new("haproxy.cfg", &text)], &Reading::default());
            let _any = recognise(&text);
        }
    }
}

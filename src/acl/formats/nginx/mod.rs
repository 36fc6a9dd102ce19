//! nginx, from `nginx -T` or its files: what becomes of Kakao's request, as nginx's own phases decide. Other web servers are
//! beside this folder.

mod access;
mod content;
mod flow;
mod geo;
mod include;
mod location;
mod map;
mod open;
mod rewrite;
mod server;
mod site;
mod token;
mod value;
mod world;

#[cfg(test)]
mod tests;

pub use self::open::open;

use super::{Cannot, Format};
use crate::acl::{File, Malformed, Reading, Ruleset};

/// The row of the registry.
pub const FORMAT: Format = Format {
    name: "nginx",
    title: "nginx",
    from: "nginx -T",
    joins: false,
    cannot: CANNOT,
    recognise,
    parse,
    open: Some(open),
};

/// What nginx's files do not tell.
const CANNOT: &[Cannot] = &[
    Cannot {
        ko: "GeoIP 변수(geoip, geoip2)의 값은 데이터베이스 없이는 알 수 없어 판단 불가로 답합니다.",
        en: "What GeoIP variables hold is in a database that is not here: undetermined.",
    },
    Cannot {
        ko: "limit_req와 limit_conn은 요청량에 따라 달라지므로 걸리는 주소는 판단 불가로 답합니다. 제외된 주소는 그대로 판단합니다.",
        en: "limit_req and limit_conn depend on traffic: undetermined for the addresses they count, exact for those exempted.",
    },
    Cannot {
        ko: "Lua, njs, ModSecurity, auth_request의 결과는 판단하지 못합니다.",
        en: "What Lua, njs, ModSecurity and auth_request decide is not known.",
    },
    Cannot {
        ko: "파일이 실제로 있는지는 알 수 없습니다. 파일에 따라 달라질 때만(try_files, index, if -f) 판단 불가로 답합니다.",
        en: "Whether a file exists is not known; undetermined only where that makes a difference (try_files, index, if -f).",
    },
    Cannot {
        ko: "proxy_pass, fastcgi_pass 뒤의 애플리케이션이 거부하는지는 보지 않습니다.",
        en: "Whether the application behind proxy_pass or fastcgi_pass refuses is not looked at.",
    },
    Cannot {
        ko: "include한 파일이 없으면 그 내용에 따라 달라질 수 있는 곳은 판단 불가로 답합니다. nginx -T 출력을 쓰십시오.",
        en: "Where an included file is missing, what it may change is undetermined: give the output of nginx -T.",
    },
];

/// How surely a text is nginx's.
pub fn recognise(text: &str) -> u8 {
    if text.lines().take(200).any(|line| line.starts_with("# configuration file /")) {
        return 100;
    }
    let (mut signs, mut blocks, mut lines, mut ended) = (0_usize, 0_usize, 0_usize, 0_usize);
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')).take(2_000) {
        lines += 1;
        let code = line.split(" #").next().unwrap_or(line).trim_end();
        ended += usize::from(code.ends_with([';', '{', '}']));
        let word = code.split([' ', '\t', '{', ';']).next().unwrap_or_default();
        match word {
            // nftables, firewalls, name servers and other proxies also have braces.
            "table" | "chain" | "zone" | "frontend" | "backend" | "set" if code.ends_with('{') => return 0,
            "server" | "http" | "location" | "geo" | "map" | "stream" | "if" if code.contains('{') => blocks += 1,
            "listen" | "server_name" | "allow" | "deny" | "proxy_pass" | "fastcgi_pass" | "root" | "index"
            | "try_files" | "return" | "set_real_ip_from" | "include" | "rewrite"
                if code.contains(';') =>
            {
                signs += 1;
            }
            _ => {}
        }
        if lines == 1 && line.starts_with(['<', '{', '[']) {
            return 0;
        }
    }
    if lines == 0 || ended * 10 < lines * 6 {
        return 0;
    }
    match (blocks, signs) {
        (1.., 1..) => 90,
        (1.., 0) => 60,
        (0, 1..) => 55,
        (0, 0) => 0,
    }
}

/// Reads the files.
pub fn parse(files: &[File], reading: &Reading) -> Result<Ruleset, Malformed> {
    let config = include::load(files)?;
    let world = world::World::new(&config.top, reading);
    let useful = !site::servers(&config.top).is_empty()
        || ["http", "server", "stream", "include", "geo", "map"].iter().any(|name| config.top.has(name));
    match files.first() {
        Some(file) if !useful => {
            let advice = "give the output of `nginx -T`, or the file with the `server` block";
            Err(Malformed::at(file, 0, 0, "no `server`, `location`, `allow` or `deny` of nginx is in it", advice))
        }
        _ => Ok(site::ruleset(&config.top, &world)),
    }
}

//! Apache httpd, from its configuration and `.htaccess` files: what becomes of Kakao's request. Other web servers are beside
//! this folder.

mod access;
mod expr;
mod facts;
mod flow;
mod line;
mod open;
mod rewrite;
mod section;
mod site;
mod sockets;
mod walk;

#[cfg(test)]
mod tests;

pub use self::open::open;

use super::{Cannot, Format};
use crate::acl::{File, Idle, Malformed, Reading, Ruleset};

/// The row of the registry.
pub const FORMAT: Format = Format {
    name: "apache",
    title: "Apache httpd",
    from: "httpd.conf, sites-enabled/*.conf, .htaccess",
    joins: true,
    cannot: CANNOT,
    recognise,
    parse,
    open: Some(open),
};

/// What Apache's files do not tell.
const CANNOT: &[Cannot] = &[
    Cannot {
        ko: "IfModule의 모듈은 올라와 있고 버전은 2.4라고 봅니다.",
        en: "Modules that IfModule asks for are taken to be loaded, and the version to be 2.4.",
    },
    Cannot {
        ko: "-D 옵션으로 켜는 IfDefine은 꺼져 있다고 보고 가정으로 알립니다. AllowOverride가 None이 아니면 .htaccess의 모든 지시어를 받는다고 봅니다.",
        en: "IfDefine that -D would switch on is taken to be off, and told as an assumption. Any AllowOverride but None is taken to allow everything.",
    },
    Cannot {
        ko: "이름으로 된 Allow from, Require host는 DNS를 조회해야 하므로 판단 불가로 답합니다.",
        en: "Names in Allow from and Require host need DNS: undetermined.",
    },
    Cannot {
        ko: "간단한 비교를 넘는 표현식, GeoIP 값, 파일이 있는지를 묻는 RewriteCond는 결과가 달라질 때 판단 불가로 답합니다.",
        en: "Expressions beyond plain comparisons, GeoIP values and RewriteCond on files are undetermined where they matter.",
    },
    Cannot {
        ko: "mod_security, mod_evasive와 뒤의 애플리케이션이 거부하는지는 판단하지 못합니다.",
        en: "What mod_security, mod_evasive and the application behind decide is not known.",
    },
    Cannot {
        ko: "주 설정(httpd.conf, apache2.conf)이 없으면 그 파일이 막지 않는다고 봅니다.",
        en: "Without the main file (httpd.conf, apache2.conf) it is taken not to refuse.",
    },
];

/// How surely a text is Apache's.
pub fn recognise(text: &str) -> u8 {
    const SECTIONS: &[&str] = &[
        "<virtualhost",
        "<directory",
        "<location",
        "<files",
        "<limit",
        "<ifmodule",
        "<requireall",
        "<requireany",
        "<requirenone",
        "<proxy",
        "<if ",
        "<ifversion",
    ];
    const LINES: &[&str] = &[
        "require ",
        "order ",
        "allow from",
        "deny from",
        "rewriterule ",
        "rewritecond ",
        "rewriteengine ",
        "documentroot ",
        "setenvif",
        "browsermatch",
        "servername ",
        "satisfy ",
        "redirect ",
        "redirectmatch ",
        "allowoverride ",
        "options ",
    ];
    let (mut sections, mut lines, mut total) = (0_usize, 0_usize, 0_usize);
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')).take(2_000) {
        total += 1;
        let lower = line.to_ascii_lowercase();
        if lower.ends_with(['{', ';']) || lower.starts_with("<?xml") {
            return 0;
        }
        sections += usize::from(SECTIONS.iter().any(|start| lower.starts_with(start)));
        lines += usize::from(LINES.iter().any(|start| lower.starts_with(start)));
    }
    match (sections, lines) {
        (0, 0) => 0,
        (1.., 1..) => 95,
        (1.., 0) => 80,
        (0, lines) if lines * 2 >= total => 85,
        (0, _) => 40,
    }
}

/// Reads the files.
pub fn parse(files: &[File], reading: &Reading) -> Result<Ruleset, Malformed> {
    let site = site::load(files)?;
    if let Some(file) = files.first()
        && files.iter().all(|file| recognise(&file.text) == 0)
    {
        let advice = "give httpd.conf, the file of the virtual host, or .htaccess";
        return Err(Malformed::at(file, 0, 0, "no section or access line of Apache is in it", advice));
    }
    let mut ruleset = sockets::ruleset(&site, reading);
    let unread = std::mem::take(&mut ruleset.1);
    let mut ruleset = ruleset.0;
    ruleset.idle = unread
        .into_iter()
        .map(|place| Idle { place, code: "not-a-match", what: "AllowOverride None".to_owned() })
        .collect();
    Ok(ruleset)
}

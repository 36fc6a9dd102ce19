//! firewalld: what `firewall-cmd` lists, and the files of /etc/firewalld (zones, policies, ipsets, services, direct rules,
//! firewalld.conf). The nftables or iptables rules it makes of them are those dialects' business.

mod build;
mod dispatch;
mod listing;
mod lower;
mod model;
mod open;
mod rich;
mod services;
mod sets;
mod xml;
mod zones;

#[cfg(test)]
mod tests;

use self::model::Config;
use super::{
    super::{File, Malformed, Reading, Ruleset},
    Cannot, Format,
};

/// The row of `FORMATS`.
pub const FORMAT: Format = Format {
    name: "firewalld",
    title: "firewalld",
    from: "firewall-cmd --list-all-zones; /etc/firewalld/zones/*.xml, /etc/firewalld/ipsets/*.xml, firewalld.conf",
    joins: true,
    cannot: &[
        Cannot {
            ko: "`--list-all`은 영역 하나만 보여 줍니다. 다른 영역에 묶인 출발지 주소는 알 수 없으므로 `firewall-cmd --list-all-zones`를 사용하십시오.",
            en: "`--list-all` shows one zone; sources bound to other zones stay unknown: use `firewall-cmd --list-all-zones`.",
        },
        Cannot {
            ko: "영역이 쓰는 ipset의 내용은 목록에 나오지 않습니다. `firewall-cmd --info-ipset=이름` 출력이나 /etc/firewalld/ipsets의 파일을 함께 주십시오.",
            en: "Listings do not show what is in an ipset: add the output of `firewall-cmd --info-ipset=NAME`, or the file of /etc/firewalld/ipsets.",
        },
        Cannot {
            ko: "기본 제공되지 않는 서비스의 포트는 /etc/firewalld/services의 파일이 있어야 알 수 있습니다.",
            en: "Ports of services that firewalld does not bring are known only with their files of /etc/firewalld/services.",
        },
        Cannot {
            ko: "direct 규칙, MAC 주소, 속도 제한은 판단하지 않고 해당 줄을 표시합니다.",
            en: "Direct rules, MAC addresses and rate limits are not decided; their lines are named.",
        },
        Cannot {
            ko: "firewalld 1.0 이전에는 출발지 영역이 거부하지 않은 패킷이 인터페이스 영역으로 넘어갈 수 있습니다(AllowZoneDrifting). 버전을 알 수 없으면 그런 대역은 판단하지 않으므로 firewalld.conf를 함께 주십시오.",
            en: "Before firewalld 1.0, packets could go on from the zone of their source to that of the interface (AllowZoneDrifting). Where the version does not show, such ranges stay open: add firewalld.conf.",
        },
    ],
    recognise,
    parse,
    open: Some(open::open),
};

/// What one file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Output of `firewall-cmd`.
    Listing,
    /// A file of XML.
    Xml,
    /// `firewalld.conf`.
    Conf,
}

fn kind(text: &str) -> Option<Kind> {
    if text.trim_start_matches('\u{feff}').trim_start().starts_with('<') {
        return xml::root(text).map(|_| Kind::Xml);
    }
    // A listing of sets only has fewer words of its own.
    let mut set = 0;
    for line in text.lines().take(400) {
        if listing::is_zone_line(line) {
            return Some(Kind::Listing);
        }
        if conf_setting(line).is_some() {
            return Some(Kind::Conf);
        }
        let line = line.trim();
        set += u8::from(line.starts_with("type: hash:") || line.starts_with("entries:"));
    }
    (set >= 2).then_some(Kind::Listing)
}

fn recognise(text: &str) -> u8 {
    match kind(text) {
        Some(Kind::Listing) => 95,
        Some(Kind::Conf) => 90,
        Some(Kind::Xml) => match xml::root(text) {
            Some("zone" | "policy" | "ipset") => 92,
            Some("direct") => 80,
            _ => 50,
        },
        None if is_off(text) => 70,
        None => 0,
    }
}

/// What `firewall-cmd` says instead of a listing.
fn is_off(text: &str) -> bool {
    text.len() < 400 && text.contains("FirewallD is not running")
}

fn conf_setting(line: &str) -> Option<(&str, &str)> {
    let (key, value) = line.trim().split_once('=')?;
    let known =
        ["DefaultZone", "AllowZoneDrifting", "FirewallBackend", "IPv6_rpfilter", "CleanupOnExit", "RFC3964_IPv4"];
    let known = known.contains(&key) || key.starts_with("Nftables") || key == "StrictForwardPorts";
    known.then(|| (key, value.trim()))
}

fn conf(file: &File, config: &mut Config) {
    let mut recent = false;
    for (key, value) in file.text.lines().filter_map(conf_setting) {
        match key {
            "DefaultZone" if !value.is_empty() => config.default_zone = Some(value.to_owned()),
            "AllowZoneDrifting" => {
                config.drifting = Some(matches!(value.to_ascii_lowercase().as_str(), "yes" | "true"));
            }
            // Of 0.8; the setting for drifting came right after it and went with 1.0.
            "RFC3964_IPv4" => recent = true,
            _ if key.starts_with("Nftables") || key == "StrictForwardPorts" => config.since_1_0 = true,
            _ => {}
        }
    }
    config.since_1_0 |= recent && config.drifting.is_none();
    config.since_0_9 |= config.since_1_0;
}

const ADVICE: &str = "give the output of `firewall-cmd --list-all-zones`, or the files of /etc/firewalld/zones";

fn parse(files: &[File], reading: &Reading) -> Result<Ruleset, Malformed> {
    let mut config = Config::default();
    for (index, file) in files.iter().enumerate() {
        match kind(&file.text) {
            Some(Kind::Listing) => listing::read(file, index, &mut config)?,
            Some(Kind::Xml) => xml::read(file, index, &mut config)?,
            Some(Kind::Conf) => conf(file, &mut config),
            None if is_off(&file.text) => {}
            None => {
                let what = "this is neither output of firewall-cmd nor a file of firewalld";
                return Err(Malformed::at(file, 0, 0, what, ADVICE));
            }
        }
    }
    if let Some(file) = files.iter().find(|file| is_off(&file.text)) {
        let what = "firewalld is not running, so nothing in this file filters";
        return Err(Malformed::at(file, 0, 0, what, "leave this file out, or start firewalld and ask it again"));
    }
    if config.zones.is_empty()
        && let Some(file) = files.first()
    {
        return Err(Malformed::at(file, 0, 0, "there is no zone in these files", ADVICE));
    }
    Ok(build::build(&config, reading))
}

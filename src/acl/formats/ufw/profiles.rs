//! Application profiles: the common ones by name, and those of files of `/etc/ufw/applications.d`. Rules are not known here.

use std::collections::HashMap;

use super::super::super::{File, Ranges};

/// Profiles and their TCP ports.
#[derive(Debug, Clone, Default)]
pub struct Profiles {
    given: HashMap<String, Option<Ranges>>,
}

/// Profiles as the packages of Debian and Ubuntu bring them, with their TCP ports.
const COMMON: &[(&str, &[(u128, u128)])] = &[
    ("Apache", &[(80, 80)]),
    ("Apache Full", &[(80, 80), (443, 443)]),
    ("Apache Secure", &[(443, 443)]),
    ("Bind9", &[(53, 53)]),
    ("CUPS", &[(631, 631)]),
    ("DNS", &[(53, 53)]),
    ("Dovecot IMAP", &[(143, 143)]),
    ("Dovecot POP3", &[(110, 110)]),
    ("Dovecot Secure IMAP", &[(993, 993)]),
    ("Dovecot Secure POP3", &[(995, 995)]),
    ("IMAP", &[(143, 143)]),
    ("IMAPS", &[(993, 993)]),
    ("IPP", &[(631, 631)]),
    ("LDAP", &[(389, 389)]),
    ("LDAPS", &[(636, 636)]),
    ("Mail submission", &[(587, 587)]),
    ("NFS", &[(111, 111), (2049, 2049)]),
    ("Nginx Full", &[(80, 80), (443, 443)]),
    ("Nginx HTTP", &[(80, 80)]),
    ("Nginx HTTPS", &[(443, 443)]),
    ("OpenSSH", &[(22, 22)]),
    ("POP3", &[(110, 110)]),
    ("POP3S", &[(995, 995)]),
    ("Postfix", &[(25, 25)]),
    ("Postfix SMTPS", &[(465, 465)]),
    ("Postfix Submission", &[(587, 587)]),
    ("SMTP", &[(25, 25)]),
    ("SSH", &[(22, 22)]),
    ("Samba", &[(139, 139), (445, 445)]),
    ("Telnet", &[(23, 23)]),
    ("VNC", &[(5900, 5900)]),
    ("WWW", &[(80, 80)]),
    ("WWW Cache", &[(8080, 8080)]),
    ("WWW Full", &[(80, 80), (443, 443)]),
    ("WWW Secure", &[(443, 443)]),
];

impl Profiles {
    /// TCP ports of a profile; `None` where they are not known. A profile for other protocols has an empty set.
    pub fn tcp(&self, name: &str) -> Option<Ranges> {
        if let Some(given) = self.given.get(name) {
            return given.clone();
        }
        let (_, ports) = COMMON.iter().find(|(known, _)| *known == name)?;
        Some(ports.iter().copied().collect())
    }
}

/// Reads a file of profiles: `[NAME]`, then `ports=80,443/tcp|53/udp|22`.
pub fn read(file: &File, profiles: &mut Profiles) {
    let mut name: Option<&str> = None;
    for (_, line) in file.lines() {
        let line = line.trim();
        if let Some(section) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            name = Some(section.trim());
        } else if let (Some(name), Some((key, value))) = (name, line.split_once('='))
            && key.trim() == "ports"
        {
            profiles.given.insert(name.to_owned(), tcp_ports(value));
        }
    }
}

fn tcp_ports(value: &str) -> Option<Ranges> {
    let mut all = Ranges::empty();
    for part in value.trim().split('|') {
        let (ports, protocol) = part.split_once('/').unwrap_or((part, "any"));
        let ports = super::row::port_list(ports.trim())?;
        if matches!(protocol.trim(), "tcp" | "any") {
            all = all.union(&ports);
        }
    }
    Some(all)
}

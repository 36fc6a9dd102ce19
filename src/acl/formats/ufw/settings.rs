//! `/etc/default/ufw` and `ufw.conf`: default policies, whether IPv6 is filtered, whether ufw is switched on. No rules are here.

use super::super::super::{Action, File, How, Place, Policy};
use super::build::Found;

const KEYS: &[&str] = &["DEFAULT_INPUT_POLICY", "DEFAULT_OUTPUT_POLICY", "DEFAULT_FORWARD_POLICY", "IPV6", "ENABLED"];

fn setting(line: &str) -> Option<(&str, &str)> {
    let (key, value) = line.trim().split_once('=')?;
    Some((key.trim_end(), value.trim().trim_matches(['"', '\''])))
}

/// Whether a line is one of these files.
pub fn is_setting(line: &str) -> bool {
    setting(line).is_some_and(|(key, _)| KEYS.contains(&key))
}

/// Whether a file is one of these: other programs have `ENABLED=` too.
pub fn is_settings(text: &str) -> bool {
    text.contains("DEFAULT_INPUT_POLICY") || text.contains("ufw") || text.contains("LOGLEVEL")
}

/// Reads such a file. As the shell does, the last line that sets a key wins.
pub fn read(file: &File, index: usize, found: &mut Found) {
    for (number, line) in file.lines() {
        let Some((key, value)) = setting(line) else { continue };
        let place = Place::new(index, number);
        let yes = value.eq_ignore_ascii_case("yes");
        match key {
            "DEFAULT_INPUT_POLICY" => {
                found.policy = policy(value).map(|verdict| Policy { verdict, place: Some(place) });
            }
            "IPV6" => found.ipv6 = Some((yes, place)),
            "ENABLED" => found.enabled = Some((yes, place)),
            _ => {}
        }
    }
}

/// The default of a word, as ufw writes it in either place.
pub fn policy(word: &str) -> Option<Action> {
    match word.to_ascii_lowercase().as_str() {
        "accept" | "allow" => Some(Action::Accept),
        "drop" | "deny" => Some(Action::Deny(How::Drop)),
        // In a chain of its own, without a type: an ICMP error, for TCP too.
        "reject" => Some(Action::Deny(How::Reject)),
        _ => None,
    }
}

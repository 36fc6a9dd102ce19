//! What opens the way in firewalld: rich rules in the zone that refuses. Whether they do is proved elsewhere, by reading the
//! changed text again.

use super::super::super::{Family, File, Opening, Part, Patch, insert_lines};
use super::{Kind, kind};

/// Writes the rules.
pub fn open(files: &[File], opening: &Opening) -> Option<Patch> {
    // Replies, and everything after the first packet, firewalld lets pass by itself.
    if opening.part != Part::Syn {
        return None;
    }
    let (what, name) = opening.chain.split_once(' ')?;
    if !matches!(what, "zone" | "policy") {
        return None;
    }
    let place = opening.refused_at?;
    let file = files.get(place.file)?;
    // The zone's target comes last, so a plain rule goes before it; a rule that refuses needs one that goes before it.
    let refusal = Refusal::find(file, place.line)?;
    let priority = refusal.before();
    let rules: Vec<Rich> = opening
        .networks
        .iter()
        .flat_map(|network| {
            opening.ports.iter().map(move |port| Rich {
                priority,
                family: if opening.family == Family::V4 { "ipv4" } else { "ipv6" },
                network: network.to_string(),
                port: *port,
            })
        })
        .collect();
    let text = match kind(&file.text)? {
        Kind::Listing => listed(file, place.line, &rules)?,
        Kind::Xml => written(file, place.line, what, &rules)?,
        Kind::Conf => return None,
    };
    let mut commands: Vec<String> = rules
        .iter()
        .map(|rule| format!("firewall-cmd --permanent --{what}={name} --add-rich-rule='{}'", rule.text()))
        .collect();
    commands.push("firewall-cmd --reload".to_owned());
    let remarks = vec![("reload", "firewall-cmd --reload".to_owned())];
    Some(Patch { files: vec![(place.file, text)], commands, remarks })
}

struct Rich {
    priority: Option<i32>,
    family: &'static str,
    network: String,
    port: u16,
}

impl Rich {
    fn text(&self) -> String {
        let Self { priority, family, network, port } = self;
        let priority = priority.map(|priority| format!("priority=\"{priority}\" ")).unwrap_or_default();
        format!(
            "rule {priority}family=\"{family}\" source address=\"{network}\" port port=\"{port}\" protocol=\"tcp\" accept"
        )
    }

    fn elements(&self) -> [String; 5] {
        let Self { priority, family, network, port } = self;
        let priority = priority.map(|priority| format!(" priority=\"{priority}\"")).unwrap_or_default();
        [
            format!("  <rule{priority} family=\"{family}\">"),
            format!("    <source address=\"{network}\"/>"),
            format!("    <port port=\"{port}\" protocol=\"tcp\"/>"),
            "    <accept/>".to_owned(),
            "  </rule>".to_owned(),
        ]
    }
}

/// What refuses.
enum Refusal {
    /// The zone's target.
    Target,
    /// A rich rule of this priority.
    Rule(i32),
}

impl Refusal {
    fn find(file: &File, line: u32) -> Option<Self> {
        let text = file.line(line)?.trim();
        if let Some(rule) = text.strip_prefix("rule ").or_else(|| text.strip_prefix("<rule")) {
            let priority = rule.split_once("priority=\"").and_then(|(_, rest)| rest.split_once('"'));
            return Some(Self::Rule(priority.and_then(|(number, _)| number.parse().ok()).unwrap_or(0)));
        }
        (text.starts_with("target:") || text.starts_with("<zone") || text.starts_with("<policy"))
            .then_some(Self::Target)
    }

    fn before(&self) -> Option<i32> {
        const FIRST: i32 = -32_768;
        match self {
            Self::Target => None,
            // Accepting rules of priority 0 come before those above 0, but after those that refuse at 0.
            Self::Rule(priority) if *priority > 0 => None,
            Self::Rule(priority) => Some((*priority - 1).max(FIRST)),
        }
    }
}

/// Puts rules under `rich rules:` of the block that a line is in.
fn listed(file: &File, line: u32, rules: &[Rich]) -> Option<String> {
    let after = file.lines().skip_while(|(number, _)| *number < line);
    let mut head = None;
    for (number, text) in after {
        if text.trim_start().starts_with("rich rules:") {
            head = Some(number);
            break;
        }
        if number > line && !text.starts_with([' ', '\t']) && !text.trim().is_empty() {
            break;
        }
    }
    // A rule that refuses stands below the heading already.
    let before = match head {
        Some(number) => number + 1,
        None if file.line(line)?.trim_start().starts_with("rule ") => line,
        None => return None,
    };
    let lines: Vec<String> = rules.iter().map(|rule| format!("\t{}", rule.text())).collect();
    Some(insert_lines(&file.text, before, &lines))
}

/// Puts rules before the rule that refuses, or at the end of the zone.
fn written(file: &File, line: u32, what: &str, rules: &[Rich]) -> Option<String> {
    let before = if file.line(line)?.trim_start().starts_with("<rule") {
        line
    } else {
        let end = format!("</{what}>");
        let (number, text) = file.lines().find(|(_, text)| text.contains(&end))?;
        if text.trim() != end {
            return None;
        }
        number
    };
    let lines: Vec<String> = rules.iter().flat_map(Rich::elements).collect();
    Some(insert_lines(&file.text, before, &lines))
}

//! Every dump of every case is fixed, and every fix is proved: it opens what it says, and changes nothing for anybody else.

use std::{collections::HashMap, fmt::Write as _};

use scraplens::acl::{
    Action, Layer,
    fix::{FixOutcome, FixReport, fix},
    formats::FORMATS,
    report::Standing,
};

use super::case::{Case, all};

/// Dialects whose rules can name the server's port, so that a fix need not open others.
const KNOW_PORTS: [&str; 7] = ["iptables", "nftables", "ufw", "firewalld", "aws-security-group", "naver-acg", "csv"];

fn word(outcome: FixOutcome) -> &'static str {
    match outcome {
        FixOutcome::NothingToDo => "nothing-to-do",
        FixOutcome::Opened => "opened",
        FixOutcome::Partly => "partly",
        FixOutcome::Impossible => "impossible",
    }
}

/// What is wrong with a fix, whatever the case.
fn judged(report: &FixReport, case: &Case, layer: &Layer) -> Result<(), String> {
    if !report.proof.changed.is_empty() && !report.diff.is_empty() {
        return Err(format!("it would change {:?}\n{}", report.proof.changed, report.diff));
    }
    // Behind a redirection several ports are one, and open together.
    let rules = layer.ruleset.chains.iter().flat_map(|chain| &chain.rules);
    let redirects = rules.into_iter().any(|rule| matches!(rule.then, Action::Translate(_)));
    let knows_ports = KNOW_PORTS.contains(&report.format) && !redirects && !case.fix_opens_other_ports;
    if knows_ports && !report.proof.also_opens.is_empty() {
        return Err(format!("it would open the ranges elsewhere too: {:?}\n{}", report.proof.also_opens, report.diff));
    }
    let open = report.after == Standing::Allowed;
    let consistent = match report.outcome {
        FixOutcome::NothingToDo => open && report.diff.is_empty(),
        FixOutcome::Opened => {
            open && !report.diff.is_empty() && report.proof.ranges_open && report.before != report.after
        }
        FixOutcome::Partly => !report.diff.is_empty(),
        FixOutcome::Impossible => !open && report.diff.is_empty(),
    };
    if !consistent {
        return Err(format!("{:?}, but {:?} after it\n{}", report.outcome, report.after, report.diff));
    }
    if let Some(expected) = case.fix.as_deref().filter(|expected| *expected != word(report.outcome)) {
        return Err(format!(
            "{expected} was expected, it is {:?}: {:?}\n{}",
            report.outcome, report.obstacles, report.diff
        ));
    }
    if let Some(expected) = &case.fix_adds {
        let added =
            report.diff.lines().filter(|line| !line.starts_with("+++")).filter_map(|line| line.strip_prefix('+'));
        let added: Vec<_> = added.map(str::trim).collect();
        if added != *expected {
            return Err(format!("it adds {added:#?}, expected {expected:#?}"));
        }
    }
    Ok(())
}

#[test]
fn every_fix_opens_what_it_says_and_changes_nothing_else() {
    let words = scraplens::acl::words().unwrap();
    let (mut wrong, mut count) = (String::new(), [0; 4]);
    let mut opened: HashMap<&str, usize> = HashMap::new();
    for (path, case) in all() {
        let Ok(asked) = case.read(path.parent().unwrap()) else { continue };
        for layer in &asked.layers {
            match fix(layer, &asked.question(), &asked.reading, &words) {
                Ok(report) => {
                    count[report.outcome as usize] += 1;
                    if report.outcome == FixOutcome::Opened {
                        *opened.entry(report.format).or_default() += 1;
                    }
                    if let Err(error) = judged(&report, &case, layer) {
                        let _ok = writeln!(wrong, "{} ({}): {error}\n", path.display(), layer.name);
                    }
                }
                Err(error) => {
                    let _ok = writeln!(wrong, "{} ({}): {error}\n", path.display(), layer.name);
                }
            }
        }
    }
    let all = std::env::var_os("ACL_CASE").is_none();
    for format in FORMATS.iter().filter(|format| all && format.open.is_some()) {
        let count = opened.get(format.name).copied().unwrap_or(0);
        assert!(count > 0, "no case of {} is opened by its fix", format.name);
    }
    println!("nothing to do {}, opened {}, partly {}, impossible {}", count[0], count[1], count[2], count[3]);
    assert!(wrong.is_empty(), "{wrong}");
}

//! `scraplens acl check DUMP...`: who among Kakao's ranges gets in, as a table for people or as JSON.

use std::{io::Write as _, process::ExitCode};

use clap::Args;

use super::{
    super::{
        CommandError, FOUND_ERRORS,
        options::Output,
        print,
        style::{self, Screen},
    },
    Asked, next, table, told,
    words::Words,
};
use crate::acl::{
    list::Origin,
    report::{AclReport, Standing},
};

/// Who gets in.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Check {
    #[command(flatten)]
    asked: Asked,
    /// The layer a dump belongs to: once for all, or once for each dump; dumps of one name beside each other are one layer
    #[arg(long, value_name = "NAME")]
    layer: Vec<String>,
    /// Exit with 1, too, where the files do not tell, or where a change that the list announces will be refused
    #[arg(long)]
    strict: bool,
    /// List every range, also those that get in
    #[arg(long)]
    all: bool,
    #[command(flatten)]
    output: Output,
}

const EXAMPLES: &str = "\
Examples:
  iptables-save > rules.v4; ip6tables-save > rules.v6; ipset save > sets
  scraplens acl check rules.v4 rules.v6 sets --interface eth0
  nft list ruleset | scraplens acl check - --port 443
  nginx -T > nginx.conf
  scraplens acl check rules.v4 nginx.conf --url https://example.kr/p/1
  aws ec2 describe-security-groups --group-ids sg-1 > sg.json
  scraplens acl check sg.json rules.v4 --ranges ips.json --strict

Kakao's own list of ranges is used where it is kept; `scraplens ips refresh` fetches it with the key of any app.

Exit codes: 0 every range gets in, 1 a range is refused in whole or in part, 2 the files cannot be read.";

impl Check {
    pub fn run(&self) -> Result<ExitCode, CommandError> {
        let prepared = self.asked.prepare(&self.layer, self.output.language())?;
        let report = prepared.firewall.check(&prepared.ask).map_err(|error| told(&error))?;
        if self.output.json {
            let json = serde_json::to_string_pretty(&report).map_err(CommandError::new)?;
            warn_of_list(&report, Words::of(self.output.language()));
            print(&format!("{json}\n"))?;
        } else {
            let screen = Screen { language: self.output.language(), width: Screen::width(), all_tags: self.all };
            print(&table::render(&report, &next::commands(&report, &self.asked), &screen))?;
        }
        Ok(if self.found_wrong(&report) { ExitCode::from(FOUND_ERRORS) } else { ExitCode::SUCCESS })
    }

    fn found_wrong(&self, report: &AclReport) -> bool {
        let refused = matches!(report.verdict, Standing::Partial | Standing::Denied);
        let later = report.changes.iter().map(|change| change.after);
        let unsure = || later.chain([report.verdict]).any(|standing| standing != Standing::Allowed);
        refused || (self.strict && unsure())
    }
}

/// JSON says it too, but whoever pipes it on may never see it.
fn warn_of_list(report: &AclReport, words: &Words) {
    if report.list.origin == Origin::Announced {
        // Nothing can be done about a standard error that is closed.
        let _closed = writeln!(anstream::stderr().lock(), "{}", style::plain(words.pick(&report.list.note)));
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::{super::samples, *};

    #[derive(Debug, Parser)]
    struct Line {
        #[command(flatten)]
        check: Check,
    }

    #[test]
    fn refused_is_wrong_and_not_known_only_where_it_must_be() {
        use Standing::{Allowed, Denied, Partial, Undetermined};
        for (today, later, wrong, strictly) in [
            (Allowed, Allowed, false, false),
            (Partial, Partial, true, true),
            (Denied, Denied, true, true),
            (Undetermined, Undetermined, false, true),
            (Allowed, Denied, false, true),
        ] {
            let mut report = samples::partial();
            report.verdict = today;
            report.changes.iter_mut().for_each(|change| change.after = later);
            let found = |line: &[&str]| Line::parse_from(line).check.found_wrong(&report);
            assert_eq!(found(&["check", "a"]), wrong, "{today:?}, later {later:?}");
            assert_eq!(found(&["check", "a", "--strict"]), strictly, "{today:?}, later {later:?}, strictly");
        }
    }
}

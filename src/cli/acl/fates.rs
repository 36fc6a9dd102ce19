//! The middle of the table: what fares alike, its networks, the line that decides, and what is not known.

use super::{
    super::{report::text::Span, style::WARNING},
    groups::{Group, Network, Row},
    pieces::{mark, place, style},
    table::{MOST_NETWORKS, Table},
    words::{counted, filled},
};
use crate::acl::{
    list::ChangeKind,
    report::{PartReport, Standing},
};

impl Table<'_> {
    pub(super) fn groups(&mut self, title: &str, groups: &[Group<'_>], standing: Standing) {
        let of_kind: Vec<&Group<'_>> = groups.iter().filter(|group| group.fate.verdict == standing).collect();
        if of_kind.is_empty() {
            return;
        }
        self.paper.heading(title, &[]);
        let most = if self.all { usize::MAX } else { MOST_GROUPS };
        for group in of_kind.iter().take(most) {
            self.group(group);
        }
        self.left_out(of_kind.len().saturating_sub(most));
    }

    fn group(&mut self, group: &Group<'_>) {
        let fate = group.fate;
        let summed_up = fate.verdict == Standing::Allowed && !self.all;
        let mut title = Vec::new();
        if summed_up {
            title.extend(self.summed_up(group.rows.iter().flat_map(|row| &row.networks)));
        } else if let Some(how) = &fate.how {
            title.push(Span::new(style(fate.verdict), how));
        }
        let packet = self.words.packet(fate.packet);
        if fate.verdict != Standing::Allowed && !packet.is_empty() {
            title.push(Span::ink(packet));
        }
        if let [row] = group.rows.as_slice() {
            title.push(Span::ink(self.words.port_list(&row.ports)));
        }
        title.extend(fate.decided_by.as_ref().map(|decided| Span::dim(&decided.layer)));
        self.paper.items(&[Span::blank(2), mark(fate.verdict), Span::blank(1)], 4, &title, " · ");
        if !summed_up || group.rows.len() > 1 {
            for row in &group.rows {
                self.row(row, group.rows.len() > 1, summed_up);
            }
        }
        self.reason(fate);
    }

    /// Networks of one set of ports.
    fn row(&mut self, row: &Row<'_>, with_ports: bool, summed_up: bool) {
        let mut lead = vec![Span::blank(6)];
        if with_ports {
            lead.extend([Span::ink(self.words.port_list(&row.ports)), Span::dim(": ")]);
        }
        if summed_up {
            let sum = self.summed_up(&row.networks);
            self.paper.items(&lead, 8, &sum, " · ");
            return;
        }
        let most = if self.all { usize::MAX } else { MOST_NETWORKS };
        let mut items: Vec<Span> =
            row.networks.iter().take(most).map(|network| Span::ink(self.network(network, most))).collect();
        let left = row.networks.len().saturating_sub(most);
        if left > 0 {
            items.push(Span::dim(filled(self.words.more, &left.to_string())));
        }
        self.paper.items(&lead, 8, &items, " · ");
    }

    /// `30 ranges`, and those that get in with a part only.
    fn summed_up<'b>(&self, networks: impl IntoIterator<Item = &'b Network<'b>>) -> Vec<Span> {
        let (mut wholes, mut parts) = (0, 0);
        for network in networks {
            *(if network.parts.is_empty() { &mut wholes } else { &mut parts }) += 1;
        }
        let wholes = (wholes > 0).then(|| Span::ink(counted(self.words.ranges, wholes)));
        let parts = (parts > 0).then(|| Span::ink(filled(self.words.in_part, &parts.to_string())));
        wholes.into_iter().chain(parts).collect()
    }

    fn network(&self, network: &Network<'_>, most: usize) -> String {
        let range = network.range;
        let mut shown = range.cidr.clone();
        if self.report.ranges.iter().any(|other| other.service != range.service) {
            shown = format!("{shown} {}", range.service);
        }
        if let Some(change) = &range.change {
            let day = match change.kind {
                ChangeKind::Addition => self.words.from_day,
                ChangeKind::Exclusion => self.words.until_day,
            };
            shown = format!("{shown} ({})", filled(day, change.date.as_deref().unwrap_or("?")));
        }
        if network.parts.is_empty() {
            return shown;
        }
        let mut parts = network.parts.iter().take(most).copied().collect::<Vec<_>>().join(" + ");
        let left = network.parts.len().saturating_sub(most);
        if left > 0 {
            parts = format!("{parts} {}", filled(self.words.more_networks, &left.to_string()));
        }
        self.words.part_of.replace("{range}", &shown).replace("{parts}", &parts)
    }

    /// The deciding line, why it decides, and what is not known.
    fn reason(&mut self, fate: &PartReport) {
        if let Some(decided) = &fate.decided_by {
            let at = place(decided.file.as_deref(), decided.line);
            self.quote(&at, decided.text.as_deref());
            let reason = self.words.pick(&decided.reason).to_owned();
            self.paper.block(&[Span::blank(6)], 6, &[Span::dim(reason)]);
        }
        for doubt in &fate.doubts {
            let message = Span::ink(self.words.pick(&doubt.message));
            self.paper.block(&[Span::blank(6), Span::new(WARNING, "?"), Span::blank(1)], 8, &[message]);
            let at = place(doubt.file.as_deref(), doubt.line);
            self.quote(&at, doubt.text.as_deref());
        }
    }
}

/// Groups of one verdict that are shown without `--all`.
const MOST_GROUPS: usize = 12;

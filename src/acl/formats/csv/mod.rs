//! Firewall rules exported as a table with a header row (CSV, semicolons, tabs), as appliances of Korean makers and spreadsheets
//! have them. First match in the order of the rows. Objects that the table only names are not looked up.

mod cells;
mod columns;
mod open;
mod table;

use self::{
    cells::{Outcome, addresses, direction, enabled, outcome, protocols, services, zone},
    columns::Column,
    table::{Row, Table},
};
use super::{Cannot, Format};
use crate::acl::{
    Action, Assumption, Chain, ChainId, Condition, Doubt, Family, File, Hook, How, Kind, Malformed, Place, Policy,
    Reading, Rule, Ruleset, Stage,
};

/// The dialect.
pub const FORMAT: Format = Format {
    name: "csv",
    title: "Table of rules (CSV)",
    from: "the appliance's policy export, saved as CSV",
    joins: false,
    cannot: CANNOT,
    recognise: table::recognise,
    parse,
    open: Some(open::open),
};

const CANNOT: &[Cannot] = &[
    Cannot {
        ko: "이름만 적힌 주소·서비스 객체의 내용은 이 표에 없으므로 판단하지 않습니다.",
        en: "What an address or service object holds that the table only names is not known.",
    },
    Cannot {
        ko: "규칙은 적힌 순서대로 적용되고, 일치하는 규칙이 없으면 차단된다고 봅니다. 차단 규칙만 있는 표에서는 판단하지 않습니다.",
        en: "Rules are taken in the order of the rows, and what no row matches as refused, unless the table only refuses.",
    },
    Cannot {
        ko: "머리글에서 출발지·목적지·서비스·프로토콜·동작·사용·시간·사용자·방향·구역 열만 읽고, 다른 열은 읽지 않습니다.",
        en: "Only the columns for source, destination, service, protocol, action, state, time, user, direction and zone are read.",
    },
];

const ADVICE: &str = "the header row must name at least a source and an action, such as `출발지,목적지,서비스,동작` or \
                      `source,destination,service,action`";

const CHAIN: &str = "the table";

fn parse(files: &[File], reading: &Reading) -> Result<Ruleset, Malformed> {
    let mut ruleset = Ruleset {
        families: Family::BOTH.to_vec(),
        sees: reading.sees.clone(),
        stages: vec![Stage {
            hook: Hook::Input,
            chain: ChainId(0),
            family: None,
            policy: Policy::deny(How::Drop),
            kind: Kind::Connection,
        }],
        ..Ruleset::default()
    };
    let mut rules = Vec::new();
    let mut ends = false;
    for (index, file) in files.iter().enumerate() {
        let table = Table::read(file)?;
        assumed(&table, index, &mut ruleset.assumptions);
        for row in &table.rows {
            let rule = rule(&table, row, Place::new(index, row.line));
            ends |= rule.when == Condition::ALWAYS && matches!(rule.then, Action::Accept | Action::Deny(_));
            rules.push(rule);
        }
    }
    let allows = rules.iter().any(|rule| rule.then == Action::Accept);
    if let (false, false, Some(last)) = (ends, allows, rules.last().map(|rule| rule.place)) {
        // A table of refusals alone may be part of a policy that lets the rest in, or that does not.
        let doubt = Doubt::new("policy-unknown", CHAIN);
        rules.push(Rule::new(last, Condition::ALWAYS, Action::Unknown(doubt)));
    } else if !ends {
        ruleset.assumptions.push(Assumption { code: "policy-assumed", place: None, what: "deny".to_owned() });
    }
    ruleset.chains.push(Chain { name: CHAIN.to_owned(), rules });
    Ok(ruleset)
}

/// What is taken for granted of the whole table: the order of its rows, and which zone is the internet.
fn assumed(table: &Table, index: usize, assumptions: &mut Vec<Assumption>) {
    let mut last = i64::MIN;
    for row in &table.rows {
        let number = table.cell(row, Column::Number).trim().parse::<i64>();
        if let Ok(number) = number {
            if number < last {
                let (code, place) = ("order-assumed", Some(Place::new(index, row.line)));
                assumptions.push(Assumption { code, place, what: number.to_string() });
                break;
            }
            last = number;
        }
    }
    let outside = |row: &&Row| zone(table.cell(row, Column::SourceZone)).is_some_and(|named| named);
    if let Some(row) = table.rows.iter().find(outside) {
        let what = table.cell(row, Column::SourceZone).trim().to_owned();
        assumptions.push(Assumption { code: "zone-assumed", place: Some(Place::new(index, row.line)), what });
    }
}

/// A row as a rule.
fn rule(table: &Table, row: &Row, place: Place) -> Rule {
    let cell = |column| table.cell(row, column).trim();
    let mut parts = Vec::new();
    let mut need = |condition: Condition| {
        if condition != Condition::ALWAYS {
            parts.push(condition);
        }
    };
    if table.has(Column::Enabled) {
        match enabled(cell(Column::Enabled)) {
            Some(true) => {}
            Some(false) => need(Condition::NEVER),
            None => need(odd(Column::Enabled, cell(Column::Enabled))),
        }
    }
    need(addresses(cell(Column::Source), Condition::Source));
    if table.has(Column::Destination) {
        need(addresses(cell(Column::Destination), Condition::Destination));
    }
    for column in [Column::Service, Column::Port] {
        if table.has(column) {
            need(services(cell(column), Condition::DestinationPort));
        }
    }
    if table.has(Column::SourcePort) && !cell(Column::SourcePort).is_empty() {
        need(services(cell(Column::SourcePort), Condition::SourcePort));
    }
    if table.has(Column::Protocol) {
        need(protocols(cell(Column::Protocol)));
    }
    if table.has(Column::Direction) {
        match direction(cell(Column::Direction)) {
            Some(true) => {}
            Some(false) => need(Condition::NEVER),
            None => need(odd(Column::Direction, cell(Column::Direction))),
        }
    }
    // The zone of the destination follows from its address, where that is named.
    let mut zones = vec![Column::SourceZone];
    if table.has(Column::DestinationZone)
        && addresses(cell(Column::Destination), Condition::Destination) == Condition::ALWAYS
    {
        zones.push(Column::DestinationZone);
    }
    for column in zones {
        let named = cell(column);
        let known = zone(named).is_some_and(|outside| !outside || column == Column::SourceZone);
        if table.has(column) && !known {
            need(Condition::unknown("zone-unknown", named));
        }
    }
    for (column, code) in [(Column::Time, "time"), (Column::User, "auth"), (Column::Application, "match-unknown")] {
        if table.has(column) && !cells::any(cell(column)) && !cell(column).is_empty() {
            need(Condition::unknown(code, cell(column)));
        }
    }
    if table.has(Column::Negated)
        && !matches!(enabled(cell(Column::Negated)), Some(false))
        && !cell(Column::Negated).is_empty()
    {
        need(odd(Column::Negated, cell(Column::Negated)));
    }
    let then = match outcome(cell(Column::Action)) {
        Some(Outcome::Allow) => Action::Accept,
        Some(Outcome::Deny) => Action::Deny(How::Drop),
        Some(Outcome::Reject) => Action::Deny(How::Reject),
        Some(Outcome::Reset) => Action::Deny(How::Reset),
        None => Action::Unknown(Doubt::new("target-unknown", cell(Column::Action))),
    };
    Rule::new(place, Condition::All(parts), then)
}

fn odd(column: Column, text: &str) -> Condition {
    Condition::unknown("not-understood", format!("{column:?} `{text}`"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn reading_never_panics(body in "([0-9a-z./,;\"!~*()-]|\n|\t|any|허용|차단|TCP){0,60}", semicolons: bool) {
            let header = if semicolons { "출발지;목적지;서비스;동작\n" } else { "no,source,destination,service,action\n" };
            let _any = parse(&[File::new("table", &format!("{header}{body}"))], &Reading::default());
            let _any = parse(&[File::new("table", &body)], &Reading::default());
            let _any = (FORMAT.recognise)(&body);
        }
    }
}

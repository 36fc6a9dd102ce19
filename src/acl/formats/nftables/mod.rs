//! nftables: what `nft list ruleset` and `nft -j list ruleset` print, and the files that `nft -f` reads. Dumps of
//! `iptables-save` are another dialect, also where iptables-nft wrote them.

mod block;
mod cursor;
mod field;
mod json;
mod json_expr;
mod lexer;
mod lower;
mod names;
mod number;
mod open;
mod options;
mod selector;
mod stage;
mod statement;
#[cfg(test)]
mod tests;
mod text;
mod tree;
mod value;

use std::collections::HashSet;

use self::{
    text::{Reader, includes, named},
    tree::{RuleDef, Statement, Tree},
};
use super::{Cannot, Format};
use crate::acl::{Doubt, File, Malformed, Place, Reading, Ruleset};

pub use self::open::open;

/// The row of the registry.
pub const FORMAT: Format = Format {
    name: "nftables",
    title: "nftables",
    from: "nft list ruleset, nft -j list ruleset, /etc/nftables.conf",
    joins: true,
    cannot: CANNOT,
    recognise,
    parse,
    open: Some(open),
};

/// What these dumps do not tell.
const CANNOT: &[Cannot] = &[
    Cannot {
        ko: "iptables-nft가 만든 규칙의 `xt match`·`xt target`은 nft 출력에 조건이 나오지 않아 판단하지 않습니다. iptables-save와 ipset save 출력을 주십시오.",
        en: "nft does not print what `xt match` and `xt target` of iptables-nft hold: they stay undetermined. Give iptables-save and ipset save.",
    },
    Cannot {
        ko: "limit, quota, ct count, meter처럼 양을 세는 조건과 mark, 시각, 사용자 조건은 판단하지 않습니다. 역방향 경로(fib … oif)는 있다고 봅니다.",
        en: "Rates, quotas, counts and meters, and marks, times and owners stay undetermined; the reverse path (fib … oif) is taken to be there.",
    },
    Cannot {
        ko: "패킷이 지나며 채워지는 동적 집합(dynamic set)에 어떤 주소가 들어올지는 알 수 없습니다.",
        en: "Which addresses a dynamic set will hold is not known.",
    },
    Cannot {
        ko: "legacy iptables, tc, eBPF, 브리지와 ARP 테이블은 여기에 나오지 않거나 평가하지 않습니다.",
        en: "Legacy iptables, tc and eBPF do not show here; bridge and ARP tables are not judged.",
    },
];

/// How surely a text is nftables'.
pub fn recognise(text: &str) -> u8 {
    let start = text.trim_start_matches('\u{feff}').trim_start();
    if start.starts_with('{') || start.starts_with('[') {
        let head: String = start.chars().take(400).filter(|letter| !letter.is_whitespace()).collect();
        return if head.starts_with("{\"nftables\":") { 98 } else { 0 };
    }
    let mut surest = 0;
    for line in text.lines().take(20_000) {
        let words: Vec<&str> = line.split_whitespace().take(5).collect();
        let family = |word: &str| matches!(word, "ip" | "ip6" | "inet" | "netdev" | "bridge" | "arp");
        let sure = match words.as_slice() {
            [first, ..] if first.starts_with("#!") && line.trim_end().ends_with("nft") => 60,
            [first, .., "-f"] if first.starts_with("#!") && line.contains("nft") => 95,
            ["table", of, _, "{", ..] if family(of) => 95,
            ["table", _, "{", ..] => 85,
            ["flush", "ruleset", ..] => 90,
            ["add" | "create" | "insert", "table" | "chain" | "rule" | "set" | "map" | "element", of, ..]
                if family(of) =>
            {
                90
            }
            ["nft" | "sudo", ..] if line.contains("nft add ") || line.contains("nft insert ") => 80,
            _ => 0,
        };
        surest = surest.max(sure);
        if surest >= 95 {
            break;
        }
    }
    surest
}

/// Reads the files of one host.
pub fn parse(files: &[File], reading: &Reading) -> Result<Ruleset, Malformed> {
    let mut tree = tree_of(files)?;
    stage::unknown_hooks(&mut tree);
    Ok(stage::ruleset(&tree, reading))
}

/// All that the files define.
fn tree_of(files: &[File]) -> Result<Tree, Malformed> {
    let is_json = |file: &File| file.text.trim_start_matches('\u{feff}').trim_start().starts_with('{');
    let mut inside: HashSet<usize> = HashSet::new();
    for file in files.iter().filter(|file| !is_json(file)) {
        for name in includes(&file.text) {
            inside.extend(named(files, &name));
        }
    }
    if inside.len() == files.len() {
        inside.remove(&0);
    }
    let mut tree = Tree::default();
    let defines = cursor::Defines::default();
    for (index, file) in files.iter().enumerate() {
        if inside.contains(&index) {
            continue;
        }
        if is_json(file) {
            json::read(&mut tree, index, file)?;
        } else {
            let mut reader = Reader { tree: &mut tree, files, defines: &defines, reading: Vec::new(), followed: 0 };
            reader.file(index)?;
        }
    }
    if tree.tables.is_empty() && tree.gaps.is_empty() && tree.written.is_none() {
        let Some(file) = files.first() else { return Ok(tree) };
        let what = "there is no table in it";
        return Err(Malformed::at(file, 0, 0, what, "give the output of `nft list ruleset`, as root"));
    }
    mark_dynamic(&mut tree);
    mark_partial(&mut tree);
    Ok(tree)
}

/// Parts of a listing say nothing of what packets meet: rules for chains that are defined elsewhere, and tables in which
/// nothing is hooked in.
fn mark_partial(tree: &mut Tree) {
    let mut gaps = Vec::new();
    for table in &tree.tables {
        for chain in table.chains.iter().filter(|chain| !chain.defined) {
            if let Some(rule) = chain.all().next() {
                gaps.push((rule.place, Doubt::new("chain-missing", chain.name.as_str())));
            }
        }
    }
    let hooked = tree.tables.iter().flat_map(|table| &table.chains).any(|chain| chain.base.is_some());
    let filled = tree.tables.iter().find(|table| !table.chains.is_empty() || !table.sets.is_empty());
    if let (false, Some(table), true) = (hooked, filled, gaps.is_empty()) {
        let place = table.place.unwrap_or(Place::new(0, 1));
        gaps.push((place, Doubt::new("chain-missing", format!("{} {}: hook input", table.family, table.name))));
    }
    tree.gaps.extend(gaps);
}

/// Sets that rules put elements into are dynamic, also where the listing does not say so.
fn mark_dynamic(tree: &mut Tree) {
    fn updated(rules: &mut dyn Iterator<Item = &RuleDef>, found: &mut HashSet<String>) {
        for statement in rules.flat_map(|rule| &rule.statements) {
            match statement {
                Statement::Update { set, .. } => {
                    found.insert(set.clone());
                }
                Statement::Verdict(
                    tree::Verdict::Jump(tree::Target::Inline(rules)) | tree::Verdict::Goto(tree::Target::Inline(rules)),
                ) => updated(&mut rules.iter(), found),
                Statement::Match { .. }
                | Statement::Maybe(_)
                | Statement::Verdict(_)
                | Statement::Vmap { .. }
                | Statement::Reject(_)
                | Statement::Nat { .. }
                | Statement::Untrack
                | Statement::Rewrite(_)
                | Statement::Unknown(_)
                | Statement::Nothing => {}
            }
        }
    }
    for table in &mut tree.tables {
        let mut found = HashSet::new();
        table.chains.iter().for_each(|chain| updated(&mut chain.all(), &mut found));
        for set in table.sets.iter_mut().filter(|set| found.contains(&set.name)) {
            set.dynamic = true;
        }
    }
}

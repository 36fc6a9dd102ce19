//! What a fix is made of: the way that must be opened, and the changed files a dialect answers with. How a fix is searched
//! for and proved is in `fix`.

use ipnet::IpNet;

use super::{Family, Part, Place};

/// A way to be opened: these networks, to these ports, past this refusal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opening {
    /// The line that refuses them; `None` where the dialect's built-in default does.
    pub refused_at: Option<Place>,
    /// Name of the chain that refuses, as `Chain::name` has it.
    pub chain: String,
    /// The policy of the chain refuses, not a rule: `refused_at` is then the line that sets the policy, and what opens the
    /// way goes to the chain's end.
    pub by_policy: bool,
    /// The part of the visit that is refused.
    pub part: Part,
    /// Their family.
    pub family: Family,
    /// The networks, the fewest that do it, in order.
    pub networks: Vec<IpNet>,
    /// The ports as the refusing chain sees them.
    pub ports: Vec<u16>,
}

/// Changed files.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Patch {
    /// New text of each file that changes, by its index.
    pub files: Vec<(usize, String)>,
    /// The same change as commands to run, where the dialect has such.
    pub commands: Vec<String>,
    /// What to know before applying it: rows of `[remark]` in `static/i18n/acl.toml`, each with what fills `{what}`.
    pub remarks: Vec<(&'static str, String)>,
}

/// Puts lines before line `before` (from 1) of a text, keeping its line ends. One past the last line appends.
///
/// ```
/// use scraplens::acl::insert_lines;
///
/// assert_eq!(insert_lines("a\nc\n", 2, &["b".to_owned()]), "a\nb\nc\n");
/// ```
pub fn insert_lines(text: &str, before: u32, lines: &[String]) -> String {
    let end = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let mut changed = String::with_capacity(text.len() + lines.iter().map(|line| line.len() + 2).sum::<usize>());
    let mut number = 1_u32;
    let mut put = false;
    let push_all = |changed: &mut String| {
        for line in lines {
            changed.push_str(line);
            changed.push_str(end);
        }
    };
    for line in text.split_inclusive('\n') {
        if number == before {
            push_all(&mut changed);
            put = true;
        }
        changed.push_str(line);
        number = number.saturating_add(1);
    }
    if !put {
        if !changed.is_empty() && !changed.ends_with('\n') {
            changed.push_str(end);
        }
        push_all(&mut changed);
    }
    changed
}

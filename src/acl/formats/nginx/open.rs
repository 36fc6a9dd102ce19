//! Writes what opens the way: `allow` lines before the one that refuses, or entries of the `geo` block that decides.

use super::{
    super::web::{edit, logic},
    flow::Flow,
    include,
    token::{Block, Directive},
    value::Moment,
    world::World,
};
use crate::acl::{Addresses, Circumstances, Family, File, Opening, Patch, Place, Reading, Request};

/// The user agent of Kakao's scraper, for conditions that look at it besides the address.
const KAKAO: &str = "facebookexternalhit/1.1; kakaotalk-scrap/1.0; +https://devtalk.kakao.com/t/scrap/33984";

/// Writes what opens the way; `None` where no address list can.
pub fn open(files: &[File], opening: &Opening) -> Option<Patch> {
    let place = opening.refused_at?;
    let config = include::load(files).ok()?;
    let file = files.get(place.file)?;
    let text = match refusal(&config.top, place)? {
        Refusal::Deny(line) => before(file, line.start, opening),
        Refusal::Login(line, block) => {
            if let Some(deny) = block.first("deny").or_else(|| block.first("allow")) {
                before(file, deny.start, opening)
            } else {
                // nginx takes one `satisfy` a block: one that asks for both, address and login, is the owner's word.
                let mut lines = match block.first("satisfy").map(|line| line.arg(0)) {
                    None => vec!["satisfy any;".to_owned()],
                    Some("any") => Vec::new(),
                    Some(_) => return None,
                };
                lines.extend(allows(opening));
                lines.push("deny all;".to_owned());
                edit::insert_at(&file.text, line.start, &lines)
            }
        }
        Refusal::If(condition) => return by_geo(files, &config.top, condition, opening),
    }?;
    let reload = ("reload", "nginx -t && nginx -s reload".to_owned());
    Some(Patch { files: vec![(place.file, text)], commands: Vec::new(), remarks: vec![reload] })
}

fn allows(opening: &Opening) -> Vec<String> {
    opening.networks.iter().map(|network| format!("allow {};", edit::short(*network))).collect()
}

fn before(file: &File, start: usize, opening: &Opening) -> Option<String> {
    edit::insert_at(&file.text, start, &allows(opening))
}

enum Refusal<'a> {
    Deny(&'a Directive),
    /// A login, with the block it is in.
    Login(&'a Directive, &'a Block),
    If(&'a Directive),
}

/// The directive at a place that refuses.
fn refusal(top: &Block, place: Place) -> Option<Refusal<'_>> {
    let mut open = vec![(top, None)];
    while let Some((block, owner)) = open.pop() {
        for line in &block.directives {
            if let Some(inside) = &line.block {
                open.push((inside, Some(line)));
            }
            if line.place != place {
                continue;
            }
            match (line.name.as_str(), owner) {
                ("deny", _) => return Some(Refusal::Deny(line)),
                ("return", Some(owner)) if owner.name == "if" => return Some(Refusal::If(owner)),
                ("auth_basic", _) => return Some(Refusal::Login(line, block)),
                _ => {}
            }
        }
    }
    None
}

/// Entries in a `geo` block under which the condition does not apply.
fn by_geo(files: &[File], top: &Block, condition: &Directive, opening: &Opening) -> Option<Patch> {
    let request = Request { user_agent: KAKAO.to_owned(), ..Request::default() };
    let reading =
        Reading { circumstances: Circumstances { request, ..Circumstances::default() }, ..Reading::default() };
    let mut world = World::new(top, &reading);
    let mut names: Vec<&str> = world.geo_names().collect();
    names.sort_unstable();
    for name in names {
        let Some(table) = world.geo(name) else { continue };
        let mut values: Vec<String> = table.values().map(str::to_owned).collect();
        values.extend(["0", "1"].map(str::to_owned));
        for value in values {
            world.forced = std::iter::once((name.to_owned(), value.clone())).collect();
            let (applies, _) = Flow::new(&world).condition(&condition.args, &Moment::default());
            if !logic::is_never(&applies) {
                continue;
            }
            let block = world.geo_block(name)?;
            return entries(files, block, &value, opening);
        }
    }
    None
}

fn entries(files: &[File], geo: &Directive, value: &str, opening: &Opening) -> Option<Patch> {
    let block = geo.block.as_ref()?;
    let file = files.get(geo.place.file)?;
    let value = if value.is_empty() || value.contains([' ', ';']) { format!("\"{value}\"") } else { value.to_owned() };
    let value = value.as_str();
    let wanted: Addresses = opening.networks.iter().copied().collect();
    let mut text = file.text.to_string();
    // Longer networks inside would still win: their lines get the new value. From the end, so that places stay right.
    let mut done = Addresses::default();
    for line in &block.directives {
        if let Ok(set) = Addresses::parse(&line.name)
            && set.is_subset(&wanted)
            && line.place.file == geo.place.file
        {
            done = done.union(&set);
        }
    }
    let new = if block.has("ranges") {
        stretches(block, &wanted, value)?
    } else {
        let missing = opening.networks.iter().filter(|network| !Addresses::from(**network).is_subset(&done));
        missing.map(|network| format!("{network} {value};")).collect()
    };
    if !new.is_empty() {
        let indent = block.directives.last().map(|line| edit::indent_of(&file.text, line.start));
        text = edit::insert_end(&text, block.end, &new, indent.as_deref())?;
    }
    for line in block.directives.iter().rev() {
        let inside = Addresses::parse(&line.name).is_ok_and(|set| set.is_subset(&wanted));
        if inside && line.place.file == geo.place.file {
            text = edit::replace_until(&text, line.start, ';', &format!("{} {value}", line.name))?;
        }
    }
    let reload = ("reload", "nginx -t && nginx -s reload".to_owned());
    Some(Patch { files: vec![(geo.place.file, text)], commands: Vec::new(), remarks: vec![reload] })
}

/// The lines for what no entry of a `geo` with `ranges` holds yet: nginx refuses entries that overlap. `None` where an entry
/// holds some of the wanted addresses and others, too.
fn stretches(block: &Block, wanted: &Addresses, value: &str) -> Option<Vec<String>> {
    let mut missing = wanted.clone();
    for line in &block.directives {
        let Ok(set) = Addresses::parse(&line.name) else { continue };
        if !set.is_subset(wanted) && !set.intersection(wanted).is_empty() {
            return None;
        }
        missing = missing.difference(&set);
    }
    let both =
        Family::BOTH.into_iter().flat_map(|family| missing.family(family).iter().map(move |ends| (family, ends)));
    Some(both.map(|(family, (from, to))| format!("{}-{} {value};", family.address(from), family.address(to))).collect())
}

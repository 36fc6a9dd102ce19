//! From files to layers: finds out each file's dialect, puts files that belong together into one layer, and reads them.

use std::sync::Arc;

use super::{
    File, Layer, Malformed, Reading, Ruleset, Sees,
    formats::{FORMATS, Format, named, recognised},
};

/// One file of a question, in path order.
#[derive(Debug, Clone)]
pub struct Dump {
    /// The file.
    pub file: File,
    /// Its dialect by name; `None` or `auto` to find out.
    pub format: Option<String>,
    /// The layer it belongs to; `None` for a layer of its own, or that of the file before where the dialect has several files.
    pub layer: Option<String>,
    /// Which address the layer sees.
    pub sees: Sees,
    /// The port by which the layer is reached, where a balancer in front changes it.
    pub port: Option<u16>,
}

impl Dump {
    /// A file of which nothing is said beside what is in it.
    pub fn new(file: File) -> Self {
        Self { file, format: None, layer: None, sees: Sees::Direct, port: None }
    }
}

/// Reads all layers of a question.
pub fn layers(dumps: &[Dump], reading: &Reading) -> Result<Vec<Layer>, Malformed> {
    let limits = &reading.limits;
    if dumps.len() > limits.max_files
        && let Some(dump) = dumps.last()
    {
        let what = format!("{} files are more than {}", dumps.len(), limits.max_files);
        return Err(Malformed::at(&dump.file, 0, 0, what, "ask about fewer at a time, or raise acl.max_files"));
    }
    let mut groups: Vec<(&'static Format, Vec<&Dump>)> = Vec::new();
    for dump in dumps {
        if dump.file.text.len() > limits.max_bytes {
            let what = format!("{} bytes are more than {}", dump.file.text.len(), limits.max_bytes);
            return Err(Malformed::at(
                &dump.file,
                0,
                0,
                what,
                "raise acl.max_bytes, or give only what concerns the server",
            ));
        }
        let format = format_of(dump)?;
        match groups.last_mut() {
            Some((before, files)) if format.joins && before.name == format.name && same_layer(files, dump) => {
                files.push(dump);
            }
            _ => groups.push((format, vec![dump])),
        }
    }
    let mut layers: Vec<Layer> = Vec::with_capacity(groups.len());
    for (format, dumps) in groups {
        let files: Vec<File> = dumps.iter().map(|dump| dump.file.clone()).collect();
        let sees = dumps.first().map(|dump| dump.sees.clone()).unwrap_or_default();
        let ruleset = parse(format, &files, &Reading { sees: sees.clone(), ..reading.clone() })?;
        let given = dumps.iter().find_map(|dump| dump.layer.as_deref());
        let port = dumps.iter().find_map(|dump| dump.port);
        let name = given.map_or_else(|| free_name(&layers, format.name), Arc::from);
        layers.push(Layer { name, format, asked: sees, port, files, ruleset });
    }
    Ok(layers)
}

/// Reads one layer's files in a dialect, within the bounds.
pub fn parse(format: &Format, files: &[File], reading: &Reading) -> Result<Ruleset, Malformed> {
    let ruleset = (format.parse)(files, reading)?;
    let rules: usize = ruleset.chains.iter().map(|chain| chain.rules.len()).sum();
    match files.first() {
        Some(file) if rules > reading.limits.max_rules => {
            let what = format!("{rules} rules are more than {}", reading.limits.max_rules);
            Err(Malformed::at(file, 0, 0, what, "raise acl.max_rules, or give only the tables that filter"))
        }
        _ => Ok(ruleset),
    }
}

fn same_layer(files: &[&Dump], dump: &Dump) -> bool {
    dump.layer.is_none() || files.last().is_some_and(|last| last.layer == dump.layer)
}

fn free_name(layers: &[Layer], name: &str) -> Arc<str> {
    let taken = |name: &str| layers.iter().any(|layer| &*layer.name == name);
    if !taken(name) {
        return name.into();
    }
    (2..=layers.len() + 1).map(|number| format!("{name} {number}")).find(|name| !taken(name)).unwrap_or_default().into()
}

fn format_of(dump: &Dump) -> Result<&'static Format, Malformed> {
    let known = || FORMATS.iter().map(|format| format.name).collect::<Vec<_>>().join(", ");
    match dump.format.as_deref().filter(|name| *name != "auto") {
        Some(name) => named(name).ok_or_else(|| {
            let near = FORMATS.iter().map(|format| (strsim::jaro_winkler(name, format.name), format.name));
            let near = near.filter(|(score, _)| *score > 0.8).max_by(|one, two| one.0.total_cmp(&two.0));
            let hint = near.map(|(_, near)| format!("did you mean `{near}`? ")).unwrap_or_default();
            let advice = format!("{hint}known formats: auto, {}", known());
            Malformed::at(&dump.file, 0, 0, format!("there is no format `{name}`"), advice)
        }),
        None if dump.file.text.trim().is_empty() => {
            Err(Malformed::at(&dump.file, 0, 0, "the file is empty", "dump the rules again, as root"))
        }
        None => recognised(&dump.file.text).ok_or_else(|| {
            let advice = format!("name the format; known: {}", known());
            Malformed::at(&dump.file, 0, 0, "no known format looks like this", advice)
        }),
    }
}

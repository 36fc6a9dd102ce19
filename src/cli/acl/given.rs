//! Dumps as they are named on the command line, with what is said of each by options, into dumps as they are read. Every command
//! that takes dumps reads them here.

use std::path::{Path, PathBuf};

use super::{
    super::CommandError,
    dumps::{self, Written},
};
use crate::{
    acl::{Dump, File, Sees},
    firewall,
};

/// Dumps and what options say of them.
pub(in crate::cli) struct Given<'a> {
    /// Files, in the order in which a packet meets them; `-` is standard input.
    pub dumps: &'a [PathBuf],
    /// Formats: one for all, or one for each.
    pub format: &'a [String],
    /// What the layers see: one for all, or one for each.
    pub sees: &'a [Sees],
    /// Names of layers: none, one for all, or one for each.
    pub layer: &'a [String],
    /// Ports of layers: none, one for all, or one for each.
    pub at_port: &'a [AtPort],
}

/// The port by which a layer is reached; `None` for the one that was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::cli) struct AtPort(pub Option<u16>);

pub(in crate::cli) fn at_port(text: &str) -> Result<AtPort, String> {
    match text.parse() {
        Ok(port @ 1..) => Ok(AtPort(Some(port))),
        _ if text == "same" => Ok(AtPort(None)),
        _ => Err("write a port from 1 to 65535, or same".to_owned()),
    }
}

impl Given<'_> {
    /// Reads the dumps, and tells how each was written.
    pub fn read(&self, bounds: &firewall::Settings) -> Result<(Vec<Dump>, Vec<Written>), CommandError> {
        let count = self.dumps.len();
        if count > bounds.max_files {
            return Err(CommandError::with_advice(
                format!("{count} dumps are more than {}", bounds.max_files),
                "ask about fewer at a time, or raise acl.max_files (SCRAPLENS__ACL__MAX_FILES)",
            ));
        }
        if count == 0 {
            return Ok((Vec::new(), Vec::new()));
        }
        let formats = spread("--format", self.format, count)?;
        let sees = spread("--sees", self.sees, count)?;
        let layers: Vec<Option<&String>> = match self.layer {
            [] => vec![None; count],
            layers => spread("--layer", layers, count)?.into_iter().map(Some).collect(),
        };
        let at_ports = match self.at_port {
            [] => vec![&AtPort(None); count],
            ports => spread("--at-port", ports, count)?,
        };
        let (mut read, mut written) = (Vec::with_capacity(count), Vec::with_capacity(count));
        let said = formats.into_iter().zip(sees).zip(layers).zip(at_ports);
        for (path, (((format, sees), layer), AtPort(port))) in self.dumps.iter().zip(said) {
            let (text, how) = dumps::read(path, bounds.max_bytes, "acl.max_bytes")?;
            read.push(Dump {
                file: File::new(&name(path), &text),
                format: Some(format.clone()),
                layer: layer.cloned(),
                sees: sees.clone(),
                port: *port,
            });
            written.push(how);
        }
        Ok((read, written))
    }
}

/// Standard input has one end.
pub(in crate::cli) fn one_input<'a>(paths: impl IntoIterator<Item = &'a PathBuf>) -> Result<(), CommandError> {
    if paths.into_iter().filter(|path| is_input(path)).count() > 1 {
        let advice = "name - once, and give the others as files; a shell takes <(command) for a file, too";
        return Err(CommandError::with_advice("standard input can be read only once", advice));
    }
    Ok(())
}

/// What was given once holds for all dumps, else the n-th is for the n-th dump.
fn spread<'a, T>(option: &str, given: &'a [T], count: usize) -> Result<Vec<&'a T>, CommandError> {
    match given {
        [one] => Ok(vec![one; count]),
        several if several.len() == count => Ok(several.iter().collect()),
        several => {
            let (dumps, is) = if count == 1 { ("dump", "is") } else { ("dumps", "are") };
            Err(CommandError::with_advice(
                format!("{option} is given {} times, but there {is} {count} {dumps}", several.len()),
                format!("give {option} once for all dumps, or once for each in their order"),
            ))
        }
    }
}

pub(super) fn is_input(path: &Path) -> bool {
    path == Path::new("-")
}

/// What a file is called in answers.
pub(super) fn name(path: &Path) -> String {
    if is_input(path) { STDIN.to_owned() } else { path.display().to_string() }
}

pub(super) const STDIN: &str = "stdin";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_of_a_layer_is_a_port_or_the_same() {
        assert_eq!(at_port("8080"), Ok(AtPort(Some(8080))));
        assert_eq!(at_port("same"), Ok(AtPort(None)));
        for text in ["0", "65536", "http", ""] {
            assert!(at_port(text).is_err(), "{text}");
        }
    }

    #[test]
    fn an_option_is_for_all_dumps_or_for_each() {
        assert_eq!(spread("--format", &["a"], 3).unwrap(), [&"a"; 3]);
        assert_eq!(spread("--format", &["a", "b"], 2).unwrap(), [&"a", &"b"]);
        let error = spread("--format", &["a", "b"], 3).unwrap_err();
        assert_eq!(error.message, "--format is given 2 times, but there are 3 dumps");
        assert!(error.advice.unwrap().contains("once for each"));
    }
}

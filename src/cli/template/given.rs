//! A template as it is named on the command line, with what options say of it, into a question. Every command that takes a template
//! reads it here.

use std::{
    fs,
    io::{self, Read as _},
    path::{Path, PathBuf},
};

use clap::{Args, ValueEnum};
use serde_json::{Map, Value};

use super::super::CommandError;
use crate::{
    sandbox::Sandbox,
    target::Target,
    template::{Domain, Sender, arguments::Arguments, check::Kind, document::Syntax},
    templating::{Ask, Subject},
};

/// What options say of a template.
#[derive(Debug, Clone, Default, Args)]
pub(in crate::cli) struct Given {
    /// A default template, as callers write it, or the file of a custom one; auto: custom if it has an id, a name and a purpose
    #[arg(long, value_enum, default_value_t)]
    kind: KindOption,
    /// An argument of a custom template; repeatable
    #[arg(long, value_name = "KEY=VALUE", value_parser = argument)]
    args: Vec<(String, String)>,
    /// Arguments of a custom template: a file with a JSON object of texts; --args come on top
    #[arg(long, value_name = "FILE")]
    args_file: Option<PathBuf>,
    /// A page to scrape into the template
    #[arg(long, value_name = "URL")]
    url: Option<String>,
    /// A registered web domain: scheme, host and port, such as `https://example.com`; repeatable. Without it those of the app
    #[arg(long = "domain", value_name = "DOMAIN", value_parser = Domain::parse)]
    domains: Vec<Domain>,
    /// The sandbox's app that sends it, by id; by default the first of the settings
    #[arg(long, value_name = "ID")]
    app: Option<i64>,
    /// Fetch the template's images and measure them
    #[arg(long)]
    images: bool,
}

/// Which kind of template a file holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
enum KindOption {
    /// As the file looks.
    #[default]
    Auto,
    /// A default template.
    Default,
    /// A custom template.
    Custom,
}

/// A file's text and what is asked about it.
pub(super) struct Asked {
    /// The file as messages name it.
    pub name: String,
    /// Its text.
    pub text: String,
    /// The question.
    pub ask: Ask,
}

impl Given {
    /// Nothing but a page to scrape, if any.
    pub fn of_page(url: Option<String>) -> Self {
        Self { url, ..Self::default() }
    }

    /// Reads a template and its options into a question.
    pub(super) fn ask(&self, file: &Path, sandbox: &Sandbox) -> Result<Asked, CommandError> {
        let text = read(file, sandbox.settings().max_template_bytes)?;
        let syntax = syntax_of(file, &text);
        let kind = self.kind_of(&text, syntax);
        let ask = Ask {
            subject: Subject::Text { text: text.clone(), syntax, kind },
            arguments: self.arguments(sandbox.settings().max_template_bytes)?,
            page: self.page()?,
            sender: self.sender(sandbox)?,
            images: self.images,
        };
        Ok(Asked { name: shown(file), text, ask })
    }

    /// In whose name it is sent.
    pub(super) fn sender(&self, sandbox: &Sandbox) -> Result<Sender, CommandError> {
        let app = sandbox.app(self.app).ok_or_else(|| {
            let said = self.app.map_or_else(|| "there is no app".to_owned(), |id| format!("there is no app {id}"));
            CommandError::with_advice(said, "see [[sandbox.apps]] in the settings: `scraplens serve --print-config`")
        })?;
        let mut sender = app.sender();
        if !self.domains.is_empty() {
            sender.domains.clone_from(&self.domains);
        }
        Ok(sender)
    }

    fn page(&self) -> Result<Option<Target>, CommandError> {
        let parsed = self.url.as_deref().map(|url| Target::parse(url, MAX_URL_BYTES));
        parsed.transpose().map_err(|error| CommandError::with_advice(&error, error.advice()))
    }

    fn kind_of(&self, text: &str, syntax: Syntax) -> Kind {
        match self.kind {
            KindOption::Custom => Kind::Custom,
            KindOption::Auto if is_custom(text, syntax) => Kind::Custom,
            KindOption::Default | KindOption::Auto => Kind::Default,
        }
    }

    fn arguments(&self, most: usize) -> Result<Arguments, CommandError> {
        let mut all = match &self.args_file {
            Some(file) => {
                let text = read(file, most)?;
                serde_json::from_str::<Map<String, Value>>(&text).map_err(|error| {
                    let said = format!("{} is no JSON object: {error}", shown(file));
                    CommandError::with_advice(said, "write names and texts, such as {\"name\": \"Ryan\"}")
                })?
            }
            None => Map::new(),
        };
        all.extend(self.args.iter().map(|(name, value)| (name.clone(), Value::String(value.clone()))));
        let text = Value::Object(all).to_string();
        Arguments::parse(&text).map_err(|error| CommandError::with_advice(&error, error.advice()))
    }
}

/// `KEY=VALUE`; the value may hold `=`, and may be empty.
pub(super) fn argument(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.to_owned(), value.to_owned())),
        _ => Err("write KEY=VALUE, such as name=Ryan".to_owned()),
    }
}

/// Bytes of a page's address on the command line; longer ones are a mistake.
const MAX_URL_BYTES: usize = 8192;

/// What a file is called.
pub(super) fn shown(file: &Path) -> String {
    if is_input(file) { "stdin".to_owned() } else { file.display().to_string() }
}

pub(super) fn is_input(file: &Path) -> bool {
    file == Path::new("-")
}

/// Reads a file or standard input of at most `most` bytes.
fn read(file: &Path, most: usize) -> Result<String, CommandError> {
    let failed = |error: io::Error| {
        CommandError::with_advice(
            format!("cannot read {}: {error}", shown(file)),
            "give a file of JSON or TOML, or - for standard input; `scraplens template samples` has some to start from",
        )
    };
    let mut bytes = Vec::new();
    let bound = u64::try_from(most).unwrap_or(u64::MAX).saturating_add(1);
    if is_input(file) {
        io::stdin().lock().take(bound).read_to_end(&mut bytes).map_err(failed)?;
    } else {
        fs::File::open(file).map_err(failed)?.take(bound).read_to_end(&mut bytes).map_err(failed)?;
    }
    if bytes.len() > most {
        return Err(CommandError::with_advice(
            format!("{} is larger than {most} bytes", shown(file)),
            "give a template; raise sandbox.max_template_bytes (SCRAPLENS__SANDBOX__MAX_TEMPLATE_BYTES) if it is one",
        ));
    }
    let text = String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        CommandError::with_advice(format!("{} is not UTF-8: byte {at}", shown(file)), "save it as UTF-8")
    })?;
    Ok(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text))
}

/// By the file's name, else by how it begins.
fn syntax_of(file: &Path, text: &str) -> Syntax {
    let ending = file.extension().and_then(|ending| ending.to_str()).map(str::to_ascii_lowercase);
    match ending.as_deref() {
        Some("toml") => Syntax::Toml,
        Some("json") => Syntax::Json,
        _ if looks_like_toml(text) => Syntax::Toml,
        _ => Syntax::Json,
    }
}

/// A table, a comment or `key = ` at the start; all else is JSON, or wrong as JSON.
fn looks_like_toml(text: &str) -> bool {
    let Some(line) = text.lines().map(str::trim).find(|line| !line.is_empty()) else { return false };
    let bare = |c: char| c.is_ascii_alphanumeric() || "_-.\" ".contains(c);
    line.starts_with('#')
        || (line.starts_with('[') && line.ends_with(']') && !line.contains('{') && !line.contains(','))
        || line.split_once('=').is_some_and(|(key, _)| !key.trim().is_empty() && key.chars().all(bare))
}

/// What only the file of a custom template has at its top.
fn is_custom(text: &str, syntax: Syntax) -> bool {
    let has = |known: &dyn Fn(&str) -> bool| ["id", "name", "purpose"].into_iter().all(known);
    match syntax {
        Syntax::Json => serde_json::from_str::<Map<String, Value>>(text)
            .is_ok_and(|template| has(&|key| template.contains_key(key))),
        Syntax::Toml => {
            toml::from_str::<toml::Table>(text).is_ok_and(|template| has(&|key| template.contains_key(key)))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_argument_has_a_name_and_may_hold_anything() {
        assert_eq!(argument("a=b=c"), Ok(("a".to_owned(), "b=c".to_owned())));
        assert_eq!(argument("${a}="), Ok(("${a}".to_owned(), String::new())));
        assert!(argument("a").is_err() && argument("=b").is_err());
    }

    #[test]
    fn the_syntax_is_told_by_the_name_and_else_by_the_beginning() {
        for (file, text, toml) in [
            ("a.toml", "{", true),
            ("a.JSON", "a = 1", false),
            ("-", "{\"a\": \"b = c\"}", false),
            ("-", "[1, 2]", false),
            ("-", "\n# a comment\n", true),
            ("-", "object_type = \"feed\"", true),
            ("-", "[content]\ntitle = \"a\"", true),
            ("-", "", false),
            ("-", "{ a = 1 }", false),
        ] {
            assert_eq!(syntax_of(Path::new(file), text) == Syntax::Toml, toml, "{file}: {text}");
        }
    }

    #[test]
    fn a_custom_template_is_told_by_what_only_such_have() {
        assert!(is_custom(r#"{"id": 1, "name": "a", "purpose": "share"}"#, Syntax::Json));
        assert!(is_custom("id = 1\nname = \"a\"\npurpose = \"share\"", Syntax::Toml));
        assert!(!is_custom(r#"{"object_type": "calendar", "id": "1", "id_type": "event"}"#, Syntax::Json));
        assert!(!is_custom("{", Syntax::Json));
    }
}

//! An app's own template, from a file: Kakao keeps them in the console of an app, the sandbox reads TOML and JSON. Reading the file and
//! filling its `${NAME}` places is here; what the fields mean is `read`'s, what is wrong with them `check`'s.
//!
//! The fields are those of a default template, with a head (`id`, `name`, `purpose`) and what only custom templates have: up to three
//! `content.images`, `content.duration`, `profile`, `header_image`, up to five `contents`, and `link`, the main link of the message.
//! Any text may hold `${NAME}`, and a number may be such a text.

use std::collections::HashSet;

use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::{
    arguments::{self, Arguments, Part, wrapped},
    document::{Broken, Document, Syntax},
    fill::Filling,
    link::Linker,
    message::Resolved,
    object::ObjectType,
    read::read,
    resolve,
    scrap::{self, ScrapArguments},
    sender::Sender,
    wire,
};

/// The examples that come with the program, by file name.
pub const EMBEDDED: [(&str, Syntax, &str); 5] = [
    ("article.toml", Syntax::Toml, include_str!("../../config/templates/article.toml")),
    ("news.toml", Syntax::Toml, include_str!("../../config/templates/news.toml")),
    ("product.toml", Syntax::Toml, include_str!("../../config/templates/product.toml")),
    ("gallery.toml", Syntax::Toml, include_str!("../../config/templates/gallery.toml")),
    ("notice.json", Syntax::Json, include_str!("../../config/templates/notice.json")),
];

/// What a custom template is for: chosen in Kakao's console. The API of the other purpose refuses it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Purpose {
    /// Kakao Talk Share, and messages to oneself.
    Share,
    /// The Message API.
    Message,
}

impl Purpose {
    /// The word in the file.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Share => "share",
            Self::Message => "message",
        }
    }
}

/// An app's own template.
#[derive(Debug, Clone, PartialEq)]
pub struct CustomTemplate {
    /// `template_id`.
    pub id: i64,
    /// What its author calls it.
    pub name: String,
    /// What it is for.
    pub purpose: Purpose,
    /// Feed, list or commerce.
    pub object_type: ObjectType,
    /// The file it is from; empty if it is from none.
    pub file: String,
    /// Its text as it was read.
    pub text: String,
    /// How the text is written.
    pub syntax: Syntax,
    value: Value,
}

/// A file that is no custom template.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum CustomError {
    /// It cannot be read at all.
    #[error(transparent)]
    Broken(#[from] Broken),
    /// A field of the head is missing or wrong.
    #[error("{}`{key}` {reason}", line.map(|line| format!("line {line}: ")).unwrap_or_default())]
    Field {
        /// Which one.
        key: &'static str,
        /// What is wrong.
        reason: &'static str,
        /// Line, from 1, where the file has the field.
        line: Option<u32>,
    },
}

impl CustomError {
    /// Stable kebab-case name.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Broken(_) => "template-broken",
            Self::Field { .. } => "template-field",
        }
    }

    /// What to do.
    pub fn advice(&self) -> &'static str {
        match self {
            Self::Broken(_) => "mend the file at that place; TOML and JSON are read, by the file's ending",
            Self::Field { key: "id", .. } => {
                "write id = and a number of your choice above 0; callers send it as template_id"
            }
            Self::Field { key: "purpose", .. } => "write purpose = \"share\" or purpose = \"message\"",
            Self::Field { key: "object_type", .. } => "write object_type = \"feed\", \"list\" or \"commerce\"",
            Self::Field { .. } => "write name = and a name for people",
        }
    }
}

impl CustomTemplate {
    /// Reads a file. Mistakes in the message itself are no errors: the check tells them.
    pub fn parse(text: &str, syntax: Syntax) -> Result<Self, CustomError> {
        let document = Document::parse(text, syntax)?;
        let fault = |key: &'static str, reason: &'static str| CustomError::Field {
            key,
            reason,
            line: document.place(key).map(|(line, _)| line),
        };
        let head = |key: &str| document.value.get(key);
        let id = head("id").ok_or_else(|| fault("id", "is missing"))?;
        let id = id.as_i64().filter(|id| *id > 0).ok_or_else(|| fault("id", "is no whole number above 0"))?;
        let name = match head("name") {
            None => String::new(),
            Some(name) => name.as_str().ok_or_else(|| fault("name", "is no text"))?.to_owned(),
        };
        let purpose = match head("purpose") {
            None => Purpose::Share,
            Some(word) => [Purpose::Share, Purpose::Message]
                .into_iter()
                .find(|purpose| Some(purpose.as_str()) == word.as_str())
                .ok_or_else(|| fault("purpose", "is neither \"share\" nor \"message\""))?,
        };
        let kind = head("object_type").ok_or_else(|| fault("object_type", "is missing"))?;
        let object_type = [ObjectType::Feed, ObjectType::List, ObjectType::Commerce]
            .into_iter()
            .find(|known| Some(known.as_str()) == kind.as_str())
            .ok_or_else(|| {
                fault("object_type", "is none of \"feed\", \"list\", \"commerce\": a custom template is one of these")
            })?;
        Ok(Self {
            id,
            name,
            purpose,
            object_type,
            file: String::new(),
            text: text.to_owned(),
            syntax,
            value: document.value,
        })
    }

    /// The file as a value, for checking.
    pub fn value(&self) -> &Value {
        &self.value
    }

    /// Names of the arguments that a caller gives, in the order of their first use.
    pub fn arguments(&self) -> Vec<String> {
        self.names().into_iter().filter(|name| !scrap::is_scrap(name) && name != REGISTERED_DOMAIN).collect()
    }

    /// Names of the arguments that a page fills, in the same order.
    pub fn scrap_arguments(&self) -> Vec<String> {
        self.names().into_iter().filter(|name| scrap::is_scrap(name)).collect()
    }

    /// The message with its places filled: by the caller, and `SCRAP_…` by the page alone, whatever the caller says of them.
    pub fn fill(&self, arguments: &Arguments, page: Option<&ScrapArguments>, sender: &Sender) -> Resolved {
        let mut filling = Filling::new(|name| {
            if scrap::is_scrap(name) {
                page.and_then(|page| page.get(name))
            } else if name == REGISTERED_DOMAIN {
                sender.domains.first().map(super::sender::Domain::authority)
            } else {
                arguments.get(name).map(str::to_owned)
            }
        });
        let body: Map<_, _> = self.body().map(|(name, value)| (name.clone(), filling.fill(value))).collect();
        let (template_args, argument_msg) = filling.said();
        let object = read(&Value::Object(body));
        let mut draft = resolve::drafted(&object, sender, true);
        let mut linker = Linker::new(sender, true, object.link.as_ref());
        let template_msg = wire::wire(&mut draft, sender, &mut linker);
        let mut inferred: Vec<_> = page.iter().flat_map(|page| page.inferred.iter().copied()).collect();
        if template_args.contains_key(&wrapped(REGISTERED_DOMAIN)) {
            inferred.push("registered-domain");
        }
        inferred.extend(wire::inferred(&draft.message));
        if linker.replaced {
            inferred.push("link-replaced");
        }
        Resolved {
            message: draft.message,
            template_id: self.id,
            template_args,
            template_msg,
            warning_msg: linker.warnings,
            argument_msg,
            inferred,
        }
    }

    fn names(&self) -> Vec<String> {
        let (mut names, mut known) = (Vec::new(), HashSet::new());
        self.body().for_each(|(_, value)| gather(value, &mut names, &mut known));
        names
    }

    /// The message without the head.
    fn body(&self) -> impl Iterator<Item = (&String, &Value)> {
        let fields = self.value.as_object().into_iter().flatten();
        fields.filter(|(name, _)| !matches!(name.as_str(), "id" | "name" | "purpose"))
    }
}

/// The examples that come with the program. Fails only if an embedded file is wrong; a test reads each.
pub fn embedded_templates() -> Result<Vec<CustomTemplate>, CustomError> {
    let read = EMBEDDED.into_iter().map(|(file, syntax, text)| {
        Ok(CustomTemplate { file: file.to_owned(), ..CustomTemplate::parse(text, syntax)? })
    });
    read.collect()
}

/// The app's own host in links of the template builder, as in `https://${REGI_WEB_DOMAIN}/…` (kakao-share-api 2.4, observed).
const REGISTERED_DOMAIN: &str = "REGI_WEB_DOMAIN";

fn gather<'a>(value: &'a Value, names: &mut Vec<String>, known: &mut HashSet<&'a str>) {
    match value {
        Value::String(text) => {
            for part in arguments::parts(text) {
                match part {
                    Part::Place(name) if known.insert(name) => names.push(name.to_owned()),
                    Part::Place(_) | Part::Text(_) => {}
                }
            }
        }
        Value::Array(values) => values.iter().for_each(|value| gather(value, names, known)),
        Value::Object(fields) => fields.values().for_each(|value| gather(value, names, known)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

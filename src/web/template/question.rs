//! What is asked about a template over HTTP: the JSON body that `check`, `preview.*`, `code` and `share/send` have in common, and the
//! way from it to the use case. No template is judged here: a bad one is data, and only a bad question is a problem.

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use crate::{
    drawing::Look,
    language::Language,
    preview::{self, Theme, Width},
    sandbox::{App, Call, Sandbox},
    target::Target,
    template::{arguments::Arguments, check::Kind, document::Syntax},
    templating::{Ask, Subject},
    web::{Limits, body, problem::Problem},
};

/// A template and what to do with it. One of `text`, `template` and `template_id`, or `url` alone for Kakao's own scrape template.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "text": "{\"object_type\":\"text\",\"text\":\"안녕하세요\",\"link\":{\"web_url\":\"https://example.com\"}}",
    "app": 1, "theme": "light", "width": "phone", "lang": "ko"
}))]
pub struct TemplateQuestion {
    /// The template as somebody writes it; problems then have line and column.
    pub text: Option<String>,
    /// The template as a value.
    #[schema(value_type = Option<Object>)]
    pub template: Option<Map<String, Value>>,
    /// How `text` is written; `json` if left out.
    pub syntax: Option<SyntaxWord>,
    /// A `default` template (if left out) or a file of a `custom` one.
    pub kind: Option<KindWord>,
    /// A custom template that this server knows (`GET /api/v1/templates`), instead of a text.
    #[schema(example = 1001)]
    pub template_id: Option<i64>,
    /// Arguments of a custom template, as `template_args`: names with or without `${}`.
    #[schema(value_type = Option<Object>, example = json!({ "KEY": "value" }))]
    pub args: Option<Map<String, Value>>,
    /// A page to scrape into the template.
    #[schema(example = "https://example.com/post/1")]
    pub url: Option<String>,
    /// The app that sends it; the first one if left out.
    #[schema(example = 1)]
    pub app: Option<i64>,
    /// Fetch the template's images and measure them: unreachable, too small, too large. `false` if left out.
    pub images: Option<bool>,
    /// The chat's colours, where it is drawn; `light` if left out.
    pub theme: Option<ThemeWord>,
    /// The device, where it is drawn; `phone` if left out.
    pub width: Option<WidthWord>,
    /// The language of what is drawn; `ko` if left out.
    pub lang: Option<LanguageWord>,
}

/// How a text is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum SyntaxWord {
    /// JSON.
    Json,
    /// TOML.
    Toml,
}

/// Which kind of template.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum KindWord {
    /// A default template, which a caller writes.
    Default,
    /// A custom template, which is made in Kakao's console.
    Custom,
}

/// Colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum ThemeWord {
    /// Light.
    Light,
    /// Dark.
    Dark,
}

/// A device.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum WidthWord {
    /// A phone.
    Phone,
    /// A computer.
    Pc,
}

/// A language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum LanguageWord {
    /// Korean.
    Ko,
    /// English.
    En,
}

impl TemplateQuestion {
    /// The app that sends it.
    pub fn app<'a>(&self, sandbox: &'a Sandbox) -> Result<&'a App, Problem> {
        let unknown = || Problem::Parameter {
            name: "app",
            value: self.app.map(|id| id.to_string()).unwrap_or_default(),
            fits: "give the id of an app that GET /api/v1/share/apps lists",
        };
        sandbox.app(self.app).ok_or_else(unknown)
    }

    /// What the use case is asked.
    pub fn ask(&self, sandbox: &Sandbox, limits: &Limits) -> Result<Ask, Problem> {
        Ok(Ask {
            subject: self.subject(sandbox)?,
            arguments: self.arguments()?,
            page: self.page(limits)?,
            sender: self.app(sandbox)?.sender(),
            images: self.images.unwrap_or(false),
        })
    }

    /// The call of Kakao's API that would send it. A file of a custom template has none: Kakao knows only those of its console.
    pub fn call(&self, sandbox: &Sandbox, limits: &Limits) -> Result<Call, Problem> {
        let page = self.page(limits)?;
        let template_args = self.args.as_ref().map(written).unwrap_or_default();
        match (self.subject(sandbox)?, page) {
            (Subject::Known(template_id), None) => Ok(Call::Custom { template_id, template_args }),
            (Subject::Known(id), Some(page)) => {
                Ok(Call::Scrap { request_url: page.requested().to_owned(), template_id: Some(id), template_args })
            }
            (Subject::Page, Some(page)) => {
                Ok(Call::Scrap { request_url: page.requested().to_owned(), template_id: None, template_args })
            }
            (Subject::Page, None) => Err(Problem::TemplateMissing),
            (Subject::Text { kind: Kind::Custom, .. } | Subject::Value { kind: Kind::Custom, .. }, _) => {
                Err(Problem::Parameter {
                    name: "kind",
                    value: "custom".to_owned(),
                    fits: "a custom template is sent by its `template_id`; put its file into the folder sandbox.templates",
                })
            }
            (Subject::Text { text, .. }, _) => Ok(Call::Default { template_object: text }),
            (Subject::Value { value, .. }, _) => Ok(Call::Default { template_object: value.to_string() }),
        }
    }

    /// How it is to look.
    pub fn look(&self) -> Look {
        Look {
            kind: preview::Kind::Scrape,
            theme: match self.theme {
                Some(ThemeWord::Dark) => Theme::Dark,
                Some(ThemeWord::Light) | None => Theme::Light,
            },
            width: match self.width {
                Some(WidthWord::Pc) => Width::Pc,
                Some(WidthWord::Phone) | None => Width::Phone,
            },
            note: false,
            language: match self.lang {
                Some(LanguageWord::En) => Language::En,
                Some(LanguageWord::Ko) | None => Language::Ko,
            },
        }
    }

    fn subject(&self, sandbox: &Sandbox) -> Result<Subject, Problem> {
        let kind = match self.kind {
            Some(KindWord::Custom) => Kind::Custom,
            Some(KindWord::Default) | None => Kind::Default,
        };
        let syntax = match self.syntax {
            Some(SyntaxWord::Toml) => Syntax::Toml,
            Some(SyntaxWord::Json) | None => Syntax::Json,
        };
        let limit = sandbox.settings().max_template_bytes;
        match (&self.text, &self.template, self.template_id) {
            (Some(text), None, None) if text.len() > limit => Err(Problem::TemplateTooLarge { limit }),
            (Some(text), None, None) => Ok(Subject::Text { text: text.clone(), syntax, kind }),
            (None, Some(template), None) if written(template).len() > limit => Err(Problem::TemplateTooLarge { limit }),
            (None, Some(template), None) => Ok(Subject::Value { value: Value::Object(template.clone()), kind }),
            (None, None, Some(id)) => {
                if sandbox.template(id).is_none() {
                    return Err(Problem::TemplateUnknown(id));
                }
                Ok(Subject::Known(id))
            }
            (None, None, None) if self.url.is_some() => Ok(Subject::Page),
            (None, None, None) => Err(Problem::TemplateMissing),
            _ => Err(Problem::Parameter {
                name: "template",
                value: "more than one template".to_owned(),
                fits: "give one of text, template and template_id",
            }),
        }
    }

    fn arguments(&self) -> Result<Arguments, Problem> {
        let Some(args) = &self.args else { return Ok(Arguments::default()) };
        Arguments::parse(&written(args)).map_err(|error| Problem::Json(format!("`args`: {error}")))
    }

    fn page(&self, limits: &Limits) -> Result<Option<Target>, Problem> {
        let url = self.url.as_deref().map(|url| Target::parse(url, limits.max_url_bytes));
        Ok(url.transpose()?)
    }
}

fn written(members: &Map<String, Value>) -> String {
    serde_json::to_string(members).unwrap_or_default() // text keys and JSON values: it cannot fail
}

/// A question with members of its own beside those that all questions about templates have. Members that neither knows are
/// refused, with their place.
pub fn split<T: DeserializeOwned>(bytes: &[u8], own: &[&str]) -> Result<(TemplateQuestion, T), Problem> {
    let mut common: Map<String, Value> = body::parsed(bytes)?;
    let own: Map<String, Value> = own.iter().filter_map(|name| common.remove_entry(*name)).collect();
    Ok((read(common)?, read(own)?))
}

fn read<T: DeserializeOwned>(members: Map<String, Value>) -> Result<T, Problem> {
    serde_path_to_error::deserialize(Value::Object(members)).map_err(|error| {
        let path = error.path().to_string();
        let said = body::short(&error.into_inner().to_string());
        Problem::Json(if path == "." { said } else { format!("`{path}`: {said}") })
    })
}

//! `GET /api/v1/template/samples` and `GET /api/v1/templates`: templates to start from, and the custom templates that the sandbox knows.

use actix_web::{HttpResponse, web};
use serde::Serialize;
use utoipa::ToSchema;

use super::{answer, question::SyntaxWord};
use crate::{
    finding::Text,
    sandbox::Sandbox,
    template::{ObjectType, document::Syntax, samples::samples as known},
    web::problem::Problem,
};

/// A default template to start from.
#[derive(Debug, Serialize, ToSchema)]
pub struct SampleAnswer {
    /// Its name, for `scraplens template samples NAME`.
    #[schema(example = "feed")]
    name: &'static str,
    /// Its type.
    object_type: ObjectType,
    /// What it shows.
    title: Text,
    /// It, as JSON with line breaks.
    text: &'static str,
}

/// A custom template.
#[derive(Debug, Serialize, ToSchema)]
pub struct CustomAnswer {
    /// Its id, as callers name it in `template_id`.
    #[schema(example = 1001)]
    id: i64,
    /// Its name.
    name: String,
    /// The API it is for: `share` or `message`.
    #[schema(example = "share")]
    purpose: &'static str,
    /// Its type.
    object_type: ObjectType,
    /// Arguments that a caller gives.
    arguments: Vec<String>,
    /// Arguments that Kakao fills from a scraped page.
    scrap_arguments: Vec<String>,
    /// The file it is from; empty for one that comes with the program.
    file: String,
    /// The file's text, for an editor.
    text: String,
    /// How that is written.
    syntax: SyntaxWord,
}

/// Templates to start from, one or more of each type.
#[utoipa::path(get, path = "/api/v1/template/samples", tag = "template", responses(
    (status = 200, description = "The samples, in the order of Kakao's reference", body = Vec<SampleAnswer>),
))]
pub async fn samples() -> Result<HttpResponse, Problem> {
    let samples: Vec<SampleAnswer> = known()
        .iter()
        .map(|sample| SampleAnswer {
            name: sample.name,
            object_type: sample.object_type,
            title: sample.title.clone(),
            text: sample.text,
        })
        .collect();
    answer(&samples)
}

/// The custom templates that the sandbox knows: those that come with the program, and those of the folder `sandbox.templates`.
#[utoipa::path(get, path = "/api/v1/templates", tag = "template", responses(
    (status = 200, description = "The templates, by id", body = Vec<CustomAnswer>),
))]
pub async fn templates(sandbox: web::Data<Sandbox>) -> Result<HttpResponse, Problem> {
    let templates: Vec<CustomAnswer> = sandbox
        .templates()
        .iter()
        .map(|template| CustomAnswer {
            id: template.id,
            name: template.name.clone(),
            purpose: template.purpose.as_str(),
            object_type: template.object_type,
            arguments: template.arguments(),
            scrap_arguments: template.scrap_arguments(),
            file: template.file.clone(),
            text: template.text.clone(),
            syntax: match template.syntax {
                Syntax::Json => SyntaxWord::Json,
                Syntax::Toml => SyntaxWord::Toml,
            },
        })
        .collect();
    answer(&templates)
}

//! The API's description: `OpenAPI` 3.1 made from the code, and a page people can read made from that.

use actix_web::{
    HttpResponse,
    http::header::{self, ContentType},
};
use maud::{DOCTYPE, Markup, html};
use serde_json::Value;
use utoipa::OpenApi;

use super::{
    acl,
    assets::PAGE_POLICY,
    events, extract, health, image, ips, kapi, logs, preview, probe,
    problem::{Problem, ProblemDetails},
    reach, scrape, share, template,
};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "scraplens",
        description = "Shows a web page the way KakaoTalk's scraper sees it, and says why a share message lacks its image. \
            A site's failure is data: it comes as 200 with an `outcome`. Errors of the caller (4xx) and ours (5xx) are problem details (RFC 9457).",
        license(name = "MIT OR Apache-2.0", identifier = "MIT OR Apache-2.0"),
    ),
    paths(
        scrape::get,
        scrape::post,
        scrape::delete,
        scrape::source,
        events::get,
        preview::get,
        preview::css,
        image::get,
        extract::post,
        acl::check,
        acl::fix,
        acl::formats,
        ips::get,
        ips::diff,
        logs::post,
        logs::formats,
        probe::post,
        probe::outbound,
        reach::post,
        reach::export,
        health::alive,
        health::ready
    ),
    components(schemas(ProblemDetails)),
    tags(
        (name = "scrape", description = "From a URL to the card"),
        (name = "preview", description = "The message drawn"),
        (name = "image", description = "The images of a card"),
        (name = "extract", description = "From HTML to the card"),
        (name = "acl", description = "From firewall dumps to who gets in"),
        (name = "kakao", description = "Kakao's own list of IP ranges"),
        (name = "logs", description = "From access logs to which requests arrived"),
        (name = "probe", description = "From a URL to what Kakao's user agent meets"),
        (name = "reach", description = "From all evidence to one verdict"),
        (name = "operation", description = "For whoever runs the process"),
    ),
)]
struct Api;

/// The whole description: each part describes its own routes.
fn api() -> utoipa::openapi::OpenApi {
    let mut api = Api::openapi();
    for part in [template::api(), share::api(), kapi::api()] {
        api.merge(part);
    }
    api
}

/// The description as JSON text.
pub fn openapi() -> String {
    api().to_pretty_json().unwrap_or_default()
}

/// `/openapi.json`
pub async fn json() -> HttpResponse {
    HttpResponse::Ok().insert_header(ContentType::json()).body(openapi())
}

/// `/docs`
pub async fn page() -> Result<HttpResponse, Problem> {
    let api = serde_json::to_value(api()).map_err(|error| {
        tracing::error!("the API's description cannot be written as JSON: {error}");
        Problem::Internal
    })?;
    Ok(HttpResponse::Ok()
        .insert_header(ContentType::html())
        .insert_header((header::CONTENT_SECURITY_POLICY, PAGE_POLICY))
        .body(render(&api).into_string()))
}

fn render(api: &Value) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { "scraplens API" }
                link rel="icon" href="/static/favicon.svg";
                link rel="stylesheet" href="/static/css/tokens.css";
                link rel="stylesheet" href="/static/css/docs.css";
            }
            body {
                header { a href="/" { "scraplens" } " API " span { (text(api, "/info/version")) } }
                main {
                    p { (text(api, "/info/description")) }
                    p { "Machine-readable: " a href="/openapi.json" { "/openapi.json" } " (OpenAPI " (text(api, "/openapi")) ")" }
                    @for (path, item) in entries(api, "/paths") {
                        @for (method, operation) in item.as_object().into_iter().flatten() {
                            (operation_section(path, method, operation))
                        }
                    }
                    h1 { "Shapes" }
                    @for (name, schema) in entries(api, "/components/schemas") {
                        (schema_section(name, schema))
                    }
                }
            }
        }
    }
}

fn operation_section(path: &str, method: &str, operation: &Value) -> Markup {
    html! {
        section {
            h2 { code.method { (method.to_uppercase()) } " " code { (path) } }
            p { (text(operation, "/summary")) }
            @if let Some(description) = operation.pointer("/description").and_then(Value::as_str) { p { (description) } }
            @if let Some(parameters) = operation.get("parameters").and_then(Value::as_array) {
                table {
                    thead { tr { th { "parameter" } th { "in" } th { "" } } }
                    tbody {
                        @for parameter in parameters {
                            tr {
                                td { code { (text(parameter, "/name")) } @if parameter.get("required") == Some(&Value::Bool(true)) { " required" } }
                                td { (text(parameter, "/in")) }
                                td { (text(parameter, "/description")) }
                            }
                        }
                    }
                }
            }
            table {
                thead { tr { th { "status" } th { "" } } }
                tbody {
                    @for (status, response) in entries(operation, "/responses") {
                        tr { td { code { (status) } } td { (text(response, "/description")) } }
                    }
                }
            }
        }
    }
}

fn schema_section(name: &str, schema: &Value) -> Markup {
    html! {
        section id=(name) {
            h2 { code { (name) } }
            p { (text(schema, "/description")) }
            table {
                tbody {
                    @for (field, shape) in entries(schema, "/properties") {
                        tr { td { code { (field) } } td { (type_of(shape)) } td { (text(shape, "/description")) } }
                    }
                }
            }
            @if let Some(values) = schema.get("enum").and_then(Value::as_array) {
                p { @for value in values { code { (value.as_str().unwrap_or_default()) } " " } }
            }
        }
    }
}

/// The type of a field in few words, with a link to the shape it names.
fn type_of(shape: &Value) -> Markup {
    let reference = shape.pointer("/$ref").or_else(|| shape.pointer("/items/$ref")).or_else(|| {
        shape
            .get("oneOf")
            .and_then(Value::as_array)
            .and_then(|options| options.iter().find_map(|option| option.get("$ref")))
    });
    let many = shape.get("items").is_some();
    html! {
        @if let Some(name) = reference.and_then(Value::as_str).and_then(|path| path.rsplit('/').next()) {
            a href={ "#" (name) } { (name) }
        } @else {
            @match shape.get("type") {
                Some(Value::String(one)) => { (one) }
                Some(Value::Array(options)) => { (options.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" or ")) }
                _ => {}
            }
        }
        @if many { " list" }
    }
}

fn text<'a>(value: &'a Value, pointer: &str) -> &'a str {
    value.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
}

fn entries<'a>(value: &'a Value, pointer: &str) -> impl Iterator<Item = (&'a String, &'a Value)> {
    value.pointer(pointer).and_then(Value::as_object).into_iter().flatten()
}

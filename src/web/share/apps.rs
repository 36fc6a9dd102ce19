//! `GET /api/v1/share/apps`: the apps that the sandbox knows, with the keys to call it with; never the one that signs webhooks.

use actix_web::{HttpResponse, http::header, web};
use serde::Serialize;
use utoipa::ToSchema;

use crate::sandbox::{App, Sandbox, WebhookMethod};

/// An app of the sandbox. Its keys are no secrets: they open nothing else.
#[derive(Debug, Serialize, ToSchema)]
pub struct AppShown {
    /// Its id.
    #[schema(example = 1)]
    pub id: i64,
    /// Its name.
    pub name: String,
    /// Native app key.
    pub native_key: String,
    /// JavaScript key.
    pub javascript_key: String,
    /// REST API key.
    pub rest_key: String,
    /// Registered web domains.
    pub web_domains: Vec<String>,
    /// Where the webhook goes.
    pub webhook: WebhookShown,
}

/// Where the webhook goes.
#[derive(Debug, Serialize, ToSchema)]
pub struct WebhookShown {
    /// The address; `null` for nowhere.
    pub url: Option<String>,
    /// How it is sent.
    pub method: WebhookMethod,
}

impl AppShown {
    fn of(app: &App) -> Self {
        Self {
            id: app.id,
            name: app.name.clone(),
            native_key: app.native_key.as_str().to_owned(),
            javascript_key: app.javascript_key.as_str().to_owned(),
            rest_key: app.rest_key.as_str().to_owned(),
            web_domains: app.web_domains.iter().map(ToString::to_string).collect(),
            webhook: WebhookShown {
                url: app.webhook_url.0.as_ref().map(ToString::to_string),
                method: app.webhook_method,
            },
        }
    }
}

/// The apps that the sandbox knows.
#[utoipa::path(get, path = "/api/v1/share/apps", tag = "share", operation_id = "share_apps", responses(
    (status = 200, description = "The apps, the first is the default one", body = [AppShown]),
))]
pub async fn get(sandbox: web::Data<Sandbox>) -> HttpResponse {
    let apps: Vec<AppShown> = sandbox.settings().apps.iter().map(AppShown::of).collect();
    HttpResponse::Ok().insert_header((header::CACHE_CONTROL, "no-store")).json(apps)
}

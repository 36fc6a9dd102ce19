//! `/api/v1/share/deliveries…`: the log of the webhook, and sending one of it once more. Where it goes is said by the settings alone.

use actix_web::{HttpResponse, web};
use serde::Deserialize;
use utoipa::IntoParams;

use super::{app_of, fresh};
use crate::{
    sandbox::{Sandbox, webhook::Delivery},
    web::problem::{Problem, ProblemDetails},
};

/// Whose deliveries.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Whose {
    /// The app's id; the first app if left out.
    #[param(example = 1)]
    app: Option<i64>,
}

/// The log of the webhook: what was sent, what came back, and what a real Kakao would conclude. Newest first.
///
/// The admin key is masked everywhere, also where the handler repeats it.
#[utoipa::path(get, path = "/api/v1/share/deliveries", tag = "share", operation_id = "share_deliveries", params(Whose), responses(
    (status = 200, description = "The deliveries, newest first", body = [Delivery]),
    (status = 400, description = "The query cannot be read, or there is no such app", body = ProblemDetails, content_type = "application/problem+json"),
))]
pub async fn list(request: actix_web::HttpRequest, sandbox: web::Data<Sandbox>) -> Result<HttpResponse, Problem> {
    let Whose { app } = crate::web::query(request.query_string())?;
    let app = app_of(&sandbox, app)?;
    fresh(&sandbox.deliveries(app).await)
}

/// One delivery.
#[utoipa::path(get, path = "/api/v1/share/deliveries/{id}", tag = "share", operation_id = "share_delivery",
    params(("id" = String, Path, description = "The delivery's id", example = "q7Xw2mZ0aLk3")),
    responses(
        (status = 200, description = "The delivery", body = Delivery),
        (status = 404, description = "There is no such delivery, or it is kept no longer", body = ProblemDetails, content_type = "application/problem+json"),
    ),
)]
pub async fn one(id: web::Path<String>, sandbox: web::Data<Sandbox>) -> Result<HttpResponse, Problem> {
    fresh(&*found(&sandbox, id.into_inner()).await?)
}

/// Sends a delivery's event once more, with a resource id of its own, to where the app's webhook goes now.
///
/// Kakao never does this: it sends each webhook once.
#[utoipa::path(post, path = "/api/v1/share/deliveries/{id}/replay", tag = "share", operation_id = "share_replay",
    params(("id" = String, Path, description = "The delivery's id", example = "q7Xw2mZ0aLk3")),
    responses(
        (status = 200, description = "The new delivery; `replay_of` names the old one", body = Delivery),
        (status = 404, description = "There is no such delivery, or its app is gone", body = ProblemDetails, content_type = "application/problem+json"),
    ),
)]
pub async fn replay(id: web::Path<String>, sandbox: web::Data<Sandbox>) -> Result<HttpResponse, Problem> {
    let old = found(&sandbox, id.into_inner()).await?;
    let gone = || Problem::NotFound(format!("app {}", old.app));
    let app = sandbox.app(Some(old.app)).ok_or_else(gone)?;
    fresh(&*sandbox.webhook().replay(app, &old).await)
}

async fn found(sandbox: &Sandbox, id: String) -> Result<std::sync::Arc<Delivery>, Problem> {
    let path = format!("/api/v1/share/deliveries/{}", crate::web::body::short(&id));
    sandbox.webhook().find(id).await.ok_or(Problem::NotFound(path))
}

//! `/v2/api/kakaolink/talk/template/{default,validate,scrap}`: what every SDK calls before it shares. Older SDKs ask by GET, newer
//! ones by a POST form; both are the same here.

use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::Value;
use utoipa::{OpenApi, ToSchema};

use super::{
    super::Limits,
    auth::{self, SDK_KEYS},
    calls::Kind,
    parameters::Parameters,
    reply::{self, KapiErrorBody},
};
use crate::{
    sandbox::{App, KapiError, Sandbox, Use},
    template::Envelope,
};

#[derive(OpenApi)]
#[openapi(paths(default, default_form, validate, validate_form, scrap, scrap_form))]
pub(super) struct Api;

/// The form of a default template.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it describes the form; `Parameters` reads it, as leniently as Kakao")]
struct DefaultForm {
    /// Always `4.0`.
    #[schema(example = "4.0")]
    link_ver: String,
    /// The template, as JSON text.
    #[schema(
        example = r#"{"object_type":"text","text":"안녕하세요","link":{"web_url":"https://example.com/"},"button_title":"열기"}"#
    )]
    template_object: String,
    /// Key of the app in whose name it is shared.
    target_app_key: Option<String>,
    /// JSON that is given back in the answer.
    scheme_params: Option<String>,
}

/// The form of a custom template.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it describes the form; `Parameters` reads it, as leniently as Kakao")]
struct ValidateForm {
    /// Always `4.0`.
    #[schema(example = "4.0")]
    link_ver: String,
    /// Id of the template.
    #[schema(example = 1001)]
    template_id: i64,
    /// Its arguments: a JSON object of texts, with keys bare or as `${KEY}`.
    #[schema(example = "{}")]
    template_args: Option<String>,
    /// Key of the app in whose name it is shared.
    target_app_key: Option<String>,
    /// JSON that is given back in the answer.
    scheme_params: Option<String>,
}

/// The form of a page.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it describes the form; `Parameters` reads it, as leniently as Kakao")]
struct ScrapForm {
    /// Always `4.0`.
    #[schema(example = "4.0")]
    link_ver: String,
    /// The page; its domain must be registered.
    #[schema(example = "https://example.com/")]
    request_url: String,
    /// Id of a custom template to scrape into; without one Kakao's own.
    template_id: Option<i64>,
    /// Its arguments: a JSON object of texts. `SCRAP_…` cannot be overwritten.
    template_args: Option<String>,
    /// Key of the app in whose name it is shared.
    target_app_key: Option<String>,
    /// JSON that is given back in the answer.
    scheme_params: Option<String>,
}

macro_rules! call {
    ($(#[$meta:meta])* $name:ident, $kind:expr) => {
        $(#[$meta])*
        pub async fn $name(
            request: HttpRequest,
            payload: web::Payload,
            sandbox: web::Data<Sandbox>,
            limits: web::Data<Limits>,
        ) -> Result<HttpResponse, KapiError> {
            answer(&request, payload, &sandbox, &limits, $kind).await
        }
    };
}

call!(
    /// A default template, judged and resolved.
    ///
    /// `Authorization: KakaoAK` with the native app key or the JavaScript key; the `KA` header says from where it is called.
    /// `Scraplens-Inferred` names what of the answer Kakao does not document.
    #[utoipa::path(get, path = "/v2/api/kakaolink/talk/template/default", tag = "kapi", operation_id = "kapi_default",
        params(
            ("Authorization" = String, Header, description = "`KakaoAK` and an app key", example = "KakaoAK 11111111111111111111111111111111"),
            ("KA" = Option<String>, Header, description = "Who calls, as Kakao's SDKs say it"),
            ("link_ver" = String, Query, description = "Always `4.0`", example = "4.0"),
            ("template_object" = String, Query, description = "The template, as JSON text",
                example = r#"{"object_type":"text","text":"안녕하세요","link":{"web_url":"https://example.com/"}}"#),
            ("target_app_key" = Option<String>, Query, description = "Key of the app in whose name it is shared"),
            ("scheme_params" = Option<String>, Query, description = "JSON that is given back in the answer"),
        ),
        responses(
            (status = 200, description = "The message, resolved", body = Envelope),
            (status = 400, description = "A parameter or the template does not fit (-2), or the quota is used up (-10)", body = KapiErrorBody),
            (status = 401, description = "The key is unknown, or may not be used from there (-401)", body = KapiErrorBody),
            (status = 500, description = "A mistake of ours (-1)", body = KapiErrorBody),
        ))]
    default, Kind::Default
);

call!(
    /// The same by POST.
    #[utoipa::path(post, path = "/v2/api/kakaolink/talk/template/default", tag = "kapi", operation_id = "kapi_default_form",
        params(
            ("Authorization" = String, Header, description = "`KakaoAK` and an app key", example = "KakaoAK 11111111111111111111111111111111"),
            ("KA" = Option<String>, Header, description = "Who calls, as Kakao's SDKs say it"),
        ),
        request_body(content = inline(DefaultForm), content_type = "application/x-www-form-urlencoded"),
        responses(
            (status = 200, description = "The message, resolved", body = Envelope),
            (status = 400, description = "A parameter or the template does not fit (-2), or the quota is used up (-10)", body = KapiErrorBody),
            (status = 401, description = "The key is unknown, or may not be used from there (-401)", body = KapiErrorBody),
            (status = 408, description = "The body took too long", body = KapiErrorBody),
            (status = 413, description = "The body is too large", body = KapiErrorBody),
            (status = 500, description = "A mistake of ours (-1)", body = KapiErrorBody),
        ))]
    default_form, Kind::Default
);

call!(
    /// A custom template, filled and resolved.
    ///
    /// Templates are files: see `sandbox.templates` and `GET /api/v1/templates`.
    #[utoipa::path(get, path = "/v2/api/kakaolink/talk/template/validate", tag = "kapi", operation_id = "kapi_validate",
        params(
            ("Authorization" = String, Header, description = "`KakaoAK` and an app key", example = "KakaoAK 11111111111111111111111111111111"),
            ("KA" = Option<String>, Header, description = "Who calls, as Kakao's SDKs say it"),
            ("link_ver" = String, Query, description = "Always `4.0`", example = "4.0"),
            ("template_id" = i64, Query, description = "Id of the template", example = 1001),
            ("template_args" = Option<String>, Query, description = "Its arguments: a JSON object of texts, with keys bare or as `${KEY}`"),
            ("target_app_key" = Option<String>, Query, description = "Key of the app in whose name it is shared"),
            ("scheme_params" = Option<String>, Query, description = "JSON that is given back in the answer"),
        ),
        responses(
            (status = 200, description = "The message, resolved", body = Envelope),
            (status = 400, description = "A parameter or the template does not fit (-2), or the quota is used up (-10)", body = KapiErrorBody),
            (status = 401, description = "The key is unknown, or may not be used from there (-401)", body = KapiErrorBody),
            (status = 500, description = "A mistake of ours (-1)", body = KapiErrorBody),
        ))]
    validate, Kind::Custom
);

call!(
    /// The same by POST.
    #[utoipa::path(post, path = "/v2/api/kakaolink/talk/template/validate", tag = "kapi", operation_id = "kapi_validate_form",
        params(
            ("Authorization" = String, Header, description = "`KakaoAK` and an app key", example = "KakaoAK 11111111111111111111111111111111"),
            ("KA" = Option<String>, Header, description = "Who calls, as Kakao's SDKs say it"),
        ),
        request_body(content = inline(ValidateForm), content_type = "application/x-www-form-urlencoded"),
        responses(
            (status = 200, description = "The message, resolved", body = Envelope),
            (status = 400, description = "A parameter or the template does not fit (-2), or the quota is used up (-10)", body = KapiErrorBody),
            (status = 401, description = "The key is unknown, or may not be used from there (-401)", body = KapiErrorBody),
            (status = 408, description = "The body took too long", body = KapiErrorBody),
            (status = 413, description = "The body is too large", body = KapiErrorBody),
            (status = 500, description = "A mistake of ours (-1)", body = KapiErrorBody),
        ))]
    validate_form, Kind::Custom
);

call!(
    /// A page, scraped into Kakao's own template or a custom one.
    ///
    /// Its domain must be registered for the app. No real answer of this call is public: `Scraplens-Inferred` says what is inferred.
    #[utoipa::path(get, path = "/v2/api/kakaolink/talk/template/scrap", tag = "kapi", operation_id = "kapi_scrap",
        params(
            ("Authorization" = String, Header, description = "`KakaoAK` and an app key", example = "KakaoAK 11111111111111111111111111111111"),
            ("KA" = Option<String>, Header, description = "Who calls, as Kakao's SDKs say it"),
            ("link_ver" = String, Query, description = "Always `4.0`", example = "4.0"),
            ("request_url" = String, Query, description = "The page; its domain must be registered", example = "https://example.com/"),
            ("template_id" = Option<i64>, Query, description = "Id of a custom template to scrape into; without one Kakao's own"),
            ("template_args" = Option<String>, Query, description = "Its arguments: a JSON object of texts. `SCRAP_…` cannot be overwritten"),
            ("target_app_key" = Option<String>, Query, description = "Key of the app in whose name it is shared"),
            ("scheme_params" = Option<String>, Query, description = "JSON that is given back in the answer"),
        ),
        responses(
            (status = 200, description = "The message, resolved", body = Envelope),
            (status = 400, description = "A parameter does not fit, the domain is not registered (-2), or the quota is used up (-10)", body = KapiErrorBody),
            (status = 401, description = "The key is unknown, or may not be used from there (-401)", body = KapiErrorBody),
            (status = 500, description = "A mistake of ours (-1)", body = KapiErrorBody),
            (status = 503, description = "Too many pages are being scraped (-603)", body = KapiErrorBody),
        ))]
    scrap, Kind::Scrap
);

call!(
    /// The same by POST.
    #[utoipa::path(post, path = "/v2/api/kakaolink/talk/template/scrap", tag = "kapi", operation_id = "kapi_scrap_form",
        params(
            ("Authorization" = String, Header, description = "`KakaoAK` and an app key", example = "KakaoAK 11111111111111111111111111111111"),
            ("KA" = Option<String>, Header, description = "Who calls, as Kakao's SDKs say it"),
        ),
        request_body(content = inline(ScrapForm), content_type = "application/x-www-form-urlencoded"),
        responses(
            (status = 200, description = "The message, resolved", body = Envelope),
            (status = 400, description = "A parameter does not fit, the domain is not registered (-2), or the quota is used up (-10)", body = KapiErrorBody),
            (status = 401, description = "The key is unknown, or may not be used from there (-401)", body = KapiErrorBody),
            (status = 408, description = "The body took too long", body = KapiErrorBody),
            (status = 413, description = "The body is too large", body = KapiErrorBody),
            (status = 500, description = "A mistake of ours (-1)", body = KapiErrorBody),
            (status = 503, description = "Too many pages are being scraped (-603)", body = KapiErrorBody),
        ))]
    scrap_form, Kind::Scrap
);

async fn answer(
    request: &HttpRequest,
    payload: web::Payload,
    sandbox: &Sandbox,
    limits: &Limits,
    kind: Kind,
) -> Result<HttpResponse, KapiError> {
    let caller = auth::app(request, sandbox, SDK_KEYS)?;
    let parameters = Parameters::read(request, payload, limits).await?;
    link_version(&parameters)?;
    let app = target_app(&parameters, sandbox, caller)?;
    let scheme_params = json(&parameters, "scheme_params")?;
    let call = kind.call(&parameters)?;

    sandbox.has_room(caller, Use::Share).await?;
    let answer = sandbox.answer(app, call).await?;
    sandbox.spend(caller, Use::Share).await?;

    let envelope = Envelope { scheme_params, ..answer.resolved.envelope() };
    Ok(reply::ok(&envelope, &answer.resolved.inferred))
}

/// SDKs always send `link_ver=4.0`.
fn link_version(parameters: &Parameters) -> Result<(), KapiError> {
    if parameters.required("link_ver")? == "4.0" { Ok(()) } else { Err(KapiError::unreadable("link_ver")) }
}

/// `target_app_key`: a partner shares in another app's name. SDKs send the caller's own key where there is no other.
pub(super) fn target_app<'a>(
    parameters: &Parameters,
    sandbox: &'a Sandbox,
    caller: &'a App,
) -> Result<&'a App, KapiError> {
    let Some(key) = parameters.get("target_app_key") else { return Ok(caller) };
    sandbox.app_of_key(key).map(|(app, _)| app).ok_or_else(KapiError::app_key)
}

fn json(parameters: &Parameters, name: &str) -> Result<Option<Value>, KapiError> {
    let read = |text| serde_json::from_str(text).map_err(|_not_json| KapiError::unreadable(name));
    parameters.get(name).map(read).transpose()
}

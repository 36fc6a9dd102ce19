//! Who calls Kakao's paths: an app by its key and where it is used from, or a user by an access token. The verdicts are `sandbox`'s.

use actix_web::{
    HttpRequest,
    http::header::{self, HeaderName},
};

use crate::sandbox::{App, KapiError, KeyKind, Sandbox, User, ka::Ka};

/// Keys of SDKs: the only ones that the Share API takes.
pub const SDK_KEYS: &[KeyKind] = &[KeyKind::Native, KeyKind::JavaScript];

/// Every key of an app.
pub const ALL_KEYS: &[KeyKind] = &[KeyKind::Native, KeyKind::JavaScript, KeyKind::Rest, KeyKind::Admin];

/// The app whose key the request has (`Authorization: KakaoAK KEY`), if a key of that kind may be used here, and from there.
pub fn app<'a>(request: &HttpRequest, sandbox: &'a Sandbox, kinds: &[KeyKind]) -> Result<&'a App, KapiError> {
    let key = credentials(request, "KakaoAK").ok_or_else(KapiError::app_key)?;
    let ka = Ka::parse(text(request, &KA).unwrap_or_default());
    app_of(sandbox, key, kinds, &ka, text(request, &header::ORIGIN))
}

/// The same for a key that stands elsewhere.
pub fn app_of<'a>(
    sandbox: &'a Sandbox,
    key: &str,
    kinds: &[KeyKind],
    ka: &Ka,
    origin: Option<&str>,
) -> Result<&'a App, KapiError> {
    let (app, kind) = sandbox.app_of_key(key).ok_or_else(KapiError::app_key)?;
    if !kinds.contains(&kind) {
        // What Kakao says to a key of another kind is not public.
        return Err(KapiError::app_key().inferred("key-kind"));
    }
    app.admits(kind, ka, origin)?;
    Ok(app)
}

/// The user whose access token the request has (`Authorization: Bearer TOKEN`), if they have agreed to what is needed.
pub fn user<'a>(
    request: &HttpRequest,
    sandbox: &'a Sandbox,
    api_type: &str,
    scopes: &[&str],
) -> Result<&'a User, KapiError> {
    let token = credentials(request, "Bearer").ok_or_else(KapiError::token)?;
    if token.len() > LONGEST_TOKEN {
        return Err(KapiError::bad_parameter("too long for access token."));
    }
    let user = sandbox.user_of_token(token).ok_or_else(KapiError::token)?;
    if scopes.iter().all(|scope| user.scopes.iter().any(|allowed| allowed == scope)) {
        Ok(user)
    } else {
        Err(KapiError::scopes(api_type, scopes, &user.scopes))
    }
}

/// What follows the scheme in `Authorization`; schemes are case-insensitive (RFC 9110, 11.1).
fn credentials<'a>(request: &'a HttpRequest, scheme: &str) -> Option<&'a str> {
    let (given, rest) = text(request, &header::AUTHORIZATION)?.trim().split_once(' ')?;
    given.eq_ignore_ascii_case(scheme).then(|| rest.trim()).filter(|rest| !rest.is_empty())
}

fn text<'a>(request: &'a HttpRequest, name: &HeaderName) -> Option<&'a str> {
    request.headers().get(name)?.to_str().ok()
}

/// The header of Kakao's SDKs.
static KA: HeaderName = HeaderName::from_static("ka");

/// Bytes of an access token; Kakao's have about 60, and its limit is not public.
const LONGEST_TOKEN: usize = 1000;

/// What a user must have agreed to for messages.
pub const MESSAGE_SCOPES: &[&str] = &["talk_message"];

/// Marks an error about scopes whose `api_type` is not public.
pub fn name_inferred(error: KapiError, code: Option<&'static str>) -> KapiError {
    match code {
        Some(code) if error.code == -402 => error.inferred(code),
        _ => error,
    }
}

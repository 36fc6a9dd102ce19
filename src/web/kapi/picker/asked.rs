//! What the form of an SDK says: which app, from where, what is to be shared, and what its webhook is to say.

use actix_web::{HttpRequest, http::header};
use serde_json::{Map, Value};

use super::{
    super::{super::Limits, auth, auth::SDK_KEYS, calls::Kind, parameters::Parameters, share::target_app},
    refusal::Refusal,
};
use crate::{
    language::Language,
    sandbox::{App, Call, KapiError, Sandbox, ka::Ka, webhook::CallbackArgs},
    target::Target,
};

/// What is asked of the picker.
pub struct Asked<'a> {
    /// Whose key it is.
    pub caller: &'a App,
    /// In whose name it is shared.
    pub app: &'a App,
    /// The caller's registered origin: only its page is told that a message was sent.
    pub origin: Option<String>,
    /// What is shared.
    pub call: Call,
    /// `serverCallbackArgs`.
    pub callback_args: CallbackArgs,
    /// The language of the SDK, where it says one.
    pub language: Option<Language>,
}

impl<'a> Asked<'a> {
    /// Reads the form, and judges its key.
    pub fn read(
        parameters: &Parameters,
        request: &HttpRequest,
        sandbox: &'a Sandbox,
        limits: &Limits,
    ) -> Result<Self, Refusal> {
        let key = parameters.get("app_key").unwrap_or_default();
        let ka = Ka::parse(parameters.get("ka").unwrap_or_default());
        // The window is the SDK's: its own `Origin` header says nothing of the page that opened it, unless it is that page's form.
        let origin = request.headers().get(header::ORIGIN).and_then(|origin| origin.to_str().ok());
        if sandbox.app_of_key(key).is_none() {
            return Err(Refusal::wrong_key(KapiError::app_key()));
        }
        let caller = auth::app_of(sandbox, key, SDK_KEYS, &ka, origin).map_err(Refusal::misconfigured)?;
        let app = target_app(parameters, sandbox, caller).map_err(Refusal::wrong_key)?;
        let kind = match parameters.required("validation_action")? {
            "default" => Kind::Default,
            "custom" => Kind::Custom,
            "scrap" => Kind::Scrap,
            _ => return Err(KapiError::unreadable("validation_action").into()),
        };
        let call = kind.call(&validation_params(parameters)?)?;
        if let Call::Scrap { request_url, .. } = &call {
            Target::parse(request_url, limits.max_url_bytes).map_err(|error| Refusal::no_url(&error))?;
        }
        let most = sandbox.settings().webhook.max_callback_bytes;
        let callback_args = CallbackArgs::parse(parameters.get("lcba").unwrap_or_default(), most);
        let language = ka
            .lang
            .as_deref()
            .map(|lang| if lang.to_ascii_lowercase().starts_with("ko") { Language::Ko } else { Language::En });
        Ok(Self { caller, app, origin: ka.origin.or_else(|| origin.map(str::to_owned)), call, callback_args, language })
    }
}

/// The parameters of the template API, in JSON. SDKs write their values as text or as what they are; both are the same here.
fn validation_params(parameters: &Parameters) -> Result<Parameters, KapiError> {
    const NAME: &str = "validation_params";
    let text = parameters.required(NAME)?;
    let map: Map<String, Value> = serde_json::from_str(text).map_err(|_no_object| KapiError::unreadable(NAME))?;
    let pairs = map.into_iter().filter_map(|(name, value)| match value {
        Value::Null => None,
        Value::String(text) => Some((name, text)),
        other => Some((name, other.to_string())),
    });
    Ok(Parameters::of(pairs))
}

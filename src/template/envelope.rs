//! Kakao's answer about a template, in Kakao's own shape: `default`, `validate` and `scrap` give the same (SDK types `SharingResult`,
//! `ValidationResult`). Not how its parts come about: that is `resolve`.

use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

/// The answer.
#[derive(Debug, Clone, Default, PartialEq, Serialize, ToSchema)]
pub struct Envelope {
    /// The server's template: the app's own for a custom message, one of Kakao's for a default one.
    pub template_id: i64,
    /// The arguments that were filled in, `${NAME}` to text.
    #[schema(value_type = std::collections::BTreeMap<String, String>)]
    pub template_args: Map<String, Value>,
    /// The resolved message: `P`, the envelope, and `C`, the content.
    #[schema(value_type = serde_json::Value)]
    pub template_msg: Value,
    /// What was dropped: path in `template_msg` to text.
    #[schema(value_type = std::collections::BTreeMap<String, String>)]
    pub warning_msg: Map<String, Value>,
    /// Arguments that are missing: `${NAME}` to text.
    #[schema(value_type = std::collections::BTreeMap<String, String>)]
    pub argument_msg: Map<String, Value>,
    /// What the caller's `scheme_params` said.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<serde_json::Value>)]
    pub scheme_params: Option<Value>,
}

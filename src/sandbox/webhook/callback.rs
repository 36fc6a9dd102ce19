//! `serverCallbackArgs`: what a developer hands to the share call and wants to see again in the webhook. Read leniently; what cannot
//! be sent is told in the log, not refused.

use serde_json::{Map, Value};

use super::chat::ChatType;
use crate::sandbox::App;

/// What was given (JavaScript SDK: an object or a string; native SDKs: a map of strings).
#[derive(Debug, Clone, Default, PartialEq)]
pub enum CallbackArgs {
    /// Nothing: Kakao sends no webhook then.
    #[default]
    Unset,
    /// Keys and values.
    Given(Map<String, Value>),
    /// Something that has no keys, as JSON.
    NotAnObject(Value),
    /// More than is kept.
    TooLarge {
        /// Its bytes.
        bytes: usize,
        /// `sandbox.webhook.max_callback_bytes`.
        limit: usize,
    },
}

impl CallbackArgs {
    /// Takes a JSON value: an object, a string that holds one, or `null`.
    pub fn of(value: &Value, max_bytes: usize) -> Self {
        match value {
            Value::Null => Self::Unset,
            Value::String(text) => Self::parse(text, max_bytes),
            Value::Object(args) => {
                let bytes = value.to_string().len();
                if bytes > max_bytes { Self::TooLarge { bytes, limit: max_bytes } } else { Self::Given(args.clone()) }
            }
            Value::Array(_) | Value::Bool(_) | Value::Number(_) => {
                let bytes = value.to_string().len();
                if bytes > max_bytes {
                    Self::TooLarge { bytes, limit: max_bytes }
                } else {
                    Self::NotAnObject(value.clone())
                }
            }
        }
    }

    /// Takes the text of a form (`lcba`) or a string of the SDK's.
    pub fn parse(text: &str, max_bytes: usize) -> Self {
        let text = text.trim();
        if text.is_empty() {
            return Self::Unset;
        }
        if text.len() > max_bytes {
            return Self::TooLarge { bytes: text.len(), limit: max_bytes };
        }
        match serde_json::from_str(text) {
            Ok(Value::Null) => Self::Unset,
            Ok(Value::Object(args)) => Self::Given(args),
            Ok(other) => Self::NotAnObject(other),
            Err(_no_json) => Self::NotAnObject(Value::String(text.to_owned())),
        }
    }

    /// The same as JSON: `null` where there is nothing that could be sent.
    pub fn to_value(&self) -> Value {
        match self {
            Self::Given(args) => Value::Object(args.clone()),
            Self::NotAnObject(value) => value.clone(),
            Self::Unset | Self::TooLarge { .. } => Value::Null,
        }
    }
}

/// What one webhook carries, in order: Kakao's own parameters, then the caller's.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Parameters {
    /// Names and values.
    pub all: Map<String, Value>,
    /// The caller's keys that stand in Kakao's own.
    pub overridden: Vec<String>,
}

impl Parameters {
    /// Puts them together. Of two with the same name Kakao's own counts; that it does is not documented.
    pub fn new(app: &App, chat: ChatType, template_id: Option<i64>, args: &Map<String, Value>) -> Self {
        let mut all = Map::new();
        all.insert(CHAT_TYPE.to_owned(), chat.as_str().into());
        all.insert(HASH_CHAT_ID.to_owned(), chat.hash(app).into());
        if let Some(id) = template_id {
            all.insert(TEMPLATE_ID.to_owned(), id.into());
        }
        let mut overridden = Vec::new();
        for (key, value) in args {
            if [CHAT_TYPE, HASH_CHAT_ID, TEMPLATE_ID].contains(&key.as_str()) {
                overridden.push(key.clone());
            } else {
                all.insert(key.clone(), value.clone());
            }
        }
        Self { all, overridden }
    }

    /// Whether some value is no string: what Kakao makes of those is not documented.
    pub fn has_typed_values(&self) -> bool {
        self.all.iter().any(|(key, value)| !value.is_string() && key != TEMPLATE_ID)
    }
}

/// A value in a query: text as it is, everything else as JSON.
pub fn text_of(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

const CHAT_TYPE: &str = "CHAT_TYPE";
const HASH_CHAT_ID: &str = "HASH_CHAT_ID";
const TEMPLATE_ID: &str = "TEMPLATE_ID";

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    #[test]
    fn an_object_and_a_string_that_holds_one_are_the_same() {
        let given = CallbackArgs::of(&json!({"user": "1", "n": 2}), 100);
        assert_eq!(given, CallbackArgs::of(&json!("{\"user\":\"1\",\"n\":2}"), 100));
        assert_eq!(given, CallbackArgs::parse(" {\"user\":\"1\",\"n\":2} ", 100));
        assert!(matches!(given, CallbackArgs::Given(_)));
    }

    #[test]
    fn what_is_nothing_is_unset_and_an_empty_object_is_not() {
        for nothing in [json!(null), json!(""), json!("  "), json!("null")] {
            assert_eq!(CallbackArgs::of(&nothing, 100), CallbackArgs::Unset, "{nothing}");
        }
        assert_eq!(CallbackArgs::of(&json!({}), 100), CallbackArgs::Given(Map::new()));
    }

    #[test]
    fn what_has_no_keys_cannot_be_sent() {
        for value in [json!("user=1"), json!("[1]"), json!([1]), json!(7), json!(true)] {
            assert!(matches!(CallbackArgs::of(&value, 100), CallbackArgs::NotAnObject(_)), "{value}");
        }
        assert_eq!(CallbackArgs::of(&json!({"k": "12345"}), 10), CallbackArgs::TooLarge { bytes: 13, limit: 10 });
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic_and_what_is_kept_is_bounded(text in ".{0,200}", limit in 0_usize..100) {
            if let CallbackArgs::Given(args) = CallbackArgs::parse(&text, limit) {
                prop_assert!(text.trim().len() <= limit && args.len() <= limit);
            }
        }
    }
}

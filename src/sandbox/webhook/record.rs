//! One delivery as the log keeps and shows it: what was sent, what came back, what a real Kakao would make of it. The admin key is in
//! none of it.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::chat::ChatType;
use crate::{
    finding::{Confidence, Text},
    sandbox::WebhookMethod,
};

/// One webhook, sent or not.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = WebhookDelivery)]
pub struct Delivery {
    /// Its id.
    #[schema(example = "q7Xw2mZ0aLk3")]
    pub id: String,
    /// The app's id.
    pub app: i64,
    /// When it began.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// How it is sent.
    pub method: WebhookMethod,
    /// The handler's address; empty where the app has none.
    #[schema(example = "http://127.0.0.1:3000/share-hook")]
    pub url: String,
    /// The kind of chat.
    pub chat_type: ChatType,
    /// The custom template, where one was used.
    pub template_id: Option<i64>,
    /// The caller's `serverCallbackArgs`; `null` for none.
    #[schema(value_type = Value)]
    pub callback_args: Value,
    /// What is sent; also what would have been sent. Absent where there was nothing to send it to.
    pub request: Option<Sent>,
    /// What came of it.
    pub outcome: Outcome,
    /// Why, in one kebab-case word, such as `answered`, `status-5xx`, `address-private`.
    #[schema(example = "answered")]
    pub code: String,
    /// What proves it.
    pub evidence: Option<String>,
    /// The handler's status.
    pub status: Option<u16>,
    /// The handler's answer.
    pub answer: Option<Answered>,
    /// Time to the head of the answer, or until it was given up.
    pub milliseconds: u64,
    /// What a real Kakao would conclude.
    pub conclusion: Text,
    /// What to do.
    pub advice: Text,
    /// How well that is known.
    pub confidence: Confidence,
    /// Which page of Kakao's says so.
    pub source: String,
    /// What else is worth knowing, above all what of this request is not documented.
    pub notes: Vec<Note>,
    /// The delivery this one repeats.
    pub replay_of: Option<String>,
}

/// A request as it is shown.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Sent {
    /// The first line.
    #[schema(example = "POST /share-hook HTTP/1.1")]
    pub line: String,
    /// The headers that Kakao documents; the admin key is masked.
    pub headers: BTreeMap<String, String>,
    /// GET: the parameters of the query.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<BTreeMap<String, String>>)]
    pub query: Option<Map<String, Value>>,
    /// POST: the JSON of the body.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Value>)]
    pub body: Option<Map<String, Value>>,
}

/// An answer as it is shown.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Answered {
    /// Its headers.
    pub headers: BTreeMap<String, String>,
    /// The beginning of its body; bytes that are no UTF-8 are replaced. Kakao ignores it.
    pub body: String,
    /// There was more.
    pub truncated: bool,
}

/// What came of a delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// Answered with 2XX in time.
    Delivered,
    /// Answered with something else.
    Refused,
    /// Not answered in time.
    Timeout,
    /// Answered with a redirect, which is not followed.
    Redirected,
    /// No HTTP answer could be had.
    Unreachable,
    /// Nothing was sent.
    NotSent,
}

/// Something worth knowing about a delivery.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = WebhookNote)]
pub struct Note {
    /// Stable kebab-case name.
    #[schema(example = "webhook-content-type")]
    pub code: String,
    /// The sentence.
    pub message: Text,
    /// How well it is known.
    pub confidence: Confidence,
}

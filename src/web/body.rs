//! Reads a request body within a size and a time. actix bounds the size alone: a body that drips would hold its place for ever.

use std::time::Duration;

use actix_web::{http::header, web};
use bytes::BytesMut;
use futures_util::StreamExt as _;
use serde::de::DeserializeOwned;

use super::problem::Problem;

/// How large and how slow a body may be.
#[derive(Debug, Clone, Copy)]
pub struct BodyLimits {
    /// Bytes.
    pub max_bytes: usize,
    /// Time to arrive.
    pub timeout: Duration,
}

/// The body, within its limits.
pub async fn read(
    request: &actix_web::HttpRequest,
    mut payload: web::Payload,
    limits: BodyLimits,
) -> Result<BytesMut, Problem> {
    let too_large = || Problem::BodyTooLarge { limit: limits.max_bytes };
    let announced =
        request.headers().get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<usize>().ok());
    if announced.is_some_and(|length| length > limits.max_bytes) {
        return Err(too_large());
    }
    let reading = async {
        let mut body = BytesMut::new();
        while let Some(piece) = payload.next().await {
            let piece = piece.map_err(|error| Problem::BodyBroken(error.to_string()))?;
            if body.len() + piece.len() > limits.max_bytes {
                return Err(too_large());
            }
            body.extend_from_slice(&piece);
        }
        Ok(body)
    };
    let in_time = tokio::time::timeout(limits.timeout, reading).await;
    in_time.unwrap_or_else(|_elapsed| Err(Problem::BodyTimeout { seconds: limits.timeout.as_secs() }))
}

/// The body as JSON, within its limits.
pub async fn json<T: DeserializeOwned>(
    request: &actix_web::HttpRequest,
    payload: web::Payload,
    limits: BodyLimits,
) -> Result<T, Problem> {
    let body = read(request, payload, limits).await?;
    parsed(&body)
}

/// A body as JSON. What does not fit is named with its place in it.
pub fn parsed<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    // A list of members without their names is no question, though a reader that expects an object would take one.
    if bytes.trim_ascii_start().starts_with(b"[") {
        return Err(Problem::Json("an array, not an object".to_owned()));
    }
    let mut json = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut json).map_err(|error| {
        let path = error.path().to_string();
        let said = error.into_inner().to_string();
        // The message repeats a value that does not fit, however long it is.
        let said = short(&said);
        Problem::Json(if path == "." { said } else { format!("`{path}`: {said}") })
    })?;
    json.end().map_err(|error| Problem::Json(error.to_string()))?;
    Ok(value)
}

/// A caller's value as far as an error repeats it.
pub fn short(text: &str) -> String {
    text.chars().take(MAX_REPEATED).collect()
}

/// Characters of a caller's value that an error repeats.
const MAX_REPEATED: usize = 300;

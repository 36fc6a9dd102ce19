//! The head of an answer as plain data: its headers as text, and where it sends on to. It asks nobody.

use std::collections::{BTreeMap, HashSet};

use reqwest::{
    Response,
    header::{HeaderMap, HeaderName, HeaderValue, LOCATION},
};
use url::Url;

use super::{Failure, Request};
use crate::target::Target;

/// Where a redirect leads; `None` if the answer is final.
pub(super) fn next_target(
    current: &Target,
    response: &Response,
    request: &Request,
    asked: &HashSet<Url>,
    followed: usize,
) -> Result<Option<Target>, Failure> {
    // 300 and 304 are no redirects for a scraper; neither is a 3xx that says not where to.
    if !matches!(response.status().as_u16(), 301 | 302 | 303 | 307 | 308) {
        return Ok(None);
    }
    let Some(location) = response.headers().get(LOCATION) else { return Ok(None) };
    let next = current.join(location.as_bytes()).map_err(Failure::BadRedirect)?;
    if asked.contains(&next.request_url()) {
        return Err(Failure::RedirectLoop(next.request_url().to_string()));
    }
    if followed >= request.max_redirects {
        return Err(Failure::TooManyRedirects(request.max_redirects));
    }
    Ok(Some(next))
}

/// All headers as text; there are at most `fetch.max_headers`.
pub(super) fn all_headers(headers: &HeaderMap) -> BTreeMap<String, String> {
    let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    headers.iter().map(|(name, value)| (name.as_str().to_owned(), text(value))).collect()
}

/// A header's value as text; bytes that are not UTF-8 are replaced, because servers send raw EUC-KR in `Location`.
pub(super) fn header(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    headers.get(name).map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
}

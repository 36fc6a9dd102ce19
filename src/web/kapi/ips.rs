//! `/v1/system/ips`: Kakao's list of IP ranges in Kakao's shape. A kept list is answered as it came; without one it is the networks
//! that Kakao announces, and says so.

use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use utoipa::OpenApi;

use super::{
    auth::{self, ALL_KEYS},
    reply::{self, KapiErrorBody},
};
use crate::{
    acl::list::RangeList,
    ips::Ips,
    sandbox::{KapiError, Sandbox},
};

#[derive(OpenApi)]
#[openapi(paths(get))]
pub(super) struct Api;

#[derive(Deserialize)]
struct Query {
    rule_type: Option<String>,
}

/// Kakao's list of IP ranges, as this server has it.
///
/// `Authorization: KakaoAK` with any key of an app. Without a kept official list it is the networks that Kakao announces, and
/// `Scraplens-Inferred: ips-announced` says so.
#[utoipa::path(get, path = "/v1/system/ips", tag = "kapi", operation_id = "kapi_ips",
    params(
            ("Authorization" = String, Header, description = "`KakaoAK` and an app key", example = "KakaoAK 11111111111111111111111111111111"),
            ("KA" = Option<String>, Header, description = "Who calls, as Kakao's SDKs say it"),
        ("rule_type" = Option<String>, Query, description = "`inbound` or `outbound`; left out: both", example = "inbound"),
    ),
    responses(
        (status = 200, description = "The list: `inbound` and `outbound`, each service with `ips` and `ports`; `updatedDate`", body = serde_json::Value),
        (status = 400, description = "A parameter does not fit (-2)", body = KapiErrorBody),
        (status = 401, description = "The key is unknown, or may not be used from there (-401)", body = KapiErrorBody),
        (status = 500, description = "A mistake of ours (-1)", body = KapiErrorBody),
    ))]
pub async fn get(
    request: HttpRequest,
    sandbox: web::Data<Sandbox>,
    ips: web::Data<Ips>,
) -> Result<HttpResponse, KapiError> {
    auth::app(&request, &sandbox, ALL_KEYS)?;
    let query = web::Query::<Query>::from_query(request.query_string());
    let rule_type = query.map_err(|_unreadable| KapiError::unreadable("rule_type"))?.into_inner().rule_type;
    let other = match rule_type.as_deref() {
        None | Some("") => None,
        Some("inbound") => Some("outbound"),
        Some("outbound") => Some("inbound"),
        Some(_) => return Err(KapiError::unreadable("rule_type")),
    };
    let shelf = ips.shelf();
    let kept = shelf.kept().and_then(|kept| serde_json::from_str::<Map<String, Value>>(&kept.text).ok());
    let (mut list, inferred) = match kept {
        Some(list) => (list, &[][..]),
        None => (announced(&shelf.announced()), &["ips-announced"][..]),
    };
    if let Some(other) = other {
        list.remove(other);
    }
    Ok(reply::ok(&list, inferred))
}

/// The networks that Kakao announces, as its list would have them: pages are fetched over HTTP and HTTPS.
fn announced(list: &RangeList) -> Map<String, Value> {
    let ips: Vec<String> = list.ranges.iter().map(|range| range.network.to_string()).collect();
    let updated = list.updated.as_deref().unwrap_or_default();
    let scrap = json!({ "service": "scrap", "ips": ips, "ports": [80, 443], "updatedDate": updated });
    let mut whole = Map::new();
    whole.insert("inbound".to_owned(), json!([scrap]));
    whole.insert("outbound".to_owned(), json!([]));
    whole.insert("updatedDate".to_owned(), updated.into());
    whole
}

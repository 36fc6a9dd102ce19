//! Kakao's list of IP ranges, in its own shape.

use serde_json::json;

use super::{Kapi, REST};

const PATH: &str = "/v1/system/ips";

#[actix_web::test]
async fn without_a_kept_list_announced_networks_are_answered_and_it_is_said() {
    let kapi = Kapi::new();
    let key = format!("KakaoAK {REST}");
    let reply = kapi.ask("GET", PATH, &[("authorization", &key)], None).await;
    let body = reply.json();
    assert_eq!(reply.status, 200, "{body}");
    assert_eq!(reply.inferred(), ["ips-announced"]);
    let scrap = &body["inbound"][0];
    assert_eq!((&scrap["service"], &scrap["ports"]), (&json!("scrap"), &json!([80, 443])));
    assert!(scrap["ips"].as_array().unwrap().iter().all(|ip| ip.as_str().unwrap().contains('/')));
    assert!(body["updatedDate"].as_str().unwrap().len() == 10);

    let inbound = kapi.ask("GET", &format!("{PATH}?rule_type=inbound"), &[("authorization", &key)], None).await;
    assert!(inbound.json().get("inbound").is_some() && inbound.json().get("outbound").is_none());
    let outbound = kapi.ask("GET", &format!("{PATH}?rule_type=outbound"), &[("authorization", &key)], None).await;
    assert!(outbound.json().get("inbound").is_none());
    let bad = kapi.ask("GET", &format!("{PATH}?rule_type=both"), &[("authorization", &key)], None).await;
    assert_eq!((bad.error().0, bad.error().1), (400, -2));
}

#[actix_web::test]
async fn a_key_is_needed() {
    let reply = Kapi::new().ask("GET", PATH, &[], None).await;
    assert_eq!(reply.error(), (401, -401, "invalid app key.".to_owned()));
}

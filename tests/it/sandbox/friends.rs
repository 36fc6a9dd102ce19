//! Messages to friends.

use serde_json::json;

use super::{Kapi, TEXT, fixture, same_shape};
use crate::helpers::settings;

const SEND: &str = "/v1/api/talk/friends/message/default/send";
const ONE: &str = "SANDBOXuuid0000000000001";
const TWO: &str = "SANDBOXuuid0000000000002";

async fn send(kapi: &Kapi, receivers: &str) -> super::Reply {
    kapi.message(SEND, "sandbox-user-1", &[("receiver_uuids", receivers), ("template_object", TEXT)]).await
}

#[actix_web::test]
async fn those_who_got_it_are_named() {
    let reply = send(&Kapi::new(), &json!([TWO, TWO, ONE]).to_string()).await;
    assert_eq!((reply.status, reply.json()), (200, json!({ "successful_receiver_uuids": [TWO, ONE] })));
    if let Some(theirs) = fixture("talk/message/success.json") {
        assert!(same_shape(&reply.json(), &theirs), "{}", reply.text);
    }
}

#[actix_web::test]
async fn a_template_for_sharing_is_refused_with_the_documented_text() {
    let receivers = json!([TWO]).to_string();
    let form = &[("receiver_uuids", receivers.as_str()), ("template_id", "1004")];
    let reply = Kapi::new().message("/v1/api/talk/friends/message/send", "sandbox-user-1", form).await;
    let text = "template_type (messageType: 'kakaolink/memo API') is invalid. please use 'message API' messageType.";
    assert_eq!(reply.error(), (400, -2, text.to_owned()));
    assert!(reply.inferred().is_empty(), "this one is documented");
}

#[actix_web::test]
async fn those_who_did_not_are_named_with_the_reason() {
    let reply = send(&Kapi::new(), &json!([TWO, "nobody"]).to_string()).await;
    let body = reply.json();
    assert_eq!(reply.status, 200, "{body}");
    assert_eq!(body["successful_receiver_uuids"], json!([TWO]));
    assert_eq!(body["failure_info"][0]["code"], -501);
    assert_eq!(body["failure_info"][0]["receiver_uuids"], json!(["nobody"]));
    assert!(reply.inferred().contains(&"receiver-unknown"));
}

#[actix_web::test]
async fn a_sender_has_a_daily_limit() {
    let mut settings = settings();
    settings.sandbox.quota.message_sender_daily = 1;
    let kapi = Kapi::with(&settings);

    let reply = send(&kapi, &json!([TWO, ONE]).to_string()).await;

    let failure =
        json!([{ "code": -532, "msg": "daily message limit per sender has been exceeded.", "receiver_uuids": [ONE] }]);
    assert_eq!(reply.json()["failure_info"], failure);
    assert!(!reply.inferred().contains(&"people-limit"), "the sender's text is known");
    // Nobody gets the next one: then the answer is the error itself.
    let nobody = send(&kapi, &json!([TWO]).to_string()).await;
    assert_eq!(nobody.error(), (400, -532, "daily message limit per sender has been exceeded.".to_owned()));
    assert!(nobody.inferred().contains(&"message-all-failed"));
    if let Some(theirs) = fixture("talk/message/single_failure.json") {
        assert!(same_shape(&nobody.json(), &theirs), "{}", nobody.text);
    }
}

#[actix_web::test]
async fn a_pair_has_a_daily_limit_of_its_own() {
    let kapi = Kapi::new();
    for _ in 0..20 {
        assert_eq!(send(&kapi, &json!([TWO]).to_string()).await.status, 200);
    }
    let refused = send(&kapi, &json!([TWO]).to_string()).await;
    assert_eq!(refused.error().1, -532);
    assert!(refused.inferred().contains(&"people-limit"), "its text is not public");
    assert_eq!(send(&kapi, &json!([ONE]).to_string()).await.status, 200, "another pair");
}

#[actix_web::test]
async fn receivers_are_one_to_five() {
    let kapi = Kapi::new();
    for bad in ["", "[]", "nobody", "[1]", "{}", r#"["1","2","3","4","5","6"]"#] {
        let reply = send(&kapi, bad).await;
        assert_eq!((reply.error().0, reply.error().1), (400, -2), "{bad}");
    }
}

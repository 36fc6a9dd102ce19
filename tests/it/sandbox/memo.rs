//! Messages to oneself.

use serde_json::json;

use super::{Kapi, TEXT};
use crate::helpers::settings;

const DEFAULT_SEND: &str = "/v2/api/talk/memo/default/send";

#[actix_web::test]
async fn each_kind_of_message_is_sent_by_its_own_path() {
    let kapi = Kapi::new();
    let args = r#"{"NAME":"라이언","DATE":"내일","BOOKING_ID":"1"}"#;
    for (path, form) in [
        (DEFAULT_SEND, &[("template_object", TEXT)][..]),
        ("/v2/api/talk/memo/send", &[("template_id", "1005"), ("template_args", args)][..]),
    ] {
        let reply = kapi.message(path, "sandbox-user-1", form).await;
        assert_eq!((reply.status, reply.json()), (200, json!({ "result_code": 0 })), "{path}");
    }
}

#[actix_web::test]
async fn a_template_for_sharing_serves_to_oneself_as_its_documented_name_says() {
    let args = r#"{"NAME":"라이언"}"#;
    let form = &[("template_id", "1004"), ("template_args", args)];
    let reply = Kapi::new().message("/v2/api/talk/memo/send", "sandbox-user-1", form).await;
    assert_eq!((reply.status, reply.json()), (200, json!({ "result_code": 0 })));
}

#[actix_web::test]
async fn a_token_must_be_known_and_its_user_must_have_agreed() {
    let mut settings = settings();
    settings.sandbox.users[1].scopes = vec!["profile".to_owned()];
    let kapi = Kapi::with(&settings);
    let form = &[("template_object", TEXT)];

    let missing = kapi.ask("POST", DEFAULT_SEND, &[], Some(form)).await;
    assert_eq!(missing.error(), (401, -401, "this access token does not exist".to_owned()));

    let scopes = kapi.message(DEFAULT_SEND, "sandbox-user-2", form).await;
    assert_eq!(scopes.status, 403);
    assert_eq!(
        scopes.json(),
        json!({ "msg": "insufficient scopes.", "code": -402, "api_type": "TALK_MEMO_DEFAULT_SEND",
            "required_scopes": ["talk_message"], "allowed_scopes": ["profile"] })
    );
    assert!(scopes.inferred().is_empty());
    let custom = kapi.message("/v2/api/talk/memo/send", "sandbox-user-2", &[("template_id", "1005")]).await;
    assert_eq!((custom.error().1, custom.inferred()), (-402, vec!["api-type"]));
}

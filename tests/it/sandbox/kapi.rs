//! The template API of Kakao Talk Share: parameters, keys, origins, envelopes and errors.

use serde_json::{Value, json};

use super::{DEFAULT, JAVASCRIPT, Kapi, NATIVE, REST, SCRAP, TEXT, VALIDATE, fixture, pairs, same_shape};
use crate::helpers::settings;

const FEED: &str = r##"{"object_type":"feed",
    "content":{"title":"딸기 치즈 케익","description":"#케익 #딸기","image_url":"https://example.com/cake.png","image_width":640,"image_height":640,
        "link":{"web_url":"https://example.com/cake","mobile_web_url":"https://example.com/cake"}},
    "social":{"like_count":286,"comment_count":45},
    "buttons":[{"title":"웹으로 보기","link":{"web_url":"https://example.com/cake","mobile_web_url":"https://elsewhere.example/cake"}},
        {"title":"앱으로 보기","link":{"android_execution_params":"key=value","ios_execution_params":"key=value"}}]}"##;

#[actix_web::test]
async fn a_feed_is_answered_in_kakaos_envelope_by_get_and_by_post() {
    let kapi = Kapi::new();
    let got = kapi.get(DEFAULT, &[("template_object", FEED)]).await;
    let posted = kapi.post(DEFAULT, &[("template_object", FEED)]).await;

    assert_eq!((got.status, posted.status), (200, 200), "{}", got.text);
    assert_eq!(got.json(), posted.json());
    let body = got.json();
    let keys: Vec<_> = body.as_object().unwrap().keys().collect();
    assert_eq!(keys, ["template_id", "template_args", "template_msg", "warning_msg", "argument_msg"]);
    assert_eq!(body["template_args"]["${TITLE}"], "딸기 치즈 케익");
    assert_eq!(body["template_args"]["${LIKE_COUNT}"], "286");
    let message = &body["template_msg"];
    assert_eq!(message["P"]["TP"], "Feed");
    assert_eq!(message["P"]["SID"], "capri_1");
    assert_eq!(message["P"]["SNM"], "scraplens sandbox");
    assert_eq!(message["P"]["RF"], "out-client");
    assert_eq!(message["C"]["THL"][0]["TH"], json!({ "THU": "https://example.com/cake.png", "W": 640, "H": 640 }));
    assert_eq!(message["C"]["TI"]["TD"], json!({ "T": "딸기 치즈 케익", "D": "#케익 #딸기" }));
    assert_eq!(message["C"]["SO"]["LK"], 286);
    assert_eq!(message["C"]["BUL"][1]["L"]["LCA"], format!("kakao{NATIVE}://kakaolink?key=value"));
    assert_eq!(got.inferred()[0], "template-id", "the ids are not those of production");
}

#[actix_web::test]
async fn a_link_to_an_unregistered_domain_is_dropped_with_kakaos_warning() {
    let reply = Kapi::new().get(DEFAULT, &[("template_object", FEED)]).await;
    let body = reply.json();
    let warnings = body["warning_msg"].as_object().unwrap();
    assert_eq!(warnings.len(), 1, "{warnings:?}");
    let (path, text) = warnings.iter().next().unwrap();
    assert!(path.starts_with("C.BUL") && path.ends_with("LMO"), "{path}");
    assert_eq!(
        text.as_str().unwrap(),
        "https://elsewhere.example/cake. app does not have DOMAIN_CHECK_PASS permission. get the permission or it will be dropped."
    );
    assert!(!body["template_msg"].to_string().contains("elsewhere.example"));
}

#[actix_web::test]
async fn a_custom_template_is_filled_and_says_what_is_missing() {
    let kapi = Kapi::new();
    let bare = r#"{"NAME":"춘식","TITLE":"산책","ALBUM_ID":"7","USER_ID":"1","LIKES":"3"}"#;
    let wrapped = r#"{"${NAME}":"춘식","${TITLE}":"산책","${ALBUM_ID}":"7","${USER_ID}":"1","${LIKES}":"3"}"#;
    for args in [bare, wrapped] {
        let reply = kapi.get(VALIDATE, &[("template_id", "1004"), ("template_args", args)]).await;
        let body = reply.json();
        assert_eq!(reply.status, 200, "{body}");
        assert_eq!(body["template_id"], 1004);
        assert_eq!(body["template_args"]["${TITLE}"], "산책");
        assert_eq!(body["argument_msg"], json!({ "${COMMENTS}": "there's no given value." }));
    }
}

/// A path, its parameters, and the code and text of the refusal.
type Case<'a> = (&'a str, &'a [(&'a str, &'a str)], i64, String);

#[actix_web::test]
async fn every_refusal_has_kakaos_code_and_text() {
    let kapi = Kapi::new();
    let unread = |name: &str| {
        format!("failed to parse parameter. name={name}, stringToParse=-, paramString=-, paramStringAlias=null")
    };
    let cases: [Case<'_>; 11] = [
        (DEFAULT, &[], -2, unread("template_object")),
        (DEFAULT, &[("template_object", "{\"object_type\":")], -2, unread("template_object")),
        (DEFAULT, &[("template_object", "[]")], -2, unread("template_object")),
        (DEFAULT, &[("template_object", TEXT), ("scheme_params", "{")], -2, unread("scheme_params")),
        (DEFAULT, &[("template_object", TEXT), ("target_app_key", "nobody's")], -401, "invalid app key.".to_owned()),
        (VALIDATE, &[], -2, unread("template_id")),
        (VALIDATE, &[("template_id", "one")], -2, unread("template_id")),
        (VALIDATE, &[("template_id", "99999")], -2, "template_id=99999 does not exist.".to_owned()),
        (VALIDATE, &[("template_id", "1004"), ("template_args", "[1]")], -2, unread("template_args")),
        (
            VALIDATE,
            &[("template_id", "1005")],
            -2,
            "template_type (messageType: 'message API') is invalid. please use 'kakaolink/memo API' messageType."
                .to_owned(),
        ),
        (SCRAP, &[], -2, unread("request_url")),
    ];
    for (path, parameters, code, text) in cases {
        let reply = kapi.get(path, parameters).await;
        let status = if code == -401 { 401 } else { 400 };
        assert_eq!(reply.error(), (status, code, text), "{path} {parameters:?}");
    }
    let path = format!("{DEFAULT}?{}", pairs(&[("template_object", TEXT)]));
    let key = format!("KakaoAK {NATIVE}");
    let version = kapi.ask("GET", &path, &[("authorization", &key)], None).await;
    assert_eq!(version.error(), (400, -2, unread("link_ver")));
}

#[actix_web::test]
async fn an_invalid_template_is_refused_with_its_first_problem_and_the_number_of_all() {
    let kapi = Kapi::new();
    let reply = kapi.get(DEFAULT, &[("template_object", r#"{"object_type":"text","buttons":[]}"#)]).await;
    let (status, code, text) = reply.error();
    assert_eq!((status, code), (400, -2));
    assert!(text.starts_with("template_object.text: ") || text.starts_with("template_object.link: "), "{text}");
    assert_eq!(reply.inferred(), ["template-refused"]);
    assert!(reply.headers["scraplens-problems"].parse::<usize>().unwrap() >= 2, "text and link are missing");
    assert_eq!(reply.json().as_object().unwrap().len(), 2, "Kakao's shape: msg and code");
}

#[actix_web::test]
async fn a_text_that_is_only_shown_in_part_is_not_refused() {
    let long =
        json!({ "object_type": "text", "text": "가".repeat(201), "link": { "web_url": "https://example.com/" } });
    let reply = Kapi::new().post(DEFAULT, &[("template_object", &long.to_string())]).await;
    assert_eq!(reply.status, 200, "{}", reply.text);
}

#[actix_web::test]
async fn a_key_opens_only_what_it_is_for_and_from_where_it_is_registered() {
    let kapi = Kapi::new();
    let path = format!("{DEFAULT}?{}", pairs(&[("link_ver", "4.0"), ("template_object", TEXT)]));
    let refused = "invalid app key.".to_owned();
    let from =
        |origin: &str| format!("sdk/2.7.4 os/javascript sdk_type/javascript lang/ko device/Win32 origin/{origin}");
    let here = from("https%3A%2F%2Fexample.com");
    let there = from("https%3A%2F%2Fevil.example");
    let mismatch = "domain mismatched! caller=https://evil.example. check out registered web domains.".to_owned();
    let key = |key: &str| format!("KakaoAK {key}");
    for (authorization, ka, expected) in [
        (None, None, Some(refused.clone())),
        (Some("Bearer sandbox-user-1".to_owned()), None, Some(refused.clone())),
        (Some(key("00000000000000000000000000000000")), None, Some(refused.clone())),
        (Some(key(REST)), None, Some(refused)),
        (Some(key(NATIVE)), None, None),
        (Some(key(JAVASCRIPT)), Some(&here), None),
        (Some(format!("kakaoak {JAVASCRIPT}")), Some(&here), None),
        (Some(key(JAVASCRIPT)), Some(&there), Some(mismatch)),
    ] {
        let mut headers = Vec::new();
        headers.extend(authorization.as_deref().map(|value| ("authorization", value)));
        headers.extend(ka.map(|value| ("ka", value.as_str())));
        let reply = kapi.ask("GET", &path, &headers, None).await;
        match expected {
            Some(text) => assert_eq!(reply.error(), (401, -401, text), "{headers:?}"),
            None => assert_eq!(reply.status, 200, "{headers:?} {}", reply.text),
        }
    }
}

#[actix_web::test]
async fn a_native_key_is_held_against_registered_apps_where_there_are_any() {
    let mut settings = settings();
    settings.sandbox.apps[0].android_key_hashes = vec!["ab/cd+ef=".to_owned()];
    let kapi = Kapi::with(&settings);
    let path = format!("{DEFAULT}?{}", pairs(&[("link_ver", "4.0"), ("template_object", TEXT)]));
    let key = format!("KakaoAK {NATIVE}");
    let good = [("authorization", key.as_str()), ("ka", "sdk/2.19.0 sdk_type/kotlin os/android-34 origin/ab/cd+ef=")];
    let bad = [("authorization", key.as_str()), ("ka", "sdk/2.19.0 sdk_type/kotlin os/android-34 origin/other=")];
    assert_eq!(kapi.ask("GET", &path, &good, None).await.status, 200);
    let refused = kapi.ask("GET", &path, &bad, None).await;
    assert_eq!((refused.error().0, refused.error().1), (401, -401));
    assert_eq!(refused.inferred(), ["native-origin"]);
}

#[actix_web::test]
async fn pages_of_other_origins_may_call() {
    let kapi = Kapi::new();
    let ask = [
        ("origin", "http://localhost:3000"),
        ("access-control-request-method", "GET"),
        ("access-control-request-headers", "authorization,ka"),
    ];
    let preflight = kapi.ask("OPTIONS", DEFAULT, &ask, None).await;
    assert_eq!(preflight.status, 204);
    assert_eq!(preflight.headers["access-control-allow-origin"], "http://localhost:3000");
    let allowed = preflight.headers["access-control-allow-headers"].to_ascii_lowercase();
    assert!(["authorization", "ka", "content-type"].iter().all(|name| allowed.contains(name)), "{allowed}");

    for path in [DEFAULT, "/v1/api/nothing"] {
        let refused = kapi.ask("GET", path, &[("origin", "http://localhost:3000")], None).await;
        assert_eq!(refused.headers["access-control-allow-origin"], "http://localhost:3000", "errors are read, too");
        assert_eq!(refused.headers["vary"], "Origin");
    }
}

#[actix_web::test]
async fn what_is_not_there_and_what_does_not_fit_is_said_in_kakaos_shape() {
    let kapi = Kapi::new();
    let nothing = kapi.ask("GET", "/v2/api/nothing", &[], None).await;
    assert_eq!((nothing.error().0, nothing.error().1), (404, -3));
    let method = kapi.ask("DELETE", DEFAULT, &[], None).await;
    assert_eq!((method.error().0, method.headers["allow"].as_str()), (405, "GET, HEAD, POST"));
    let key = format!("KakaoAK {NATIVE}");
    let headers = [("authorization", key.as_str()), ("content-type", "application/json")];
    let json = kapi.ask("POST", DEFAULT, &headers, Some(&[("link_ver", "4.0")])).await;
    assert_eq!((json.error().0, json.error().1), (400, -2));
    let large = "x".repeat(3_000_000);
    let large = kapi.post(DEFAULT, &[("template_object", &large)]).await;
    assert_eq!((large.error().0, large.error().1), (413, -2));
    let head = format!("{DEFAULT}?{}", pairs(&[("link_ver", "4.0"), ("template_object", TEXT)]));
    let head = kapi.ask("HEAD", &head, &[("authorization", &key)], None).await;
    assert_eq!((head.status, head.text.as_str()), (200, ""));
}

#[actix_web::test]
async fn scheme_params_are_given_back() {
    let given = r#"{"list":"default","limit":2}"#;
    let reply = Kapi::new().get(DEFAULT, &[("template_object", TEXT), ("scheme_params", given)]).await;
    assert_eq!(reply.json()["scheme_params"], serde_json::from_str::<Value>(given).unwrap());
}

#[actix_web::test]
async fn switched_off_there_is_nothing() {
    let mut settings = settings();
    settings.sandbox.enabled = false;
    let kapi = Kapi::with(&settings);
    for path in [DEFAULT, "/v1/system/ips", "/picker/link"] {
        assert_eq!(kapi.ask("GET", path, &[], None).await.status, 404, "{path}");
    }
}

#[actix_web::test]
async fn error_bodies_are_shaped_like_those_of_kakaos_own_tests() {
    let mut settings = settings();
    settings.sandbox.users[0].scopes = vec!["profile".to_owned(), "account_email".to_owned()];
    let kapi = Kapi::with(&settings);
    let memo = "/v2/api/talk/memo/default/send";
    let form = &[("template_object", TEXT)];
    let replies = [
        ("errors/invalid_app_key.json", kapi.ask("GET", DEFAULT, &[], None).await, true),
        ("errors/token_does_not_exist.json", kapi.message(memo, "nobody", form).await, true),
        ("errors/too_long.json", kapi.message(memo, &"x".repeat(2000), form).await, true),
        ("errors/invalid_scope.json", kapi.message(memo, "sandbox-user-1", form).await, true),
        ("link/validate.json", kapi.get(VALIDATE, &[("template_id", "1004")]).await, false),
    ];
    for (path, reply, whole) in replies {
        let Some(theirs) = fixture(path) else { continue };
        if whole {
            assert!(same_shape(&reply.json(), &theirs), "{path}: {} is not like {theirs}", reply.text);
            assert_eq!(reply.json(), theirs, "{path}");
        } else {
            let ours = reply.json();
            for member in theirs.as_object().unwrap().keys() {
                assert!(ours.get(member).is_some(), "{path}: {member}");
            }
        }
    }
}

#[actix_web::test]
async fn the_inputs_of_kakaos_own_tests_are_accepted() {
    let kapi = Kapi::new();
    for kind in ["feed", "list", "location", "commerce"] {
        let Some(template) = fixture(&format!("template/{kind}/{kind}_object.json")) else { continue };
        let reply = kapi.post(DEFAULT, &[("template_object", &template.to_string())]).await;
        assert_eq!(reply.status, 200, "{kind}: {}", reply.text);
    }
}

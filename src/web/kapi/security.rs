//! How the API's description says who may call Kakao's paths: with an app's key, or with a user's access token. `auth` judges them.

use utoipa::openapi::{
    OpenApi, PathItem,
    path::Operation,
    security::{ApiKey, ApiKeyValue, Http, HttpAuthScheme, SecurityRequirement, SecurityScheme},
};

/// The same description, each of Kakao's paths with what it asks for.
pub fn describe(mut api: OpenApi) -> OpenApi {
    for (path, item) in &mut api.paths.paths {
        let Some(scheme) = scheme_of(path) else { continue };
        for operation in operations(item) {
            operation.security = Some(vec![SecurityRequirement::new::<_, [&str; 0], &str>(scheme, [])]);
        }
    }
    let key = "`KakaoAK` and a key of an app of the sandbox, such as `KakaoAK 11111111111111111111111111111111`. \
        Where an app has registered its web domains or platforms, the header `KA` must name one as its `origin/`.";
    let key = ApiKey::Header(ApiKeyValue::with_description("Authorization", key));
    let mut token = Http::new(HttpAuthScheme::Bearer);
    token.description = Some("The access token of a user of the sandbox, such as `sandbox-user-1`.".to_owned());
    let components = api.components.get_or_insert_default();
    components.add_security_scheme(APP_KEY, SecurityScheme::ApiKey(key));
    components.add_security_scheme(USER_TOKEN, SecurityScheme::Http(token));
    api
}

fn scheme_of(path: &str) -> Option<&'static str> {
    let user = ["/v2/api/talk/memo/", "/v1/api/talk/friends/"].iter().any(|start| path.starts_with(start));
    let app = ["/v2/api/", "/v1/system/"].iter().any(|start| path.starts_with(start));
    if user { Some(USER_TOKEN) } else { app.then_some(APP_KEY) }
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    [&mut item.get, &mut item.post, &mut item.delete].into_iter().flatten()
}

const APP_KEY: &str = "kakao_app_key";
const USER_TOKEN: &str = "kakao_user_token";

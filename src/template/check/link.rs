//! Links: what is tapped leads somewhere, on phones and on computers.

use super::judge::{Fields, Judge, given, shown, within};

/// A link as a whole.
pub(super) fn whole(judge: &mut Judge<'_>, path: &str, fields: &Fields) {
    let has = |name| given(fields, name).is_some();
    let (web, mobile) = (has("web_url"), has("mobile_web_url"));
    let (android, ios) = (has("android_execution_params"), has("ios_execution_params"));
    // Params may be empty on purpose: they open the app at its start.
    let opens = ["android_execution_params", "ios_execution_params"]
        .iter()
        .any(|name| fields.get(*name).is_some_and(|value| !value.is_null()));
    if !web && !mobile && !opens {
        judge.tell("link-empty", path, &[]);
    } else if !web {
        judge.tell("link-no-pc", path, &[]);
    }
    if android != ios {
        let (there, missing) = if android { ("Android", "iOS") } else { ("iOS", "Android") };
        let field = if android { "android_execution_params" } else { "ios_execution_params" };
        judge.tell("execution-params-one-platform", &within(path, field), &[("there", there), ("missing", missing)]);
    }
}

/// Execution params: what follows the scheme of the app and `kakaolink?`.
pub(super) fn params(judge: &mut Judge<'_>, path: &str, text: &str) {
    if text.is_empty() || judge.open(text) {
        return;
    }
    if text.contains("://") && !text.contains('=') || text.split('=').next().is_some_and(|key| key.contains("://")) {
        judge.tell("execution-params-url", path, &[("value", &shown(text))]);
        return;
    }
    let pair = |part: &str| {
        let plain = |character: char| !character.is_whitespace() && !character.is_control();
        part.split_once('=').is_some_and(|(key, _)| !key.is_empty() && !key.starts_with('?')) && part.chars().all(plain)
    };
    if !text.split('&').all(pair) {
        judge.tell("execution-params-malformed", path, &[("value", &shown(text))]);
    }
}

//! Numbers: whole, not negative, and small enough for the `Int` of Kakao's SDKs.

use serde_json::{Number, Value};

use super::{
    judge::{Judge, shown},
    walk::wrong,
};

/// A count, a price, a size.
pub(super) fn whole(judge: &mut Judge<'_>, path: &str, value: &Value) {
    if let Some(number) = read(judge, path, value)
        && number < 0
    {
        judge.tell("number-negative", path, &[("value", &number.to_string())]);
    }
}

/// `currency_unit_position`.
pub(super) fn position(judge: &mut Judge<'_>, path: &str, value: &Value) {
    if let Some(number) = read(judge, path, value)
        && !matches!(number, 0 | 1)
    {
        judge.tell("currency-position-unknown", path, &[("value", &number.to_string())]);
    }
}

/// The id of a custom template.
pub(super) fn id(judge: &mut Judge<'_>, path: &str, value: &Value) {
    let good = match value {
        Value::Number(number) => number.as_i64().is_some_and(|id| id > 0),
        Value::Null | Value::Bool(_) | Value::String(_) | Value::Array(_) | Value::Object(_) => false,
    };
    if !good {
        judge.tell("template-id-invalid", path, &[("value", &shown(&value.to_string()))]);
    }
}

fn read(judge: &mut Judge<'_>, path: &str, value: &Value) -> Option<i64> {
    match value {
        Value::Number(number) => counted(judge, path, number),
        Value::String(text) if judge.open(text) => None,
        Value::String(text) => {
            let Ok(number) = text.trim().parse::<i64>() else {
                wrong(judge, path, "number", value);
                return None;
            };
            // Arguments come as text, so custom templates have numbers so.
            if !judge.custom() {
                judge.tell("number-as-text", path, &[("value", &shown(text))]);
            }
            sized(judge, path, number);
            Some(number)
        }
        other => {
            wrong(judge, path, "number", other);
            None
        }
    }
}

fn counted(judge: &mut Judge<'_>, path: &str, number: &Number) -> Option<i64> {
    let whole = crate::template::read::whole_number(&Value::Number(number.clone()));
    if let Some(number) = whole {
        sized(judge, path, number);
        return whole;
    }
    let digits = shown(&number.to_string());
    let code = if number.as_f64().is_some_and(|number| number.fract() != 0.0) {
        "number-not-whole"
    } else {
        "number-too-large"
    };
    judge.tell(code, path, &[("value", &digits)]);
    None
}

fn sized(judge: &mut Judge<'_>, path: &str, number: i64) {
    if number > i64::from(i32::MAX) {
        judge.tell("number-too-large", path, &[("value", &number.to_string())]);
    }
}

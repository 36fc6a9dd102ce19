//! The walk through a template along its forms: what is missing, what has the wrong type, what does not belong there. What a field's
//! content means is judged by the subjects.

use serde_json::Value;

use super::{
    address,
    forms::{Field, Form, Need, Shape},
    judge::{Fields, Judge, at, shown, within},
    link, number, text, unknown,
};

/// Judges an object by its form.
pub(super) fn object(judge: &mut Judge<'_>, path: &str, fields: &Fields, form: &Form) {
    for (key, value) in fields {
        match form.fields.iter().find(|field| field.name == key) {
            Some(field) if field.custom && !judge.custom() => unknown::custom_only(judge, &within(path, key), key),
            Some(field) => one(judge, &within(path, key), value, field),
            None => unknown::field(judge, path, key, form, fields),
        }
    }
    let bound = judge.typed || !path.is_empty();
    for field in form.fields.iter().filter(|_| bound) {
        let needed = match field.need {
            Need::Always => !field.custom || judge.custom(),
            Need::InDefault => !judge.custom(),
            Need::Never => false,
        };
        if needed && fields.get(field.name).is_none_or(Value::is_null) {
            judge.tell("field-required", &within(path, field.name), &[]);
        }
    }
    (form.also)(judge, path, fields);
}

fn one(judge: &mut Judge<'_>, path: &str, value: &Value, field: &Field) {
    if value.is_null() {
        return;
    }
    match &field.shape {
        Shape::Type => {}
        Shape::Text => {
            if let Some(said) = worded(judge, path, value) {
                text::plain(judge, path, said, field.need != Need::Never);
            }
        }
        Shape::Short(longest, code) => {
            if let Some(said) = worded(judge, path, value) {
                text::short(judge, path, said, *longest, code);
                text::plain(judge, path, said, field.need != Need::Never);
            }
        }
        Shape::Word(words, code) => {
            if let Some(said) = worded(judge, path, value)
                && !words.contains(&said)
            {
                judge.tell(code, path, &[("value", &shown(said)), ("known", &words.join(", "))]);
            }
        }
        Shape::Web => {
            if let Some(said) = worded(judge, path, value) {
                address::web(judge, path, said);
            }
        }
        Shape::Image => {
            if let Some(said) = worded(judge, path, value) {
                address::image(judge, path, said);
            }
        }
        Shape::Params => {
            if let Some(said) = worded(judge, path, value) {
                link::params(judge, path, said);
            }
        }
        Shape::Whole => number::whole(judge, path, value),
        Shape::Position => number::position(judge, path, value),
        Shape::Id => number::id(judge, path, value),
        Shape::Object(form) => match value {
            Value::Object(fields) => object(judge, path, fields, form),
            other => wrong(judge, path, "object", other),
        },
        Shape::List(form, count) => match value {
            Value::Array(items) => {
                let most = if judge.custom() { count.most_custom } else { count.most };
                if items.len() < count.fewest {
                    judge.measure(count.few, path, items.len(), count.fewest, &[]);
                } else if items.len() > most {
                    judge.measure(count.many, path, items.len(), most, &[]);
                }
                for (index, item) in items.iter().enumerate() {
                    match item {
                        Value::Object(fields) => object(judge, &at(path, index), fields, form),
                        other => wrong(judge, &at(path, index), "object", other),
                    }
                }
            }
            other => wrong(judge, path, "array", other),
        },
    }
}

/// The text of a value that is to be text.
fn worded<'a>(judge: &mut Judge<'_>, path: &str, value: &'a Value) -> Option<&'a str> {
    match value {
        Value::String(text) => return Some(text),
        Value::Number(number) => judge.tell("text-as-number", path, &[("value", &shown(&number.to_string()))]),
        other => wrong(judge, path, "string", other),
    }
    None
}

/// Tells that a value has the wrong type.
pub(super) fn wrong(judge: &mut Judge<'_>, path: &str, expected: &'static str, value: &Value) {
    judge.tell("type-wrong", path, &[("expected", expected), ("actual", type_of(value))]);
}

/// The name of a JSON type.
pub(super) fn type_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

//! Fields that do not belong where they stand: misspelt, in camel case, of another type of template, or of custom templates alone.

use super::{
    forms::{Form, form_of, types_with},
    judge::{Fields, Judge, shown, within},
};

/// A field that custom templates alone have.
pub(super) fn custom_only(judge: &mut Judge<'_>, path: &str, key: &str) {
    // `link` of a feed and the like: another type has it in default templates too.
    let others = types_with(key, false);
    if others.is_empty() || path.contains('.') {
        judge.tell_key("field-custom-only", path, &[]);
    } else {
        let types = others.iter().map(|kind| kind.as_str()).collect::<Vec<_>>().join(", ");
        let own = judge.object_type.as_str();
        judge.tell_key("field-unused", path, &[("types", &types), ("type", own)]);
    }
}

/// A field that a form does not have.
pub(super) fn field(judge: &mut Judge<'_>, path: &str, key: &str, form: &Form, fields: &Fields) {
    let place = within(path, key);
    if judge.full() {
        // Which of the rules below it is, nobody will read.
        judge.tell_key("field-unknown", &place, &[]);
        return;
    }
    let top = std::ptr::eq(form, form_of(judge.object_type));
    if top {
        let custom = judge.custom();
        let others = types_with(key, custom);
        if !judge.typed && !others.is_empty() {
            return;
        }
        if !others.is_empty() {
            let types = others.iter().map(|kind| kind.as_str()).collect::<Vec<_>>().join(", ");
            let own = judge.object_type.as_str();
            judge.tell_key("field-unused", &place, &[("types", &types), ("type", own)]);
            return;
        }
        if !types_with(key, true).is_empty() {
            judge.tell_key("field-custom-only", &place, &[]);
            return;
        }
    }
    let known = || form.fields.iter().filter(|field| judge.custom() || !field.custom).map(|field| field.name);
    let snake = snake_case(key);
    if let Some(name) = known().find(|name| *name == snake) {
        judge.tell_key("field-camel-case", &place, &[("near", name)]);
        return;
    }
    // What is there already is not what was meant.
    let near = known()
        .filter(|name| !fields.contains_key(*name))
        .map(|name| (strsim::normalized_damerau_levenshtein(name, &shown(&snake)), name))
        .filter(|(likeness, _)| *likeness >= ALIKE)
        .max_by(|(one, _), (other, _)| one.total_cmp(other));
    match near {
        Some((_, name)) => judge.tell_key("field-misspelt", &place, &[("near", name)]),
        None => judge.tell_key("field-unknown", &place, &[]),
    }
}

/// How like two names are before one is taken for the other misspelt: one slip in four letters, two in eight.
const ALIKE: f64 = 0.7;

/// `imageUrl` is `image_url`.
fn snake_case(key: &str) -> String {
    let mut snake = String::new();
    for (at, letter) in key.chars().enumerate() {
        if letter.is_ascii_uppercase() && at > 0 {
            snake.push('_');
        }
        snake.push(letter.to_ascii_lowercase());
    }
    snake
}

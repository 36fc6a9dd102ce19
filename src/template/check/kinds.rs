//! What concerns a template of some type as a whole.

use super::judge::{Fields, Judge, given};

/// Nothing besides the fields.
pub(super) fn nothing(_judge: &mut Judge<'_>, _path: &str, _fields: &Fields) {}

/// Templates of any type.
pub(super) fn any(judge: &mut Judge<'_>, _path: &str, fields: &Fields) {
    let buttons = fields.get("buttons").and_then(|buttons| buttons.as_array()).is_some_and(|all| !all.is_empty());
    if buttons && given(fields, "button_title").is_some() {
        judge.tell("button-title-ignored", "button_title", &[]);
    }
}

/// Products: their name stands where a description would.
pub(super) fn commerce(judge: &mut Judge<'_>, path: &str, fields: &Fields) {
    any(judge, path, fields);
    let description = fields.get("content").and_then(|content| content.get("description"));
    if description.is_some_and(|said| said.as_str().is_some_and(|said| !said.trim().is_empty())) {
        judge.tell("description-unused", "content.description", &[]);
    }
}

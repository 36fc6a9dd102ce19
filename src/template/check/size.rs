//! The size of a template against the limits of Kakao's SDKs. They measure what they send, which has the template in it: what is too
//! large here is too large there, and what is just small enough here may not be.

use serde_json::Value;

use super::judge::Judge;
use crate::template::problem::Size;

/// Native SDKs refuse a template of this many bytes.
const NATIVE: usize = 10_240;
/// The JavaScript SDK refuses more characters than this.
const JAVASCRIPT: usize = 10_000;

/// The size of the compact JSON.
pub(super) fn size_of(value: &Value) -> Size {
    let text = value.to_string();
    Size { bytes: text.len(), characters: text.encode_utf16().count() }
}

/// Judges it. A custom template stays with Kakao: only its id and arguments are sent.
pub(super) fn judge(judge: &mut Judge<'_>, size: Size) {
    if judge.custom() {
        return;
    }
    if size.bytes >= NATIVE {
        judge.measure("size-native", "", size.bytes, NATIVE, &[]);
    }
    if size.characters > JAVASCRIPT {
        judge.measure("size-javascript", "", size.characters, JAVASCRIPT, &[]);
    }
}

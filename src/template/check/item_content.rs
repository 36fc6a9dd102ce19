//! The item list: names with values, and their sum.

use super::{
    judge::{Fields, Judge, given, given_text, shown, within},
    text,
};

/// Characters of a value that stay on one line.
const ONE_LINE: usize = 14;

/// `item_content`.
pub(super) fn sum(judge: &mut Judge<'_>, path: &str, fields: &Fields) {
    pair(judge, path, fields, ("sum", "sum_op"), "sum-incomplete");
    amount(judge, path, fields, "sum_op");
}

/// One of `items`.
pub(super) fn item(judge: &mut Judge<'_>, path: &str, fields: &Fields) {
    pair(judge, path, fields, ("item", "item_op"), "item-incomplete");
    amount(judge, path, fields, "item_op");
    if let Some(value) = given_text(fields, "item_op").filter(|value| !judge.open(value)) {
        let length = text::characters(value);
        if (ONE_LINE + 1..=25).contains(&length) {
            judge.measure("text-wraps", &within(path, "item_op"), length, ONE_LINE, &[]);
        }
    }
}

fn pair(judge: &mut Judge<'_>, path: &str, fields: &Fields, (name, value): (&str, &str), code: &'static str) {
    let (named, valued) = (given(fields, name).is_some(), given(fields, value).is_some());
    if named == valued && (named || code == "sum-incomplete") {
        return;
    }
    let missing = if named { value } else { name };
    judge.tell(code, &within(path, missing), &[("missing", missing)]);
}

/// Values and sums are amounts: digits, currency, comma, full stop, space (comment of `ItemInfo.itemOp` in Kakao's SDKs).
fn amount(judge: &mut Judge<'_>, path: &str, fields: &Fields, name: &str) {
    let Some(value) = given_text(fields, name).filter(|value| !judge.open(value)) else { return };
    let rest: String = value.chars().filter(|character| !figure(*character)).collect();
    if !rest.is_empty() && !CURRENCIES.contains(&rest.as_str()) {
        judge.tell("amount-characters", &within(path, name), &[("odd", &shown(&rest))]);
    }
}

fn figure(character: char) -> bool {
    character.is_ascii_digit() || matches!(character, ',' | '.' | ' ')
}

/// What is written for a currency: marks, and the words that Koreans write.
const CURRENCIES: [&str; 21] = [
    "원", "₩", "￦", "$", "€", "¥", "￥", "£", "엔", "円", "元", "위안", "달러", "유로", "KRW", "USD", "EUR", "JPY",
    "CNY", "GBP", "US$",
];

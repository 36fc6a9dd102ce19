//! Prices: what is struck through, what is paid, and the percentage between them.

use super::{
    judge::{Fields, Judge, given, given_text, given_whole, within},
    text,
};

/// `commerce`.
pub(super) fn price(judge: &mut Judge<'_>, path: &str, fields: &Fields) {
    let has = |name| given(fields, name).is_some();
    if has("discount_rate") && has("fixed_discount_price") {
        judge.tell("discount-forms-together", &within(path, "fixed_discount_price"), &[]);
    }
    let regular = given_whole(fields, "regular_price");
    let discounted = given_whole(fields, "discount_price");
    for name in ["discount_price", "fixed_discount_price"] {
        if let (Some(regular), Some(price)) = (regular, given_whole(fields, name))
            && price > regular
        {
            let (price, regular) = (price.to_string(), regular.to_string());
            judge.tell("discount-above-regular", &within(path, name), &[("price", &price), ("regular", &regular)]);
        }
    }
    for name in ["discount_rate", "fixed_discount_price"] {
        if has(name) && !has("discount_price") {
            judge.tell("discount-price-missing", &within(path, name), &[]);
        }
    }
    if let Some(said) = given_whole(fields, "discount_rate") {
        rate(judge, &within(path, "discount_rate"), said, regular, discounted);
    }
    if let Some(name) = given_text(fields, "product_name") {
        text::lines(judge, &within(path, "product_name"), name, text::LINE, 2);
    }
}

/// The percentage against the prices. Shops round up, down, and to the nearest: all are right.
fn rate(judge: &mut Judge<'_>, path: &str, rate: i64, regular: Option<i64>, discounted: Option<i64>) {
    let said = rate.to_string();
    if !(0..=100).contains(&rate) {
        if rate > 100 {
            judge.tell("discount-rate-range", path, &[("rate", &said)]);
        }
        return;
    }
    let (Some(regular), Some(discounted)) = (regular, discounted) else { return };
    if regular <= 0 || discounted < 0 || discounted > regular {
        return;
    }
    let (regular, off) = (i128::from(regular), i128::from(regular) - i128::from(discounted));
    let (low, high) = (off * 100 / regular, (off * 100 + regular - 1) / regular);
    if !(low..=high).contains(&i128::from(rate)) {
        let computed = (off * 200 + regular) / (regular * 2);
        judge.tell("discount-rate-mismatch", path, &[("rate", &said), ("computed", &computed.to_string())]);
    }
}

//! A product and its price.

use super::{Composer, texts::Room};
use crate::{
    preview::layout::{
        Rect, Role,
        part::{Part, TextId},
        shape::{Shape, Tone},
    },
    template::object::Commerce,
};

/// The unit of a price that names none (message-template/default).
const UNIT: &str = "원";

impl Composer<'_> {
    /// The product's name, what it costs with the discount beside, and the regular price struck through.
    pub(super) fn cost(&mut self) {
        let Some(commerce) = &self.preview.message.commerce else { return };
        let before = self.desk.y;
        self.desk.y += self.all.above;
        let name = commerce.product_name.as_deref().unwrap_or_default();
        let product = self.tell(Role::Product, name, Room::new(self.left, self.room, self.lines.product));
        if product.is_some() {
            self.desk.y += self.own.cost_above;
        }
        let (now, discount, regular) = prices(commerce);
        let (price, discount, beside) = self.price(now.as_deref(), discount.as_deref());
        let regular = regular.and_then(|regular| self.regular(&regular));
        if product.is_none() && price.is_none() {
            self.desk.y = before;
            return;
        }
        self.push(Part::Cost { product, price, discount, beside, regular });
    }

    /// Price and discount on one line if both fit, else one under the other.
    fn price(&mut self, price: Option<&str>, discount: Option<&str>) -> (Option<TextId>, Option<TextId>, bool) {
        let Some(price) = price else { return (None, None, false) };
        let top = self.desk.y;
        let whole = Room::new(self.left, self.room, self.lines.price);
        let width = self.width_of(Role::Price, price, self.room);
        let shown = self.one(Role::Price, price, whole);
        let Some(discount) = discount else { return (shown, None, false) };
        let indent = width + self.own.cost_gap;
        let beside = indent + self.width_of(Role::Discount, discount, self.room) <= self.room;
        if beside {
            self.desk.y = top;
        }
        let indent = if beside { indent } else { 0.0 };
        let cut = self.one(Role::Discount, discount, Room::new(self.left + indent, self.room - indent, 1));
        (shown, cut, beside)
    }

    fn regular(&mut self, regular: &str) -> Option<TextId> {
        self.desk.y += self.own.regular_above;
        let id = self.one(Role::Regular, regular, Room::new(self.left, self.room, 1))?;
        let line = self.desk.layout.texts.get(id).and_then(|text| text.lines.first())?;
        let size = line.font.size;
        // Through the middle of the digits, as browsers strike text out.
        let place =
            Rect { x: line.x, y: line.baseline - size * 0.36, width: line.width, height: size / 13.0, radius: 0.0 };
        self.body.shapes.push(Shape::Fill { place, tone: Tone::Mute });
        Some(id)
    }
}

/// What is to pay, the discount, and what it would cost without one.
fn prices(commerce: &Commerce) -> (Option<String>, Option<String>, Option<String>) {
    let written = |amount: i64| amount_of(amount, commerce);
    let Some(now) = commerce.discount_price else { return (commerce.regular_price.map(written), None, None) };
    let discount = match (commerce.discount_rate, commerce.fixed_discount_price) {
        (Some(rate), _) => Some(format!("{rate}%")),
        (None, Some(fixed)) => Some(format!("{} 할인", written(fixed))),
        (None, None) => None,
    };
    (Some(written(now)), discount, commerce.regular_price.map(written))
}

/// An amount with its unit: after it, or before it if `currency_unit_position` is 1.
fn amount_of(amount: i64, commerce: &Commerce) -> String {
    let unit = commerce.currency_unit.as_deref().filter(|unit| !unit.trim().is_empty()).unwrap_or(UNIT);
    let amount = grouped(amount);
    if commerce.currency_unit_position == Some(1) { format!("{unit}{amount}") } else { format!("{amount}{unit}") }
}

/// A number with a comma after every third digit from the right.
pub(super) fn grouped(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut written = String::with_capacity(digits.len() * 4 / 3 + 2);
    if number < 0 {
        written.push('-');
    }
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            written.push(',');
        }
        written.push(digit);
    }
    written
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_a_comma_after_every_third_digit() {
        for (number, written) in [
            (0, "0"),
            (999, "999"),
            (1_000, "1,000"),
            (208_800, "208,800"),
            (1_234_567, "1,234,567"),
            (-1_000, "-1,000"),
            (i64::MIN, "-9,223,372,036,854,775,808"),
        ] {
            assert_eq!(grouped(number), written);
        }
    }

    #[test]
    fn the_unit_stands_after_the_amount_unless_its_position_is_one() {
        let commerce = |unit: Option<&str>, position| Commerce {
            currency_unit: unit.map(str::to_owned),
            currency_unit_position: position,
            ..Commerce::default()
        };
        for (unit, position, written) in [
            (None, None, "1,000원"),
            (None, Some(1), "원1,000"),
            (Some("₩"), Some(1), "₩1,000"),
            (Some("$"), Some(0), "1,000$"),
            (Some(" "), None, "1,000원"),
        ] {
            assert_eq!(amount_of(1_000, &commerce(unit, position)), written);
        }
    }

    #[test]
    fn a_discount_is_shown_only_with_the_price_that_it_makes() {
        let commerce = |discount_price, discount_rate, fixed_discount_price| Commerce {
            regular_price: Some(10_000),
            discount_price,
            discount_rate,
            fixed_discount_price,
            ..Commerce::default()
        };
        let some = |text: &str| Some(text.to_owned());
        for (given, shown) in [
            (commerce(None, None, None), (some("10,000원"), None, None)),
            (commerce(None, Some(10), None), (some("10,000원"), None, None)),
            (commerce(Some(9_000), None, None), (some("9,000원"), None, some("10,000원"))),
            (commerce(Some(9_000), Some(10), None), (some("9,000원"), some("10%"), some("10,000원"))),
            (commerce(Some(9_000), None, Some(1_000)), (some("9,000원"), some("1,000원 할인"), some("10,000원"))),
        ] {
            assert_eq!(prices(&given), shown, "{given:?}");
        }
    }
}

//! JSON with places. `serde_json` says what the value is and whether it is JSON at all, as strictly as RFC 8259; `jsonc-parser` says
//! where its parts stand and, of broken text, why in better words.

use jsonc_parser::{
    CollectOptions, ParseOptions,
    ast::{ObjectProp, Value as Ast},
    common::Ranged,
    errors::{ParseError, ParseErrorKind},
    parse_to_ast,
};
use serde_json::Value;

use super::{
    Broken, Document, MAX_DEPTH, Syntax, Twice,
    node::{Inside, Node},
    path,
    place::Places,
};

/// Keys that stand twice and are told.
const MAX_TWICE: usize = 100;

pub(super) fn parse(text: &str) -> Result<Document, Broken> {
    let places = Places::new(text);
    let broken = |reason, detail: String, (line, column): (u32, u32)| Broken {
        syntax: Syntax::Json,
        reason,
        detail,
        line,
        column,
    };
    if let Some(at) = too_deep(text) {
        return Err(broken("too-deep", String::new(), places.at(at)));
    }
    let value = serde_json::from_str::<Value>(text);
    let tree = parse_to_ast(text, &CollectOptions::default(), &strict());
    match (value, tree) {
        (Ok(value), Ok(tree)) => {
            let mut twice = Vec::new();
            let root = match &tree.value {
                Some(tree) => Reader { places: &places, twice: &mut twice }.node(tree, ""),
                None => Node::of(&value, 0),
            };
            Ok(Document { value, root, twice })
        }
        (Ok(value), Err(_)) => Ok(Document::of(value)),
        (Err(error), Ok(_)) => {
            if let Some(at) = control(text) {
                return Err(broken("control", String::new(), places.at(at)));
            }
            let reason = if error.is_eof() { "nothing" } else { "other" };
            Err(broken(reason, said(&error), places.in_line(error.line(), error.column())))
        }
        (Err(_), Err(error)) => Err(broken(reason(&error), String::new(), places.at(error.range().start))),
    }
}

/// What `serde_json` says, without its own place.
fn said(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.split_once(" at line ").map_or(text.clone(), |(what, _)| what.to_owned())
}

fn strict() -> ParseOptions {
    ParseOptions {
        allow_comments: false,
        allow_loose_object_property_names: false,
        allow_trailing_commas: false,
        allow_missing_commas: false,
        allow_single_quoted_strings: false,
        allow_hexadecimal_numbers: false,
        allow_unary_plus_numbers: false,
        allow_bare_decimal_point_numbers: false,
        allow_non_finite_numbers: false,
        allow_extended_string_escapes: false,
    }
}

fn reason(error: &ParseError) -> &'static str {
    match error.kind() {
        ParseErrorKind::CommentsNotAllowed | ParseErrorKind::UnterminatedCommentBlock => "comment",
        ParseErrorKind::TrailingCommasNotAllowed => "trailing-comma",
        ParseErrorKind::ExpectedComma => "missing-comma",
        ParseErrorKind::UnexpectedComma => "comma",
        ParseErrorKind::ExpectedColonAfterObjectKey | ParseErrorKind::UnexpectedColon => "colon",
        ParseErrorKind::ExpectedObjectValue => "value",
        ParseErrorKind::ExpectedStringObjectProperty => "key",
        ParseErrorKind::SingleQuotedStringsNotAllowed => "single-quotes",
        ParseErrorKind::MultipleRootJsonValues => "more",
        ParseErrorKind::UnterminatedArray => "open-array",
        ParseErrorKind::UnterminatedObject => "open-object",
        ParseErrorKind::UnexpectedCloseBrace | ParseErrorKind::UnexpectedCloseBracket => "close",
        ParseErrorKind::NestingDepthExceeded => "too-deep",
        ParseErrorKind::String(jsonc_parser::ParseStringErrorKind::UnterminatedStringLiteral) => "open-string",
        ParseErrorKind::String(_) => "escape",
        ParseErrorKind::BareDecimalPointNumbersNotAllowed
        | ParseErrorKind::ExpectedDigit
        | ParseErrorKind::ExpectedDigitFollowingNegativeSign
        | ParseErrorKind::ExpectedPlusMinusOrDigitInNumberLiteral
        | ParseErrorKind::HexadecimalNumbersNotAllowed
        | ParseErrorKind::NonFiniteNumbersNotAllowed
        | ParseErrorKind::UnaryPlusNumbersNotAllowed => "number",
        ParseErrorKind::UnexpectedToken | ParseErrorKind::UnexpectedTokenInObject | ParseErrorKind::UnexpectedWord => {
            "word"
        }
    }
}

/// Where the text is nested deeper than anything of ours. Looked at before the parsers, which recurse.
fn too_deep(text: &str) -> Option<usize> {
    let (mut depth, mut quoted, mut escaped) = (0_usize, false, false);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            _ if quoted => {}
            b'{' | b'[' => {
                depth += 1;
                if depth > MAX_DEPTH {
                    return Some(at);
                }
            }
            b'}' | b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    None
}

/// Where a line break or another control character stands in a string as it is: `jsonc-parser` lets it pass.
fn control(text: &str) -> Option<usize> {
    let (mut quoted, mut escaped) = (false, false);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            0..0x20 if quoted => return Some(at),
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            _ => {}
        }
    }
    None
}

struct Reader<'a> {
    places: &'a Places<'a>,
    twice: &'a mut Vec<Twice>,
}

impl Reader<'_> {
    fn node(&mut self, tree: &Ast<'_>, at: &str) -> Node {
        let inside = match tree {
            Ast::Array(array) => {
                let items = array.elements.iter().enumerate();
                Inside::Items(items.map(|(index, item)| self.node(item, &path::at(at, index))).collect())
            }
            Ast::Object(object) => Inside::Fields(self.fields(&object.properties, at)),
            Ast::StringLit(_) | Ast::NumberLit(_) | Ast::BooleanLit(_) | Ast::NullKeyword(_) => Inside::Nothing,
        };
        Node { place: Some(self.places.at(tree.start())), key: None, inside }
    }

    fn fields(&mut self, properties: &[ObjectProp<'_>], at: &str) -> Vec<(String, Node)> {
        let mut fields: Vec<(String, Node)> = Vec::with_capacity(properties.len());
        let mut known = std::collections::HashMap::new();
        for property in properties {
            let key = property.name.as_str();
            let inner = path::within(at, key);
            let place = self.places.at(property.range.start);
            let node = Node { key: Some(place), ..self.node(&property.value, &inner) };
            match known.get(key) {
                None => {
                    known.insert(key.to_owned(), fields.len());
                    fields.push((key.to_owned(), node));
                }
                Some(first) => {
                    if self.twice.len() < MAX_TWICE {
                        self.twice.push(Twice { path: inner, place });
                    }
                    if let Some((_, first)) = fields.get_mut(*first) {
                        *first = node;
                    }
                }
            }
        }
        fields
    }
}

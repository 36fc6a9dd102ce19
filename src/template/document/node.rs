//! The places of a value's parts, in the same tree as the value: paths would take more room than the text where keys are long.

use serde_json::Value;

use super::{
    MAX_DEPTH,
    path::{Step, first},
};

/// One value.
#[derive(Debug, Clone, Default)]
pub(super) struct Node {
    /// Where it begins.
    pub place: Option<(u32, u32)>,
    /// Where its key begins, if it has one.
    pub key: Option<(u32, u32)>,
    /// What is in it.
    pub inside: Inside,
}

#[derive(Debug, Clone, Default)]
pub(super) enum Inside {
    #[default]
    Nothing,
    Items(Vec<Node>),
    Fields(Vec<(String, Node)>),
}

impl Node {
    /// The tree of a value that has no text.
    pub(super) fn of(value: &Value, depth: usize) -> Self {
        let inside = match value {
            // Nothing of ours lies so deep; a deeper value is a hostile one.
            _ if depth > MAX_DEPTH => Inside::Nothing,
            Value::Array(items) => Inside::Items(items.iter().map(|item| Self::of(item, depth + 1)).collect()),
            Value::Object(fields) => {
                Inside::Fields(fields.iter().map(|(key, value)| (key.clone(), Self::of(value, depth + 1))).collect())
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Inside::Nothing,
        };
        Self { place: None, key: None, inside }
    }

    /// The node at a path.
    pub(super) fn find(&self, path: &str) -> Option<&Self> {
        let (node, rest, _) = self.walk(path);
        rest.is_empty().then_some(node)
    }

    /// The last node on the way to a path.
    pub(super) fn nearest(&self, path: &str) -> &Self {
        self.walk(path).0
    }

    /// The way to a path in numbers; what is absent comes first in what it is absent from.
    pub(super) fn order(&self, path: &str) -> Vec<usize> {
        self.walk(path).2
    }

    fn walk<'a, 'p>(&'a self, path: &'p str) -> (&'a Self, &'p str, Vec<usize>) {
        let (mut node, mut rest, mut way) = (self, path, Vec::new());
        while let Some((at, next, left)) = node.step(rest) {
            way.push(at + 1);
            (node, rest) = (next, left);
        }
        (node, rest, way)
    }

    fn step<'a, 'p>(&'a self, path: &'p str) -> Option<(usize, &'a Self, &'p str)> {
        match (first(path)?, &self.inside) {
            ((Step::Index(at), rest), Inside::Items(items)) => Some((at, items.get(at)?, rest)),
            ((Step::Key(key), rest), Inside::Fields(fields)) => {
                let (at, (_, node)) = fields.iter().enumerate().find(|(_, (known, _))| *known == key)?;
                Some((at, node, rest))
            }
            (_, Inside::Nothing | Inside::Items(_) | Inside::Fields(_)) => None,
        }
    }
}

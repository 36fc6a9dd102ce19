//! Templates to start from: of each default type a rich one and a minimal one. Not custom templates: those are files of
//! `config/templates`.

use super::object::ObjectType;
use crate::finding::Text;

/// A template to start from.
#[derive(Debug, Clone)]
pub struct Sample {
    /// Name, such as `feed` or `feed-minimal`.
    pub name: &'static str,
    /// Its type.
    pub object_type: ObjectType,
    /// What it shows.
    pub title: Text,
    /// Pretty JSON.
    pub text: &'static str,
}

/// All of them, in the order of Kakao's reference.
pub fn samples() -> &'static [Sample] {
    &[]
}

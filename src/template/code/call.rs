//! What a share call is given, by the names that the SDKs share. Not how a language calls.

use super::{
    CodeInput, Share,
    tree::{self, Node},
};
use crate::template::arguments::Arguments;

/// Which of the calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verb {
    Default,
    Custom,
    Scrap,
}

impl Verb {
    /// `Default` in `shareDefault`, `makeDefaultUrl`, `sendDefault`.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Default => "Default",
            Self::Custom => "Custom",
            Self::Scrap => "Scrap",
        }
    }
}

/// A call.
pub(super) struct Call {
    /// Which.
    pub(super) verb: Verb,
    /// The template of a default call.
    pub(super) template: Option<Node>,
    /// The address of a scrape call.
    pub(super) request_url: Option<Node>,
    /// `template_id`, `template_args`.
    pub(super) custom: Vec<(&'static str, Node)>,
    /// `server_callback_args`, if there are any.
    pub(super) callback: Option<Node>,
}

impl Call {
    pub(super) fn of(input: &CodeInput) -> Self {
        let callback = (!input.callback_args.is_empty()).then(|| pairs(input.callback_args));
        let custom = |template_id: Option<i64>, arguments: &Arguments| {
            let mut given = Vec::new();
            if let Some(id) = template_id {
                given.push(("template_id", Node::Integer(id)));
                if !arguments.is_empty() {
                    given.push(("template_args", pairs(arguments)));
                }
            }
            given
        };
        match &input.share {
            Share::Default(object) => Self {
                verb: Verb::Default,
                template: Some(tree::template(object)),
                request_url: None,
                custom: Vec::new(),
                callback,
            },
            Share::Custom { template_id, arguments } => Self {
                verb: Verb::Custom,
                template: None,
                request_url: None,
                custom: custom(Some(*template_id), arguments),
                callback,
            },
            Share::Scrap { request_url, template_id, arguments } => Self {
                verb: Verb::Scrap,
                template: None,
                request_url: Some(Node::Text((*request_url).to_owned())),
                custom: custom(*template_id, arguments),
                callback,
            },
        }
    }
}

fn pairs(arguments: &Arguments) -> Node {
    Node::Pairs(arguments.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect())
}

//! The message that arrives: arguments filled, links judged, buttons chosen, social counts picked. What Kakao's answer says and what
//! is drawn are both made from it. Not how either looks.

use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::{
    envelope::Envelope,
    object::{Commerce, ImageRef, ItemContent, Link, ObjectType, Profile},
};

/// A message, resolved. Empty text is absent text.
#[derive(Debug, Clone, Default, PartialEq, Serialize, ToSchema)]
pub struct Message {
    /// What it was made from. A scrape message is a feed.
    pub object_type: ObjectType,
    /// The text is shown in full (text templates; `FT`).
    pub full_text: bool,
    /// Custom templates: who speaks.
    pub profile: Option<Profile>,
    /// A list's header.
    pub header: Option<Header>,
    /// At most three pictures, the first is the main one.
    pub images: Vec<ImageRef>,
    /// Length of the video, in seconds: a badge on the first picture.
    pub duration: Option<u64>,
    /// The title; a text template's text.
    pub title: String,
    /// The description.
    pub description: String,
    /// Where image and text lead.
    pub link: Link,
    /// The item list.
    pub item_content: Option<ItemContent>,
    /// At most three, in Kakao's order.
    pub social: Vec<SocialCount>,
    /// The price.
    pub commerce: Option<Commerce>,
    /// A list's items.
    pub items: Vec<ListItem>,
    /// At most two.
    pub buttons: Vec<MessageButton>,
    /// The row at the end: the app's name, or a scraped page's host.
    pub source: Source,
}

/// A list's header.
#[derive(Debug, Clone, Default, PartialEq, Serialize, ToSchema)]
pub struct Header {
    /// What it says.
    pub title: String,
    /// Where it leads.
    pub link: Link,
    /// Custom templates: the picture behind it.
    pub image: Option<ImageRef>,
}

/// One content of a list.
#[derive(Debug, Clone, Default, PartialEq, Serialize, ToSchema)]
pub struct ListItem {
    /// The title.
    pub title: String,
    /// The description.
    pub description: String,
    /// The picture at its right.
    pub image: Option<ImageRef>,
    /// Where it leads.
    pub link: Link,
}

/// A button.
#[derive(Debug, Clone, Default, PartialEq, Serialize, ToSchema)]
pub struct MessageButton {
    /// What it says.
    pub title: String,
    /// Where it leads.
    pub link: Link,
}

/// A social count that is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct SocialCount {
    /// Of what.
    pub kind: SocialKind,
    /// How many.
    pub count: i64,
}

/// What is counted, in Kakao's order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum SocialKind {
    /// Likes.
    Like,
    /// Comments.
    Comment,
    /// Shares.
    Shared,
    /// Views.
    View,
    /// Subscribers.
    Subscriber,
}

/// The row that names the source.
#[derive(Debug, Clone, Default, PartialEq, Serialize, ToSchema)]
#[schema(as = MessageSource)]
pub struct Source {
    /// The name.
    pub name: String,
    /// Address of the icon.
    pub icon: Option<String>,
}

/// What became of a template.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Resolved {
    /// The message, for drawing.
    pub message: Message,
    /// Id of the server's template.
    pub template_id: i64,
    /// The arguments that were filled in, `${NAME}` to text.
    pub template_args: Map<String, Value>,
    /// `P` and `C`.
    pub template_msg: Value,
    /// What was dropped, by path in `template_msg`.
    pub warning_msg: Map<String, Value>,
    /// Arguments that are missing, by `${NAME}`.
    pub argument_msg: Map<String, Value>,
    /// What of this is not documented but built from the nearest evidence; kebab-case codes, explained in `template.toml`.
    pub inferred: Vec<&'static str>,
}

impl Resolved {
    /// Kakao's answer.
    pub fn envelope(&self) -> Envelope {
        Envelope {
            template_id: self.template_id,
            template_args: self.template_args.clone(),
            template_msg: self.template_msg.clone(),
            warning_msg: self.warning_msg.clone(),
            argument_msg: self.argument_msg.clone(),
            scheme_params: None,
        }
    }
}

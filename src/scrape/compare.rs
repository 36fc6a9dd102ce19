//! Answers of others, in the words of the report.

use url::Url;

use super::work::Sight;
use crate::{
    comparison::{Asker, Comparison, Subject},
    image::ImageReport,
    page::media_type,
    user_agent::UserAgent,
};

/// Whom an asker stands for; `None` for the one who asks anyway.
pub(super) fn user_agent(who: Asker) -> Option<UserAgent> {
    match who {
        Asker::Same => None,
        Asker::Browser => Some(UserAgent::Browser),
        Asker::Facebook => Some(UserAgent::Facebook),
    }
}

/// The page that `og:url` names.
pub(super) fn with_og_url((url, sight): &(Url, Sight)) -> Comparison {
    page(Subject::OgUrl, Asker::Same, url, sight)
}

/// A page as `who` got it.
pub(super) fn page(of: Subject, who: Asker, url: &Url, sight: &Sight) -> Comparison {
    let Sight { fetched, inspection, challenge, .. } = sight;
    let card = inspection.as_ref().map(|inspection| &inspection.card);
    Comparison {
        of,
        who,
        url: url.to_string(),
        effective_url: fetched.effective_url.to_string(),
        outcome: fetched.outcome().into_owned(),
        status: fetched.status,
        content_type: fetched.content_type.as_deref().map(media_type),
        format: None,
        bytes: fetched.body.as_ref().map(|body| body.bytes.len() as u64),
        title: card.map(|card| card.title.clone()),
        image: card.and_then(|card| card.images.first()).map(|image| image.url.clone()),
        challenge: challenge.as_ref().map(|challenge| challenge.vendor.to_owned()),
    }
}

/// An image as `who` got it.
pub(super) fn image(who: Asker, seen: &ImageReport) -> Comparison {
    Comparison {
        of: Subject::Image,
        who,
        url: seen.url.clone(),
        effective_url: seen.hops.last().map_or_else(|| seen.url.clone(), |hop| hop.url.clone()),
        outcome: seen.outcome.clone(),
        status: seen.status,
        content_type: seen.content_type.clone(),
        format: seen.format,
        bytes: seen.bytes,
        title: None,
        image: None,
        challenge: None,
    }
}

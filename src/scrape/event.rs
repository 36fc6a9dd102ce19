//! What a scrape tells whoever watches it, as it happens. Watching changes nothing: a watcher that leaves is not missed.

use tokio::sync::mpsc::UnboundedSender;

use crate::{
    comparison::{Asker, Subject},
    extract::Card,
    fetch::Progress,
    image::ImageReport,
    page::{Hop, Page},
};

/// One thing that happened.
#[derive(Debug, Clone)]
pub enum Event {
    /// An address is being asked for.
    Asking {
        /// What is asked for.
        of: Subject,
        /// As whom.
        who: Asker,
        /// The address.
        url: String,
    },
    /// An answer came, or will not.
    Hop {
        /// What was asked for.
        of: Subject,
        /// As whom.
        who: Asker,
        /// The request and its answer.
        hop: Box<Hop>,
    },
    /// The page is read.
    Page(Box<Page>),
    /// The card is made.
    Card(Box<Card>),
    /// An image is measured.
    Image(Box<ImageReport>),
}

/// Whoever watches a scrape, if somebody does.
#[derive(Debug, Clone, Default)]
pub struct Watch(Option<UnboundedSender<Event>>);

impl Watch {
    /// Tells `sender` what happens.
    pub fn new(sender: UnboundedSender<Event>) -> Self {
        Self(Some(sender))
    }

    /// Tells what happened, if somebody watches.
    pub(super) fn tell(&self, event: impl FnOnce() -> Event) {
        if let Some(sender) = &self.0 {
            let _left = sender.send(event()); // the scrape goes on for the others, and for the cache
        }
    }

    /// What a fetch tells, as events of the scrape it is part of.
    pub(super) fn progress(&self, of: Subject, who: Asker) -> impl Fn(Progress) + Send + Sync + use<> {
        let watch = self.clone();
        move |progress| {
            watch.tell(|| match progress {
                Progress::Asking(url) => Event::Asking { of, who, url },
                Progress::Answered(hop) => Event::Hop { of, who, hop },
            });
        }
    }
}

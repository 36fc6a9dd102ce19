//! The list in use, as a handle: whoever has one sees the newest list, at the cost of a pointer. Until Kakao's own list is kept,
//! it is the networks that Kakao announces, which say so themselves. It reads and asks nothing.

use std::sync::{Arc, PoisonError, RwLock};

use super::{Settings, store::Store};
use crate::{
    acl::list::RangeList,
    kakao::{Kakao, NetworkKind},
};

/// The list in use. Cheap to clone; all clones see the same list.
#[derive(Debug, Clone)]
pub struct Current(Arc<RwLock<Arc<RangeList>>>);

impl Current {
    /// The networks that Kakao announces.
    pub fn announced(kakao: &Kakao) -> Self {
        Self::of(Arc::new(announced(kakao)))
    }

    /// The list that is kept, else the networks that Kakao announces. `max_ranges` bounds it (`acl.max_ranges`). A kept file that
    /// cannot be used is logged; a [`Shelf`](super::Shelf) tells more of it.
    pub fn load(settings: &Settings, max_ranges: usize, kakao: &Kakao) -> Self {
        let store = settings.store_path().map(|path| Store::new(path, settings.max_bytes, max_ranges));
        match store.map(|store| store.load()) {
            Some(Ok(Some(kept))) => Self::of(kept.list),
            Some(Err(problem)) => {
                tracing::warn!(code = problem.code(), "Kakao's official list is not used: {problem}");
                Self::announced(kakao)
            }
            Some(Ok(None)) | None => Self::announced(kakao),
        }
    }

    pub(super) fn of(list: Arc<RangeList>) -> Self {
        Self(Arc::new(RwLock::new(list)))
    }

    pub(super) fn set(&self, list: Arc<RangeList>) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = list;
    }

    /// The list.
    pub fn list(&self) -> Arc<RangeList> {
        Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner))
    }
}

/// The networks from which Kakao's scraper is expected, until there is Kakao's own list.
pub(super) fn announced(kakao: &Kakao) -> RangeList {
    let callers = || kakao.networks.iter().filter(|network| network.kind == NetworkKind::Callers);
    let checked = callers().map(|network| network.checked.as_str()).min().unwrap_or_default();
    RangeList::announced(callers().flat_map(|network| network.value.iter().copied()), checked)
}

//! What a request of Kakao's scraper, or of those it is compared with, looks like (R1, R3, R5).

use std::sync::Arc;

use crate::{
    fetch::{Expect, Request},
    kakao::Kakao,
    user_agent::UserAgent,
};

/// Writes requests from what is known of Kakao.
#[derive(Debug, Clone)]
pub(super) struct Requests(Arc<Kakao>);

impl Requests {
    pub fn new(kakao: Arc<Kakao>) -> Self {
        Self(kakao)
    }

    /// The `User-Agent` string that `user_agent` stands for.
    pub fn name(&self, user_agent: &UserAgent) -> String {
        let known = &self.0.user_agent;
        match user_agent {
            UserAgent::Kakao => known.kakao.value.clone(),
            UserAgent::Browser => known.browser.value.clone(),
            UserAgent::Facebook => known.facebook.value.clone(),
            UserAgent::Custom(own) => own.clone(),
        }
    }

    /// A request for a page.
    pub fn page(&self, user_agent: &UserAgent) -> Request {
        self.request(user_agent, Expect::Page, self.0.limits.page_bytes.value)
    }

    /// A request for an image: one byte more than Kakao takes, to know that there is more.
    pub fn image(&self, user_agent: &UserAgent) -> Request {
        self.request(user_agent, Expect::Image, self.0.limits.image_bytes.value.saturating_add(1))
    }

    /// A request for a text of at most `max_bytes`.
    pub fn text(&self, user_agent: &UserAgent, max_bytes: usize) -> Request {
        self.request(user_agent, Expect::Text, max_bytes)
    }

    fn request(&self, user_agent: &UserAgent, expect: Expect, max_bytes: usize) -> Request {
        let Kakao { request, limits, .. } = &*self.0;
        Request {
            expect,
            user_agent: self.name(user_agent),
            accept: request.accept.value.clone(),
            accept_encoding: request.accept_encoding.value.clone(),
            max_redirects: limits.redirects.value,
            max_bytes,
        }
    }
}

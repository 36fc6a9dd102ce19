//! Where the links of a message lead: unregistered domains dropped with Kakao's warning, app links made. Not which links there are:
//! that is `wire`.

use serde_json::{Map, Value};
use url::Url;

use super::{object::Link, sender::Sender};

/// Judges the links of one message and gathers what is said about them.
pub(super) struct Linker<'a> {
    sender: &'a Sender,
    /// A custom template's empty execution params still make a link that ends in `?` (fixture `link/validate.json`); a default
    /// template's do not (default_feed: `${ANDROID_EXECUTION_URL}` is empty and there is no `LCA`).
    keeps_empty_params: bool,
    /// `warning_msg`.
    pub(super) warnings: Map<String, Value>,
    /// Whether a link had nothing left and the app's own took its place.
    pub(super) replaced: bool,
}

impl<'a> Linker<'a> {
    pub(super) fn new(sender: &'a Sender, keeps_empty_params: bool) -> Self {
        Self { sender, keeps_empty_params, warnings: Map::new(), replaced: false }
    }

    /// What is left of a link. A link with nothing usable leads to the app's representative link (its first registered domain), so
    /// that what was dropped is replaced as in the fixture's `P.L.LMO`; without a registered domain nothing is left, and a button
    /// without a link is not shown. Both are Kakao's words ("representative link, or button not shown"); which of them applies when
    /// is not said.
    pub(super) fn judged(&self, link: &Link) -> Link {
        let kept = self.kept(link);
        if kept.is_empty() { self.main() } else { kept }
    }

    /// `L` of a link that stands at `path`, with a warning for each address that is dropped. `None` if nothing is left.
    pub(super) fn wire(&mut self, link: &Link, path: &str) -> Option<Value> {
        self.warn(link, path);
        let kept = self.kept(link);
        let left = if kept.is_empty() {
            let main = self.main();
            self.replaced |= !main.is_empty() && !link.is_empty();
            main
        } else {
            kept
        };
        let wired = self.fields(&left);
        (!wired.is_empty()).then_some(Value::Object(wired))
    }

    /// `P.L`: each field that is dropped or absent is the app's own, as in both fixtures.
    pub(super) fn wire_main(&mut self, link: &Link) -> Map<String, Value> {
        self.warn(link, "P.L");
        let kept = self.kept(link);
        let main = self.main();
        let own = format!("{}://kakaolink", self.sender.scheme());
        let app = |params: &Option<String>| match params {
            Some(params) => self.app_link(params),
            None => own.clone(),
        };
        let mut fields = Map::new();
        fields.insert("LCA".to_owned(), app(&kept.android_execution_params).into());
        fields.insert("LCI".to_owned(), app(&kept.ios_execution_params).into());
        for (key, address) in
            [("LPC", kept.web_url.or(main.web_url)), ("LMO", kept.mobile_web_url.or(main.mobile_web_url))]
        {
            if let Some(address) = address {
                fields.insert(key.to_owned(), address.into());
            }
        }
        fields
    }

    /// `kakao${NATIVE_APP_KEY}://kakaolink?<execution params>`.
    pub(super) fn app_link(&self, params: &str) -> String {
        format!("{}://kakaolink?{params}", self.sender.scheme())
    }

    /// The app link that a field of execution params makes; empty if it makes none.
    pub(super) fn execution_url(&self, params: Option<&String>) -> String {
        params.filter(|params| self.counts(params)).map(|params| self.app_link(params)).unwrap_or_default()
    }

    /// The app's representative link: its first registered domain.
    fn main(&self) -> Link {
        let main = self.sender.domains.first().map(ToString::to_string);
        Link { web_url: main.clone(), mobile_web_url: main, ..Link::default() }
    }

    fn kept(&self, link: &Link) -> Link {
        let web = |address: &Option<String>| address.clone().filter(|address| self.registers(address));
        let params = |params: &Option<String>| params.clone().filter(|params| self.counts(params));
        Link {
            web_url: web(&link.web_url),
            mobile_web_url: web(&link.mobile_web_url),
            android_execution_params: params(&link.android_execution_params),
            ios_execution_params: params(&link.ios_execution_params),
        }
    }

    fn counts(&self, params: &str) -> bool {
        self.keeps_empty_params || !params.is_empty()
    }

    fn registers(&self, address: &str) -> bool {
        Url::parse(address).is_ok_and(|url| self.sender.registers(&url))
    }

    fn warn(&mut self, link: &Link, path: &str) {
        for (key, address) in [("LPC", &link.web_url), ("LMO", &link.mobile_web_url)] {
            if let Some(address) = address.as_ref().filter(|address| !address.is_empty() && !self.registers(address)) {
                // The text of the fixture. What Kakao says about what is no address at all is not public; it is dropped alike.
                let text = format!(
                    "{address}. app does not have DOMAIN_CHECK_PASS permission. get the permission or it will be dropped."
                );
                self.warnings.insert(format!("{path}.{key}"), text.into());
            }
        }
    }

    fn fields(&self, link: &Link) -> Map<String, Value> {
        let app = |params: &Option<String>| params.as_ref().map(|params| self.app_link(params));
        let fields = [
            ("LCA", app(&link.android_execution_params)),
            ("LCI", app(&link.ios_execution_params)),
            ("LPC", link.web_url.clone()),
            ("LMO", link.mobile_web_url.clone()),
        ];
        fields.into_iter().filter_map(|(key, value)| Some((key.to_owned(), Value::from(value?)))).collect()
    }
}

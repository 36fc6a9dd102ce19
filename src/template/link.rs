//! Where the links of a message lead: unregistered domains dropped with Kakao's warning, app links made. Not which links there are:
//! that is `wire`.

use serde_json::{Map, Value};
use url::Url;

use super::{object::Link, sender::Sender};

/// Judges the links of one message and gathers what is said about them.
pub(super) struct Linker<'a> {
    sender: &'a Sender,
    /// A custom template's empty execution params still make a link that ends in `?` (fixture `link/validate.json`); a default
    /// template's do not (`default_feed.json`: `${ANDROID_EXECUTION_URL}` is empty and there is no `LCA`).
    keeps_empty_params: bool,
    /// The message's main link, as its template gives it; empty for default templates.
    main: Link,
    /// `warning_msg`.
    pub(super) warnings: Map<String, Value>,
    /// Whether a link had nothing left and the app's own took its place.
    pub(super) replaced: bool,
}

impl<'a> Linker<'a> {
    pub(super) fn new(sender: &'a Sender, keeps_empty_params: bool, main: Option<&Link>) -> Self {
        let main = main.cloned().unwrap_or_default();
        Self { sender, keeps_empty_params, main, warnings: Map::new(), replaced: false }
    }

    /// Where a tap leads: what is left of a link, else the representative link of `P.L`.
    pub(super) fn judged(&self, link: &Link) -> Link {
        let kept = self.kept(link);
        if kept.is_empty() { self.representative() } else { kept }
    }

    /// `L` of a link that stands at `path`, with a warning for each address that is dropped. `None` if nothing is left: `P.L` takes its
    /// place then (the fixture's text has no `L`).
    pub(super) fn wire(&mut self, link: &Link, path: &str) -> Option<Value> {
        self.warn(link, path);
        let kept = self.kept(link);
        self.replaced |= kept.is_empty() && !link.is_empty();
        self.wired(&kept)
    }

    /// The same of a button. Kakao's words are "the representative link, or the button is not shown", without saying when which: a
    /// button with nothing left leads where `P.L` does, as what is dropped of `P.L` is replaced in the fixture; it is not shown
    /// (`None`) where the app has no domain to lead to.
    pub(super) fn wire_button(&mut self, link: &Link, path: &str) -> Option<Value> {
        self.wire(link, path).or_else(|| {
            self.replaced = true;
            self.wired(&self.representative())
        })
    }

    /// `P.L`: each field that is dropped or absent is the app's own, as in both fixtures.
    pub(super) fn wire_main(&mut self) -> Map<String, Value> {
        let main = self.main.clone();
        self.warn(&main, "P.L");
        let link = self.representative();
        let own = format!("{}://kakaolink", self.sender.scheme());
        let app = |params: Option<String>| params.map_or_else(|| own.clone(), |params| self.app_link(&params));
        let fields = [
            ("LCA", Some(app(link.android_execution_params))),
            ("LCI", Some(app(link.ios_execution_params))),
            ("LPC", link.web_url),
            ("LMO", link.mobile_web_url),
        ];
        fields.into_iter().filter_map(|(key, value)| Some((key.to_owned(), Value::from(value?)))).collect()
    }

    /// `kakao${NATIVE_APP_KEY}://kakaolink?<execution params>`.
    pub(super) fn app_link(&self, params: &str) -> String {
        format!("{}://kakaolink?{params}", self.sender.scheme())
    }

    /// The app link that a field of execution params makes; empty if it makes none.
    pub(super) fn execution_url(&self, params: Option<&String>) -> String {
        params.filter(|params| self.counts(params)).map(|params| self.app_link(params)).unwrap_or_default()
    }

    /// The message's main link; the app's first registered domain where that has none.
    fn representative(&self) -> Link {
        let domain = self.sender.domains.first().map(ToString::to_string);
        let main = self.kept(&self.main);
        Link {
            web_url: main.web_url.or_else(|| domain.clone()),
            mobile_web_url: main.mobile_web_url.or(domain),
            ..main
        }
    }

    fn wired(&self, link: &Link) -> Option<Value> {
        let fields = self.fields(link);
        (!fields.is_empty()).then_some(Value::Object(fields))
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

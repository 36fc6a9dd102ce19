//! A handler that the operator names when starting the server: registered for the first app, and opened where it is this machine or
//! an address. Opened for the webhook alone: whoever may ask this server for pages gets nowhere by it.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use url::{Host, Url};

use crate::{
    egress::Exception,
    sandbox::settings::{Settings, WebhookMethod, WebhookUrl},
};

impl Settings {
    /// Lets the first app's webhook go to `url`, by `method` if one is given. False if there is no app.
    pub fn register_webhook(&mut self, url: &WebhookUrl, method: Option<WebhookMethod>) -> bool {
        let Some(app) = self.apps.first_mut() else { return false };
        app.webhook_url = url.clone();
        app.webhook_method = method.unwrap_or(app.webhook_method);
        self.webhook.allow.extend(url.0.as_ref().map(openings).unwrap_or_default());
        true
    }
}

/// Exactly the sockets that a URL names. What another name stands for is the name servers' to say, so it opens nothing.
fn openings(url: &Url) -> Vec<Exception> {
    let addresses: Vec<IpAddr> = match url.host() {
        Some(Host::Ipv4(ip)) => vec![ip.into()],
        Some(Host::Ipv6(ip)) => vec![ip.into()],
        Some(Host::Domain(name)) if name == "localhost" || name.ends_with(".localhost") => {
            vec![Ipv4Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into()]
        }
        Some(Host::Domain(_)) | None => Vec::new(),
    };
    addresses.into_iter().map(|ip| Exception { net: ip.into(), port: url.port_or_known_default() }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_named_handler_opens_exactly_its_own_socket() {
        for (url, opened) in [
            ("http://127.0.0.1:3000/hook", &["127.0.0.1/32:3000"][..]),
            ("http://[::1]:3000/hook", &["[::1/128]:3000"]),
            ("http://localhost/hook", &["127.0.0.1/32:80", "[::1/128]:80"]),
            ("https://10.1.2.3/hook", &["10.1.2.3/32:443"]),
            ("https://hooks.example.com/hook", &[]),
        ] {
            let exceptions = openings(&Url::parse(url).unwrap());
            assert_eq!(exceptions.iter().map(ToString::to_string).collect::<Vec<_>>(), opened, "{url}");
        }
    }
}

//! Values of nginx's variables, as far as they are known: a text for some addresses, another for others, or a doubt. How a
//! request flows is in `run`.

use super::{
    super::web::{
        logic,
        value::{Known, Value, joined, text, tidy, unknown},
    },
    geo::GeoTable,
    map::MapTable,
    world::World,
};
use crate::acl::{Condition, Sees};

/// Variables made of variables.
const MAX_DEPTH: usize = 20;

/// What is known of the request at one point of its way.
#[derive(Debug, Clone, Default)]
pub struct Moment {
    /// The path as it is now, decoded.
    pub uri: String,
    /// The query as it is now.
    pub args: String,
    /// Encrypted.
    pub https: bool,
    /// The server's port.
    pub port: u16,
    /// The server's first name.
    pub server_name: String,
    /// What `set` has put.
    pub vars: std::collections::HashMap<String, Value>,
    /// Groups of the last pattern that matched; `None` where that is not known.
    pub groups: Option<Vec<String>>,
    /// The server's `valid_referers`, where it has them.
    pub referers: Option<Vec<String>>,
}

impl World<'_> {
    /// A text with variables in it.
    pub fn expand(&self, template: &str, moment: &Moment) -> Value {
        self.expand_at(template, moment, 0)
    }

    /// A variable, without its `$`.
    pub fn variable(&self, name: &str, moment: &Moment) -> Value {
        self.variable_at(name, moment, 0)
    }

    fn expand_at(&self, template: &str, moment: &Moment, depth: usize) -> Value {
        let mut value = text("");
        let mut rest = template;
        while let Some((before, after)) = rest.split_once('$') {
            value = joined(&value, &text(before));
            let (name, left) = if let Some(braced) = after.strip_prefix('{') {
                braced.split_once('}').unwrap_or((braced, ""))
            } else {
                let end = after.find(|letter: char| !(letter.is_ascii_alphanumeric() || letter == '_'));
                let first_digit = after.starts_with(|letter: char| letter.is_ascii_digit());
                let end = if first_digit { 1 } else { end.unwrap_or(after.len()) };
                after.split_at_checked(end).unwrap_or((after, ""))
            };
            if name.is_empty() {
                value = joined(&value, &text("$"));
            } else {
                value = joined(&value, &self.variable_at(name, moment, depth + 1));
            }
            rest = left;
        }
        joined(&value, &text(rest))
    }

    fn variable_at(&self, name: &str, moment: &Moment, depth: usize) -> Value {
        if depth > MAX_DEPTH {
            return unknown("loop", format!("${name}"));
        }
        if let Some(forced) = self.forced.get(name) {
            return text(forced.clone());
        }
        if let Some(value) = moment.vars.get(name) {
            return value.clone();
        }
        if let Some(table) = self.map(name) {
            return self.mapped(&table, moment, depth);
        }
        if let Some(table) = self.geo(name) {
            return self.located(&table, moment, depth);
        }
        if let Some(doubt) = self.opaque.get(name) {
            return vec![(Condition::ALWAYS, Known::Unknown(doubt.clone()))];
        }
        if let Some(value) = self.builtin(name, moment) {
            return value;
        }
        if self.set_names.contains(name) {
            return text("");
        }
        unknown("variable", format!("${name}"))
    }

    fn mapped(&self, table: &MapTable, moment: &Moment, depth: usize) -> Value {
        let source = self.expand_at(&table.source, moment, depth + 1);
        let mut cases = Vec::new();
        for (when, known) in &source {
            for (and, result) in table.look_up(known) {
                let when = logic::all_of([when.clone(), and]);
                if logic::is_never(&when) {
                    continue;
                }
                match result {
                    Ok(result) => {
                        let value = self.expand_at(&result, moment, depth + 1);
                        cases.extend(
                            value.into_iter().map(|(case, known)| (logic::all_of([when.clone(), case]), known)),
                        );
                    }
                    Err(doubt) => cases.push((when, Known::Unknown(doubt))),
                }
            }
        }
        tidy(cases.into_iter())
    }

    fn located(&self, table: &GeoTable, moment: &Moment, depth: usize) -> Value {
        let address = match &table.of {
            None => self.peer(),
            Some(name) => self.variable_at(name, moment, depth + 1),
        };
        let mut cases = Vec::new();
        for (when, known) in &address {
            match known {
                Known::Unknown(doubt) => cases.push((when.clone(), Known::Unknown(doubt.clone()))),
                Known::Text(address) => cases.push((when.clone(), table.at(address))),
                Known::Address => cases.extend(
                    table.cases().into_iter().map(|(case, known)| (logic::all_of([when.clone(), case]), known)),
                ),
            }
        }
        tidy(cases.into_iter())
    }

    /// The address nginx takes for the client's.
    pub fn peer(&self) -> Value {
        if self.peer_hidden {
            unknown("address-behind-balancer", "")
        } else {
            vec![(Condition::ALWAYS, Known::Address)]
        }
    }

    fn builtin(&self, name: &str, moment: &Moment) -> Option<Value> {
        let request = &self.reading.circumstances.request;
        let host = || match &request.host {
            Some(host) => text(host.clone()),
            None => unknown("host-unknown", "$host"),
        };
        Some(match name {
            "remote_addr" | "binary_remote_addr" => self.peer(),
            "realip_remote_addr" => match self.reading.sees {
                Sees::Direct => self.peer(),
                Sees::Balancer(_) | Sees::Header => unknown("address-behind-balancer", "$realip_remote_addr"),
            },
            "proxy_protocol_addr" | "proxy_add_x_forwarded_for" => match self.reading.sees {
                Sees::Direct if name == "proxy_protocol_addr" && !self.proxy_protocol => text(""),
                Sees::Direct | Sees::Header => vec![(Condition::ALWAYS, Known::Address)],
                Sees::Balancer(_) => unknown("header", format!("${name}")),
            },
            "host" | "http_host" => host(),
            "server_name" => text(moment.server_name.clone()),
            "scheme" => text(if moment.https { "https" } else { "http" }),
            "https" => text(if moment.https { "on" } else { "" }),
            "server_port" => text(moment.port.to_string()),
            "request_method" => text("GET"),
            "request_uri" => text(request.path.clone()),
            "uri" | "document_uri" => text(moment.uri.clone()),
            "args" | "query_string" => text(moment.args.clone()),
            "is_args" => text(if moment.args.is_empty() { "" } else { "?" }),
            "http_user_agent" => text(request.user_agent.clone()),
            "ssl_client_verify" => text(if moment.https { "NONE" } else { "" }),
            "ssl_server_name" if moment.https => host(),
            "ssl_server_name"
            | "ssl_client_s_dn"
            | "ssl_client_serial"
            | "ssl_client_fingerprint"
            | "remote_user"
            | "http_authorization"
            | "http_cookie"
            | "content_type"
            | "content_length"
            | "dollar" => text(""),
            "server_addr" => match self.reading.circumstances.server {
                Some(server) => text(server.to_string()),
                None => unknown("server-address-unknown", "$server_addr"),
            },
            "invalid_referer" => Self::invalid_referer(moment),
            "http_x_forwarded_proto" => match self.reading.sees {
                Sees::Direct => text(""),
                Sees::Balancer(_) | Sees::Header => unknown("header", "$http_x_forwarded_proto"),
            },
            "request_filename" | "document_root" | "realpath_root" | "fastcgi_script_name" | "fastcgi_path_info" => {
                unknown("path-unknown", format!("${name}"))
            }
            _ if name.starts_with("geoip") => unknown("geo", format!("${name}")),
            _ if name.starts_with("time_") || name.starts_with("date_") || name == "msec" => {
                unknown("time", format!("${name}"))
            }
            _ if name.starts_with("cookie_") || name.starts_with("sent_") => text(""),
            _ => return self.of_request(name, moment),
        })
    }

    fn of_request(&self, name: &str, moment: &Moment) -> Option<Value> {
        if let Some(number) = name.parse::<usize>().ok().filter(|number| *number < 10) {
            return Some(match &moment.groups {
                Some(groups) => text(groups.get(number).cloned().unwrap_or_default()),
                None => unknown("variable", format!("${name}")),
            });
        }
        if let Some(wanted) = name.strip_prefix("arg_") {
            let mut pairs = moment.args.split('&').map(|pair| pair.split_once('=').unwrap_or((pair, "")));
            let found = pairs.find(|(name, _)| name.eq_ignore_ascii_case(wanted));
            return Some(text(found.map_or("", |(_, value)| value)));
        }
        let header = name.strip_prefix("http_")?;
        Some(match header {
            // What proxies in front put Kakao's address into. Kakao itself sends none of them.
            "x_forwarded_for"
            | "x_real_ip"
            | "cf_connecting_ip"
            | "true_client_ip"
            | "x_client_ip"
            | "x_cluster_client_ip"
            | "x_original_forwarded_for" => match self.reading.sees {
                Sees::Direct => text(""),
                Sees::Header => vec![(Condition::ALWAYS, Known::Address)],
                Sees::Balancer(_) => unknown("header", format!("${name}")),
            },
            "referer" if is_image(&moment.uri) => unknown("header", "$http_referer"),
            "referer" => text(""),
            _ if header.starts_with("accept") || header.starts_with("if_") || header.starts_with("sec_") => {
                unknown("header", format!("${name}"))
            }
            "connection" | "cache_control" | "pragma" | "range" | "via" | "upgrade" | "te" | "from" => {
                unknown("header", format!("${name}"))
            }
            // A proxy in front may add headers of its own.
            _ => match self.reading.sees {
                Sees::Direct => text(""),
                Sees::Balancer(_) | Sees::Header => unknown("header", format!("${name}")),
            },
        })
    }

    /// Kakao fetches pages without a Referer, images with that of the page.
    fn invalid_referer(moment: &Moment) -> Value {
        let Some(valid) = &moment.referers else { return text("") };
        if is_image(&moment.uri) {
            return unknown("header", "$invalid_referer");
        }
        text(if valid.iter().any(|word| word == "none") { "" } else { "1" })
    }
}

fn is_image(uri: &str) -> bool {
    let ending = uri.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
    matches!(ending.as_str(), "jpg" | "jpeg" | "png" | "gif" | "webp" | "avif" | "bmp" | "svg" | "ico")
}

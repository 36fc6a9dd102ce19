//! What is asked about logs over HTTP: the same in a query string and in the fields of a form.

use jiff::Timestamp;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use super::super::problem::Problem;
use crate::{
    acl::File,
    firewall,
    logs::{self, Ask},
};

/// How logs are read.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct LogsQuestion {
    /// What the log is called in the answer, where the body is one log. Left out: `log`.
    #[param(example = "access.log")]
    name: Option<String>,
    /// Its format, a `name` of `/api/v1/logs/formats`; `auto` or left out to find out.
    #[param(example = "auto")]
    format: Option<String>,
    /// How it is written, instead of `format`: nginx's `log_format` or Apache's `LogFormat`, its value or the whole line.
    #[param(example = "$remote_addr [$time_local] \"$request\" $status \"$http_user_agent\"")]
    template: Option<String>,
    /// The field in which the client's address stands.
    #[param(example = "http_x_forwarded_for")]
    client_field: Option<String>,
    /// Networks of the site's own proxies, separated by commas.
    #[param(example = "10.0.0.0/8")]
    proxy: Option<String>,
    /// Only requests from then on: a time, a day, or how long ago, such as `24h`. Without a zone it is UTC.
    #[param(example = "2026-11-23T00:00:00+09:00")]
    since: Option<String>,
    /// Only requests before then.
    until: Option<String>,
}

/// Several logs at once, and how they are read.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it describes the form, whose parts are read as they come")]
pub struct LogsForm {
    /// The logs, each with its file name; after the other fields.
    #[schema(value_type = Vec<String>, format = Binary)]
    file: Vec<Vec<u8>>,
    /// Kakao's ranges: the JSON of `GET /v1/system/ips`, or one network a line. Left out: the list at hand.
    ranges: Option<String>,
    /// As in the query.
    format: Option<String>,
    /// As in the query.
    template: Option<String>,
    /// As in the query.
    client_field: Option<String>,
    /// As in the query; repeatable.
    proxy: Option<String>,
    /// As in the query.
    since: Option<String>,
    /// As in the query.
    until: Option<String>,
}

impl LogsQuestion {
    /// What one log is called.
    pub fn name(&self) -> String {
        let name = self.name.as_deref().map(str::trim).filter(|name| !name.is_empty()).unwrap_or("log");
        name.chars().take(MOST_NAME).collect()
    }

    /// Sets a field of a form. The same field in the query gives way; proxies add up. False if there is no such field.
    pub fn set(&mut self, field: &str, value: String) -> bool {
        let place = match field {
            "format" => &mut self.format,
            "template" => &mut self.template,
            "client_field" => &mut self.client_field,
            "since" => &mut self.since,
            "until" => &mut self.until,
            "proxy" => {
                self.proxy = Some(self.proxy.take().map_or_else(|| value.clone(), |known| format!("{known},{value}")));
                return true;
            }
            _ => return false,
        };
        *place = Some(value);
        true
    }

    /// The question as `logs` takes it. Fields that are empty, as forms send them, are not given.
    pub fn ask(self, ranges: Option<File>) -> Result<Ask, Problem> {
        let now = Timestamp::now();
        let given = |text: Option<String>| text.filter(|text| !text.trim().is_empty());
        let moment = |name, text: Option<String>| {
            given(text)
                .map(|text| {
                    logs::moment(&text).map(|moment| moment.before(now)).map_err(|_wrong| fits(name, &text, MOMENT))
                })
                .transpose()
        };
        let template = given(self.template);
        let proxies = given(self.proxy).unwrap_or_default();
        let proxies = proxies.split([',', '\n']).filter(|text| !text.trim().is_empty());
        Ok(Ask {
            ranges,
            format: given(self.format).filter(|format| format != "auto" && template.is_none()),
            template,
            client_field: given(self.client_field),
            proxies: proxies
                .map(|text| logs::network(text).map_err(|_wrong| fits("proxy", text, NETWORKS)))
                .collect::<Result<_, _>>()?,
            since: moment("since", self.since)?,
            until: moment("until", self.until)?,
            today: firewall::day_of(now),
        })
    }
}

fn fits(name: &'static str, value: &str, fits: &'static str) -> Problem {
    Problem::Parameter { name, value: value.chars().take(MOST_REPEATED).collect(), fits }
}

const MOMENT: &str = "give a time such as 2026-11-23T09:30:00+09:00, a day, or how long ago: 90m, 24h, 7d";
const NETWORKS: &str = "give networks such as 10.0.0.0/8, separated by commas";
/// Characters of a caller's value that an error repeats, and of a name that the answer repeats.
const MOST_REPEATED: usize = 300;
const MOST_NAME: usize = 300;

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(query: &str) -> Result<Ask, String> {
        let question: LogsQuestion = super::super::query(query).map_err(|problem| problem.to_string())?;
        question.ask(None).map_err(|problem| problem.to_string())
    }

    #[test]
    fn what_is_left_out_or_empty_is_not_given() {
        let asked = ask("name=a.log&format=auto&template=&client_field=+&proxy=&since=").unwrap();
        assert_eq!((asked.format, asked.template, asked.client_field, asked.since), (None, None, None, None));
        assert!(asked.proxies.is_empty() && asked.ranges.is_none() && !asked.today.is_empty());
    }

    #[test]
    fn a_template_takes_the_place_of_a_format() {
        let asked = ask("format=combined&template=%24remote_addr").unwrap();
        assert_eq!((asked.format, asked.template.as_deref()), (None, Some("$remote_addr")));
        assert_eq!(ask("format=combined").unwrap().format.as_deref(), Some("combined"));
    }

    #[test]
    fn proxies_are_networks_and_addresses_between_commas() {
        let asked = ask("proxy=10.0.0.0/8,%20192.0.2.1,fd00::/8").unwrap();
        let proxies: Vec<_> = asked.proxies.iter().map(ToString::to_string).collect();
        assert_eq!(proxies, ["10.0.0.0/8", "192.0.2.1/32", "fd00::/8"]);
    }

    #[test]
    fn what_does_not_fit_is_named() {
        for (query, name) in
            [("proxy=ten", "`proxy`"), ("since=yesterday", "`since`"), ("until=7", "`until`"), ("formt=x", "formt")]
        {
            let error = ask(query).unwrap_err();
            assert!(error.contains(name), "{query}: {error}");
        }
        assert!(ask(&format!("since={}", "9".repeat(5_000))).unwrap_err().len() < 500);
    }

    #[test]
    fn a_forms_fields_set_the_same_and_proxies_add_up() {
        let mut question = LogsQuestion::default();
        for (field, value) in [("proxy", "10.0.0.0/8"), ("proxy", "192.0.2.1"), ("format", "common")] {
            assert!(question.set(field, value.to_owned()), "{field}");
        }
        assert!(!question.set("nmae", String::new()));
        let asked = question.ask(None).unwrap();
        assert_eq!((asked.proxies.len(), asked.format.as_deref()), (2, Some("common")));
    }
}

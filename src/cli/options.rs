//! Options that several commands share: the configuration, the outbound guard, the language of the report.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum, builder::PossibleValue};
use toml::Value;

use super::CommandError;
use crate::{
    config::{Override, Settings},
    egress::Exception,
    fetch::{NameServer, Pin},
};

pub(super) use crate::language::Language;

/// Options of every command that fetches.
#[derive(Debug, Args)]
#[command(next_help_heading = "Network options")]
pub(super) struct Network {
    /// Settings file; every key with its default: `scraplens serve --print-config`
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Open addresses that are closed by default (private, loopback, ...), such as 127.0.0.0/8 or 10.1.0.0/16:8080; repeatable
    #[arg(long = "allow-net", value_name = "CIDR[:PORT]", value_parser = allow_net)]
    pub allow_net: Vec<Checked>,
    /// Fix a name's address, as curl does; the address must be public or allowed; repeatable
    #[arg(long, value_name = "HOST:PORT:ADDR", value_parser = resolve)]
    pub resolve: Vec<Checked>,
    /// Ask this name server instead of the system's; repeatable
    #[arg(long, value_name = "IP[:PORT]", value_parser = dns)]
    pub dns: Vec<Checked>,
    /// One deadline over names, connecting, redirects and the page
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    pub timeout: Option<f64>,
    /// Trust the certificate authorities in this PEM file too; repeatable
    #[arg(long, value_name = "FILE")]
    pub cacert: Vec<PathBuf>,
}

/// A value whose form was checked when the arguments were read.
#[derive(Debug, Clone)]
pub(super) struct Checked(String);

fn allow_net(text: &str) -> Result<Checked, String> {
    text.parse::<Exception>().map(|_| Checked(text.to_owned())).map_err(|error| error.to_string())
}

fn resolve(text: &str) -> Result<Checked, String> {
    text.parse::<Pin>().map(|_| Checked(text.to_owned())).map_err(|error| error.to_string())
}

fn dns(text: &str) -> Result<Checked, String> {
    text.parse::<NameServer>().map(|_| Checked(text.to_owned()))
}

fn seconds(text: &str) -> Result<f64, String> {
    text.parse()
        .ok()
        .filter(|seconds: &f64| (0.001..=3600.0).contains(seconds))
        .ok_or_else(|| "write seconds between 0.001 and 3600".to_owned())
}

impl Network {
    /// The settings with these options on top.
    pub fn settings(&self, mut more: Vec<Override>) -> Result<Settings, CommandError> {
        let list = |values: Vec<String>| Value::Array(values.into_iter().map(Value::String).collect());
        let checked = |values: &[Checked]| list(values.iter().map(|Checked(text)| text.clone()).collect());
        let mut set = |given: bool, option, key, value| {
            if given {
                more.push(Override { option, key, value });
            }
        };
        set(!self.allow_net.is_empty(), "--allow-net", "egress.allow", checked(&self.allow_net));
        set(!self.resolve.is_empty(), "--resolve", "fetch.resolve", checked(&self.resolve));
        set(!self.dns.is_empty(), "--dns", "dns.servers", checked(&self.dns));
        set(
            !self.cacert.is_empty(),
            "--cacert",
            "fetch.extra_roots",
            list(self.cacert.iter().map(|path| path.display().to_string()).collect()),
        );
        if let Some(seconds) = self.timeout {
            #[expect(clippy::cast_possible_truncation, reason = "at most 3600 seconds")]
            let milliseconds = (seconds * 1000.0).round() as i64;
            for key in ["fetch.deadline_ms", "fetch.connect_timeout_ms", "fetch.read_timeout_ms"] {
                set(true, "--timeout", key, Value::Integer(milliseconds));
            }
        }
        Settings::load(self.config.as_deref(), environment(), &more).map_err(CommandError::new)
    }
}

/// The settings of defaults and environment alone, for commands without network options.
pub(super) fn from_environment() -> Result<Settings, CommandError> {
    from_files(None, &[])
}

/// The settings of defaults, file, environment and a command's own options.
pub(super) fn from_files(config: Option<&Path>, more: &[Override]) -> Result<Settings, CommandError> {
    Settings::load(config, environment(), more).map_err(CommandError::new)
}

/// The environment, without what is not UTF-8: no setting of ours could be in there.
fn environment() -> impl Iterator<Item = (String, String)> {
    std::env::vars_os().filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
}

/// How a result is written.
#[derive(Debug, Args)]
pub(super) struct Output {
    /// Write JSON
    #[arg(long)]
    pub json: bool,
    #[command(flatten)]
    language: LanguageOption,
}

/// The language of what people read.
#[derive(Debug, Args)]
pub(super) struct LanguageOption {
    /// Language of the findings; by default the terminal's
    #[arg(long, value_enum, value_name = "LANG")]
    lang: Option<Language>,
}

impl ValueEnum for Language {
    fn value_variants<'a>() -> &'a [Self] {
        &[Self::Ko, Self::En]
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(self.tag()))
    }
}

impl Output {
    /// The language of the report.
    pub fn language(&self) -> Language {
        self.language.choose()
    }
}

impl LanguageOption {
    /// The language asked for, or the terminal's (POSIX: `LC_ALL`, then `LC_MESSAGES`, then `LANG`).
    pub fn choose(&self) -> Language {
        self.lang.unwrap_or_else(|| {
            let locale = ["LC_ALL", "LC_MESSAGES", "LANG"]
                .into_iter()
                .filter_map(std::env::var_os)
                .find(|value| !value.is_empty());
            match locale {
                Some(locale) if locale.to_string_lossy().starts_with("ko") => Language::Ko,
                _ => Language::En,
            }
        })
    }
}

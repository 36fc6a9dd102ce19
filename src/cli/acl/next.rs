//! What to run next, as commands that can be copied: a fix for each layer that refuses. It runs nothing.

use super::{Asked, STDIN, name};
use crate::acl::{
    Sees,
    formats::named,
    report::{AclReport, LayerReport, Standing},
};

/// A step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Next {
    /// A command, word by word, quoted for a shell.
    Run(Vec<String>),
    /// The layer of this name and format must be changed by hand.
    ByHand(String),
}

/// A step for each layer that refuses something.
pub(super) fn commands(report: &AclReport, asked: &Asked) -> Vec<Next> {
    let parts = report.ranges.iter().flat_map(|range| &range.parts).filter(|part| part.verdict == Standing::Denied);
    let refusing: Vec<&str> = parts.filter_map(|part| part.decided_by.as_ref()).map(|by| by.layer.as_str()).collect();
    let layers = report.layers.iter().filter(|layer| refusing.contains(&layer.name.as_str()));
    layers
        .map(|layer| match named(layer.format).and_then(|format| format.open) {
            Some(_) => Next::Run(fix(layer, asked)),
            None => Next::ByHand(format!("{} ({})", layer.name, layer.title)),
        })
        .collect()
}

fn fix(layer: &LayerReport, asked: &Asked) -> Vec<String> {
    let mut words: Vec<String> = ["scraplens", "acl", "fix"].map(str::to_owned).to_vec();
    let mut say = |word: &str| words.push(quoted(word));
    for file in &layer.files {
        say(if file == STDIN { "-" } else { file });
    }
    let mut option = |option: &str, value: Option<&str>| {
        if let Some(value) = value {
            say(option);
            say(value);
        }
    };
    option("--format", Some(layer.format));
    option("--ranges", asked.ranges.as_deref().map(name).as_deref());
    for port in &asked.ports {
        option("--port", Some(&port.to_string()));
    }
    option("--sees", sees(layer, asked).as_deref());
    option("--at-port", at_port(layer, asked).as_deref());
    option("--interface", asked.interface.as_deref());
    option("--inner-interface", asked.inner_interface.as_deref());
    option("--server", asked.server.map(|address| address.to_string()).as_deref());
    option("--url", asked.url.as_deref());
    option("--host", asked.host.as_deref());
    option("--path", asked.path.as_deref());
    words
}

/// What an option says of the layer: of its first dump, or of all.
fn given<'a, T>(layer: &LayerReport, asked: &Asked, option: &'a [T]) -> Option<&'a T> {
    let first = asked.dumps.iter().position(|path| layer.files.first() == Some(&name(path)))?;
    option.get(first).or(option.first())
}

/// The port by which the layer is reached, where that is not the one asked for.
fn at_port(layer: &LayerReport, asked: &Asked) -> Option<String> {
    given(layer, asked, &asked.at_port)?.0.map(|port| port.to_string())
}

/// What the layer sees, where that is not Kakao's own address.
fn sees(layer: &LayerReport, asked: &Asked) -> Option<String> {
    match given(layer, asked, &asked.sees)? {
        Sees::Direct => None,
        Sees::Header => Some("header".to_owned()),
        Sees::Balancer(None) => Some("balancer".to_owned()),
        Sees::Balancer(Some(addresses)) => {
            let networks: Vec<String> = addresses.networks().iter().map(ToString::to_string).collect();
            Some(format!("balancer={}", networks.join(",")))
        }
    }
}

/// A word as a POSIX shell takes it for itself.
fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "-_./:,=@%+".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', "'\\''"))
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::{super::samples, *};

    #[derive(Debug, Parser)]
    struct Line {
        #[command(flatten)]
        asked: Asked,
    }

    fn layer(files: &[&str]) -> LayerReport {
        let mut layers = samples::partial().layers;
        let mut layer = layers.remove(0);
        layer.files = files.iter().map(|file| (*file).to_owned()).collect();
        layer
    }

    #[test]
    fn the_command_repeats_what_was_asked_and_is_fit_for_a_shell() {
        let asked = Line::parse_from([
            "check",
            "-",
            "my rules",
            "--ranges",
            "ips.json",
            "--port",
            "443",
            "--sees",
            "direct",
            "--sees",
            "balancer=10.0.0.0/8",
            "--at-port",
            "same",
            "--at-port",
            "8080",
            "--url",
            "https://a.kr/?a=b&c",
        ]);
        assert_eq!(
            fix(&layer(&["my rules"]), &asked.asked).join(" "),
            "scraplens acl fix 'my rules' --format iptables --ranges ips.json --port 443 --sees balancer=10.0.0.0/8 --at-port 8080 --url 'https://a.kr/?a=b&c'"
        );
        assert_eq!(
            fix(&layer(&["stdin"]), &asked.asked).join(" "),
            "scraplens acl fix - --format iptables --ranges ips.json --port 443 --url 'https://a.kr/?a=b&c'"
        );
    }

    #[test]
    fn a_word_is_quoted_where_a_shell_would_take_it_apart() {
        for (word, shown) in
            [("rules.v4", "rules.v4"), ("규칙", "규칙"), ("", "''"), ("a'b;c", "'a'\\''b;c'"), ("$(x)", "'$(x)'")]
        {
            assert_eq!(quoted(word), shown);
        }
    }
}

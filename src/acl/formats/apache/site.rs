//! The files of an Apache server as a whole: what is switched on, virtual hosts, sockets, `.htaccess` files. How a request is
//! judged is in `flow`.

use super::line::{Node, read};
use super::section::fits;
use crate::acl::{Family, File, Malformed, Place};

/// What the files say.
#[derive(Debug, Default)]
pub struct Site {
    /// Lines outside every virtual host.
    pub main: Vec<Node>,
    /// Virtual hosts.
    pub hosts: Vec<Node>,
    /// `.htaccess` files: their folder, where the name tells it, and their lines.
    pub htaccess: Vec<(Option<String>, Vec<Node>)>,
    /// The server's main file is among the files.
    pub whole: bool,
    /// Lines of `.htaccess` files that Apache refuses to work with.
    pub mistakes: Vec<Node>,
    /// Included files that are not here.
    pub missing: Vec<Node>,
    /// Sections for names that no `Define` of the files makes; the server may have been started with `-D`.
    pub undefined: Vec<(Place, String)>,
}

/// What a virtual host is reached by.
#[derive(Debug, Clone)]
pub struct Socket {
    /// The address, as text; `*` for all.
    pub address: String,
    /// The port; `None` for all.
    pub port: Option<u16>,
}

/// Reads the files.
pub fn load(files: &[File]) -> Result<Site, Malformed> {
    let mut site = Site::default();
    let mut defined: Vec<String> = Vec::new();
    let names: Vec<String> =
        files.iter().map(|file| file.name.rsplit('/').next().unwrap_or(&file.name).to_owned()).collect();
    for (index, file) in files.iter().enumerate() {
        let nodes = read(file, index)?;
        collect_defines(&nodes, &mut defined);
        collect_undefined(&nodes, &defined, &mut site.undefined);
        let nodes = resolved(nodes, &defined);
        let mistake = negative_alone(&nodes, false).cloned();
        if is_htaccess(file, &nodes) {
            site.mistakes.extend(mistake);
            let folder = file.name.rsplit_once('/').map(|(folder, _)| folder.to_owned());
            site.htaccess.push((folder.filter(|folder| folder.starts_with('/')), nodes));
            continue;
        }
        if let Some(line) = mistake {
            let advice = "put `Require not` inside <RequireAll>, beside `Require all granted`";
            let what = "`Require not` outside <RequireAll>: Apache does not start with it";
            return Err(Malformed::at(file, line.place.line, 0, what, advice));
        }
        for node in nodes {
            match node.name.as_str() {
                "virtualhost" => site.hosts.push(node),
                "include" | "includeoptional" => {
                    let wanted = node.arg(0).rsplit('/').next().unwrap_or_default();
                    if !names.iter().any(|name| fits(wanted, name)) {
                        site.missing.push(node);
                    }
                }
                "directory" if node.arg(0) == "/" => {
                    site.whole = true;
                    site.main.push(node);
                }
                "serverroot" => site.whole = true,
                _ => site.main.push(node),
            }
        }
    }
    Ok(site)
}

fn is_htaccess(file: &File, nodes: &[Node]) -> bool {
    const OF_A_SERVER: &[&str] = &[
        "virtualhost",
        "directory",
        "directorymatch",
        "location",
        "locationmatch",
        "listen",
        "serverroot",
        "documentroot",
        "servername",
        "proxy",
        "proxypass",
        "loadmodule",
        "include",
        "includeoptional",
        "alias",
    ];
    file.name.ends_with(".htaccess") || !nodes.iter().any(|node| OF_A_SERVER.contains(&node.name.as_str()))
}

fn collect_defines(nodes: &[Node], defined: &mut Vec<String>) {
    for node in nodes {
        if node.name == "define" {
            defined.push(node.arg(0).to_owned());
        }
        collect_defines(node.children(), defined);
    }
}

fn collect_undefined(nodes: &[Node], defined: &[String], found: &mut Vec<(Place, String)>) {
    for node in nodes {
        let name = node.arg(0).trim_start_matches('!');
        if node.name == "ifdefine" && !defined.iter().any(|defined| defined == name) {
            found.push((node.place, name.to_owned()));
        }
        collect_undefined(node.children(), defined, found);
    }
}

/// A `Require not` where it has no effect; Apache takes that for a mistake.
fn negative_alone(nodes: &[Node], all: bool) -> Option<&Node> {
    nodes.iter().find_map(|node| {
        if node.name == "require" && node.arg(0).eq_ignore_ascii_case("not") && !all {
            return Some(node);
        }
        negative_alone(node.children(), node.name == "requireall")
    })
}

/// Takes `<IfModule>` and the like away. Modules are taken to be loaded, and the server to be of version 2.4.
fn resolved(nodes: Vec<Node>, defined: &[String]) -> Vec<Node> {
    let mut kept = Vec::with_capacity(nodes.len());
    for mut node in nodes {
        let inside = node.inside.take().map(|inside| resolved(inside, defined));
        let holds = match node.name.as_str() {
            "ifmodule" => !node.arg(0).starts_with('!'),
            "iffile" | "ifdirective" | "ifsection" => true,
            "ifdefine" => match node.arg(0).strip_prefix('!') {
                Some(name) => !defined.iter().any(|defined| defined == name),
                None => defined.iter().any(|defined| defined == node.arg(0)),
            },
            "ifversion" => of_version(&node),
            _ => {
                node.inside = inside;
                kept.push(node);
                continue;
            }
        };
        if holds {
            kept.extend(inside.unwrap_or_default());
        }
    }
    kept
}

fn of_version(node: &Node) -> bool {
    const VERSION: (u32, u32, u32) = (2, 4, 60);
    let (sign, version) = if node.args.len() > 1 { (node.arg(0), node.arg(1)) } else { ("=", node.arg(0)) };
    let mut numbers = version.split('.').map(|part| part.parse::<u32>().unwrap_or(0));
    let mut next = || numbers.next();
    let (major, minor, patch) = (next().unwrap_or(0), next(), next());
    let wanted = (major, minor.unwrap_or(0), patch.unwrap_or(0));
    let (negated, sign) = sign.strip_prefix('!').map_or((false, sign), |sign| (true, sign));
    // `2.4` stands for every 2.4.x where equality is asked.
    let alike = wanted.0 == VERSION.0 && minor.is_none_or(|minor| minor == VERSION.1) && patch.is_none();
    let holds = match sign {
        ">=" => VERSION >= wanted,
        ">" => VERSION > wanted && !alike,
        "<=" => VERSION <= wanted || alike,
        "<" => VERSION < wanted,
        _ => alike,
    };
    holds != negated
}

/// Whether a missing file can change who gets in.
pub fn matters(path: &str) -> bool {
    const HARMLESS: &[&str] = &[
        "mods-enabled/",
        "mods-available/",
        "ports.conf",
        "letsencrypt/",
        "conf.modules.d/",
        ".load",
        "httpd-mpm",
        "httpd-ssl.conf",
    ];
    !HARMLESS.iter().any(|part| path.contains(part))
}

/// Files that seldom hold access rules.
pub fn seldom_matters(path: &str) -> bool {
    path.contains("conf-enabled/") || path.contains("conf-available/")
}

/// The sockets of a virtual host.
pub fn sockets(host: &Node) -> Vec<Socket> {
    host.args
        .iter()
        .map(|word| {
            let (address, port) = match word.rsplit_once(':') {
                Some((address, port)) if port == "*" || port.parse::<u16>().is_ok() => (address, port.parse().ok()),
                _ => (word.as_str(), None),
            };
            let address = if address == "_default_" { "*" } else { address.trim_matches(['[', ']']) };
            Socket { address: address.to_owned(), port }
        })
        .collect()
}

/// Whether a virtual host answers to a name.
pub fn answers(host: &Node, name: &str) -> bool {
    let lines = host.children().iter().filter(|line| matches!(line.name.as_str(), "servername" | "serveralias"));
    let mut names = lines.flat_map(|line| &line.args).map(|word| {
        let word = word.rsplit_once("://").map_or(word.as_str(), |(_, rest)| rest);
        word.split(':').next().unwrap_or_default().to_ascii_lowercase()
    });
    names.any(|wanted| fits(&wanted, name))
}

/// What a virtual host is called, for people.
pub fn title(host: &Node) -> &str {
    host.children().iter().find(|line| line.name == "servername").map_or("", |line| line.arg(0))
}

/// Ports the server listens on: place, port, families, whether only the host itself reaches it.
pub fn listens(main: &[Node]) -> Vec<(Place, u16, Vec<Family>, bool)> {
    let mut found = Vec::new();
    for line in main.iter().filter(|line| line.name == "listen") {
        let word = line.arg(0);
        let (address, port) = word.rsplit_once(':').unwrap_or(("", word));
        let Ok(port) = port.parse::<u16>() else { continue };
        let address = address.trim_matches(['[', ']']);
        let ip: Option<std::net::IpAddr> = address.parse().ok();
        // Without an address Apache takes both families on Linux.
        let families = ip.map_or_else(|| Family::BOTH.to_vec(), |ip| vec![Family::of(ip)]);
        found.push((line.place, port, families, ip.is_some_and(|ip| ip.is_loopback())));
    }
    found
}

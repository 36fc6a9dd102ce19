//! Collects the sections that hold for a request, in Apache's order. How they are judged is in `flow`.

use super::{
    access::Rules,
    flow::{Flow, Visit},
    line::Node,
    section::{self, Target},
};
use crate::acl::{Doubt, Place};

/// The sections that hold, in order, and what follows from them.
#[derive(Default)]
pub struct Walk<'a> {
    /// Who may.
    pub rules: Rules<'a>,
    /// `<If>` sections, each with those it is an alternative to.
    pub ifs: Vec<(&'a Node, Vec<&'a Node>)>,
    /// Lines that set the environment.
    pub env: Vec<&'a Node>,
    /// Redirects of folders.
    pub redirects: Vec<&'a Node>,
    /// The rewrites of the innermost folder that has some.
    pub rewrites: Option<(String, Vec<&'a Node>)>,
    /// Sections that nobody can place.
    pub doubts: Vec<(Place, Doubt)>,
    /// What `.htaccess` files may say.
    pub override_of: Option<&'a str>,
    /// `.htaccess` files that are read.
    pub read: Vec<usize>,
    /// The files that stand for a folder.
    pub index: Option<&'a Node>,
}

impl<'a> Flow<'a> {
    /// Collects the sections that hold for a request.
    pub fn walk(&self, visit: &Visit<'a>, target: &Target, unread: &mut Vec<Place>) -> Walk<'a> {
        let mut walk = Walk::default();
        let of_host = visit.host.map(Node::children).unwrap_or_default();
        let site = self.site;
        let all = || site.main.iter().chain(of_host);
        let doubtful = |node: &Node| section::unreadable(node).is_some() && says_who(node);
        for node in all().filter(|node| doubtful(node)) {
            walk.doubts.push((node.place, Doubt::new("expression", node.text())));
        }
        let mut files: Vec<&'a Node> = Vec::new();
        if let Some(file) = &target.file {
            let mut folders: Vec<(usize, &'a Node)> = all()
                .filter(|node| matches!(node.name.as_str(), "directory" | "directorymatch"))
                .filter_map(|node| Some((section::directory(node, file)?, node)))
                .collect();
            folders.sort_by_key(|(depth, _)| *depth);
            let (plain, patterns): (Vec<_>, Vec<_>) = folders.into_iter().partition(|(depth, _)| *depth != usize::MAX);
            for (_, node) in plain {
                walk.take(node.arg(0), section::lines(node.children()), &mut files);
            }
            self.htaccess(&mut walk, visit, file, &mut files, unread);
            for (_, node) in patterns {
                walk.take("", section::lines(node.children()), &mut files);
            }
            files.splice(0..0, all().filter(|node| matches!(node.name.as_str(), "files" | "filesmatch")));
            for node in files.into_iter().filter(|node| section::files(node, file)) {
                walk.take("", section::lines(node.children()), &mut Vec::new());
            }
        }
        if let Some(to) = &target.proxied {
            for node in all().filter(|node| matches!(node.name.as_str(), "proxy" | "proxymatch")) {
                if section::proxy(node, to) {
                    walk.take("", section::lines(node.children()), &mut Vec::new());
                }
            }
        }
        for node in all().filter(|node| matches!(node.name.as_str(), "location" | "locationmatch")) {
            if section::location(node, &target.uri) {
                walk.take("", section::lines(node.children()), &mut Vec::new());
            }
        }
        let ifs: Vec<&'a Node> = site.main.iter().chain(of_host).collect();
        walk.conditional(&ifs);
        walk
    }

    fn htaccess(
        &self,
        walk: &mut Walk<'a>,
        visit: &Visit<'a>,
        file: &str,
        files: &mut Vec<&'a Node>,
        unread: &mut Vec<Place>,
    ) {
        let root = self.root(visit);
        let ignored = walk.override_of.is_none_or(|what| what.eq_ignore_ascii_case("none"));
        // Without the server's own file, a .htaccess that is given is taken to be in force.
        let ignored = ignored && (walk.override_of.is_some() || self.site.whole);
        let mut found: Vec<&'a (Option<String>, Vec<Node>)> = self.site.htaccess.iter().collect();
        found.sort_by_key(|(folder, _)| folder.as_ref().map_or(0, |folder| folder.split('/').count()));
        for (folder, lines) in found {
            let first = lines.first().map(|line| line.place);
            let folder = if let Some(folder) = folder {
                folder.clone()
            } else {
                self.facts.assume("attached-assumed", first, "");
                root.clone()
            };
            if ignored {
                unread.extend(first);
            } else if section::under(&folder, file) {
                walk.read.extend(first.map(|place| place.file));
                walk.take(&folder, section::lines(lines), files);
            }
        }
    }
}

fn says_who(node: &Node) -> bool {
    let of_access = |line: &Node| {
        matches!(
            line.name.as_str(),
            "require" | "requireall" | "requireany" | "requirenone" | "order" | "allow" | "deny"
        )
    };
    node.children().iter().any(of_access)
}

/// How a section's `Require` lines are merged with those before.
pub fn merging<'a>(lines: &[&'a Node]) -> &'a str {
    lines.iter().rfind(|line| line.name == "authmerging").map_or("off", |line| line.arg(0))
}

impl<'a> Walk<'a> {
    /// Takes a section's lines over what is before.
    fn take(&mut self, folder: &str, lines: Vec<&'a Node>, files: &mut Vec<&'a Node>) {
        section::merge(&mut self.rules, section::rules(&lines), merging(&lines));
        let mut rewrites = false;
        for line in &lines {
            match line.name.as_str() {
                "files" | "filesmatch" => files.push(line),
                "setenvif" | "setenvifnocase" | "browsermatch" | "browsermatchnocase" | "setenvifexpr" => {
                    self.env.push(line);
                }
                "redirect" | "redirectmatch" | "redirectpermanent" | "redirecttemp" => self.redirects.push(line),
                "rewriterule" | "rewriteengine" => rewrites = true,
                "allowoverride" => self.override_of = Some(line.arg(0)),
                "directoryindex" => self.index = Some(line),
                _ => {}
            }
        }
        self.conditional(&lines);
        if rewrites {
            self.rewrites = Some((folder.trim_end_matches('/').to_owned(), lines));
        }
    }

    /// Remembers `<If>`s, each with those it is an alternative to.
    fn conditional(&mut self, lines: &[&'a Node]) {
        let mut before: Vec<&'a Node> = Vec::new();
        for line in lines {
            match line.name.as_str() {
                "if" => before.clear(),
                "elseif" | "else" => {}
                _ => continue,
            }
            self.ifs.push((line, before.clone()));
            before.push(line);
        }
    }
}

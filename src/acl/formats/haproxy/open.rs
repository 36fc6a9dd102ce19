//! Lets networks in by an ACL and a rule before the line that refuses them. A rule that only answers the others would be
//! shorter, but this leaves the refusing line as it is.

use super::{ADVICE, words};
use crate::acl::{File, Opening, Patch, insert_lines};

/// Name of the ACL that is added; a number follows where it is taken.
const ACL: &str = "kakao_scrap";

/// `None` where no rule refuses (no server to answer), or a list does.
pub fn open(files: &[File], opening: &Opening) -> Option<Patch> {
    let place = opening.refused_at.filter(|_| !opening.by_policy)?;
    let file = files.get(place.file)?;
    let sections = words::sections(place.file, file, ADVICE).ok()?;
    let section = sections.iter().rev().find(|section| section.place <= place)?;
    let line = section.lines.iter().find(|line| line.place == place)?;
    let rule = match (line.word(0), line.word(1)) {
        ("tcp-request", phase @ ("connection" | "session" | "content")) => format!("tcp-request {phase} accept"),
        ("http-request", _) => "http-request allow".to_owned(),
        _ => return None,
    };
    // Where the section's rules look at a header for the client's address, `src` is the proxy's.
    let by_header = |word: &&String| word.trim_start_matches("req.").starts_with("hdr_ip(");
    let header =
        section.lines.iter().flat_map(|line| &line.words).find(by_header).filter(|_| line.word(0) == "http-request");
    let client = header.map_or("src", String::as_str);
    let free = |name: &String| section.starting("acl").all(|line| line.word(1) != name.as_str());
    let names = (2..MAX_NAMES).map(|number| format!("{ACL}_{number}"));
    let name = std::iter::once(ACL.to_owned()).chain(names).find(free)?;
    let indent: String = file.line(place.line)?.chars().take_while(|letter| letter.is_whitespace()).collect();
    let networks: Vec<String> = opening.networks.iter().map(ToString::to_string).collect();
    let mut lines: Vec<String> =
        networks.chunks(PER_LINE).map(|some| format!("{indent}acl {name} {client} {}", some.join(" "))).collect();
    let ports: Vec<String> = opening.ports.iter().map(u16::to_string).collect();
    lines.push(format!("{indent}{rule} if {name} {{ dst_port {} }}", ports.join(" ")));
    let text = insert_lines(&file.text, place.line, &lines);
    Some(Patch {
        files: vec![(place.file, text)],
        commands: Vec::new(),
        remarks: vec![("reload", "haproxy".to_owned())],
    })
}

/// `HAProxy` takes 64 words a line.
const PER_LINE: usize = 50;
/// Names that are tried for the ACL.
const MAX_NAMES: u32 = 1_000;

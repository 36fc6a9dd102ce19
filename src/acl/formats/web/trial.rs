//! Tries fixes out: opens what is refused, reads the changed files again, and compares. For the tests of web dialects.

use crate::acl::{
    Addresses, Circumstances, Decision, Family, File, How, Opening, Patch, Piece, Reading, Request, Ruleset, Verdict,
    decide,
};

const KAKAO: &str = "facebookexternalhit/1.1; kakaotalk-scrap/1.0; +https://devtalk.kakao.com/t/scrap/33984";

/// A question by Kakao's scraper for a path.
pub fn reading(path: &str) -> Reading {
    let request = Request { host: None, path: path.to_owned(), user_agent: KAKAO.to_owned() };
    Reading { circumstances: Circumstances { request, ..Circumstances::default() }, ..Reading::default() }
}

/// What becomes of all IPv4 addresses on a port.
pub fn pieces(ruleset: &Ruleset, reading: &Reading, port: u16) -> Vec<Piece> {
    let everything = Addresses::all();
    let mut steps = 10_000_000;
    decide(ruleset, &reading.circumstances, Family::V4, &everything.v4, port, &mut steps).unwrap()
}

/// The addresses that get in.
pub fn allowed(ruleset: &Ruleset, reading: &Reading, port: u16) -> Addresses {
    let pieces = pieces(ruleset, reading, port);
    let open = pieces.iter().filter(|piece| piece.decision.verdict == Verdict::Allowed);
    Addresses::of(Family::V4, open.map(|piece| (piece.from, piece.to)).collect())
}

/// Opens the way for a network and says whether it, and nothing else, gets in besides.
pub fn opens_exactly(
    parse: impl Fn(&[File]) -> Ruleset,
    open: impl Fn(&[File], &Opening) -> Option<Patch>,
    files: &[File],
    network: &str,
    port: u16,
) -> Option<String> {
    let reading = reading("/");
    let before = parse(files);
    let wanted = Addresses::parse(network).unwrap();
    let first = wanted.v4.iter().next().unwrap().0;
    let refused: Decision =
        pieces(&before, &reading, port).into_iter().find(|piece| piece.from <= first && first <= piece.to)?.decision;
    assert!(matches!(refused.verdict, Verdict::Denied(how) if how != How::Refused), "{refused:?}");
    let site = refused.site?;
    let opening = Opening {
        refused_at: site.place,
        chain: before.chains.get(site.chain.0)?.name.clone(),
        by_policy: false,
        part: refused.part,
        family: Family::V4,
        networks: wanted.networks(),
        ports: vec![port],
    };
    let patch = open(files, &opening)?;
    let mut changed = files.to_vec();
    for (index, text) in &patch.files {
        let file = changed.get_mut(*index)?;
        *file = File::new(&file.name, text);
    }
    let after = allowed(&parse(&changed), &reading, port);
    assert_eq!(after, allowed(&before, &reading, port).union(&wanted), "{}", patch.files.first()?.1);
    patch.files.into_iter().next().map(|(_, text)| text)
}

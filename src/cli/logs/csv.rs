//! One table of a report as CSV (RFC 4180), for spreadsheets: a header, a row each, times as RFC 3339. No cell is ever a formula.

use clap::ValueEnum;
use jiff::Timestamp;

use super::super::CommandError;
use crate::accesslog::{
    Origin,
    report::{LogReport, Span, Statuses},
};

/// Which table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Rows {
    /// Kakao's ranges, seen or not
    Ranges,
    /// Addresses that are not known as Kakao's
    Sources,
    /// What was refused to Kakao
    Refused,
    /// Pages and images that Kakao asked for
    Pages,
}

const RANGES: [&str; 16] = [
    "range",
    "service",
    "holder",
    "origin",
    "requests",
    "addresses",
    "pages",
    "images",
    "ok",
    "redirected",
    "refused",
    "failed",
    "unknown",
    "slow",
    "first",
    "last",
];
const SOURCES: [&str; 12] = [
    "address",
    "origin",
    "requests",
    "ok",
    "redirected",
    "refused",
    "failed",
    "unknown",
    "first",
    "last",
    "example",
    "user_agent",
];
const REFUSED: [&str; 6] = ["path", "status", "requests", "address", "first", "last"];
const PAGES: [&str; 7] = ["kind", "path", "page", "requests", "status", "got", "last"];

/// The table.
pub(super) fn written(report: &LogReport, rows: Rows) -> Result<String, CommandError> {
    let mut table = csv::Writer::from_writer(Vec::new());
    let done = match rows {
        Rows::Ranges => ranges(report, &mut table),
        Rows::Sources => sources(report, &mut table),
        Rows::Refused => refused(report, &mut table),
        Rows::Pages => pages(report, &mut table),
    };
    done.map_err(CommandError::new)?;
    let bytes = table.into_inner().map_err(CommandError::new)?;
    String::from_utf8(bytes).map_err(CommandError::new)
}

type Table = csv::Writer<Vec<u8>>;

fn ranges(report: &LogReport, table: &mut Table) -> csv::Result<()> {
    table.write_record(RANGES)?;
    for range in &report.ranges {
        let [ok, redirected, refused, failed, unknown] = counts(range.statuses);
        let [first, last] = times(range.span);
        table.write_record([
            safe(&range.cidr),
            safe(&range.service),
            safe(&range.holder),
            origin(range.origin),
            range.requests.to_string(),
            range.addresses.to_string(),
            range.pages.to_string(),
            range.images.to_string(),
            ok,
            redirected,
            refused,
            failed,
            unknown,
            range.slow.to_string(),
            first,
            last,
        ])?;
    }
    Ok(())
}

fn sources(report: &LogReport, table: &mut Table) -> csv::Result<()> {
    table.write_record(SOURCES)?;
    for source in &report.sources {
        let [ok, redirected, refused, failed, unknown] = counts(source.statuses);
        let [first, last] = times(source.span);
        table.write_record([
            safe(&source.address),
            origin(source.origin),
            source.requests.to_string(),
            ok,
            redirected,
            refused,
            failed,
            unknown,
            first,
            last,
            safe(source.example.as_deref().unwrap_or_default()),
            safe(source.user_agent.as_deref().unwrap_or_default()),
        ])?;
    }
    Ok(())
}

fn refused(report: &LogReport, table: &mut Table) -> csv::Result<()> {
    table.write_record(REFUSED)?;
    for refused in &report.refused {
        let [first, last] = times(refused.span);
        table.write_record([
            safe(&refused.path),
            refused.status.to_string(),
            refused.requests.to_string(),
            safe(&refused.address),
            first,
            last,
        ])?;
    }
    Ok(())
}

fn pages(report: &LogReport, table: &mut Table) -> csv::Result<()> {
    table.write_record(PAGES)?;
    let status = |status: Option<u16>| status.map(|status| status.to_string()).unwrap_or_default();
    for page in &report.pages {
        let got = page.status.is_some_and(|status| status < 300 || status == 304).to_string();
        let last = page.last.map(moment).unwrap_or_default();
        let requests = page.requests.to_string();
        table.write_record([
            "page".to_owned(),
            safe(&page.path),
            String::new(),
            requests,
            status(page.status),
            got,
            last,
        ])?;
        for image in &page.images {
            table.write_record([
                "image".to_owned(),
                safe(&image.path),
                safe(&page.path),
                image.requests.to_string(),
                status(image.status),
                image.got.to_string(),
                String::new(),
            ])?;
        }
    }
    Ok(())
}

fn counts(statuses: Statuses) -> [String; 5] {
    let Statuses { ok, redirected, refused, failed, unknown } = statuses;
    [ok, redirected, refused, failed, unknown].map(|count| count.to_string())
}

fn times(span: Option<Span>) -> [String; 2] {
    span.map(|span| [moment(span.first), moment(span.last)]).unwrap_or_default()
}

fn moment(time: Timestamp) -> String {
    time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

fn origin(origin: Origin) -> String {
    // The name in JSON, so that both outputs can be joined.
    match origin {
        Origin::Genuine => "genuine",
        Origin::Plausible => "plausible",
        Origin::UnverifiedCloud => "unverified-cloud",
        Origin::Hidden => "hidden",
        Origin::Forged => "forged",
    }
    .to_owned()
}

/// Text of others as a cell: what a spreadsheet would take for a formula gets an apostrophe before it (OWASP, CSV injection), and
/// control characters are spelled out.
fn safe(text: &str) -> String {
    let shown = super::super::style::plain(text);
    let formula = shown.trim_start().starts_with(['=', '+', '-', '@', '|', '%', '＝', '＋', '－', '＠']);
    // A tab or line end at the beginning begins a formula too; it is spelled out by now and harmless, but stays marked.
    if formula || text.starts_with(['\t', '\r', '\n']) { format!("'{shown}") } else { shown }
}

#[cfg(test)]
mod tests {
    use super::{super::samples, *};

    fn lines(rows: Rows) -> Vec<String> {
        written(&samples::refused(), rows).unwrap().lines().map(str::to_owned).collect()
    }

    #[test]
    fn each_table_has_a_header_and_a_row_for_each_thing() {
        let ranges = lines(Rows::Ranges);
        assert_eq!(ranges.len(), 33, "a range that was never seen has a row as well");
        assert_eq!(ranges[0], RANGES.join(","));
        assert_eq!(
            ranges[1],
            "27.0.236.0/22,scrap,Kakao Corp,genuine,1204,4,602,602,903,0,301,0,0,1,2026-11-20T00:00:00Z,2026-11-22T18:30:00Z"
        );
        assert!(ranges[32].ends_with(",0,0,0,0,0,0,0,0,0,0,,"), "{}", ranges[32]);
        assert_eq!(
            lines(Rows::Sources)[1],
            "198.51.100.7,forged,8990,8990,0,0,0,0,2026-11-20T00:00:00Z,2026-11-22T18:30:00Z,/wp-login.php,kakaotalk-scrap/1.0"
        );
        assert_eq!(lines(Rows::Refused)[1], "/p/1,403,300,27.0.238.7,2026-11-20T00:00:00Z,2026-11-22T18:30:00Z");
        assert_eq!(
            lines(Rows::Pages)[1..],
            [
                "page,/p/2,,600,200,true,2026-11-22T18:30:00Z",
                "image,/img/a.jpg,/p/2,3,404,false,",
                "image,/img/b.jpg,/p/2,9,200,true,"
            ]
        );
    }

    #[test]
    fn no_cell_is_a_formula_or_leaves_its_row() {
        for (text, cell) in [
            ("=cmd|'/c calc'!A1", "'=cmd|'/c calc'!A1"),
            ("+1", "'+1"),
            ("-2+3", "'-2+3"),
            ("@SUM(A1)", "'@SUM(A1)"),
            (" =1", "' =1"),
            ("\t=1", "'␉=1"),
            ("/p/a=b", "/p/a=b"),
            ("a\r\nb", "a␍␊b"),
            ("", ""),
        ] {
            assert_eq!(safe(text), cell, "{text:?}");
        }
        for rows in Rows::value_variants() {
            let text = written(&samples::hostile("=1,\"2\"\r\n3"), *rows).unwrap();
            let mut reader = csv::Reader::from_reader(text.as_bytes());
            let width = reader.headers().unwrap().len();
            for record in reader.records() {
                let record = record.unwrap();
                assert_eq!(record.len(), width);
                assert!(!record.iter().any(|cell| cell.starts_with('=')), "{record:?}");
            }
        }
    }
}

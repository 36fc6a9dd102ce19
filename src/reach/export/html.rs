//! One HTML file: readable on a screen in light and dark, on paper, and without any script or other file.

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::sheet::{RangeRow, Row, Sheet, Stop};

/// Nothing may be loaded or run; only the style sheet in the file itself counts.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

const STYLE: &str = include_str!("report.css");

pub(super) fn write(sheet: &Sheet<'_>) -> String {
    let page = html! {
        (DOCTYPE)
        html lang=(sheet.language.tag()) {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(POLICY);
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="referrer" content="no-referrer";
                title { (sheet.verdict) " · " (sheet.url) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                main {
                    header {
                        h1 { (sheet.label("title")) }
                        dl {
                            dt { (sheet.label("url")) } dd { code { (sheet.url) } }
                            dt { (sheet.label("made-at")) } dd { (sheet.made_at) }
                            dt { (sheet.label("made-by")) } dd { (Sheet::program()) }
                        }
                    }
                    (verdict(sheet))
                    (evidence(sheet))
                    (list(&sheet.label("conflicts"), &sheet.conflicts))
                    @if !sheet.advice.is_empty() {
                        section { h2 { (sheet.label("advice")) } ol { @for item in &sheet.advice { li { (item) } } } }
                    }
                    (ranges(sheet))
                    (list(&sheet.label("limits"), &sheet.limits))
                }
            }
        }
    };
    page.into_string()
}

fn verdict(sheet: &Sheet<'_>) -> Markup {
    html! {
        section.verdict.(sheet.mood) {
            h2 { (sheet.label("verdict")) ": " (sheet.verdict) }
            p { strong { (sheet.headline) } }
            @if let Some(Stop { layer, reason, place, line }) = &sheet.stop {
                dl {
                    dt { (sheet.label("layer")) } dd { (layer) }
                    dt { (sheet.label("reason")) } dd { (reason) }
                    @if let Some(place) = place { dt { (sheet.label("place")) } dd { code { (place) } } }
                }
                @if let Some(line) = line { pre { code { (line) } } }
            }
        }
    }
}

fn evidence(sheet: &Sheet<'_>) -> Markup {
    html! {
        section {
            h2 { (sheet.label("evidence")) }
            div.wide { table {
                thead { tr {
                    @for label in ["kind", "says", "message", "confidence"] { th scope="col" { (sheet.label(label)) } }
                } }
                tbody {
                    @for Row { kind, mood, says, message, proof, command, confidence } in &sheet.evidence {
                        tr {
                            th scope="row" { (kind) }
                            td { span.mark.(mood) { (says) } }
                            td {
                                (message)
                                @if let Some(proof) = proof { div.proof { code { (proof) } } }
                                @if let Some(command) = command { div.proof { (sheet.label("command")) ": " code { (command) } } }
                            }
                            td { (confidence) }
                        }
                    }
                }
            } }
        }
    }
}

fn ranges(sheet: &Sheet<'_>) -> Markup {
    html! {
        section {
            h2 { (sheet.label("ranges")) }
            p { (sheet.list) }
            @if !sheet.ranges.is_empty() {
                div.wide { table {
                    thead { tr {
                        @for label in ["range", "service", "port", "rules", "decided-by", "requests"] {
                            th scope="col" { (sheet.label(label)) }
                        }
                    } }
                    tbody {
                        @for RangeRow { cidr, service, port, mood, rules, decided_by, requests } in &sheet.ranges {
                            tr {
                                th scope="row" { code { (cidr) } }
                                td { (service) }
                                td { @if let Some(port) = port { (port) } }
                                td { @if let Some(mood) = mood { span.mark.(mood) { (rules) } } }
                                td { @if !decided_by.is_empty() { code { (decided_by) } } }
                                td.number { @if let Some(requests) = requests { (requests) } }
                            }
                        }
                    }
                } }
            }
            @if sheet.more_ranges > 0 { p { (sheet.label("more")) } }
        }
    }
}

fn list(title: &str, items: &[String]) -> Markup {
    html! {
        @if !items.is_empty() {
            section { h2 { (title) } ul { @for item in items { li { (item) } } } }
        }
    }
}

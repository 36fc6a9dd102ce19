//! The tables under the ranges: what was refused, images and pages, who forged the name, what was slow. Each is left out where it
//! has nothing to say, and cut where it is long.

use super::{
    super::super::{
        grid::{Column, Grid},
        report::text::Span,
        style::{BOLD, ERROR, GOOD, WARNING},
    },
    Table, mark, minute,
};
use crate::{
    accesslog::{Origin, report::Refused},
    rules::thousands,
};

impl Table<'_> {
    /// Paths by status, each status with its meaning once.
    pub(super) fn refused(&mut self) {
        let report = self.report;
        if report.refused.is_empty() {
            return;
        }
        let words = self.words;
        self.paper.heading(words.refused, &[]);
        let mut statuses: Vec<&Refused> = Vec::new();
        for refused in &report.refused {
            if !statuses.iter().any(|known| known.status == refused.status && known.meaning == refused.meaning) {
                statuses.push(refused);
            }
        }
        let most = self.most(MOST_ROWS);
        for first in statuses {
            let lead = [Span::blank(2), Span::new(ERROR, first.status.to_string()), Span::blank(2)];
            let meaning = Span::ink(self.pick(&first.meaning));
            self.paper.block(&lead, 7, &[meaning]);
            let mut grid = Grid::new([
                Column::number(words.count, 9),
                Column::shrinking(words.path, 8),
                Column::text(words.address, 5),
                Column::text(words.last, 4),
            ]);
            let alike =
                || report.refused.iter().filter(|row| row.status == first.status && row.meaning == first.meaning);
            for row in alike().take(most) {
                grid.row([
                    Span::bold(thousands(row.requests)),
                    Span::ink(&row.path),
                    Span::dim(&row.address),
                    Span::dim(row.span.map(|span| minute(span.last)).unwrap_or_default()),
                ]);
            }
            grid.write(7, &mut self.paper);
            self.left_out(alike().count().saturating_sub(most));
        }
    }

    pub(super) fn missing_images(&mut self) {
        let report = self.report;
        let missing: Vec<_> = report
            .pages
            .iter()
            .flat_map(|page| page.images.iter().filter(|image| !image.got).map(move |image| (page, image)))
            .collect();
        if missing.is_empty() {
            return;
        }
        let words = self.words;
        self.paper.heading(words.missing_images, &[]);
        let mut grid = Grid::new([
            Column::number(words.status, 9),
            Column::number(words.count, 7),
            Column::shrinking(words.path, 8),
            Column::shrinking(words.page, 6),
        ]);
        let most = self.most(MOST_ROWS);
        for (page, image) in missing.iter().take(most) {
            grid.row([
                status(image.status, words.no_status),
                Span::bold(thousands(image.requests)),
                Span::ink(&image.path),
                Span::dim(&page.path),
            ]);
        }
        grid.write(2, &mut self.paper);
        self.left_out(missing.len().saturating_sub(most));
    }

    pub(super) fn pages(&mut self) {
        let report = self.report;
        if report.pages.is_empty() {
            return;
        }
        let words = self.words;
        self.paper.heading(words.asked_pages, &[]);
        let mut grid = Grid::new([
            Column::number(words.status, 8),
            Column::number(words.count, 9),
            Column::number(words.images_got, 6),
            Column::text(words.last, 4),
            Column::shrinking(words.path, 9),
        ]);
        let most = self.most(MOST_PAGES);
        for page in report.pages.iter().take(most) {
            let got = page.images.iter().filter(|image| image.got).count();
            let images = if page.images.is_empty() { String::new() } else { format!("{got}/{}", page.images.len()) };
            let style = if got < page.images.len() { WARNING } else { BOLD };
            grid.row([
                status(page.status, words.no_status),
                Span::bold(thousands(page.requests)),
                Span::new(style, images),
                Span::dim(page.last.map(minute).unwrap_or_default()),
                Span::ink(&page.path),
            ]);
        }
        grid.write(2, &mut self.paper);
        self.left_out(report.pages.len().saturating_sub(most));
    }

    /// Who called itself Kakao's scraper without being known as such.
    pub(super) fn sources(&mut self) {
        let report = self.report;
        if report.sources.is_empty() {
            return;
        }
        let words = self.words;
        self.paper.heading(words.sources, &[]);
        let mut grid = Grid::new([
            Column::text("", 9),
            Column::text(words.address, 9),
            Column::number(words.count, 9),
            Column::text(words.origin, 6),
            Column::text(words.last, 3),
            Column::shrinking(words.example, 5),
        ]);
        let most = self.most(MOST_ROWS);
        for source in report.sources.iter().take(most) {
            let name = match source.origin {
                Origin::Forged => "",
                other => words.origin_name(other),
            };
            grid.row([
                mark(source.origin),
                Span::bold(&source.address),
                Span::bold(thousands(source.requests)),
                Span::dim(name),
                Span::dim(source.span.map(|span| minute(span.last)).unwrap_or_default()),
                Span::ink(source.example.as_deref().unwrap_or_default()),
            ]);
        }
        grid.write(2, &mut self.paper);
        self.left_out(report.sources.len().saturating_sub(most));
    }

    pub(super) fn slow(&mut self) {
        let report = self.report;
        if report.slow.is_empty() {
            return;
        }
        let words = self.words;
        self.paper.heading(words.slow, &[]);
        let mut grid = Grid::new([
            Column::number(words.seconds, 9),
            Column::number(words.status, 6),
            Column::shrinking(words.path, 8),
            Column::text(words.address, 4),
            Column::text(words.time, 5),
        ]);
        let most = self.most(MOST_ROWS);
        for slow in report.slow.iter().take(most) {
            grid.row([
                Span::new(WARNING, format!("{:.1}", slow.seconds)),
                status(slow.status, words.no_status),
                Span::ink(&slow.path),
                Span::dim(&slow.address),
                Span::dim(slow.time.map(minute).unwrap_or_default()),
            ]);
        }
        grid.write(2, &mut self.paper);
        self.left_out(report.slow.len().saturating_sub(most));
    }
}

fn status(status: Option<u16>, none: &str) -> Span {
    match status {
        Some(status) => Span::new(if status < 400 { GOOD } else { ERROR }, status.to_string()),
        None => Span::dim(none),
    }
}

/// Rows of one table that are told without `--all`.
const MOST_ROWS: usize = 12;
/// The same of pages that fared well: they are told to show that the log was understood.
const MOST_PAGES: usize = 5;

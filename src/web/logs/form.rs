//! A form with several logs. Its parts are read as they come, so that no log is ever whole in memory; that is why the other fields stand
//! before the files.

use actix_multipart::{Field, Multipart, MultipartError as Error};
use actix_web::error::PayloadError;
use futures_util::StreamExt as _;

use super::{
    super::problem::Problem,
    Gate, broken,
    feed::{Feed, Running, Work},
    question::LogsQuestion,
    soon,
};
use crate::acl::File;

/// Reads the form and hands its logs on.
pub(super) async fn read(
    mut form: Multipart,
    mut question: LogsQuestion,
    feed: Feed,
    gate: &Gate,
) -> Result<Work, Problem> {
    let limit = gate.body.max_bytes;
    let mut ranges = None;
    let first = loop {
        let Some(field) = soon(gate.silence, form.next()).await? else {
            return Err(Problem::Form("it has no file; send each log as a part `file`".to_owned()));
        };
        let field = field.map_err(|error| wrong(&error, limit))?;
        match field.name().unwrap_or_default() {
            "file" => break field,
            "ranges" => {
                let max = gate.logs.settings().max_ranges_bytes();
                let text = text(field, "ranges", max, gate).await?;
                ranges = Some(text).filter(|text| !text.trim().is_empty()).map(|text| File::new("ranges", &text));
            }
            name => {
                let name = name.to_owned();
                let value = text(field, &name, MOST_TEXT, gate).await?;
                if !question.set(&name, value) {
                    return Err(Problem::Form(format!("there is no field `{}`", shown(&name))));
                }
            }
        }
    };
    let mut feed = feed.start(question.ask(ranges)?);
    let mut files = 0;
    let mut next = Some(first);
    while let Some(field) = next {
        files += 1;
        if files > gate.logs.settings().max_files {
            return Err(Problem::TooManyFiles { max: gate.logs.settings().max_files });
        }
        if field.name() != Some("file") {
            let name = shown(field.name().unwrap_or_default());
            return Err(Problem::Form(format!("the field `{name}` stands after a file; send it before")));
        }
        hand_on(field, files, &mut feed, gate).await?;
        next = soon(gate.silence, form.next()).await?.transpose().map_err(|error| wrong(&error, limit))?;
    }
    Ok(feed.finish().await)
}

async fn hand_on(mut field: Field, number: usize, feed: &mut Running, gate: &Gate) -> Result<(), Problem> {
    let name = field.content_disposition().and_then(|given| given.get_filename()).unwrap_or_default();
    let name = if name.is_empty() { format!("log {number}") } else { shown(name) };
    feed.file(name).await;
    while let Some(piece) = soon(gate.silence, field.next()).await? {
        feed.piece(piece.map_err(|error| wrong(&error, gate.body.max_bytes))?).await;
    }
    feed.end().await;
    Ok(())
}

/// A field's text of at most `max` bytes.
async fn text(mut field: Field, name: &str, max: usize, gate: &Gate) -> Result<String, Problem> {
    let mut bytes = Vec::new();
    while let Some(piece) = soon(gate.silence, field.next()).await? {
        let piece = piece.map_err(|error| wrong(&error, gate.body.max_bytes))?;
        if bytes.len() + piece.len() > max {
            return Err(Problem::Form(format!("the field `{}` is longer than {max} bytes", shown(name))));
        }
        bytes.extend_from_slice(&piece);
    }
    let text =
        String::from_utf8(bytes).map_err(|_not| Problem::Form(format!("the field `{}` is not UTF-8", shown(name))))?;
    Ok(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text))
}

fn wrong(error: &Error, limit: usize) -> Problem {
    match error {
        Error::Payload(error @ PayloadError::Overflow) => broken(error, limit),
        Error::Payload(error) => Problem::BodyBroken(error.to_string()),
        Error::Incomplete => Problem::BodyBroken("the form has no end".to_owned()),
        other => Problem::Form(other.to_string()),
    }
}

fn shown(name: &str) -> String {
    name.chars().take(MOST_NAME).collect()
}

/// Bytes of a field that is no file and no list.
const MOST_TEXT: usize = 65_536;
/// Characters of a name that an answer repeats.
const MOST_NAME: usize = 300;

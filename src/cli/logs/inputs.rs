//! Which logs are meant: files, folders with all their logs, standard input; each log's rotations from the oldest to the newest.
//! Nothing is opened here.

use std::{
    cmp::Reverse,
    collections::HashMap,
    fs,
    path::{Path, PathBuf},
};

use super::super::CommandError;

/// One log to read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::cli) struct Log {
    /// Where it is; `-` for standard input.
    pub path: PathBuf,
    /// False if it lay in a folder: then it may be no log at all.
    pub named: bool,
    /// Its size, for the progress bar.
    pub bytes: u64,
}

impl Log {
    /// Whether it is standard input.
    pub fn is_input(&self) -> bool {
        self.path == Path::new("-")
    }

    /// What it is called in the report.
    pub fn name(&self) -> String {
        if self.is_input() { "stdin".to_owned() } else { self.path.display().to_string() }
    }
}

/// The logs that `paths` stand for, in the order in which they are read.
pub(in crate::cli) fn logs(paths: &[PathBuf]) -> Result<Vec<Log>, CommandError> {
    let mut found = Vec::new();
    for path in paths {
        if path == Path::new("-") {
            found.push(Log { path: path.clone(), named: true, bytes: 0 });
            continue;
        }
        let metadata = fs::metadata(path).map_err(|error| unreadable(path, &error))?;
        if metadata.is_dir() {
            let before = found.len();
            folder(path, 0, &mut found)?;
            if found.len() == before {
                return Err(CommandError::with_advice(
                    format!("there is no log in {}", path.display()),
                    "name the folder the server writes its access logs to, such as /var/log/nginx",
                ));
            }
        } else {
            found.push(Log { path: path.clone(), named: true, bytes: metadata.len() });
        }
    }
    if found.iter().filter(|log| log.is_input()).count() > 1 {
        let advice = "name - once, and give the others as files; a shell takes <(command) for a file, too";
        return Err(CommandError::with_advice("standard input can be read only once", advice));
    }
    Ok(in_order(found))
}

/// Every log in a folder and in those in it. Links to folders are not followed: they may lead in circles.
fn folder(path: &Path, depth: usize, found: &mut Vec<Log>) -> Result<(), CommandError> {
    let entries = fs::read_dir(path).map_err(|error| unreadable(path, &error))?;
    let mut entries: Vec<_> = entries.collect::<Result<_, _>>().map_err(|error| unreadable(path, &error))?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let (path, name) = (entry.path(), entry.file_name().to_string_lossy().into_owned());
        let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
        if is_folder && depth < DEEPEST && !name.starts_with('.') {
            folder(&path, depth + 1, found)?;
        } else if let Ok(metadata) = fs::metadata(&path)
            && metadata.is_file()
            && metadata.len() > 0
            && may_be_access_log(&name)
        {
            found.push(Log { path, named: false, bytes: metadata.len() });
        }
    }
    Ok(())
}

/// Servers keep their error logs beside their access logs.
fn may_be_access_log(name: &str) -> bool {
    !name.starts_with('.') && !name.to_ascii_lowercase().contains("error")
}

/// Logs in the order in which their names came, each with its rotations before it.
fn in_order(logs: Vec<Log>) -> Vec<Log> {
    let mut order: HashMap<PathBuf, usize> = HashMap::new();
    let mut keyed: Vec<_> = logs
        .into_iter()
        .map(|log| {
            let name = log.path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let (stem, age) = rotation(&name);
            let next = order.len();
            let place = *order.entry(log.path.with_file_name(stem)).or_insert(next);
            ((place, age), log)
        })
        .collect();
    keyed.sort_by(|(left, _), (right, _)| left.cmp(right));
    keyed.into_iter().map(|(_, log)| log).collect()
}

/// How old a rotation is, the oldest first.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Age {
    /// `access.log-20261122.gz`
    Dated(String),
    /// `access.log.2.gz`
    Numbered(Reverse<u64>),
    /// `access.log`
    Current,
}

/// The name of the log and which of its rotations this is.
fn rotation(name: &str) -> (&str, Age) {
    let packed = [".gz", ".zst", ".zstd"].iter().find_map(|end| name.strip_suffix(end)).unwrap_or(name);
    let Some((stem, end)) = packed.rsplit_once(['.', '-', '_']) else { return (packed, Age::Current) };
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(end) {
        return (packed, Age::Current);
    }
    // access.log-2026-11-22 as well as access.log-20261122 and access.log-2026112201
    if end.len() == 2
        && let Some((stem, month)) = stem.rsplit_once('-')
        && let Some((stem, year)) = stem.rsplit_once(['.', '-', '_'])
        && digits(month)
        && digits(year)
    {
        return (stem, Age::Dated(format!("{year}{month}{end}")));
    }
    if end.len() >= 6 {
        return (stem, Age::Dated(end.to_owned()));
    }
    match end.parse() {
        Ok(number) => (stem, Age::Numbered(Reverse(number))),
        Err(_) => (packed, Age::Current),
    }
}

fn unreadable(path: &Path, error: &std::io::Error) -> CommandError {
    let advice = match error.kind() {
        std::io::ErrorKind::PermissionDenied => "run as a user who may read it, such as one of the group adm",
        std::io::ErrorKind::NotFound => {
            "check the name; access_log or CustomLog in the server's configuration says where it is"
        }
        _ => "give a file, a folder, or - for standard input",
    };
    CommandError::with_advice(format!("cannot read {}: {error}", path.display()), advice)
}

/// Folders within folders that are looked into: as deep as S3 keeps the logs of a load balancer.
const DEEPEST: usize = 8;

#[cfg(test)]
mod tests {
    use super::*;

    fn ordered(names: &[&str]) -> Vec<String> {
        let logs = names.iter().map(|name| Log { path: name.into(), named: true, bytes: 1 }).collect();
        in_order(logs).iter().map(Log::name).collect()
    }

    #[test]
    fn rotations_are_read_from_the_oldest_to_the_newest() {
        assert_eq!(
            ordered(&["access.log", "access.log.1", "access.log.10.gz", "access.log.2.gz"]),
            ["access.log.10.gz", "access.log.2.gz", "access.log.1", "access.log"]
        );
        assert_eq!(
            ordered(&["access_log", "access_log-20261122.gz", "access_log-20261109.zst"]),
            ["access_log-20261109.zst", "access_log-20261122.gz", "access_log"]
        );
        assert_eq!(ordered(&["a.log.2026-11-02", "a.log.2026-10-31"]), ["a.log.2026-10-31", "a.log.2026-11-02"]);
    }

    #[test]
    fn different_logs_stay_in_the_order_they_were_named() {
        assert_eq!(ordered(&["b.log", "a.log", "b.log.1", "-"]), ["b.log.1", "b.log", "a.log", "stdin"]);
        assert_eq!(ordered(&["x/a.log", "y/a.log.1", "x/a.log.1"]), ["x/a.log.1", "x/a.log", "y/a.log.1"]);
        assert_eq!(
            ordered(&["u_ex261122.log", "u_ex261121.log"]),
            ["u_ex261122.log", "u_ex261121.log"],
            "the date is no end"
        );
    }

    #[test]
    fn a_folder_gives_its_logs_without_error_logs_and_empty_files() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("shop")).unwrap();
        for (name, text) in [
            ("access.log", "x"),
            ("access.log.1", "x"),
            ("error.log", "x"),
            (".hidden", "x"),
            ("empty.log", ""),
            ("shop/access.log", "x"),
        ] {
            fs::write(folder.path().join(name), text).unwrap();
        }
        let found = logs(&[folder.path().to_owned()]).unwrap();
        let names: Vec<_> =
            found.iter().map(|log| log.path.strip_prefix(folder.path()).unwrap().display().to_string()).collect();
        assert_eq!(names, ["access.log.1", "access.log", "shop/access.log"]);
        assert!(found.iter().all(|log| !log.named && log.bytes == 1));
    }

    #[test]
    fn what_is_not_there_or_empty_is_named_with_advice() {
        let folder = tempfile::tempdir().unwrap();
        let error = logs(&[folder.path().to_owned()]).unwrap_err();
        assert!(error.message.starts_with("there is no log in ") && error.advice.is_some(), "{error:?}");
        let error = logs(&["/nowhere/access.log".into()]).unwrap_err();
        assert!(error.message.starts_with("cannot read /nowhere/access.log: "), "{error:?}");
        let error = logs(&["-".into(), "-".into()]).unwrap_err();
        assert_eq!(error.message, "standard input can be read only once");
    }
}

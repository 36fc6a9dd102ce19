//! Reads files that people dumped, and writes them again as they were: bounded, and in whatever encoding their machine
//! writes. It knows no format.

use std::{
    fs,
    io::{self, Read},
    path::Path,
};

use encoding_rs::{EUC_KR, Encoding, UTF_16BE, UTF_16LE};

use super::{CommandError, is_input};

/// How a file was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::cli) enum Written {
    /// UTF-8, or what is read as such from now on (UTF-16, which no firewall reads).
    Utf8,
    /// EUC-KR, with what Windows adds to it (CP949).
    EucKr,
    /// Nobody knows: something in it could not be read.
    Unknown,
}

/// Reads a file or standard input of at most `max` bytes. `key` is the setting that bounds it.
pub(in crate::cli) fn read(path: &Path, max: usize, key: &str) -> Result<(String, Written), CommandError> {
    let shown = if is_input(path) { "standard input".to_owned() } else { path.display().to_string() };
    let failed = |error: io::Error| {
        let advice = match error.kind() {
            io::ErrorKind::PermissionDenied => "run as a user who may read it, or dump it to a file of your own",
            io::ErrorKind::NotFound => "check the name; `scraplens acl formats` says how to get a dump",
            _ => "give a file, or - for standard input",
        };
        CommandError::with_advice(format!("cannot read {shown}: {error}"), advice)
    };
    let too_large = || {
        let variable = format!("SCRAPLENS__{}", key.to_ascii_uppercase().replace('.', "__"));
        let advice = format!("give only what concerns the server, or raise {key} ({variable})");
        CommandError::with_advice(format!("{shown} is larger than {max} bytes"), advice)
    };
    let most = u64::try_from(max).unwrap_or(u64::MAX);
    let mut bytes = Vec::new();
    if is_input(path) {
        io::stdin().lock().take(most.saturating_add(1)).read_to_end(&mut bytes).map_err(failed)?;
    } else {
        let file = fs::File::open(path).map_err(failed)?;
        // What is too large is refused before it is read; a pipe tells no length, so what is read is counted as well.
        if file.metadata().is_ok_and(|metadata| metadata.is_file() && metadata.len() > most) {
            return Err(too_large());
        }
        file.take(most.saturating_add(1)).read_to_end(&mut bytes).map_err(failed)?;
    }
    if bytes.len() > max {
        return Err(too_large());
    }
    Ok(decode(bytes))
}

/// The text of bytes: by their mark, else UTF-8, else EUC-KR, else UTF-8 with what cannot be read left open.
fn decode(bytes: Vec<u8>) -> (String, Written) {
    let marked = |encoding: &'static Encoding| [UTF_16LE, UTF_16BE].contains(&encoding);
    if let Some((encoding, length)) = Encoding::for_bom(&bytes).filter(|(encoding, _)| marked(encoding)) {
        // PowerShell's `>` writes this.
        let (text, broken) = encoding.decode_without_bom_handling(bytes.get(length..).unwrap_or_default());
        return (text.into_owned(), if broken { Written::Unknown } else { Written::Utf8 });
    }
    match String::from_utf8(bytes) {
        Ok(text) => (text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text), Written::Utf8),
        Err(error) => {
            let bytes = error.into_bytes();
            match EUC_KR.decode_without_bom_handling_and_without_replacement(&bytes) {
                Some(text) => (text.into_owned(), Written::EucKr),
                None => (String::from_utf8_lossy(&bytes).into_owned(), Written::Unknown),
            }
        }
    }
}

impl Written {
    /// The bytes of a text in this encoding; `None` where they would not be those that were read.
    pub fn bytes(self, text: &str) -> Option<Vec<u8>> {
        match self {
            Self::Utf8 => Some(text.as_bytes().to_vec()),
            Self::EucKr => {
                let (bytes, _, replaced) = EUC_KR.encode(text);
                (!replaced).then(|| bytes.into_owned())
            }
            Self::Unknown => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dump_is_read_in_the_encoding_of_its_machine() {
        let utf16: Vec<u8> =
            [0xff, 0xfe].into_iter().chain("가나 a".encode_utf16().flat_map(u16::to_le_bytes)).collect();
        for (bytes, text, written, what) in [
            ("가나 a".as_bytes().to_vec(), "가나 a", Written::Utf8, "UTF-8"),
            ("\u{feff}가나 a".as_bytes().to_vec(), "가나 a", Written::Utf8, "UTF-8 with a mark"),
            (utf16, "가나 a", Written::Utf8, "UTF-16 of PowerShell"),
            (b"\xb0\xa1\xb3\xaa a".to_vec(), "가나 a", Written::EucKr, "EUC-KR"),
            (b"a \xff\xff b".to_vec(), "a \u{fffd}\u{fffd} b", Written::Unknown, "nothing known"),
        ] {
            assert_eq!(decode(bytes), (text.to_owned(), written), "{what}");
        }
    }

    #[test]
    fn a_changed_file_is_written_in_the_encoding_it_had() {
        assert_eq!(Written::EucKr.bytes("# 가\nx").unwrap(), b"# \xb0\xa1\nx");
        assert_eq!(Written::Utf8.bytes("가").unwrap(), "가".as_bytes());
        assert_eq!(Written::EucKr.bytes("\u{1f600}"), None, "EUC-KR has no such character");
        assert_eq!(Written::Unknown.bytes("a"), None);
    }

    #[test]
    fn what_is_too_large_is_refused_with_the_key_that_bounds_it() {
        let file = tempfile::NamedTempFile::new().unwrap();
        fs::write(file.path(), "12345").unwrap();
        assert_eq!(read(file.path(), 5, "acl.max_bytes").unwrap().0, "12345");
        let error = read(file.path(), 4, "acl.max_bytes").unwrap_err();
        assert!(error.message.ends_with("is larger than 4 bytes"), "{}", error.message);
        assert!(error.advice.unwrap().contains("SCRAPLENS__ACL__MAX_BYTES"));
    }

    #[test]
    fn a_folder_or_a_missing_file_is_named() {
        for path in ["/", "/nowhere/rules.v4"] {
            let error = read(Path::new(path), 10, "acl.max_bytes").unwrap_err();
            assert!(error.message.starts_with(&format!("cannot read {path}: ")) && error.advice.is_some(), "{error:?}");
        }
    }
}

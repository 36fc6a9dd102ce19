//! Any bytes as a log of every format, and as the template of one: nothing panics.

#![no_main]

use libfuzzer_sys::fuzz_target;
use scraplens::accesslog::{Dialect, FORMATS};

fuzz_target!(|bytes: &[u8]| {
    let text = String::from_utf8_lossy(bytes);
    let named = FORMATS.iter().filter_map(|format| Dialect::named(format.name).ok());
    // The first line as the template of those after it.
    let template = text.split_once('\n').and_then(|(template, _)| Dialect::template(template).ok());
    for mut dialect in named.chain(template).chain(Dialect::detect(&text)) {
        for line in bytes.split(|byte| *byte == b'\n') {
            let _ = dialect.read(line);
        }
        let _ = dialect.with_client_field(&text);
    }
});

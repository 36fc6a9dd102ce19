//! Any text is refused with a remedy or names a range that reads the same again and holds its own first and last address.

#![no_main]

use libfuzzer_sys::fuzz_target;
use scraplens::egress::Exception;

fuzz_target!(|text: &str| {
    match text.parse::<Exception>() {
        Ok(exception) => {
            assert_eq!(exception.to_string().parse(), Ok(exception), "{exception}");
            assert_eq!(exception.net, exception.net.trunc());
            assert_ne!(exception.port, Some(0));
        }
        Err(error) => assert!(error.to_string().contains(" write ") || error.to_string().contains(" use "), "{error}"),
    }
});

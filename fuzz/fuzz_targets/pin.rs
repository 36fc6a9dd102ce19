//! Any `--resolve` is refused with an example or has addresses, and any name server is refused with one or is one.

#![no_main]

use libfuzzer_sys::fuzz_target;
use scraplens::fetch::{NameServer, Pin};

fuzz_target!(|text: &str| {
    match text.parse::<Pin>() {
        Ok(pin) => assert!(!pin.addresses().is_empty() && !pin.applies_to("", 0)),
        Err(error) => assert!(error.to_string().contains("203.0.113.7")),
    }
    if let Err(error) = text.parse::<NameServer>() {
        assert!(error.contains("IP:PORT"));
    }
});

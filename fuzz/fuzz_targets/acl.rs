//! Any bytes as a dump of every dialect: nothing panics, and what is read can be asked about.

#![no_main]

use libfuzzer_sys::fuzz_target;
use scraplens::acl::{
    File, Layer, Question, Reading, Sees, check, formats::FORMATS, list::RangeList,
};

fuzz_target!(|bytes: &[u8]| {
    let text = String::from_utf8_lossy(bytes);
    let list = RangeList::parse(&File::new("ranges", "27.0.236.0/22\n2404:4600::/32"), 10).unwrap();
    let words = scraplens::acl::words().unwrap();
    let reading = Reading::default();
    for format in FORMATS {
        let files = vec![File::new("dump", &text)];
        let Ok(ruleset) = (format.parse)(&files, &reading) else { continue };
        let layers = [Layer { name: "layer".into(), format, asked: Sees::Direct, port: None, files, ruleset }];
        let question = Question {
            layers: &layers,
            list: &list,
            ports: &[443],
            circumstances: &reading.circumstances,
            limits: &reading.limits,
            today: "2026-11-23",
        };
        let _ = check(&question, &words);
    }
});

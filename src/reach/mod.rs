//! One verdict on whether Kakao's scraper gets in, over names, probe, firewall dumps, access logs and the list of its addresses.
//! Pure: reports in, a report out. Who asks for the parts is the use case `reaching`.

pub mod report;

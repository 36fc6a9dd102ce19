//! What a site answers to Kakao's user agent from here, stage by stage: names, connections, TLS, page and image. An edge; what the
//! answers mean is `rules`'. From here is not from Kakao: a site that filters by address answers Kakao differently, and the report says so.

pub mod report;

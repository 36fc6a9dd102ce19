//! Lines of access logs that the tests of the command line and of HTTP share.

/// A line of the combined format from this address.
pub fn line(address: &str, path: &str, status: u16) -> String {
    format!(
        "{address} - - [23/Nov/2026:01:00:00 +0000] \"GET {path} HTTP/1.1\" {status} 1234 \"-\" \
         \"facebookexternalhit/1.1; kakaotalk-scrap/1.0; +https://devtalk.kakao.com/t/scrap/33984\"\n"
    )
}

/// A page and its image, and a second page; other visitors between.
pub const SERVED: &str = "\
27.0.238.7 - - [23/Nov/2026:00:00:00 +0000] \"GET /p/1 HTTP/1.1\" 200 5120 \"-\" \"facebookexternalhit/1.1; kakaotalk-scrap/1.0; +https://devtalk.kakao.com/t/scrap/33984\"
27.0.238.8 - - [23/Nov/2026:00:00:01 +0000] \"GET /img/1.jpg HTTP/1.1\" 200 81920 \"https://shop.example/p/1\" \"facebookexternalhit/1.1; kakaotalk-scrap/1.0; +https://devtalk.kakao.com/t/scrap/33984\"
192.0.2.1 - - [23/Nov/2026:00:00:02 +0000] \"GET /p/1 HTTP/1.1\" 200 5120 \"-\" \"Mozilla/5.0\"
192.0.2.2 - - [23/Nov/2026:00:10:00 +0000] \"GET /?q=kakaotalk-scrap HTTP/1.1\" 200 5120 \"-\" \"Mozilla/5.0\"
27.0.238.9 - - [23/Nov/2026:00:20:00 +0000] \"GET /p/2 HTTP/1.1\" 200 5120 \"-\" \"facebookexternalhit/1.1;kakaotalk-scrap/1.0; +https://devtalk.kakao.com/t/scrap/33984\"
";

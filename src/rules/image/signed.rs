//! Addresses that stop working: signed links and when each ends, by the parameters that services put into them (R25).
//! It proves no signature.

use std::borrow::Cow;

use jiff::{SignedDuration, Timestamp, civil, tz::TimeZone};
use url::Url;

use super::One;
use crate::finding::{Finding, Severity};

/// A link that ends later than this after it was asked for bothers nobody who shares a page today.
const FAR: SignedDuration = SignedDuration::from_hours(7 * 24);

/// One way to sign a link.
struct Scheme {
    /// Whose it is, as a reader would search for it.
    name: &'static str,
    /// Parameters that must all be there, compared without case.
    needs: &'static [&'static str],
    /// Part of the host's name, where the parameters alone would say too little.
    host: &'static str,
    /// When the link ends.
    ends: fn(&Parameters<'_>) -> Option<Timestamp>,
}

/// The known ways. Adding one is adding a row; the first that fits is taken.
#[rustfmt::skip]
const SCHEMES: &[Scheme] = &[
    // docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html; Naver Cloud, R2, MinIO and Notion do the same.
    Scheme { name: "S3 (X-Amz-Expires)", needs: &["x-amz-signature", "x-amz-date", "x-amz-expires"], host: "", ends: |p| started(p, "x-amz-date", "x-amz-expires") },
    // cloud.google.com/storage/docs/access-control/signed-urls
    Scheme { name: "Google Cloud Storage (X-Goog-Expires)", needs: &["x-goog-signature", "x-goog-date", "x-goog-expires"], host: "", ends: |p| started(p, "x-goog-date", "x-goog-expires") },
    Scheme { name: "Google Cloud Storage (Expires)", needs: &["googleaccessid", "signature", "expires"], host: "", ends: |p| unix(p.get("expires")?) },
    Scheme { name: "S3 (Expires)", needs: &["awsaccesskeyid", "signature", "expires"], host: "", ends: |p| unix(p.get("expires")?) },
    Scheme { name: "Alibaba OSS (Expires)", needs: &["ossaccesskeyid", "signature", "expires"], host: "", ends: |p| unix(p.get("expires")?) },
    // docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-signed-urls.html
    Scheme { name: "CloudFront (Expires)", needs: &["key-pair-id", "signature", "expires"], host: "", ends: |p| unix(p.get("expires")?) },
    Scheme { name: "CloudFront (Policy)", needs: &["key-pair-id", "signature", "policy"], host: "", ends: |p| cloudfront_policy(p.get("policy")?) },
    // learn.microsoft.com/rest/api/storageservices/create-service-sas
    Scheme { name: "Azure SAS (se)", needs: &["sig", "sv", "se"], host: "", ends: |p| iso(p.get("se")?) },
    Scheme { name: "kakaocdn (expires)", needs: &["credential", "signature", "expires"], host: "", ends: |p| unix(p.get("expires")?) },
    // firebase.google.com/docs/storage: a token lives until it is revoked.
    Scheme { name: "Firebase Storage (token)", needs: &["token"], host: "firebasestorage.googleapis.com", ends: |_| None },
    Scheme { name: "Facebook (oe)", needs: &["oh", "oe"], host: "", ends: |p| hex(p.get("oe")?) },
    Scheme { name: "Discord (ex)", needs: &["ex", "is", "hm"], host: "", ends: |p| hex(p.get("ex")?) },
    // Akamai's edge token: exp=…~acl=…~hmac=…
    Scheme { name: "Akamai (hdnts)", needs: &["hdnts"], host: "", ends: |p| akamai(p.get("hdnts")?) },
    Scheme { name: "Akamai (hdnea)", needs: &["hdnea"], host: "", ends: |p| akamai(p.get("hdnea")?) },
    Scheme { name: "Supabase (token)", needs: &["token"], host: "supabase.", ends: |p| web_token(p.get("token")?) },
    Scheme { name: "a signature (expires)", needs: &["signature", "expires"], host: "", ends: |p| unix(p.get("expires")?) },
    Scheme { name: "a signature (expires)", needs: &["sig", "expires"], host: "", ends: |p| unix(p.get("expires")?) },
    Scheme { name: "a token (expires)", needs: &["token", "expires"], host: "", ends: |p| unix(p.get("expires")?) },
];

/// The parameters of an address, decoded, with names in lower case.
struct Parameters<'a>(Vec<(String, Cow<'a, str>)>);

impl<'a> Parameters<'a> {
    fn of(url: &'a Url) -> Self {
        Self(url.query_pairs().map(|(name, value)| (name.to_ascii_lowercase(), value)).collect())
    }

    fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| &**value).filter(|value| !value.is_empty())
    }
}

/// The image's address stops working some day, and the page may still name it then.
pub fn url_expires(one: &One<'_>) -> Option<Finding> {
    let url = Url::parse(&one.report.url).ok()?;
    let (scheme, ends) = signed(&url)?;
    let Some(ends) = ends else {
        let finding = one.finding_in("unknown", "image-url-expires", &[("scheme", scheme)]);
        return Some(finding.with_severity(Severity::Info).with_evidence(scheme));
    };
    let asked = one.subject.page_asked_at;
    let at = ends.strftime("%Y-%m-%d %H:%M UTC").to_string();
    let values = [("scheme", scheme), ("ends", at.as_str())];
    let over = ends <= asked;
    let finding = if over {
        one.finding_in("over", "image-url-expires", &values)
    } else {
        one.finding("image-url-expires", &values)
    };
    let finding = finding.with_evidence(format!("{scheme}: ends {at}"));
    Some(if ends.duration_since(asked) > FAR { finding.with_severity(Severity::Info) } else { finding })
}

/// Whose signature an address carries, and when it ends if that can be computed.
fn signed(url: &Url) -> Option<(&'static str, Option<Timestamp>)> {
    let parameters = Parameters::of(url);
    let host = url.host_str().unwrap_or_default();
    let fits =
        |scheme: &&Scheme| host.contains(scheme.host) && scheme.needs.iter().all(|name| parameters.get(name).is_some());
    let scheme = SCHEMES.iter().find(fits)?;
    Some((scheme.name, (scheme.ends)(&parameters)))
}

/// `20261122T010203Z` and a number of seconds from there.
fn started(parameters: &Parameters<'_>, date: &str, seconds: &str) -> Option<Timestamp> {
    let start = civil::DateTime::strptime("%Y%m%dT%H%M%SZ", parameters.get(date)?).ok()?;
    let seconds: i64 = parameters.get(seconds)?.parse().ok()?;
    start.to_zoned(TimeZone::UTC).ok()?.timestamp().checked_add(SignedDuration::from_secs(seconds)).ok()
}

/// Seconds since 1970, or milliseconds where the number is too large for that.
fn unix(text: &str) -> Option<Timestamp> {
    const YEAR_5138: i64 = 100_000_000_000;
    let number: i64 = text.parse().ok().filter(|number| *number > 0)?;
    if number >= YEAR_5138 { Timestamp::from_millisecond(number) } else { Timestamp::from_second(number) }.ok()
}

/// Seconds since 1970 in hexadecimal.
fn hex(text: &str) -> Option<Timestamp> {
    let number = i64::from_str_radix(text, 16).ok().filter(|number| *number > 0)?;
    Timestamp::from_second(number).ok()
}

/// ISO 8601, of which a SAS also allows the day alone: it ends as the day begins.
fn iso(text: &str) -> Option<Timestamp> {
    let day = || text.parse::<civil::Date>().ok()?.to_zoned(TimeZone::UTC).ok().map(|start| start.timestamp());
    let minutes = || civil::DateTime::strptime("%Y-%m-%dT%H:%MZ", text).ok()?.to_zoned(TimeZone::UTC).ok();
    text.parse().ok().or_else(|| minutes().map(|at| at.timestamp())).or_else(day)
}

fn akamai(token: &str) -> Option<Timestamp> {
    unix(token.split('~').find_map(|part| part.strip_prefix("exp="))?)
}

/// `DateLessThan` of a custom policy: JSON in `CloudFront`'s own base64 (`-_~` for `+=/`).
fn cloudfront_policy(policy: &str) -> Option<Timestamp> {
    let base64: String = policy
        .chars()
        .map(|c| {
            if c == '-' {
                '+'
            } else if c == '_' {
                '='
            } else if c == '~' {
                '/'
            } else {
                c
            }
        })
        .collect();
    let json = data_encoding::BASE64.decode(base64.as_bytes()).ok()?;
    let json: serde_json::Value = serde_json::from_slice(&json).ok()?;
    let end = json.pointer("/Statement/0/Condition/DateLessThan/AWS:EpochTime")?;
    Timestamp::from_second(end.as_i64()?).ok()
}

/// `exp` of a JSON Web Token (RFC 7519, 4.1.4).
fn web_token(token: &str) -> Option<Timestamp> {
    let payload = token.split('.').nth(1)?;
    let json = data_encoding::BASE64URL_NOPAD.decode(payload.as_bytes()).ok()?;
    let json: serde_json::Value = serde_json::from_slice(&json).ok()?;
    Timestamp::from_second(json.get("exp")?.as_i64()?).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn ends(url: &str) -> Option<(&'static str, Option<String>)> {
        signed(&Url::parse(url).unwrap()).map(|(name, ends)| (name, ends.map(|ends| ends.to_string())))
    }

    #[test]
    fn each_way_to_sign_is_known_with_its_end() {
        // `date -u -d @1764547200`; 692CDD00 is 640 seconds later in hexadecimal.
        for (url, name, end) in [
            (
                "https://b.s3.amazonaws.com/i.png?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Date=20261122T010203Z&X-Amz-Expires=3600&X-Amz-Signature=ab",
                "S3 (X-Amz-Expires)",
                Some("2026-11-22T02:02:03Z"),
            ),
            (
                "https://storage.googleapis.com/b/i.png?X-Goog-Date=20261122T010203Z&X-Goog-Expires=60&X-Goog-Signature=ab",
                "Google Cloud Storage (X-Goog-Expires)",
                Some("2026-11-22T01:03:03Z"),
            ),
            (
                "https://storage.googleapis.com/b/i.png?GoogleAccessId=a&Expires=1764547200&Signature=b",
                "Google Cloud Storage (Expires)",
                Some("2025-12-01T00:00:00Z"),
            ),
            (
                "https://b.s3.amazonaws.com/i.png?AWSAccessKeyId=a&Expires=1764547200&Signature=b",
                "S3 (Expires)",
                Some("2025-12-01T00:00:00Z"),
            ),
            (
                "https://d1.cloudfront.net/i.png?Expires=1764547200&Signature=b&Key-Pair-Id=K",
                "CloudFront (Expires)",
                Some("2025-12-01T00:00:00Z"),
            ),
            (
                "https://a.blob.core.windows.net/c/i.png?sv=2024-11-04&se=2026-11-22T01%3A02%3A03Z&sig=ab%3D",
                "Azure SAS (se)",
                Some("2026-11-22T01:02:03Z"),
            ),
            (
                "https://a.blob.core.windows.net/c/i.png?sv=2024-11-04&se=2026-11-22&sig=ab",
                "Azure SAS (se)",
                Some("2026-11-22T00:00:00Z"),
            ),
            (
                "https://blog.kakaocdn.net/dn/a/img.png?credential=c&expires=1764547199&allow_ip=&allow_referer=&signature=s",
                "kakaocdn (expires)",
                Some("2025-11-30T23:59:59Z"),
            ),
            (
                "https://firebasestorage.googleapis.com/v0/b/x/o/i.png?alt=media&token=0f",
                "Firebase Storage (token)",
                None,
            ),
            (
                "https://scontent.xx.fbcdn.net/v/i.jpg?_nc_cat=1&oh=00_AB&oe=692CDD00",
                "Facebook (oe)",
                Some("2025-12-01T00:10:40Z"),
            ),
            (
                "https://cdn.discordapp.com/attachments/1/2/i.png?ex=692cdd00&is=692b8b80&hm=ab",
                "Discord (ex)",
                Some("2025-12-01T00:10:40Z"),
            ),
            (
                "https://a.example/i.png?hdnts=exp=1764547200~acl=/*~hmac=ab",
                "Akamai (hdnts)",
                Some("2025-12-01T00:00:00Z"),
            ),
            (
                "https://x.supabase.co/storage/v1/object/sign/i.png?token=eyJhbGciOiJIUzI1NiJ9.eyJleHAiOjE3NjQ1NDcyMDB9.c2ln",
                "Supabase (token)",
                Some("2025-12-01T00:00:00Z"),
            ),
            (
                "https://cdn.example/i.png?expires=1764547200000&sig=ab",
                "a signature (expires)",
                Some("2025-12-01T00:00:00Z"),
            ),
        ] {
            assert_eq!(ends(url), Some((name, end.map(str::to_owned))), "{url}");
        }
    }

    #[test]
    fn a_custom_policy_says_when_it_ends() {
        let policy = r#"{"Statement":[{"Resource":"*","Condition":{"DateLessThan":{"AWS:EpochTime":1764547200}}}]}"#;
        let base64 =
            data_encoding::BASE64.encode(policy.as_bytes()).replace('+', "-").replace('=', "_").replace('/', "~");
        assert_eq!(
            ends(&format!("https://d1.cloudfront.net/i.png?Policy={base64}&Signature=b&Key-Pair-Id=K")),
            Some(("CloudFront (Policy)", Some("2025-12-01T00:00:00Z".to_owned())))
        );
    }

    #[test]
    fn parameters_that_only_look_alike_are_no_signature() {
        for url in [
            "https://cdn.example/i.png?w=1200&h=630&v=3",
            "https://cdn.example/i.png?expires=1764547200",
            "https://shop.example/i.png?token=abc",
            "https://cdn.example/i.png?oe=utf-8",
            "https://cdn.example/i.png?sig=ab&se=x",
            "https://imgix.example/i.png?s=0123456789abcdef",
        ] {
            assert_eq!(ends(url), None, "{url}");
        }
    }

    #[test]
    fn an_end_that_is_no_number_is_not_computed() {
        assert_eq!(ends("https://cdn.example/i.png?sig=a&expires=soon"), Some(("a signature (expires)", None)));
        assert_eq!(
            ends("https://cdn.example/i.png?sig=a&expires=99999999999999999999"),
            Some(("a signature (expires)", None))
        );
        assert_eq!(
            ends("https://b.s3.amazonaws.com/i.png?X-Amz-Date=20269922T010203Z&X-Amz-Expires=1&X-Amz-Signature=ab"),
            Some(("S3 (X-Amz-Expires)", None))
        );
    }

    proptest! {
        #[test]
        fn no_parameters_break_it(name in "[a-zA-Z-]{1,16}", value in ".{0,40}") {
            for fixed in ["x-amz-signature=a&x-amz-date=20261122T010203Z", "sig=a&sv=b", "oh=1", "key-pair-id=1&signature=a", "token=a"] {
                let mut url = Url::parse(&format!("https://x.supabase.co/i.png?{fixed}")).unwrap();
                url.query_pairs_mut().append_pair(&name, &value).append_pair("expires", &value).append_pair("x-amz-expires", &value).append_pair("se", &value).append_pair("oe", &value).append_pair("policy", &value).append_pair("hdnts", &value);
                signed(&url);
            }
        }
    }
}

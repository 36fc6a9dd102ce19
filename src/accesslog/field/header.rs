//! What a request header means, and when two names of a field are the same. Header names are compared as HTTP does.

use super::fill::Means;

/// What a request header tells, and how good a source it is.
pub fn request(name: &str) -> (Means, u8) {
    match plain(name).as_str() {
        "useragent" => (Means::Agent, 0),
        "referer" | "referrer" => (Means::Referer, 0),
        "host" => (Means::Host, 0),
        "xforwardedfor" => (Means::Forwarded, 1),
        "forwarded" => (Means::Forwarded, 2),
        "cfconnectingip"
        | "cfconnectingipv6"
        | "trueclientip"
        | "xclientip"
        | "fastlyclientip"
        | "xrealip"
        | "xclusterclientip"
        | "xoriginalforwardedfor"
        | "xazureclientip"
        | "xenvoyexternaladdress" => (Means::Forwarded, 3),
        _ => (Means::Nothing, 0),
    }
}

/// A name without what only dresses it: `X-Forwarded-For`, `http_x_forwarded_for`, `%{X-Forwarded-For}i`, `cs(X-Forwarded-For)` and
/// `$http_x_forwarded_for` are the same.
pub fn bare(name: &str) -> String {
    let name = name.trim().trim_start_matches(['$', '%']).trim_matches(['{', '}']);
    let name = name.strip_suffix("}i").unwrap_or(name);
    let name = name.strip_prefix("cs(").and_then(|name| name.strip_suffix(')')).unwrap_or(name);
    let name = plain(name);
    name.strip_prefix("http").filter(|rest| !rest.is_empty()).map_or_else(|| name.clone(), str::to_owned)
}

/// A name in lower case, its letters and digits alone.
pub fn plain(name: &str) -> String {
    name.chars()
        .filter(|character| character.is_alphanumeric() || *character == '.')
        .flat_map(char::to_lowercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_the_same_by_whichever_of_its_names() {
        for name in [
            "X-Forwarded-For",
            "x_forwarded_for",
            "http_x_forwarded_for",
            "$http_x_forwarded_for",
            "%{X-Forwarded-For}i",
            "cs(X-Forwarded-For)",
            "${http_x_forwarded_for}",
        ] {
            assert_eq!(bare(name), "xforwardedfor", "{name}");
        }
        assert_eq!(bare("remote_addr"), "remoteaddr");
    }

    #[test]
    fn headers_are_known_by_their_names() {
        for (name, means) in [
            ("User-Agent", Means::Agent),
            ("user_agent", Means::Agent),
            ("Referer", Means::Referer),
            ("X-Forwarded-For", Means::Forwarded),
            ("cf-connecting-ip", Means::Forwarded),
            ("Cookie", Means::Nothing),
        ] {
            assert_eq!(request(name).0, means, "{name}");
        }
    }
}

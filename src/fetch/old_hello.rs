//! A hello of TLS 1.0 or 1.1 and what a server makes of it. rustls speaks neither, and neither is ever completed: the only question
//! is whether the server would. Bytes in, bytes out; `dial` sends them.

/// What a server made of the hello.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reply {
    /// It went on with this version.
    Takes(u8),
    /// It declined with an alert, or answered something else.
    Declines,
    /// Too few bytes to tell.
    Unfinished,
}

/// The minor version of TLS 1.0 on the wire, whose major one is 3; TLS 1.1 is one more (RFC 2246, RFC 4346).
pub(super) const TLS_1_0: u8 = 1;
/// ... of TLS 1.1.
pub(super) const TLS_1_1: u8 = 2;

/// A hello that offers nothing newer than `minor`, for `host` if it is a name.
pub(super) fn hello(minor: u8, host: Option<&str>, random: &[u8; 32]) -> Vec<u8> {
    let mut extensions = Vec::new();
    if let Some(host) = host {
        // RFC 6066, 3: a list of one entry, of the type host_name.
        let name = [&[0][..], &prefixed(host.as_bytes())].concat();
        extensions.extend(extension(0, &prefixed(&name)));
    }
    let groups: Vec<u8> = GROUPS.iter().flat_map(|group| group.to_be_bytes()).collect();
    extensions.extend(extension(10, &prefixed(&groups))); // supported_groups (RFC 8422, 5.1.1)
    extensions.extend(extension(11, &[1, 0])); // ec_point_formats: uncompressed
    let suites: Vec<u8> = SUITES.iter().flat_map(|suite| suite.to_be_bytes()).collect();
    let body = [
        &[3, minor][..],
        random,
        &[0], // no session
        &prefixed(&suites),
        &[1, 0], // no compression
        &prefixed(&extensions),
    ]
    .concat();
    // A handshake message has three octets of length; the body is far below what two can say.
    let message = [&[CLIENT_HELLO, 0][..], &prefixed(&body)].concat();
    [&[HANDSHAKE, 3, TLS_1_0][..], &prefixed(&message)].concat()
}

/// Reads the beginning of the answer.
pub(super) fn reply(bytes: &[u8]) -> Reply {
    match bytes {
        [HANDSHAKE, 3, _, _, _, SERVER_HELLO, _, _, _, 3, minor, ..] => Reply::Takes(*minor),
        [HANDSHAKE, 3, _, _, _, SERVER_HELLO, rest @ ..] if rest.len() < 5 => Reply::Unfinished,
        [HANDSHAKE, 3, _, _, _] | [HANDSHAKE, 3, _, _] | [HANDSHAKE, 3, _] | [HANDSHAKE, 3] | [HANDSHAKE] | [] => {
            Reply::Unfinished
        }
        _ => Reply::Declines,
    }
}

fn extension(kind: u16, body: &[u8]) -> Vec<u8> {
    [&kind.to_be_bytes()[..], &prefixed(body)].concat()
}

/// The bytes with two octets of length before them. Whatever is longer than those can say is no hello, and declined.
fn prefixed(bytes: &[u8]) -> Vec<u8> {
    let length = u16::try_from(bytes.len()).unwrap_or(u16::MAX);
    [&length.to_be_bytes()[..], bytes].concat()
}

const HANDSHAKE: u8 = 22;
const CLIENT_HELLO: u8 = 1;
const SERVER_HELLO: u8 = 2;

/// secp256r1, secp384r1, secp521r1.
const GROUPS: [u16; 3] = [23, 24, 25];

/// What servers of that age speak: ECDHE and DHE with AES, plain RSA, 3DES, RC4; and the signal of RFC 5746.
const SUITES: [u16; 14] =
    [0xc013, 0xc014, 0xc009, 0xc00a, 0x0033, 0x0039, 0x002f, 0x0035, 0xc012, 0x0016, 0x000a, 0x0005, 0x0004, 0x00ff];

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_hello_says_its_version_and_the_name() {
        let bytes = hello(TLS_1_1, Some("shop.example"), &[7; 32]);
        // RFC 4346: a record of type 22 whose length is that of the rest, a ClientHello, version 3.2.
        assert_eq!(bytes[..3], [22, 3, 1]);
        assert_eq!(usize::from(u16::from_be_bytes([bytes[3], bytes[4]])), bytes.len() - 5);
        assert_eq!(bytes[5], 1);
        let length = u32::from_be_bytes([0, bytes[6], bytes[7], bytes[8]]);
        assert_eq!(usize::try_from(length).unwrap(), bytes.len() - 9);
        assert_eq!(bytes[9..11], [3, 2]);
        assert!(bytes.windows(12).any(|part| part == b"shop.example"));
        assert!(!hello(TLS_1_0, None, &[7; 32]).windows(2).any(|part| part == [0, 43]), "no supported_versions");
    }

    #[test]
    fn an_answer_is_a_version_a_refusal_or_not_there_yet() {
        for (bytes, expected, why) in [
            (&[22, 3, 2, 0, 74, 2, 0, 0, 70, 3, 2, 9][..], Reply::Takes(2), "a ServerHello of TLS 1.1"),
            (&[22, 3, 1, 0, 74, 2, 0, 0, 70, 3, 1], Reply::Takes(1), "a ServerHello of TLS 1.0"),
            (&[21, 3, 1, 0, 2, 2, 70], Reply::Declines, "the alert protocol_version"),
            (b"HTTP/1.1 400 Bad Request", Reply::Declines, "plain HTTP"),
            (&[22, 3, 2, 0, 74, 2, 0], Reply::Unfinished, "half a header"),
            (&[22], Reply::Unfinished, "one octet"),
            (&[], Reply::Unfinished, "nothing"),
            (&[22, 3, 2, 0, 4, 14, 0, 0, 0], Reply::Declines, "another message"),
        ] {
            assert_eq!(reply(bytes), expected, "{why}");
        }
    }

    proptest! {
        #[test]
        fn no_answer_makes_it_panic_and_a_longer_one_does_not_change_its_mind(
            bytes in proptest::collection::vec(any::<u8>(), 0..40), more in any::<u8>(),
        ) {
            let first = reply(&bytes);
            let longer = [&bytes[..], &[more]].concat();
            prop_assert!(first == Reply::Unfinished || reply(&longer) == first);
        }
    }
}

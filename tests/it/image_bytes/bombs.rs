//! Files that stand for far more than their bytes. Each is measured in a process of its own, so that its memory can be told.

use std::{
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use scraplens::{image::measure, preview};

use super::files::{
    black_png, hollow_webp, png_chunk, png_of, progressive, repeat, settings, svg, tiny_frames, zeros_deflated,
};

/// A name, and how to build it.
pub(super) type Bomb = (&'static str, fn() -> Vec<u8>);

/// Name and bytes of each hostile file. What becomes of it is beside the point; that it ends quickly and small is not.
#[expect(clippy::too_many_lines, reason = "a table")]
pub(super) fn bombs() -> Vec<Bomb> {
    const SIDE: &str = r#"viewBox="0 0 1600 1600" width="1600" height="1600""#;
    vec![
        ("gif-10000-in-43-bytes", || tiny_frames(10000, 10000, 1)),
        ("gif-4000-in-43-bytes", || tiny_frames(4000, 4000, 1)),
        ("gif-largest", || tiny_frames(3400, 3400, 1)),
        ("gif-20000-frames", || tiny_frames(2000, 2000, 20000)),
        ("jpeg-progressive-20000", || progressive(20000, 1, 0)[..2000].to_vec()),
        ("jpeg-progressive-4600", || progressive(4600, 3, 0)),
        ("jpeg-progressive-largest", || progressive(3400, 3, 0)),
        ("jpeg-progressive-largest-grey", || progressive(4000, 1, 0)),
        ("jpeg-100-scans", || progressive(3400, 3, 97)),
        ("jpeg-100000-scans", || progressive(3400, 3, 100_000)),
        ("jpeg-5-megabytes-of-markers", || [vec![0xff, 0xd8], [0xff, 0xe5, 0, 2].repeat(1_250_000)].concat()),
        ("png-icc-200-megabytes", || {
            let profile = [b"x\0\0".to_vec(), zeros_deflated(200 << 20)].concat();
            let data = zeros_deflated((64 * 3 + 1) * 64);
            png_of(64, 64, 2, &[png_chunk(b"iCCP", &profile), png_chunk(b"IDAT", &data)])
        }),
        ("png-text-200-megabytes", || {
            let text = [b"Comment\0\0".to_vec(), zeros_deflated(200 << 20)].concat();
            let data = zeros_deflated((64 * 3 + 1) * 64);
            png_of(64, 64, 2, &[png_chunk(b"zTXt", &text), png_chunk(b"IDAT", &data)])
        }),
        ("png-data-200-megabytes", || png_of(64, 64, 2, &[png_chunk(b"IDAT", &zeros_deflated(200 << 20))])),
        ("png-10000", || png_of(10000, 10000, 2, &[png_chunk(b"IDAT", &zeros_deflated(1 << 20))])),
        ("png-largest", || black_png(4720, 4720)),
        ("webp-12000", || hollow_webp(12000, 12000)),
        ("webp-largest", || hollow_webp(3200, 3200)),
        ("svg-wide", || svg(r#"width="1e9" height="1""#, "<rect width='100%' height='100%'/>")),
        ("svg-1e9-view", || {
            svg(r#"viewBox="0 0 1e9 1e9" width="800" height="400""#, "<rect width='1e9' height='1e9'/>")
        }),
        ("svg-deep", || svg("", &("<g>".repeat(100_000) + &"</g>".repeat(100_000)))),
        ("svg-unclosed", || svg("", &"<g>".repeat(300_000))),
        ("svg-many", || svg("", &"<g/>".repeat(200_000))),
        ("svg-20000-gradients", || {
            svg(
                SIDE,
                &format!(
                    "<linearGradient id='a'><stop stop-color='red'/><stop offset='1'/></linearGradient>{}",
                    "<rect width='1600' height='1600' fill='url(#a)'/>".repeat(10_000)
                ),
            )
        }),
        ("svg-10000-stops", || {
            svg(
                SIDE,
                &format!(
                    "<linearGradient id='a'>{}</linearGradient><rect width='1600' height='1600' fill='url(#a)'/>",
                    repeat(10_000, |at| format!(
                        "<stop offset='{}' stop-color='#{:06x}'/>",
                        f64::from(u32::try_from(at).unwrap()) / 1e4,
                        at * 1000
                    ))
                ),
            )
        }),
        ("svg-10000-rects", || svg(SIDE, &"<rect width='1600' height='1600'/>".repeat(10_000))),
        ("svg-laughs", || {
            let lines = repeat(20, |at| format!("<!ENTITY l{} '{}'>", at + 1, format!("&l{at};").repeat(10)));
            format!("<!DOCTYPE svg [<!ENTITY l0 'lol'>{lines}]><svg xmlns='http://www.w3.org/2000/svg'><text>&l20;</text></svg>")
                .into_bytes()
        }),
        ("svg-blown-up", || {
            let long = "x".repeat(200_000);
            let uses = "&a;".repeat(200_000);
            format!(
                "<!DOCTYPE svg [<!ENTITY a '{long}'>]><svg xmlns='http://www.w3.org/2000/svg'><text>{uses}</text></svg>"
            )
            .into_bytes()
        }),
        ("svg-external-entity", || {
            b"<!DOCTYPE svg [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'><text>&a;</text></svg>"
                .to_vec()
        }),
        ("svg-many-attributes", || svg("", &format!("<g {}/>", repeat(100_000, |at| format!("a{at}='' "))))),
        ("svg-many-namespaces", || svg("", &repeat(20_000, |at| format!("<g xmlns:a{at}='u{at}'/>")))),
        ("svg-blur", || {
            svg(
                SIDE,
                "<filter id='a'><feGaussianBlur stdDeviation='1e9'/></filter><rect width='1600' height='1600' filter='url(#a)'/>",
            )
        }),
        ("svg-many-blurs", || {
            svg(
                SIDE,
                &format!(
                    "<filter id='a'>{}</filter>{}",
                    "<feGaussianBlur stdDeviation='20'/>".repeat(20),
                    "<rect width='1600' height='1600' filter='url(#a)'/>".repeat(100)
                ),
            )
        }),
        ("svg-nested-blurs", || {
            svg(
                SIDE,
                &format!(
                    "{}<rect width='1600' height='1600'/>{}",
                    "<g style='filter:blur(9px)'>".repeat(50),
                    "</g>".repeat(50)
                ),
            )
        }),
        ("svg-large-filter", || {
            svg(
                SIDE,
                "<filter id='a' x='-1000' y='-1000' width='9999' height='9999'><feGaussianBlur stdDeviation='5'/></filter><rect width='1600' height='1600' filter='url(#a)'/>",
            )
        }),
        ("svg-turbulence", || {
            svg(
                SIDE,
                "<filter id='a'><feTurbulence baseFrequency='0.1' numOctaves='1000000000'/></filter><rect width='1600' height='1600' filter='url(#a)'/>",
            )
        }),
        ("svg-morphology", || {
            svg(
                SIDE,
                "<filter id='a'><feMorphology radius='9999'/></filter><rect width='1600' height='1600' filter='url(#a)'/>",
            )
        }),
        ("svg-use-itself", || svg("", "<g id='a'><use href='#a'/></g><use xlink:href='#a'/>")),
        ("svg-use-circle", || {
            svg(
                "",
                "<g id='a'><use href='#b'/></g><g id='b'><use href='#c'/></g><g id='c'><use href='#a'/></g><use href='#a'/>",
            )
        }),
        ("svg-use-tower", || {
            let floors =
                repeat(30, |at| format!("<g id='g{}'>{}</g>", at + 1, format!("<use href='#g{at}'/>").repeat(10)));
            svg(SIDE, &format!("<rect id='g0' width='9' height='9'/>{floors}<use href='#g30'/>"))
        }),
        ("svg-use-long-path", || {
            let path = repeat(20_000, |at| format!("L{} {}", at % 1600, at % 7 * 200));
            svg(SIDE, &format!("<path id='a' d='M0 0{path}'/>{}", "<use href='#a'/>".repeat(10_000)))
        }),
        ("svg-pattern-circle", || {
            let pattern = |id, next| {
                format!(
                    "<pattern id='{id}' width='9' height='9'><rect width='9' height='9' fill='url(#{next})'/></pattern>"
                )
            };
            svg(
                SIDE,
                &format!(
                    "{}{}{}<rect width='99' height='99' fill='url(#a)'/>",
                    pattern("a", "b"),
                    pattern("b", "c"),
                    pattern("c", "a")
                ),
            )
        }),
        ("svg-pattern-inherits-itself", || {
            svg(
                SIDE,
                "<g fill='url(#a)'><pattern id='a' width='9' height='9'><rect width='9' height='9'/></pattern><rect width='99' height='99'/></g>",
            )
        }),
        ("svg-pattern-by-style-sheet", || {
            svg(
                SIDE,
                "<style>rect{fill:url(#a)}</style><pattern id='a' width='9' height='9'><rect width='9' height='9'/></pattern><rect width='99' height='99'/>",
            )
        }),
        ("svg-pattern-by-hidden-rule", || {
            svg(
                SIDE,
                "<style>q{font-family:\"/*\"}rect{fill:url(#a)}q{font-family:\"*/\"}</style><pattern id='a' width='9' height='9'><rect width='9' height='9'/></pattern><rect width='99' height='99'/>",
            )
        }),
        ("svg-pattern-tower", || {
            let floors = repeat(12, |at| {
                let rects = format!("<rect width='9' height='9' fill='url(#p{at})'/>").repeat(10);
                format!("<pattern id='p{}' width='9' height='9'>{rects}</pattern>", at + 1)
            });
            svg(SIDE, &format!("{floors}<rect width='1600' height='1600' fill='url(#p12)'/>"))
        }),
        ("svg-pattern-large", || {
            svg(
                SIDE,
                "<pattern id='a' width='100000' height='100000' patternUnits='userSpaceOnUse'><rect width='9' height='9'/></pattern><rect width='1600' height='1600' fill='url(#a)'/>",
            )
        }),
        ("svg-mask-tower", || {
            let floors = repeat(12, |at| {
                format!(
                    "<mask id='m{}'>{}</mask>",
                    at + 1,
                    format!("<rect width='9' height='9' mask='url(#m{at})'/>").repeat(10)
                )
            });
            svg(SIDE, &format!("{floors}<rect width='1600' height='1600' mask='url(#m12)'/>"))
        }),
        ("svg-many-masks", || {
            svg(
                SIDE,
                &format!(
                    "<mask id='a'><rect width='1600' height='1600' fill='white'/></mask>{}",
                    "<rect width='1600' height='1600' mask='url(#a)'/>".repeat(2000)
                ),
            )
        }),
        ("svg-clip-inherits", || {
            svg(
                SIDE,
                "<g clip-path='url(#a)'><clipPath id='a' clip-path='inherit'><rect width='9' height='9' clip-path='inherit'/></clipPath><rect width='99' height='99'/></g>",
            )
        }),
        ("svg-nested-layers", || {
            svg(
                SIDE,
                &format!(
                    "{}<rect width='1600' height='1600'/>{}",
                    "<g opacity='.9'><rect x='-3000' y='-3000' width='9999' height='9999'/>".repeat(60),
                    "</g>".repeat(60)
                ),
            )
        }),
        ("svg-markers", || {
            let path = repeat(50_000, |at| format!("L{} {}", at % 1600, at % 7));
            svg(
                SIDE,
                &format!(
                    "<marker id='a'><rect width='9' height='9'/></marker><g marker-mid='url(#a)'><path d='M0 0{path}'/></g>"
                ),
            )
        }),
        ("svg-dashes", || {
            let lines =
                "<path d='M0 0L1600 1600M0 1600L1600 0' stroke='red' stroke-width='50' stroke-dasharray='.005'/>";
            svg(SIDE, &lines.repeat(100))
        }),
        ("svg-zigzag", || {
            svg(
                SIDE,
                &format!("<path d='M0 0{}'/>", repeat(60_000, |at| format!("L{} 1600L{} 0", at % 1600, at * 7 % 1600))),
            )
        }),
        ("svg-thick-zigzag", || {
            let path = repeat(60_000, |at| format!("L{} 1600L{} 0", at % 1600, at * 7 % 1600));
            svg(
                SIDE,
                &format!("<path d='M0 0{path}' fill='none' stroke='red' stroke-width='300' stroke-linejoin='round'/>"),
            )
        }),
        ("svg-selectors", || {
            svg(
                SIDE,
                &format!(
                    "<style>{}</style>{}<rect/>{}",
                    "g g g g g g g g g g g g g g g q{fill:red}".repeat(500),
                    "<g>".repeat(60),
                    "</g>".repeat(60)
                ),
            )
        }),
        ("svg-rules", || {
            svg(SIDE, &format!("<style>{}</style>{}", ".a{fill:red}".repeat(5000), "<g class='b'/>".repeat(15_000)))
        }),
        ("svg-text", || svg(SIDE, &format!("<text font-size='9'>{}</text>", "가나다".repeat(6000)))),
        ("svg-1400-spans", || svg(SIDE, &format!("<text>{}</text>", "<tspan dx='1'>a</tspan>".repeat(1_400)))),
        ("svg-spans", || {
            let spans = "<tspan x='1'>a".repeat(60) + &"</tspan>".repeat(60);
            svg(SIDE, &format!("<text>{spans}</text>").repeat(100))
        }),
        ("svg-transforms", || {
            svg(SIDE, &format!("<rect width='9' height='9' transform='{}'/>", "rotate(1)".repeat(90_000)))
        }),
        ("svg-numbers", || {
            svg(
                SIDE,
                "<path d='M1e38 1e38L-1e38 3e38L1e-38 1e38A1e38 1e38 0 0 0 9 9' stroke='red' stroke-width='1e38'/>",
            )
        }),
        // These are drawn, and cost about as much as may be.
        ("svg-drawn-gradients", || {
            svg(
                SIDE,
                &format!(
                    "<radialGradient id='a'><stop stop-color='red'/><stop offset='1' stop-color='blue' stop-opacity='.5'/></radialGradient>{}",
                    "<circle cx='800' cy='800' r='800' fill='url(#a)'/>".repeat(12)
                ),
            )
        }),
        ("svg-drawn-rects", || svg(SIDE, &"<path d='M0 3L1600 0 1590 1600 0 1590Z' fill-opacity='.5'/>".repeat(14))),
        ("svg-drawn-blend", || {
            svg(
                SIDE,
                &"<rect width='1600' height='1600' fill='red' opacity='.5' style='mix-blend-mode:luminosity'/>"
                    .repeat(7),
            )
        }),
        ("svg-drawn-blurs", || {
            svg(
                SIDE,
                "<filter id='a' color-interpolation-filters='linearRGB'><feGaussianBlur stdDeviation='1.5'/><feGaussianBlur stdDeviation='99'/></filter><circle cx='800' cy='800' r='300' filter='url(#a)'/>",
            )
        }),
        ("svg-drawn-masks", || {
            svg(
                SIDE,
                &format!(
                    "<mask id='a'><circle cx='800' cy='800' r='800' fill='white'/></mask>{}",
                    "<rect width='1600' height='1600' fill='red' mask='url(#a)'/>".repeat(3)
                ),
            )
        }),
        ("svg-drawn-pattern", || {
            svg(
                SIDE,
                &format!(
                    "<pattern id='a' width='10' height='10' patternUnits='userSpaceOnUse' patternTransform='rotate(9)'><circle cx='5' cy='5' r='5'/></pattern>{}",
                    "<rect width='1600' height='1600' fill='url(#a)'/>".repeat(4)
                ),
            )
        }),
        ("svg-drawn-strokes", || {
            svg(
                SIDE,
                &repeat(9_000, |at| {
                    format!("<path d='M{} 0q9 9 0 20t9 9' stroke='#000' fill='none' stroke-width='3'/>", at % 1500)
                }),
            )
        }),
        ("svg-drawn-dashes", || {
            svg(
                SIDE,
                "<circle cx='800' cy='800' r='700' stroke='red' fill='none' stroke-width='9' stroke-dasharray='.02' stroke-linecap='round'/>",
            )
        }),
        ("svg-drawn-uses", || {
            svg(
                SIDE,
                &format!(
                    "<g id='a'>{}</g>{}",
                    "<circle r='9' fill-opacity='.5'/>".repeat(9),
                    repeat(1500, |at| format!("<use href='#a' x='{at}' y='99'/>"))
                ),
            )
        }),
        ("svg-drawn-zigzag", || {
            svg(
                SIDE,
                &format!("<path d='M0 0{}'/>", repeat(1200, |at| format!("L{} 1600L{} 0", at % 1600, at * 7 % 1600))),
            )
        }),
        ("svg-drawn-wide-strokes", || {
            svg(
                SIDE,
                &format!(
                    "<path d='M0 0{}' fill='none' stroke='red' stroke-width='60' stroke-linejoin='round'/>",
                    repeat(400, |at| format!("L{} 1600L{} 0", at % 1600, at * 7 % 1600))
                ),
            )
        }),
        ("svg-text", || svg(SIDE, &format!("<text y='90' font-size='40'>{}</text>", "가각한글".repeat(1_600)))),
        ("svg-text-nobody-has", || svg(SIDE, &format!("<text y='90'>{}</text>", "\u{10FFFD}\u{E000}".repeat(2_800)))),
        ("svg-5000-texts", || svg(SIDE, &"<text x='1' y='90' font-size='30'>a</text>".repeat(5_000))),
        ("svg-5000-texts-nobody-has", || svg(SIDE, &"<text y='90'>\u{10FFFD}</text>".repeat(3_000))),
        ("svg-huge-text", || svg(SIDE, &format!("<text y='90' font-size='90000'>{}</text>", "ab".repeat(5_000)))),
        ("svg-text-on-a-path", || {
            svg(
                SIDE,
                &format!(
                    "<path id='a' d='M0 0{}'/><text font-size='9'><textPath href='#a'>{}</textPath></text>",
                    repeat(400, |at| format!("L{} 1600L{} 0", at % 1600, at * 7 % 1600)),
                    "path ".repeat(3_000)
                ),
            )
        }),
        ("svg-1400-spans", || svg(SIDE, &format!("<text>{}</text>", "<tspan dx='1'>a</tspan>".repeat(1_400)))),
        ("svg-spans", || {
            svg(SIDE, &format!("<text>{}</text>", "<tspan font-weight='700' dx='1'>a</tspan>".repeat(6_000)))
        }),
        ("svg-embedded", || {
            svg(
                SIDE,
                "<image href='http://127.0.0.1:1/a.png' width='9' height='9'/><image href='file:///etc/passwd' width='9' height='9'/><image xlink:href='/etc/hostname' width='9' height='9'/><image href='data:image/svg+xml,%3Csvg xmlns=%22http://www.w3.org/2000/svg%22/%3E' width='9' height='9'/>",
            )
        }),
    ]
}

const BOMB: &str = "SCRAPLENS_TEST_BOMB";

/// What `each_hostile_file_ends_quickly_and_small` runs in a process of its own, so that its memory can be told.
#[test]
fn a_hostile_file_in_a_process_of_its_own() {
    #[expect(clippy::disallowed_methods, reason = "how one test tells its own child what to do")]
    let Ok(name) = std::env::var(BOMB) else { return };
    let (_, build) = bombs().into_iter().find(|(known, _)| *known == name).unwrap();
    let bytes = build();
    let settings = settings();
    // On Linux this makes the peak what is held now.
    let _ = std::fs::write("/proc/self/clear_refs", "5");
    let started = processor_time();
    let fonts = preview::database();
    let measured = measure(&bytes, &settings, Some(&fonts));
    let elapsed = processor_time().saturating_sub(started);
    println!("BOMB {} {} {}", elapsed.as_millis(), peak_megabytes(), measured.outcome);
}

/// Time that this thread has run: other programs on the machine do not count.
fn processor_time() -> Duration {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    Duration::from_nanos(text.split(' ').next().and_then(|field| field.parse().ok()).unwrap_or(0))
}

fn peak_megabytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    peak.and_then(|line| line.trim().split(' ').next()?.parse::<u64>().ok()).unwrap_or(0) / 1024
}

#[test]
fn each_hostile_file_ends_quickly_and_small() {
    let names: Vec<_> = bombs().into_iter().map(|(name, _)| name).collect();
    std::thread::scope(|scope| {
        for part in names.chunks(names.len().div_ceil(4)) {
            scope.spawn(|| part.iter().for_each(|name| ends_quickly_and_small(name)));
        }
    });
}

fn ends_quickly_and_small(name: &str) {
    // The decoders are built without optimisation here, and with checks that the program itself does not have.
    let most_milliseconds = if cfg!(debug_assertions) { 2500 } else { 500 };
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["image_bytes::bombs::a_hostile_file_in_a_process_of_its_own", "--exact", "--nocapture"])
        .env(BOMB, name)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let started = Instant::now();
    while child.try_wait().unwrap().is_none() && started.elapsed() < Duration::from_secs(30) {
        std::thread::sleep(Duration::from_millis(5));
    }
    let _ = child.kill();
    let output = child.wait_with_output().unwrap();

    let text = String::from_utf8_lossy(&output.stdout);
    let line = text.lines().find_map(|line| line.split_once("BOMB ")).map(|(_, line)| line.to_owned());
    let line = line.unwrap_or_else(|| panic!("{name} ended its process or did not end: {text}"));
    let numbers: Vec<u64> = line.split(' ').take(2).map(|field| field.parse().unwrap()).collect();
    let [milliseconds, megabytes] = numbers[..] else { panic!("{line}") };
    assert!(milliseconds <= most_milliseconds, "{name} takes {milliseconds} ms");
    assert!(megabytes <= 130, "{name} takes {megabytes} MB");
}

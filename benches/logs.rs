//! How long the program takes over a large access log, beside `grep -c` over the same file, and how much memory. The log is written
//! here: lines as servers write them, one in a thousand of them Kakao's, the same on every run. The file is warm, rounds alternate,
//! and the median counts. `SCRAPLENS_LOG_BYTES` says how large the log is; 2 GiB if it does not. Printed, not asserted.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a benchmark may fail loudly")]

use std::{
    env, fs,
    io::{self, BufWriter, Write},
    path::Path,
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

const ROUNDS: usize = 3;
const BYTES: u64 = 2 << 30;
/// Left free beside the log.
const ROOM: u64 = 1 << 30;

const KAKAO: &str = "facebookexternalhit/1.1; kakaotalk-scrap/1.0; +https://devtalk.kakao.com/t/scrap/33984";
const AGENTS: [&str; 4] = [
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 KAKAOTALK 11.2.0",
    "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
];
const CALLERS: [&str; 4] = ["27.0.238", "211.231.103", "121.53.80", "203.0.113"];

fn main() {
    #[expect(clippy::disallowed_methods, reason = "a benchmark has no settings")]
    let wanted = env::var("SCRAPLENS_LOG_BYTES").map_or(BYTES, |bytes| bytes.parse().unwrap());
    let size = room(&env::temp_dir()).map_or(wanted, |room| wanted.min(room.saturating_sub(ROOM)));
    if size < wanted {
        println!("the disk has no room for {wanted} bytes; the log has {size}");
    }
    // It is deleted when it goes out of scope, also where something panics.
    let mut file = tempfile::Builder::new().prefix("scraplens-bench-").suffix(".log").tempfile().unwrap();
    let lines = write(BufWriter::with_capacity(1 << 20, file.as_file_mut()), size).unwrap();
    let path = file.path().to_owned();
    let bytes = fs::metadata(&path).unwrap().len();

    let counted = grep(&path).output;
    let mut memory = scraplens(&path).memory;
    let (mut of_grep, mut of_scraplens) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        of_grep.push(grep(&path).time);
        let run = scraplens(&path);
        assert!(run.output.contains(&format!("\"requests\": {}", counted.trim())), "grep counts {counted}");
        of_scraplens.push(run.time);
        memory = memory.max(run.memory);
    }
    let (of_grep, of_scraplens) = (median(of_grep), median(of_scraplens));
    let rate = |time: Duration| to_f64(bytes) / 1e9 / time.as_secs_f64();
    println!("{bytes} bytes, {lines} lines, {} of them Kakao's by name; median of {ROUNDS} rounds", counted.trim());
    println!("grep -c         {:>8.3} s  {:>6.2} GB/s", of_grep.as_secs_f64(), rate(of_grep));
    println!("scraplens logs  {:>8.3} s  {:>6.2} GB/s", of_scraplens.as_secs_f64(), rate(of_scraplens));
    println!("speed           {:>8.2} x grep's", of_grep.as_secs_f64() / of_scraplens.as_secs_f64());
    println!("memory          {:>8.1} MiB at most", to_f64(memory) / 1024.0);
}

#[expect(clippy::cast_precision_loss, reason = "for people to read")]
fn to_f64(number: u64) -> f64 {
    number as f64
}

/// Bytes that are free in a folder, as `df` says.
fn room(folder: &Path) -> Option<u64> {
    let output = Command::new("df").arg("-Pk").arg(folder).output().ok()?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    Some(text.lines().nth(1)?.split_whitespace().nth(3)?.parse::<u64>().ok()? * 1024)
}

/// Writes the log, and says how many lines it has.
fn write(mut out: impl Write, size: u64) -> io::Result<u64> {
    let (mut seed, mut written, mut lines) = (0x5ca9_1e25_u64, 0, 0);
    let mut line = Vec::with_capacity(1024);
    while written < size {
        // Knuth's linear congruential generator.
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let random = usize::try_from(seed >> 33).unwrap();
        let (second, part) = (lines / 120 % 86_400, random % 251);
        let time = format_args!("{:02}:{:02}:{:02}", second / 3600, second / 60 % 60, second % 60).to_string();
        line.clear();
        if random.is_multiple_of(1_000) {
            let status = [200, 200, 304, 403, 404][random / 1_000 % 5];
            let (caller, page) = (CALLERS[random / 7 % 4], random % 5_000);
            writeln!(
                line,
                "{caller}.{part} - - [23/Nov/2026:{time} +0900] \"GET /p/{page} HTTP/1.1\" {status} 5120 \"-\" \"{KAKAO}\""
            )?;
        } else {
            let (agent, path) = (AGENTS[random / 3 % 4], random % 100_000);
            let (bytes, other) = (random % 90_000, random / 251 % 251);
            writeln!(
                line,
                "198.51.{other}.{part} - - [23/Nov/2026:{time} +0900] \"GET /static/{path}/image.webp?v={bytes} HTTP/1.1\" 200 {bytes} \
                 \"https://shop.example/category/{other}\" \"{agent}\""
            )?;
        }
        out.write_all(&line)?;
        written += u64::try_from(line.len()).unwrap();
        lines += 1;
    }
    out.flush()?;
    Ok(lines)
}

/// What a program took.
struct Run {
    time: Duration,
    output: String,
    /// KiB at most.
    memory: u64,
}

fn grep(log: &Path) -> Run {
    run(Command::new("grep").args(["-c", "kakaotalk-scrap"]).arg(log))
}

fn scraplens(log: &Path) -> Run {
    run(Command::new(env!("CARGO_BIN_EXE_scraplens"))
        .arg("logs")
        .arg(log)
        .arg("--json")
        .env("SCRAPLENS__IPS__STORE", ""))
}

#[expect(clippy::zombie_processes, reason = "the loop ends when the child has been waited for")]
fn run(command: &mut Command) -> Run {
    let started = Instant::now();
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut stdout = child.stdout.take().unwrap();
    let output = thread::spawn(move || io::read_to_string(&mut stdout).unwrap());
    let (mut memory, mut time) = (0, None);
    while time.is_none() {
        memory = memory.max(peak(&child).unwrap_or_default());
        thread::sleep(Duration::from_millis(1));
        time = child.try_wait().unwrap().map(|_| started.elapsed());
    }
    Run { time: time.unwrap(), output: output.join().unwrap(), memory }
}

/// The most memory a running program has used, in KiB, where the system tells.
fn peak(child: &Child) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{}/status", child.id())).ok()?;
    status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?.split_whitespace().next()?.parse().ok()
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

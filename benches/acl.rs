//! What an answer of the firewall check costs: a host's iptables dump and its ipset, all of Kakao's announced ranges, two ports.
//! Beside what parsing the same addresses with `ipnet` alone takes, so that a slow machine does not look like a slow program.
//! Three sizes, each ten times the one before, show the growth; two kinds of rules: sources anywhere, as block lists have them,
//! and every source inside Kakao's own ranges, which is the worst there is. Rounds alternate, and the median counts. Printed,
//! not asserted.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a benchmark may fail loudly")]

use std::{
    fmt::Write as _,
    hint::black_box,
    net::Ipv4Addr,
    time::{Duration, Instant},
};

use ipnet::{IpNet, Ipv4Net};
use scraplens::{
    acl::{self, Dump, File, Question, Reading, check, layers, list::RangeList},
    kakao::{Kakao, NetworkKind},
};

const ROUNDS: usize = 11;

fn main() {
    let kakao = Kakao::embedded().unwrap();
    let networks = kakao
        .networks
        .iter()
        .filter(|announced| announced.kind == NetworkKind::Callers)
        .flat_map(|announced| announced.value.clone());
    let list = RangeList::announced(networks, "2026-06-17");
    let words = acl::words().unwrap();
    println!("{} ranges, 2 ports; median of {ROUNDS} rounds on one core, milliseconds", list.ranges.len());
    println!(
        "{:<26} {:>8} {:>9} {:>9} {:>9} {:>9} {:>11}",
        "", "rules", "entries", "ipnet", "read", "answer", "of ipnet"
    );
    for (name, inside) in [("sources anywhere", false), ("sources inside Kakao's", true)] {
        for size in [100, 1_000, 10_000] {
            let rules = rules(size, inside.then_some(&list));
            let sets = sets(size * 10);
            let [alone, read, answer] = measure(&rules, &sets, &list, &words);
            println!(
                "{name:<26} {size:>8} {:>9} {:>9.3} {:>9.3} {:>9.3} {:>10.2}x",
                size * 10,
                milliseconds(alone),
                milliseconds(read),
                milliseconds(answer),
                answer.as_secs_f64() / alone.as_secs_f64()
            );
        }
    }
}

fn measure(rules: &str, sets: &str, list: &RangeList, words: &scraplens::words::Words) -> [Duration; 3] {
    let mut times: [Vec<Duration>; 3] = Default::default();
    let reading = Reading::default();
    for _ in 0..ROUNDS {
        let started = Instant::now();
        black_box(alone(rules) + alone(sets));
        times[0].push(started.elapsed());

        let started = Instant::now();
        let dumps = [rules, sets].map(|text| Dump::new(File::new("rules", text)));
        let layers = layers(&dumps, &reading).unwrap();
        times[1].push(started.elapsed());
        assert_eq!(layers.len(), 1, "rules and sets are one host's");
        let question = Question {
            layers: &layers,
            list,
            ports: &[80, 443],
            circumstances: &reading.circumstances,
            limits: &reading.limits,
            today: "2026-11-23",
        };
        drop(black_box(check(&question, words).unwrap()));
        times[2].push(started.elapsed());
    }
    times.map(median)
}

/// Every network of the text, by `ipnet` alone.
fn alone(text: &str) -> usize {
    let words = text.lines().flat_map(str::split_ascii_whitespace);
    words
        .filter(|word| word.starts_with(|first: char| first.is_ascii_digit()))
        .filter(|word| word.parse::<IpNet>().is_ok())
        .count()
}

/// The same numbers on every run (Knuth's multiplicative sequence).
fn numbers() -> impl Iterator<Item = u32> {
    (1_u32..).map(|index| index.wrapping_mul(2_654_435_761))
}

fn rules(count: usize, inside: Option<&RangeList>) -> String {
    let mut text = String::from(
        "*filter\n:INPUT DROP [0:0]\n:FORWARD DROP [0:0]\n:OUTPUT ACCEPT [0:0]\n:WEB - [0:0]\n\
         -A INPUT -i lo -j ACCEPT\n-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT\n\
         -A INPUT -p tcp -m multiport --dports 80,443 -j WEB\n",
    );
    for (index, number) in numbers().take(count).enumerate() {
        let (address, length) = match inside {
            None => (Ipv4Addr::from_bits(number), 24 + u8::try_from(number % 9).unwrap()),
            Some(list) => {
                let networks: Vec<_> = list.ranges.iter().filter_map(|range| v4(range.network)).collect();
                let network = networks[index % networks.len()];
                let size = 1_u32 << (32 - network.prefix_len());
                (
                    Ipv4Addr::from_bits(network.network().to_bits() + number % size),
                    32 - u8::try_from(number % 3).unwrap(),
                )
            }
        };
        let network = Ipv4Net::new(address, length).unwrap().trunc();
        let action = if index % 3 == 0 { "ACCEPT" } else { "DROP" };
        writeln!(
            text,
            "-A WEB -s {network} -p tcp -m tcp --dport {} -j {action}",
            if index % 2 == 0 { 80 } else { 443 }
        )
        .unwrap();
    }
    text.push_str("-A WEB -m set --match-set kakao src -j ACCEPT\nCOMMIT\n");
    text
}

fn v4(network: IpNet) -> Option<Ipv4Net> {
    match network {
        IpNet::V4(network) => Some(network),
        IpNet::V6(_) => None,
    }
}

fn sets(count: usize) -> String {
    let mut text = format!("create kakao hash:net family inet hashsize 1024 maxelem {}\n", count + 10);
    for network in ["27.0.236.0/22", "211.231.96.0/20", "121.53.80.0/20"] {
        writeln!(text, "add kakao {network}").unwrap();
    }
    for number in numbers().take(count) {
        writeln!(text, "add kakao {}", Ipv4Addr::from_bits(number)).unwrap();
    }
    text
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

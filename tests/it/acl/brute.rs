//! The parts of every range against brute force: every single address of Kakao's announced IPv4 networks, judged by the plainest
//! reading of the rules there is.

use std::{collections::HashMap, fmt::Write as _, net::Ipv4Addr};

use ipnet::Ipv4Net;
use scraplens::{
    acl::{Dump, File, Question, Reading, check, layers, list::RangeList, report::Standing},
    kakao::{Kakao, NetworkKind},
};

/// One rule of a list in which the first match wins.
struct Plain {
    source: Ipv4Net,
    negated: bool,
    port: Option<u16>,
    accept: bool,
    line: u32,
}

/// The same numbers on every run, other ones for every seed (xorshift).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, bound: u32) -> u32 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        u32::try_from(self.0 >> 33).unwrap() % bound
    }
}

fn announced() -> RangeList {
    let kakao = Kakao::embedded().unwrap();
    let callers = kakao.networks.iter().filter(|announced| announced.kind == NetworkKind::Callers);
    let networks = callers.flat_map(|announced| announced.value.clone()).filter(|network| network.addr().is_ipv4());
    RangeList::announced(networks, "2026-06-17")
}

fn rules(list: &RangeList, numbers: &mut Numbers) -> (Vec<Plain>, String) {
    let mut text = String::from("*filter\n:INPUT DROP [0:0]\n-A INPUT -m conntrack --ctstate ESTABLISHED -j ACCEPT\n");
    let mut plain = Vec::new();
    for line in 4..404 {
        let range = &list.ranges[usize::try_from(numbers.below(u32::try_from(list.ranges.len()).unwrap())).unwrap()];
        let ipnet::IpNet::V4(range) = range.network else { unreachable!("only IPv4 is listed") };
        let inside = range.network().to_bits() + numbers.below(1 << (32 - range.prefix_len()));
        let length = 18 + u8::try_from(numbers.below(15)).unwrap();
        let source = Ipv4Net::new(Ipv4Addr::from_bits(inside), length).unwrap().trunc();
        let rule = Plain {
            source,
            negated: numbers.below(200) == 0,
            port: [None, Some(80), Some(443)][usize::try_from(numbers.below(3)).unwrap()],
            accept: numbers.below(2) == 0,
            line,
        };
        let not = if rule.negated { "! " } else { "" };
        let port = rule.port.map(|port| format!(" -m tcp --dport {port}")).unwrap_or_default();
        let target = if rule.accept { "ACCEPT" } else { "DROP" };
        writeln!(text, "-A INPUT {not}-s {source} -p tcp{port} -j {target}").unwrap();
        plain.push(rule);
    }
    text.push_str("COMMIT\n");
    (plain, text)
}

fn judged(rules: &[Plain], address: Ipv4Addr, port: u16) -> (bool, u32) {
    rules
        .iter()
        .find(|rule| rule.source.contains(&address) != rule.negated && rule.port.is_none_or(|wanted| wanted == port))
        .map_or((false, 2), |rule| (rule.accept, rule.line))
}

#[test]
fn parts_equal_brute_force_over_every_announced_address() {
    let list = announced();
    for seed in [1, 7, 4_711] {
        let (plain, text) = rules(&list, &mut Numbers(seed));
        let dump = Dump::new(File::new("rules.v4", &text));
        let reading = Reading::default();
        let layers = layers(&[dump], &reading).unwrap();

        let question = Question {
            layers: &layers,
            list: &list,
            ports: &[80, 443],
            circumstances: &reading.circumstances,
            limits: &reading.limits,
            today: "2026-11-23",
        };
        let report = check(&question, &scraplens::acl::words().unwrap()).unwrap();

        let mut told: HashMap<(Ipv4Addr, u16), (bool, u32)> = HashMap::new();
        for range in &report.ranges {
            let mut next = range.cidr.parse::<Ipv4Net>().unwrap().network().to_bits();
            for part in &range.parts {
                let network: Ipv4Net = part.cidr.parse().unwrap();
                assert_eq!(
                    network.network().to_bits(),
                    next,
                    "parts of {} are in order and leave nothing out",
                    range.cidr
                );
                next = network.broadcast().to_bits() + 1;
                let line = part.decided_by.as_ref().unwrap().line.unwrap();
                for address in network.network().to_bits()..=network.broadcast().to_bits() {
                    let allowed = part.verdict == Standing::Allowed;
                    told.insert((Ipv4Addr::from_bits(address), range.port), (allowed, line));
                }
            }
            assert_eq!(next, range.cidr.parse::<Ipv4Net>().unwrap().broadcast().to_bits() + 1);
        }
        assert_eq!(told.len(), 2 * 43_776, "every address of the announced networks is told once a port");
        for ((address, port), found) in told {
            assert_eq!(found, judged(&plain, address, port), "{address} to {port}, seed {seed}");
        }
    }
}

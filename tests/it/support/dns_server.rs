//! A name server on a loopback port, over UDP and TCP, that answers what a test wants. It knows no zones and no rules.

use std::{
    io::{Read as _, Write as _},
    net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener, TcpStream, UdpSocket},
    sync::{Arc, Mutex},
    thread,
};

use hickory_proto::{
    op::{Message, Query, ResponseCode},
    rr::{Name, RData, Record, RecordType, rdata::CNAME},
};

/// One question as the server saw it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// The name with the dot of the root, in ASCII form.
    pub name: String,
    pub kind: RecordType,
    pub over_tcp: bool,
    /// How many questions of this kind came before, whatever the name.
    pub earlier: usize,
}

/// What the server says.
#[derive(Debug, Clone)]
pub enum Reply {
    /// These addresses, as far as they are of the kind that was asked for.
    Addresses(Vec<IpAddr>),
    /// The name is another's; the answer follows the chain to its end, where these addresses are.
    Alias(Vec<&'static str>, Vec<IpAddr>),
    /// An answer without records.
    Code(ResponseCode),
    /// Too long for UDP.
    Truncated,
    /// Nothing at all.
    Silence,
}

impl Reply {
    pub fn address(ip: impl Into<IpAddr>) -> Self {
        Self::Addresses(vec![ip.into()])
    }

    pub fn loopback() -> Self {
        Self::address(Ipv4Addr::LOCALHOST)
    }
}

type Answer = dyn Fn(&Question) -> Reply + Send + Sync;

/// The server. It runs until the test process ends.
pub struct DnsServer {
    pub address: SocketAddr,
    asked: Arc<Mutex<Vec<Question>>>,
}

impl DnsServer {
    /// A server whose every answer is given by `answer`, on a thread of its own, so that it may also be slow.
    pub fn answering(answer: impl Fn(&Question) -> Reply + Send + Sync + 'static) -> Self {
        let (udp, tcp) = bind();
        let address = udp.local_addr().unwrap();
        let asked = Arc::<Mutex<Vec<Question>>>::default();
        let server = Server { asked: Arc::clone(&asked), answer: Arc::new(answer) };
        let over_udp = server.clone();
        thread::spawn(move || over_udp.serve_udp(&udp));
        thread::spawn(move || server.serve_tcp(&tcp));
        Self { address, asked }
    }

    /// A server that knows one name.
    pub fn knowing(name: &'static str, reply: &Reply) -> Self {
        let reply = reply.clone();
        Self::answering(
            move |question| {
                if question.name == name { reply.clone() } else { Reply::Code(ResponseCode::NXDomain) }
            },
        )
    }

    /// The questions so far.
    pub fn asked(&self) -> Vec<Question> {
        self.asked.lock().unwrap().clone()
    }

    /// The names that were asked for, each once.
    pub fn names(&self) -> Vec<String> {
        let mut names: Vec<_> = self.asked().into_iter().map(|question| question.name).collect();
        names.sort();
        names.dedup();
        names
    }

    /// How many questions of this kind were asked.
    pub fn count(&self, kind: RecordType) -> usize {
        self.asked().iter().filter(|question| question.kind == kind).count()
    }
}

/// UDP and TCP on the same port. Another process may take the TCP port in between, so it is tried until both are ours.
fn bind() -> (UdpSocket, TcpListener) {
    loop {
        let udp = UdpSocket::bind("127.0.0.1:0").unwrap();
        if let Ok(tcp) = TcpListener::bind(udp.local_addr().unwrap()) {
            return (udp, tcp);
        }
    }
}

#[derive(Clone)]
struct Server {
    asked: Arc<Mutex<Vec<Question>>>,
    answer: Arc<Answer>,
}

impl Server {
    fn serve_udp(&self, socket: &UdpSocket) {
        let mut buffer = [0; 4096];
        while let Ok((length, from)) = socket.recv_from(&mut buffer) {
            let (server, bytes, socket) = (self.clone(), buffer[..length].to_vec(), socket.try_clone().unwrap());
            thread::spawn(move || {
                if let Some(answer) = server.answer(&bytes, false) {
                    let _gone = socket.send_to(&answer, from);
                }
            });
        }
    }

    fn serve_tcp(&self, listener: &TcpListener) {
        for stream in listener.incoming().filter_map(Result::ok) {
            let server = self.clone();
            thread::spawn(move || server.serve_stream(stream));
        }
    }

    /// RFC 1035, 4.2.2: each message has two octets of length before it.
    fn serve_stream(&self, mut stream: TcpStream) {
        let mut length = [0; 2];
        while stream.read_exact(&mut length).is_ok() {
            let mut bytes = vec![0; usize::from(u16::from_be_bytes(length))];
            if stream.read_exact(&mut bytes).is_err() {
                return;
            }
            if let Some(answer) = self.answer(&bytes, true) {
                let length = u16::try_from(answer.len()).unwrap().to_be_bytes();
                let _gone = stream.write_all(&[&length[..], &answer].concat());
            }
        }
    }

    fn answer(&self, bytes: &[u8], over_tcp: bool) -> Option<Vec<u8>> {
        let request = Message::from_vec(bytes).unwrap();
        let query = request.queries.first().unwrap().clone();
        let question = {
            let mut asked = self.asked.lock().unwrap();
            let earlier = asked.iter().filter(|question| question.kind == query.query_type()).count();
            let question = Question { name: query.name().to_ascii(), kind: query.query_type(), over_tcp, earlier };
            asked.push(question.clone());
            question
        };
        let mut message = Message::response(request.metadata.id, request.metadata.op_code);
        message.add_query(query.clone());
        match (self.answer)(&question) {
            Reply::Addresses(addresses) => message.insert_answers(records(query.name(), &query, &addresses)),
            Reply::Alias(chain, addresses) => {
                let mut answers = Vec::new();
                let mut name = query.name().clone();
                for next in chain {
                    let next = Name::from_ascii(next).unwrap();
                    answers.push(Record::from_rdata(name, TTL, RData::CNAME(CNAME(next.clone()))));
                    name = next;
                }
                answers.extend(records(&name, &query, &addresses));
                message.insert_answers(answers);
            }
            Reply::Code(code) => message.metadata.response_code = code,
            Reply::Truncated => message.metadata.truncation = true,
            Reply::Silence => return None,
        }
        Some(message.to_vec().unwrap())
    }
}

fn records(name: &Name, query: &Query, addresses: &[IpAddr]) -> Vec<Record> {
    let data = addresses.iter().map(|ip| match ip {
        IpAddr::V4(v4) => RData::A((*v4).into()),
        IpAddr::V6(v6) => RData::AAAA((*v6).into()),
    });
    data.filter(|data| data.record_type() == query.query_type())
        .map(|data| Record::from_rdata(name.clone(), TTL, data))
        .collect()
}

/// Long enough that an answer which is kept anywhere shows.
const TTL: u32 = 3600;

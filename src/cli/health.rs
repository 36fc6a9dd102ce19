//! `scraplens health`: asks the server of this machine whether it runs, for containers without curl.

use std::{
    io::{Read as _, Write as _},
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream},
    process::ExitCode,
    time::Duration,
};

use clap::Args;

use super::{CommandError, options, print};

/// Ask the server of this machine whether it runs (for a container's HEALTHCHECK): exit code 0 if it does, 2 if not.
#[derive(Debug, Args)]
pub(super) struct Health {
    /// Where it listens; by default server.listen
    #[arg(long, value_name = "ADDR")]
    listen: Option<SocketAddr>,
}

impl Health {
    pub fn run(&self) -> Result<ExitCode, CommandError> {
        let address = match self.listen {
            Some(address) => address,
            None => options::from_environment()?.server.listen,
        };
        let address = reachable(address);
        let answer = ask(address).map_err(|error| {
            CommandError::with_advice(
                format!("no server answers at {address}: {error}"),
                "start it with `scraplens serve`",
            )
        })?;
        if answer.starts_with("HTTP/1.1 200 ") {
            print("ok\n")?;
            return Ok(ExitCode::SUCCESS);
        }
        Err(CommandError::new(format!("{address} answers {}", answer.lines().next().unwrap_or_default())))
    }
}

/// A server that listens on every address is asked on loopback.
fn reachable(address: SocketAddr) -> SocketAddr {
    let ip = match address.ip() {
        ip if !ip.is_unspecified() => ip,
        IpAddr::V4(_) => IpAddr::V4(Ipv4Addr::LOCALHOST),
        IpAddr::V6(_) => IpAddr::V6(Ipv6Addr::LOCALHOST),
    };
    SocketAddr::new(ip, address.port())
}

/// Our own server on our own machine, so neither the guard nor a whole HTTP client is needed.
fn ask(address: SocketAddr) -> std::io::Result<String> {
    let mut stream = TcpStream::connect_timeout(&address, TIMEOUT)?;
    stream.set_read_timeout(Some(TIMEOUT))?;
    stream.write_all(b"GET /healthz HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n")?;
    let mut answer = Vec::new();
    stream.take(MOST).read_to_end(&mut answer)?;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}

const TIMEOUT: Duration = Duration::from_secs(2);
const MOST: u64 = 4096;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_on_every_address_is_asked_on_loopback() {
        for (listens, asked) in
            [("0.0.0.0:80", "127.0.0.1:80"), ("[::]:80", "[::1]:80"), ("192.0.2.1:80", "192.0.2.1:80")]
        {
            assert_eq!(reachable(listens.parse().unwrap()).to_string(), asked);
        }
    }
}

//! `scraplens serve`: the server, until a signal stops it.

use std::{net::SocketAddr, process::ExitCode};

use clap::Args;
use toml::Value;
use tracing::{info, warn};

use super::{CommandError, options::Network, print, start_logging};
use crate::{
    app::{App, Parts, Stopper},
    config::{self, Override},
    kakao::Kakao,
    sandbox::settings::{WebhookMethod, WebhookUrl},
};

/// Run the server: the page at `/`, the HTTP API under `/api/v1`, its documentation at `/docs`.
#[derive(Debug, Args)]
pub(super) struct Serve {
    /// Address to listen on; port 0 takes a free one
    #[arg(long, value_name = "ADDR")]
    listen: Option<SocketAddr>,
    /// Check the settings and exit without serving
    #[arg(long)]
    check_config: bool,
    /// Print every setting with its default and meaning, and exit
    #[arg(long)]
    print_config: bool,
    /// Where the sandbox's share webhook goes: for the first app, and open for the webhook alone if it is localhost or an address
    #[arg(long, value_name = "URL", value_parser = webhook)]
    webhook: Option<WebhookUrl>,
    /// How the webhook is sent, as chosen in Kakao's console: GET or POST
    #[arg(long, value_name = "METHOD", value_parser = webhook_method, requires = "webhook")]
    webhook_method: Option<WebhookMethod>,
    #[command(flatten)]
    network: Network,
}

fn webhook(text: &str) -> Result<WebhookUrl, String> {
    WebhookUrl::parse(text)
}

fn webhook_method(text: &str) -> Result<WebhookMethod, String> {
    match text.to_ascii_uppercase().as_str() {
        "GET" => Ok(WebhookMethod::Get),
        "POST" => Ok(WebhookMethod::Post),
        _ => Err("write GET or POST".to_owned()),
    }
}

impl Serve {
    pub fn run(&self) -> Result<ExitCode, CommandError> {
        if self.print_config {
            print(config::defaults_text())?;
            return Ok(ExitCode::SUCCESS);
        }
        let listen = self.listen.map(|address| Override {
            option: "--listen",
            key: "server.listen",
            value: Value::String(address.to_string()),
        });
        let mut settings = self.network.settings(listen.into_iter().collect())?;
        if let Some(url) = &self.webhook
            && !settings.sandbox.register_webhook(url, self.webhook_method)
        {
            return Err(CommandError::new("--webhook has no app to belong to; add one to [[sandbox.apps]]"));
        }
        let kakao = Kakao::embedded().map_err(CommandError::new)?;
        actix_web::rt::System::new().block_on(async {
            if self.check_config {
                Parts::build(&settings, kakao, None).map_err(CommandError::new)?;
                print("the settings are good\n")?;
                return Ok(ExitCode::SUCCESS);
            }
            start_logging(&settings.log);
            let app = App::build(&settings, kakao).map_err(CommandError::new)?;
            print(&format!("scraplens listens on http://{}\n", app.address))?;
            if !app.address.ip().is_loopback() && settings.sandbox.is_open_to_everybody() {
                warn!(
                    "the sandbox has the keys of the default settings, so everybody who reaches this address can keep images in it; \
                     give [[sandbox.apps]] keys of your own, or set sandbox.enabled = false"
                );
            }
            tokio::spawn(stop_on_signal(app.stopper()));
            app.run().await.map_err(|error| CommandError::new(format!("the server failed: {error}")))?;
            info!("stopped");
            Ok(ExitCode::SUCCESS)
        })
    }
}

async fn stop_on_signal(stopper: Stopper) {
    use tokio::signal::unix::{SignalKind, signal};

    let (Ok(mut terminate), Ok(mut interrupt)) = (signal(SignalKind::terminate()), signal(SignalKind::interrupt()))
    else {
        tracing::warn!("signals cannot be watched; stop this process with SIGKILL");
        return;
    };
    let name = tokio::select! {
        _ = terminate.recv() => "SIGTERM",
        _ = interrupt.recv() => "Ctrl-C",
    };
    info!("{name}: running requests may finish; once more stops at once");
    let second = async {
        tokio::select! { _ = terminate.recv() => {}, _ = interrupt.recv() => {} }
    };
    tokio::select! {
        () = stopper.clone().stop() => {}
        () = second => stopper.stop_now().await,
    }
}

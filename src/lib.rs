//! scraplens shows a web page the way KakaoTalk's scraper sees it, and says why a share message lacks its image.
//!
//! Pure core, thin edges, one composition root. Imports only point down:
//!
//! ```text
//! main, cli            one file per subcommand; arguments in, exit code out
//! app                  the composition root: the only place that constructs things
//! web                  actix routes, problem details, OpenAPI, embedded assets
//! scrape, offline, drawing, firewall, logs, reaching, sandbox, templating    use cases: each reads like the life of one request
//! inspect              the core in one call: extract, then judge
//! fetch, cache, probe, ips              edges: the only I/O
//! extract, image, preview, rules, acl, accesslog, reach, template    pure core: values in, values out
//! target, page, report, finding, verdict, comparison, excerpt, language, words, egress, kakao, places    vocabulary
//! ```
//!
//! `report` is vocabulary although it names core types: it is their sum, in the words of the API.
//! `config` composes the settings that live beside their consumers; only `app`, `cli` and `main` import it.
//!
//! Two policies, two names: `egress` is our own outbound guard, enforced; a site's firewall is an `acl`, analysed.

pub mod accesslog;
pub mod acl;
pub mod app;
pub mod cache;
pub mod cli;
pub mod comparison;
pub mod config;
pub mod drawing;
pub mod egress;
pub mod excerpt;
pub mod extract;
pub mod fetch;
pub mod finding;
pub mod firewall;
pub mod image;
pub mod inspect;
pub mod ips;
pub mod kakao;
pub mod language;
pub mod logs;
pub mod offline;
pub mod page;
pub mod places;
pub mod preview;
pub mod probe;
pub mod reach;
pub mod reaching;
pub mod report;
pub mod rules;
pub mod sandbox;
pub mod scrape;
pub mod target;
pub mod template;
pub mod templating;
pub mod user_agent;
pub mod verdict;
pub mod web;
pub mod words;

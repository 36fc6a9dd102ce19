//! The firewall check: the algebra, the engine, every dialect's cases, and the faces.

mod brute;
mod case;
mod cases;
mod cli;
mod dumps;
mod engine;
mod fixes;
mod http;
mod lists;
mod mutations;
mod ranges;
mod words;

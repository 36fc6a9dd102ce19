//! The firewall check: the algebra, the engine, every dialect's cases, and the faces.

mod brute;
mod cases;
mod engine;
mod lists;
mod mutations;
mod ranges;

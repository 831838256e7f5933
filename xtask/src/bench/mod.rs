//! What is measured: hosts over HTTP, and the engine's query.

mod hosts;
mod query;

pub use hosts::run as hosts;
pub use query::{agree, run as query};

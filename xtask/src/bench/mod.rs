//! What things cost, measured.

pub mod hosts;
mod log;
pub mod query;
pub mod train;

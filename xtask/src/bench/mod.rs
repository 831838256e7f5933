//! What things cost, measured.

pub mod cold;
pub mod hosts;
mod log;
pub mod query;
pub mod train;

//! What things cost, measured.

pub mod cold;
pub mod fuel;
pub mod hosts;
mod log;
pub mod matrix;
pub mod query;
mod shops;
pub mod soak;
pub mod train;

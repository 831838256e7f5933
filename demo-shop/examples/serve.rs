//! Serves the demo shop: `cargo run -p tailorbird-demo-shop --example serve -- 127.0.0.1:8080`.

use std::sync::Arc;
use tailorbird_demo_shop::{DEFAULT_SEED, Shop, serve};
use tokio::net::TcpListener;

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let address = std::env::args()
        .nth(1)
        .unwrap_or_else(|| "127.0.0.1:8080".to_owned());
    let listener = TcpListener::bind(&address).await?;
    println!("http://{}/", listener.local_addr()?);
    serve(Arc::new(Shop::generate(DEFAULT_SEED)), listener).await
}

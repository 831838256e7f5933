//! `tailorbird demo-shop`: a shop to try things on, which knows nothing of Tailorbird.

use std::fs::{self, File};
use std::io::BufWriter;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use miette::{IntoDiagnostic, Result, WrapErr};
use tailorbird_demo_shop::{DEFAULT_SEED, EVENTS_DEFAULT, EVENTS_NOW, Lang, SITE_TOML, Shop};

/// Make the demo shop's feeds and events, or serve its pages
#[derive(clap::Args)]
#[command(
    after_help = "Examples:\n  tailorbird demo-shop --out demo\n  tailorbird demo-shop --serve 127.0.0.1:8700"
)]
pub struct Args {
    /// Write feed.en.tsv, feed.de.tsv, articles.en.tsv, articles.de.tsv, events.jsonl and site.toml here
    #[arg(long, value_name = "DIR", required_unless_present = "serve")]
    out: Option<PathBuf>,
    /// Serve the shop's pages at this address
    #[arg(long, value_name = "ADDR")]
    serve: Option<SocketAddr>,
    /// The shop and its shoppers grow from this number
    #[arg(long, default_value_t = DEFAULT_SEED)]
    seed: u64,
    /// How many events the shoppers leave, at least
    #[arg(long, default_value_t = EVENTS_DEFAULT)]
    events: usize,
}

pub fn run(args: Args) -> Result<()> {
    let shop = Shop::generate(args.seed);
    if let Some(directory) = &args.out {
        write(&shop, directory, args.seed, args.events)?;
    }
    match args.serve {
        Some(address) => serve(shop, address),
        None => Ok(()),
    }
}

fn write(shop: &Shop, directory: &Path, seed: u64, events: usize) -> Result<()> {
    let cannot = |what: &Path| format!("cannot write {}", what.display());
    fs::create_dir_all(directory)
        .into_diagnostic()
        .wrap_err_with(|| cannot(directory))?;
    let create = |name: &str| {
        let path = directory.join(name);
        let file = File::create(&path)
            .into_diagnostic()
            .wrap_err_with(|| cannot(&path))?;
        Ok::<_, miette::Report>((path, BufWriter::new(file)))
    };
    for lang in [Lang::En, Lang::De] {
        let (path, file) = create(&format!("feed.{}.tsv", lang.code()))?;
        shop.write_feed(lang, file)
            .into_diagnostic()
            .wrap_err_with(|| cannot(&path))?;
        let (path, file) = create(&format!("articles.{}.tsv", lang.code()))?;
        shop.write_articles(lang, file)
            .into_diagnostic()
            .wrap_err_with(|| cannot(&path))?;
    }
    let (path, file) = create("events.jsonl")?;
    shop.write_events(seed, events, EVENTS_NOW, file)
        .into_diagnostic()
        .wrap_err_with(|| cannot(&path))?;
    let site = directory.join("site.toml");
    fs::write(&site, SITE_TOML)
        .into_diagnostic()
        .wrap_err_with(|| cannot(&site))?;
    println!(
        "wrote feeds of {} products and of articles, at least {events} events and site.toml to {}",
        shop.products().len(),
        directory.display()
    );
    Ok(())
}

fn serve(shop: Shop, address: SocketAddr) -> Result<()> {
    let runtime = tokio::runtime::Runtime::new().into_diagnostic()?;
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::bind(address)
            .await
            .into_diagnostic()
            .wrap_err_with(|| format!("cannot listen on {address}"))?;
        println!("http://{}/ is the demo shop", listener.local_addr().into_diagnostic()?);
        tokio::select! {
            served = tailorbird_demo_shop::serve(Arc::new(shop), listener) => served.into_diagnostic(),
            _ = tokio::signal::ctrl_c() => Ok(()),
        }
    })
}

//! The visitor's request, sent on to the shop.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::Poll;
use std::time::{Duration, Instant};

use spin_sdk::wasip3::http::client;
use spin_sdk::wasip3::http::types::{ErrorCode, Method, Request, RequestOptions, Response, Scheme};
use spin_sdk::wasip3::wit_future;
use tailorbird::Visit;

use crate::head::Head;
use crate::settings::Origin;

/// How long connecting to the origin may take before the visitor gets a 502, in nanoseconds.
const CONNECT_TIMEOUT: u64 = 5_000_000_000;

/// Spin tells the component about the request in header lines of this prefix; they are not the
/// visitor's.
const SPIN_PREFIX: &str = "spin-";

/// Why there is no response of the origin's.
#[derive(Debug, thiserror::Error)]
pub(crate) enum OriginError {
    #[error("the host refused the request's {0}")]
    Refused(&'static str),
    #[error("{0}")]
    Host(#[from] ErrorCode),
}

/// Sends a visitor's request on, with the engine's edits; meanwhile what the visitor gets is decided. The body and its
/// trailers go from the host to the host. Gives the time, too, that deciding took.
pub(crate) async fn send(
    origin: &Origin,
    request: Request,
    mut head: Head,
    visit: &mut Visit,
) -> Result<(Response, Duration), OriginError> {
    let method = request.get_method();
    let target = visit.target().map(str::to_owned);
    let target = target.or_else(|| request.get_path_with_query());
    let scheme = request.get_scheme();
    let visitors_host = request.get_authority();
    let bodiless = matches!(method, Method::Get | Method::Head)
        && matches!(head.first("content-length"), None | Some(b"0"));

    forward_head(&mut head, visitors_host, scheme);
    head.edit(visit.request_edits());

    let (received, receipt) = wit_future::new(|| Ok(()));
    drop(received);
    let (body, trailers) = Request::consume_body(request, receipt);
    // A stream of unknown length would make the host announce a chunked body where there is none.
    let body = (!bodiless).then_some(body);
    let options = RequestOptions::new();
    // Hosts may refuse to be told; then their own limit holds.
    let _ = options.set_connect_timeout(Some(CONNECT_TIMEOUT));
    let (outgoing, sent) = Request::new(head.into_fields()?, body, trailers, Some(options));
    drop(sent);

    let refused = |part| move |()| OriginError::Refused(part);
    outgoing.set_method(&method).map_err(refused("method"))?;
    outgoing
        .set_scheme(Some(&origin.scheme))
        .map_err(refused("scheme"))?;
    outgoing
        .set_authority(Some(&origin.authority))
        .map_err(refused("authority"))?;
    outgoing
        .set_path_with_query(target.as_deref())
        .map_err(refused("path"))?;
    let mut coming = pin!(client::send(outgoing));
    // The host begins with it when it is first asked for.
    let begun = poll_fn(|context| Poll::Ready(coming.as_mut().poll(context))).await;
    let started = Instant::now();
    visit.decide_ahead();
    let deciding = started.elapsed();
    let response = match begun {
        Poll::Ready(response) => response?,
        Poll::Pending => coming.await?,
    };
    Ok((response, deciding))
}

fn forward_head(head: &mut Head, visitors_host: Option<String>, scheme: Option<Scheme>) {
    let trailers = head.has_token("te", "trailers");
    head.strip_hop_by_hop();
    head.remove_prefixed(SPIN_PREFIX);
    if trailers {
        head.append("te", b"trailers");
    }
    let host = head.first("host").map(<[u8]>::to_vec);
    let host = host.or(visitors_host.map(String::into_bytes));
    head.remove("host");
    if let Some(host) = host
        && head.first("x-forwarded-host").is_none()
    {
        head.append("x-forwarded-host", &host);
    }
    if head.first("x-forwarded-proto").is_none() {
        let proto: &[u8] = match scheme {
            Some(Scheme::Https) => b"https",
            _ => b"http",
        };
        head.append("x-forwarded-proto", proto);
    }
}

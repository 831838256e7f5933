//! The way to the shop: one pooled HTTP/1.1 client for one authority.

use std::time::Duration;

use hyper::body::Incoming;
use hyper::header::{self, HeaderName, HeaderValue};
use hyper::http::request::Parts;
use hyper::http::uri::{Authority, PathAndQuery, Scheme};
use hyper::{HeaderMap, Request, Response, Uri, Version};
use hyper_util::client::legacy::{Client, Error, connect::HttpConnector};
use hyper_util::rt::{TokioExecutor, TokioTimer};
use tailorbird::HeadEdits;

use crate::head;
use crate::server::{MAX_HEAD_BYTES, MAX_HEAD_LINES, ServeError};

/// How long connecting to the origin may take before the visitor gets a 502.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// How long an unused connection to the origin is kept.
const POOL_IDLE_TIMEOUT: Duration = Duration::from_secs(20);
/// How many unused connections to the origin are kept.
const POOL_MAX_IDLE: usize = 256;

const FORWARDED_HOST: HeaderName = HeaderName::from_static("x-forwarded-host");
const FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");

#[cfg(feature = "tls")]
type Connector = hyper_rustls::HttpsConnector<HttpConnector>;
#[cfg(not(feature = "tls"))]
type Connector = HttpConnector;

/// The shop's server.
#[derive(Debug)]
pub(crate) struct Origin {
    scheme: Scheme,
    authority: Authority,
    host: HeaderValue,
    client: Client<Connector, Incoming>,
}

impl Origin {
    pub(crate) fn new(origin: &Uri) -> Result<Self, ServeError> {
        let wrong = || ServeError::Origin {
            found: origin.to_string(),
        };
        let scheme = origin.scheme().ok_or_else(wrong)?.clone();
        let authority = origin.authority().ok_or_else(wrong)?.clone();
        let bare = matches!(
            origin.path_and_query().map(PathAndQuery::as_str),
            None | Some("/")
        );
        let known = scheme == Scheme::HTTP || scheme == Scheme::HTTPS;
        if !bare || !known || authority.as_str().contains('@') {
            return Err(wrong());
        }
        if scheme == Scheme::HTTPS && cfg!(not(feature = "tls")) {
            return Err(ServeError::NoTls {
                origin: origin.clone(),
            });
        }
        let client = Client::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(POOL_IDLE_TIMEOUT)
            .pool_max_idle_per_host(POOL_MAX_IDLE)
            .http1_max_buf_size(MAX_HEAD_BYTES)
            .http1_max_headers(MAX_HEAD_LINES)
            .http1_preserve_header_case(true)
            .set_host(false)
            .build(connector());
        Ok(Self {
            scheme,
            host: HeaderValue::from_str(authority.as_str()).map_err(|_| wrong())?,
            authority,
            client,
        })
    }

    /// Sends a visitor's request on, with the engine's edits.
    ///
    /// `upgrade` keeps the fields that ask for another protocol.
    pub(crate) fn send(
        &self,
        mut parts: Parts,
        body: Incoming,
        edits: &HeadEdits,
        upgrade: bool,
    ) -> impl Future<Output = Result<Response<Incoming>, Error>> + use<> {
        self.readdress(&mut parts);
        forward_head(&mut parts.headers, &self.host, upgrade);
        head::edit(&mut parts.headers, edits);
        self.client.request(Request::from_parts(parts, body))
    }

    fn readdress(&self, parts: &mut Parts) {
        let mut target = std::mem::take(&mut parts.uri).into_parts();
        target.scheme = Some(self.scheme.clone());
        target.authority = Some(self.authority.clone());
        target
            .path_and_query
            .get_or_insert(PathAndQuery::from_static("/"));
        // All three parts are there, so this cannot fail.
        parts.uri = Uri::from_parts(target).unwrap_or_default();
        parts.version = Version::HTTP_11;
    }
}

fn forward_head(headers: &mut HeaderMap, host: &HeaderValue, upgrade: bool) {
    let protocols: Vec<HeaderValue> = headers.get_all(header::UPGRADE).iter().cloned().collect();
    let trailers = head::has_token(headers, &header::TE, "trailers");
    head::strip_hop_by_hop(headers);
    if trailers {
        headers.insert(header::TE, HeaderValue::from_static("trailers"));
        headers.append(header::CONNECTION, HeaderValue::from_static("te"));
    }
    if upgrade {
        for protocol in protocols {
            headers.append(header::UPGRADE, protocol);
        }
        headers.append(header::CONNECTION, HeaderValue::from_static("upgrade"));
    }
    if let Some(visitors) = headers.insert(header::HOST, host.clone())
        && !headers.contains_key(FORWARDED_HOST)
    {
        headers.insert(FORWARDED_HOST, visitors);
    }
    if !headers.contains_key(FORWARDED_PROTO) {
        headers.insert(FORWARDED_PROTO, HeaderValue::from_static("http"));
    }
}

fn http_connector() -> HttpConnector {
    let mut connector = HttpConnector::new();
    connector.set_nodelay(true);
    connector.set_connect_timeout(Some(CONNECT_TIMEOUT));
    connector
}

#[cfg(not(feature = "tls"))]
fn connector() -> Connector {
    http_connector()
}

#[cfg(feature = "tls")]
fn connector() -> Connector {
    let mut http = http_connector();
    http.enforce_http(false);
    hyper_rustls::HttpsConnectorBuilder::new()
        .with_webpki_roots()
        .https_or_http()
        .enable_http1()
        .wrap_connector(http)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_a_scheme_and_an_authority() {
        for good in ["http://127.0.0.1:8080", "http://shop.example/"] {
            assert!(Origin::new(&good.parse().unwrap()).is_ok(), "{good}");
        }
        for bad in [
            "shop.example",
            "/path",
            "ftp://shop.example",
            "http://shop.example/de",
            "http://shop.example/?a",
            "http://me@shop.example",
        ] {
            assert!(
                matches!(
                    Origin::new(&bad.parse().unwrap()),
                    Err(ServeError::Origin { .. })
                ),
                "{bad}"
            );
        }
    }

    #[test]
    fn the_visitors_host_is_kept_beside_the_origins() {
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, HeaderValue::from_static("www.shop.example"));
        forward_head(&mut headers, &HeaderValue::from_static("origin:81"), false);
        assert_eq!(headers[header::HOST], "origin:81");
        assert_eq!(headers[FORWARDED_HOST], "www.shop.example");
        assert_eq!(headers[FORWARDED_PROTO], "http");
    }

    #[test]
    fn of_te_only_trailers_goes_on() {
        let mut headers = HeaderMap::new();
        headers.insert(header::TE, HeaderValue::from_static("gzip, trailers;q=0.5"));
        headers.insert(header::CONNECTION, HeaderValue::from_static("TE, close"));
        forward_head(&mut headers, &HeaderValue::from_static("origin"), false);
        assert_eq!(headers[header::TE], "trailers");
        assert_eq!(headers[header::CONNECTION], "te");
    }
}

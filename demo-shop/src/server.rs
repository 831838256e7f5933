//! The shop on a socket. All it does is carry bytes: every answer comes from [`Shop::answer`].

use crate::{Page, Request, Shop};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request as Incoming, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode, header};
use std::io;
use std::sync::Arc;
use tokio::net::TcpListener;

/// How many bytes a form may have; the longest that the shop's own pages send has some forty.
pub const FORM_LIMIT: usize = 16 * 1024;

/// Serves the shop until the task is dropped.
///
/// # Errors
///
/// Those of the listener.
pub async fn serve(shop: Arc<Shop>, listener: TcpListener) -> io::Result<()> {
    axum::serve(listener, Router::new().fallback(handle).with_state(shop)).await
}

async fn handle(State(shop): State<Arc<Shop>>, incoming: Incoming) -> Response<Body> {
    let (head, body) = incoming.into_parts();
    let Ok(form) = to_bytes(body, FORM_LIMIT).await else {
        return response(Page::new(
            413,
            "text/plain; charset=utf-8",
            "The form is too long.\n",
        ));
    };
    let cookie = cookies(&head.headers);
    let request = Request {
        method: head.method.as_str(),
        target: head
            .uri
            .path_and_query()
            .map_or("/", |target| target.as_str()),
        cookie: cookie.as_deref(),
        referer: text(&head.headers, &header::REFERER),
        if_none_match: text(&head.headers, &header::IF_NONE_MATCH),
        form: std::str::from_utf8(&form).unwrap_or_default(),
    };
    response(shop.answer(&request))
}

fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

/// HTTP/2 lets a client split its cookies over several headers (RFC 9113, 8.2.3); a proxy may pass them on so.
fn cookies(headers: &HeaderMap) -> Option<String> {
    let all: Vec<&str> = headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .collect();
    (!all.is_empty()).then(|| all.join("; "))
}

fn response(page: Page) -> Response<Body> {
    let mut response = Response::new(Body::from(page.body));
    *response.status_mut() =
        StatusCode::from_u16(page.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static(page.content_type),
    );
    for (name, value) in page.headers {
        // A value that is no header value is left out: a page without it beats no page.
        if let Ok(value) = HeaderValue::from_str(&value) {
            headers.append(HeaderName::from_static(name), value);
        }
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    async fn exchange(request: &str) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let server = tokio::spawn(serve(Arc::new(Shop::generate(1)), listener));
        let mut stream = tokio::net::TcpStream::connect(address)
            .await
            .expect("the server listens");
        stream
            .write_all(request.as_bytes())
            .await
            .expect("the request is sent");
        let mut answer = Vec::new();
        stream
            .read_to_end(&mut answer)
            .await
            .expect("the answer is read");
        server.abort();
        String::from_utf8(answer).expect("the answer is UTF-8")
    }

    #[tokio::test]
    async fn pages_arrive() {
        let answer = exchange("GET /en/ HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n").await;
        assert!(
            answer.starts_with("HTTP/1.1 200 ") && answer.ends_with("</html>\n"),
            "{answer}"
        );
    }

    #[tokio::test]
    async fn head_has_the_length_and_no_body() {
        let answer = exchange("HEAD /en/ HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n").await;
        let (head, body) = answer.split_once("\r\n\r\n").expect("a head");
        assert!(
            head.contains("content-length: ") && !head.contains("content-length: 0"),
            "{head}"
        );
        assert_eq!(body, "");
    }

    #[tokio::test]
    async fn forms_are_read() {
        let answer = exchange(
            "POST /consent HTTP/1.1\r\nhost: a\r\nconnection: close\r\nreferer: http://a/de/cart\r\n\
             content-length: 11\r\n\r\nconsent=all",
        )
        .await;
        assert!(answer.starts_with("HTTP/1.1 303 "), "{answer}");
        assert!(answer.contains("location: /de/cart\r\n"), "{answer}");
        assert!(
            answer.contains("set-cookie: consent=personalisation; Path=/; Max-Age="),
            "{answer}"
        );
    }
}

//! Other protocols over the same connection, WebSockets above all: once the origin has answered
//! 101, bytes go both ways until either side closes.

use hyper::upgrade::OnUpgrade;
use hyper_util::rt::TokioIo;

/// Joins the visitor's connection with the origin's in a task of its own.
pub(crate) fn tunnel(visitor: OnUpgrade, origin: OnUpgrade) {
    tokio::spawn(async move {
        let Ok((visitor, origin)) = tokio::try_join!(visitor, origin) else {
            // One of them left between the 101 and now; dropping the other closes it.
            return;
        };
        // An error is a reset by one side, and ends the other in the same way.
        let _ =
            tokio::io::copy_bidirectional(&mut TokioIo::new(visitor), &mut TokioIo::new(origin))
                .await;
    });
}

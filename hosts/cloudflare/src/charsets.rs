//! Large charset tables come from the runtime, so that the module need not hold them.

use crate::js::TextDecoder;

/// Says how the tables of double-byte charsets are made, when a page first needs one.
pub(crate) fn install() {
    encoding_rs::set_platform_decoder(|label, bytes| {
        TextDecoder::new(label).ok()?.decode(bytes).ok()
    });
}

//! Where the output goes: straight out, or into the list that is being held back.

use super::Exposures;
use super::list::HeldList;

/// What the handlers and the sink share.
#[derive(Debug, Default)]
pub(super) struct Output {
    ready: Vec<u8>,
    pub(super) held: Option<HeldList>,
    pub(super) exposures: Exposures,
}

impl Output {
    pub(super) fn new(exposures: Exposures) -> Self {
        Self {
            exposures,
            ..Self::default()
        }
    }

    pub(super) fn write(&mut self, chunk: &[u8]) {
        let Some(held) = &mut self.held else {
            self.ready.extend_from_slice(chunk);
            return;
        };
        if held.is_holding() {
            if !held.write(chunk) {
                // Over the limit: this list goes through as it came.
                self.release_held();
                self.ready.extend_from_slice(chunk);
            }
        } else {
            self.ready.extend_from_slice(chunk);
        }
    }

    /// Lets go of what is held, in the origin's order.
    pub(super) fn release_held(&mut self) {
        if let Some(held) = self.held.take() {
            self.ready.extend(held.into_bytes());
        }
    }

    /// The held list is complete: lets go of it in its new order.
    pub(super) fn close_list(&mut self) {
        if let Some(held) = self.held.take() {
            let exposure = held.into_ordered(&mut self.ready);
            self.exposures.lists.extend(exposure);
        }
    }

    /// Notes why the rest of the page goes through unchanged, and lets go of what is held.
    pub(super) fn give_up(&mut self, reason: &str) {
        self.release_held();
        self.exposures
            .gave_up
            .get_or_insert_with(|| reason.to_owned());
    }

    pub(super) fn drain_into(&mut self, out: &mut Vec<u8>) {
        out.append(&mut self.ready);
    }
}

//! Undoing `Content-Encoding: gzip` and `br`, for hosts whose platform does not.
//!
//! The decoders write into a buffer that is handed on whenever it has grown to
//! [`MAX_DECODED_BYTES`], so that a small body that decodes to a huge one needs no memory in
//! proportion.

use std::io::{self, Write};

use brotli_decompressor::DecompressorWriter;
use flate2::write::MultiGzDecoder;

use super::BrokenBody;
use crate::http::Coding;

/// How much is decoded before it is handed on, in bytes.
const MAX_DECODED_BYTES: usize = 64 << 10;

/// How much input is decoded at once: gzip expands at most 1,032 times.
const INPUT_BYTES: usize = 256;

pub(crate) enum Decoder {
    Gzip(Box<MultiGzDecoder<Vec<u8>>>),
    Brotli(Box<DecompressorWriter<Vec<u8>>>),
}

impl std::fmt::Debug for Decoder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.coding())
    }
}

impl Decoder {
    pub(crate) fn new(coding: Coding) -> Option<Self> {
        match coding {
            Coding::Identity => None,
            Coding::Gzip => Some(Self::Gzip(Box::new(MultiGzDecoder::new(Vec::new())))),
            Coding::Brotli => Some(Self::Brotli(Box::new(DecompressorWriter::new(
                Vec::new(),
                MAX_DECODED_BYTES,
            )))),
        }
    }

    fn coding(&self) -> &'static str {
        match self {
            Self::Gzip(_) => "gzip",
            Self::Brotli(_) => "br",
        }
    }

    /// Decodes `chunk` and hands the parts on; `buffer` is only there to be used again.
    pub(crate) fn push(
        &mut self,
        chunk: &[u8],
        buffer: &mut Vec<u8>,
        mut hand_on: impl FnMut(&[u8]),
    ) -> Result<(), BrokenBody> {
        for part in chunk.chunks(INPUT_BYTES) {
            let result = match self {
                Self::Gzip(decoder) => decoder.write_all(part),
                Self::Brotli(decoder) => decoder.write_all(part),
            };
            self.take_decoded(buffer, MAX_DECODED_BYTES, &mut hand_on);
            if let Err(error) = result {
                self.take_decoded(buffer, 0, &mut hand_on);
                return Err(self.broken(&error));
            }
        }
        self.take_decoded(buffer, 0, &mut hand_on);
        Ok(())
    }

    /// The body has ended: hands the rest on, or says that something is missing.
    pub(super) fn finish(
        &mut self,
        buffer: &mut Vec<u8>,
        mut hand_on: impl FnMut(&[u8]),
    ) -> Result<(), BrokenBody> {
        let result = match self {
            Self::Gzip(decoder) => decoder.try_finish(),
            Self::Brotli(decoder) => decoder.close(),
        };
        self.take_decoded(buffer, 0, &mut hand_on);
        result.map_err(|error| self.broken(&error))
    }

    fn take_decoded(
        &mut self,
        buffer: &mut Vec<u8>,
        above: usize,
        hand_on: &mut impl FnMut(&[u8]),
    ) {
        let decoded = match self {
            Self::Gzip(decoder) => decoder.get_mut(),
            Self::Brotli(decoder) => decoder.get_mut(),
        };
        if decoded.len() > above {
            std::mem::swap(decoded, buffer);
            hand_on(buffer);
            buffer.clear();
        }
    }

    fn broken(&self, error: &io::Error) -> BrokenBody {
        BrokenBody {
            coding: self.coding(),
            reason: error.to_string(),
        }
    }
}

//! What can be wrong with a snapshot: what was expected, what was found, and what to do.

use thiserror::Error;

const REBUILD: &str = "build it again with `tailorbird build`";

/// Why a file cannot be opened as a snapshot.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum OpenError {
    /// Too short for a header.
    #[error("expected a snapshot of at least {expected} bytes, found {found}; {REBUILD}")]
    TooShort {
        /// Bytes that a header needs.
        expected: usize,
        /// Bytes there are.
        found: usize,
    },
    /// Longer than any edge could hold.
    #[error("expected a snapshot of at most {limit} bytes, found {found}; train on fewer items")]
    TooLong {
        /// [`MAX_FILE_BYTES`](super::MAX_FILE_BYTES).
        limit: usize,
        /// Bytes there are.
        found: usize,
    },
    /// Not a snapshot at all.
    #[error("expected a snapshot, found a file that starts with {found:02X?}")]
    Magic {
        /// The first 8 bytes.
        found: [u8; 8],
    },
    /// Written by another generation of the builder.
    #[error(
        "expected format version {expected} or one before it, found {found}; {}",
        if found > expected { "deploy a newer worker" } else { REBUILD }
    )]
    Version {
        /// The newest version that this reader knows.
        expected: u16,
        /// The version of the file.
        found: u16,
    },
    /// Cut off, or something was appended.
    #[error("expected {expected} bytes as the header says, found {found}; copy the file again")]
    Length {
        /// Bytes that the header names.
        expected: u64,
        /// Bytes there are.
        found: u64,
    },
    /// The header or the table says something impossible.
    #[error("header: expected {expected}, found {found}; {REBUILD}")]
    Header {
        /// What must hold.
        expected: &'static str,
        /// What the file says.
        found: u64,
    },
    /// A checksum differs: bits were flipped.
    #[error("{what}: expected checksum {expected:016x}, found {found:016x}; copy the file again")]
    Checksum {
        /// The header or a section.
        what: String,
        /// The checksum in the file.
        expected: u64,
        /// The checksum of the bytes.
        found: u64,
    },
    /// A section is missing.
    #[error("section {0} is missing; {REBUILD}")]
    Missing(&'static str),
    /// A section's own lengths do not fit.
    #[error("section {section} at byte {offset}: expected {expected}; {REBUILD}")]
    Section {
        /// Which.
        section: &'static str,
        /// Where it starts in the file.
        offset: u64,
        /// What must hold.
        expected: &'static str,
    },
}

/// What a full check found beyond what opening checks.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum VerifyError {
    /// It does not even open.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// A record inside a section is wrong.
    #[error("section {section}, item {index}: expected {expected}; {REBUILD}")]
    Record {
        /// Which section.
        section: &'static str,
        /// Which record, from 0.
        index: usize,
        /// What must hold.
        expected: &'static str,
    },
}

/// Why a snapshot cannot be written.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum WriteError {
    /// More than a format's limit.
    #[error("expected at most {limit} {what}, found {found}")]
    TooMany {
        /// Items, sections, bytes.
        what: &'static str,
        /// The limit.
        limit: usize,
        /// What was given.
        found: usize,
    },
    /// The given values contradict each other.
    #[error("{what}: expected {expected}, found {found}")]
    Inconsistent {
        /// Which value.
        what: &'static str,
        /// What must hold.
        expected: String,
        /// What was given.
        found: String,
    },
    /// Two items whose 48-bit keys are the same; a cookie could not tell them apart.
    #[error("items {first:?} and {second:?} have the same key; rename one of them in the feed")]
    KeyCollision {
        /// One id.
        first: String,
        /// The other.
        second: String,
    },
    /// A record could not be encoded.
    #[error("section {section} cannot be encoded: {reason}")]
    Encode {
        /// Which section.
        section: &'static str,
        /// The encoder's words.
        reason: String,
    },
}

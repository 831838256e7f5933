//! The log of what changed pages showed: one line of JSON per page.

use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use tailorbird::Exposures;

use crate::server::ServeError;

/// Appends to a file, or does nothing.
#[derive(Debug, Clone)]
pub(crate) struct ExposureLog(Option<Arc<Mutex<File>>>);

impl ExposureLog {
    pub(crate) fn open(path: Option<PathBuf>) -> Result<Self, ServeError> {
        let Some(path) = path else {
            return Ok(Self(None));
        };
        match OpenOptions::new().create(true).append(true).open(&path) {
            Ok(file) => Ok(Self(Some(Arc::new(Mutex::new(file))))),
            Err(source) => Err(ServeError::Exposures { path, source }),
        }
    }

    /// Writes one line in one call, so that lines of several processes do not mix.
    pub(crate) fn append(&self, exposures: &Exposures) {
        let Some(file) = &self.0 else { return };
        let written = serde_json::to_vec(exposures)
            .map_err(Into::into)
            .and_then(|mut line| {
                line.push(b'\n');
                file.lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .write_all(&line)
            });
        if let Err(error) = written {
            eprintln!("tailorbird: cannot log exposures: {error}");
        }
    }
}

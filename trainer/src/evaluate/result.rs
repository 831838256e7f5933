//! What an evaluation found, as it is kept and compared.

use serde::{Deserialize, Serialize};

use super::{Counts, Latency, Scores, VmisSettings};

/// The product's own name among the models.
pub const PRODUCT: &str = "tailorbird";

/// The version of [`Evaluation`]'s JSON form.
pub const FORMAT: u32 = 1;

/// What was measured.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Evaluation {
    /// [`FORMAT`].
    pub format: u32,
    /// How large the log is.
    pub data: Counts,
    /// VMIS-kNN's parameters.
    pub vmis: VmisSettings,
    /// The product first, then the baselines.
    pub models: Vec<ModelScores>,
    /// The product with shorter lists and, last, as it is.
    pub sizes: Vec<SizeScores>,
}

/// One model's results.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ModelScores {
    /// The model's name.
    pub name: String,
    /// What it needs to answer, in bytes: the product's sections of neighbours and popularity, the
    /// baselines' plain tables.
    pub bytes: u64,
    /// With all items ranked.
    pub academic: Scores,
    /// With the current item left out.
    pub shop: Scores,
    /// Academic scores by number of views before the next one; 10 stands for 10 and more.
    pub academic_by_length: Vec<LengthScore>,
    /// Shop scores, likewise.
    pub shop_by_length: Vec<LengthScore>,
}

/// Scores of the cases with one number of views.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct LengthScore {
    /// How many views.
    pub views: u32,
    /// How many cases.
    pub cases: u64,
    /// Their hit rate.
    pub hr20: f64,
    /// Their mean reciprocal rank.
    pub mrr20: f64,
}

/// The product with lists of some length.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct SizeScores {
    /// The most neighbours of an item.
    pub neighbours: u32,
    /// The model's sections in the snapshot, in bytes.
    pub bytes: u64,
    /// The whole snapshot, with ids and no texts, in bytes.
    pub file_bytes: u64,
    /// With all items ranked.
    pub academic: Scores,
    /// With the current item left out.
    pub shop: Scores,
    /// How long a query took on the machine that evaluated; unlike all else it differs from run to
    /// run. Older results do not have it.
    #[serde(default)]
    pub latency: Option<Latency>,
}

impl Evaluation {
    /// The product's own results.
    pub fn product(&self) -> Option<&ModelScores> {
        self.models.iter().find(|model| model.name == PRODUCT)
    }
}

//! How far each product agrees with the one that an audience is sought for.

use tailorbird::snapshot::{Kind, Snapshot};

/// How many reasons there are.
pub(super) const REASONS: usize = Reason::ALL.len();

/// Why somebody may like a product.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// Its category, or as many of its levels as are the same.
    Category,
    /// Its brand.
    Brand,
    /// Its price band: cheap or dear among its like.
    Price,
    /// It is viewed or bought together with what they looked at, is described alike, or is what they
    /// looked at.
    Similar,
}

impl Reason {
    /// All reasons.
    pub const ALL: [Self; 4] = [Self::Category, Self::Brand, Self::Price, Self::Similar];

    /// What it is called.
    pub fn name(self) -> &'static str {
        match self {
            Self::Category => "category",
            Self::Brand => "brand",
            Self::Price => "price",
            Self::Similar => "similar",
        }
    }

    /// What its affinity counts for the score. Being alike says most, but few products are alike; the
    /// price alone says little.
    pub fn weight(self) -> f64 {
        match self {
            Self::Category => 1.0,
            Self::Brand => 0.7,
            Self::Price => 0.3,
            Self::Similar => 1.5,
        }
    }
}

/// For each item how far it agrees, 0 to 1, by [`Reason::ALL`].
pub(super) struct Relevance {
    of: Vec<[f32; REASONS]>,
}

impl Relevance {
    pub(super) fn to(snapshot: &Snapshot, target: u32) -> Self {
        let items = u32::try_from(snapshot.len()).unwrap_or(u32::MAX);
        let category = |item| path(snapshot, item);
        let brand = |item| snapshot.code(Kind::Brand, item);
        let (own_category, own_brand) = (category(target), brand(target));
        let own_band = snapshot.price_band(target);
        let mut of: Vec<[f32; REASONS]> = (0..items)
            .map(|item| {
                let levels = shared_levels(own_category, category(item));
                let is_brand = own_brand.is_some() && brand(item) == own_brand;
                // Bands are those of a top-level category: across these they still say cheap or dear.
                let bands = own_band.zip(snapshot.price_band(item));
                let price = match bands.map(|(a, b)| a.abs_diff(b)) {
                    Some(0) => 1.0,
                    Some(1) => 0.5,
                    _ => 0.0,
                };
                [levels, f32::from(u8::from(is_brand)), price, 0.0]
            })
            .collect();
        let lists = [
            snapshot.viewed_together(target),
            snapshot.bought_together(target),
            snapshot.similar_by_content(target),
        ];
        let near = lists.into_iter().flatten();
        for (item, weight) in near.chain([(target, 65_536)]) {
            if let Some([.., similar]) = of.get_mut(item as usize) {
                *similar = similar.max(weight as f32 / 65_536.0);
            }
        }
        Self { of }
    }

    pub(super) fn of(&self, item: u32) -> [f32; REASONS] {
        self.of.get(item as usize).copied().unwrap_or_default()
    }
}

fn path(snapshot: &Snapshot, item: u32) -> &str {
    let code = snapshot.code(Kind::Category, item);
    code.and_then(|code| snapshot.code_text(Kind::Category, code))
        .unwrap_or_default()
}

/// The share of a path's levels that another begins with.
fn shared_levels(own: &str, other: &str) -> f32 {
    if own.is_empty() {
        return 0.0;
    }
    let levels = own.split(" > ");
    let same = levels.clone().zip(other.split(" > "));
    let same = same.take_while(|(a, b)| a == b).count();
    same as f32 / levels.count() as f32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_agree_from_the_top() {
        for (own, other, share) in [
            ("A > B", "A > B", 1.0),
            ("A > B", "A > C", 0.5),
            ("A > B", "B", 0.0),
            ("A", "A > B", 1.0),
            ("", "", 0.0),
        ] {
            assert_eq!(shared_levels(own, other), share, "{own}, {other}");
        }
    }
}

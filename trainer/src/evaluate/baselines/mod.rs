//! What a model is compared with: methods that need no training worth the name, each as its authors
//! describe it and with settings that others published, not with ones that make it look weak.

mod lists;
mod popular;
mod vmis;

pub(super) use lists::{ItemLists, cosine, count};
pub(super) use popular::Popular;
pub(super) use vmis::Vmis;
pub use vmis::VmisSettings;

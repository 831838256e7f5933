//! What becomes of a response for one visitor.

use std::sync::Arc;

use super::held::is_told_by_page;
use super::known::{self, Shelf};
use super::own::overlay;
use super::pages::Copying;
use super::{Ambient, DebugToken, Model, Outcome, Visitor, history, moment};
use crate::http::{BodyForm, BodyKind, HeadEdits, PassReason, changed_head, private_head};
use crate::keys::Keys;
use crate::page::{Facts, Page};
use crate::plan::{self, Plan, Request};
use crate::rewrite::{Exposures, Rewriter};
use crate::site::is_held_out;
use crate::snapshot::{ItemKey, Snapshot};
use crate::visitor::PlaceKey;

/// What a response may become.
#[derive(Debug)]
pub(super) struct Intent {
    pub(super) model: Arc<Model>,
    pub(super) target: String,
    pub(super) is_head: bool,
    pub(super) secure: bool,
    pub(super) ambient: Ambient,
    /// What is known, when the visitor consented.
    pub(super) visitor: Option<Box<Visitor>>,
    /// A debug token, for which `visitor` stands.
    pub(super) token: Option<Box<DebugToken>>,
    pub(super) keys: Option<Arc<Keys>>,
    /// Where the page may be kept.
    pub(super) shelf: Option<Shelf>,
    pub(super) copying: Option<Copying>,
    /// What was decided while the origin was asked.
    pub(super) ahead: Option<Box<Ahead>>,
}

/// What is decided before the origin has answered, for a page of the form that the shop's last one had.
#[derive(Debug)]
pub(super) struct Ahead {
    form: BodyForm,
    rewriting: Rewriting,
}

/// What becomes of a page; or why it passes.
type Rewriting = Result<(HeadEdits, Rewriter), PassReason>;

/// The page is left alone; our cookie is deleted where the visitor withdrew his consent.
pub(super) fn passed(reason: PassReason, deletes: bool) -> Outcome {
    if !deletes {
        return Outcome::PassThrough(reason);
    }
    let mut edits = private_head();
    edits.append.push(history::deletion());
    Outcome::PassBody { reason, edits }
}

impl Intent {
    /// Decides, with what the page itself told.
    pub(super) fn outcome(self, form: BodyForm, told: Facts, deletes: bool) -> Outcome {
        match self.rewrite(form, told) {
            Ok((mut edits, rewriter)) => {
                edits.append.extend(deletes.then(history::deletion));
                Outcome::Rewrite { edits, rewriter }
            }
            Err(reason) => passed(reason, deletes),
        }
    }

    /// Decides before the origin has answered, unless that depends on what the page tells.
    pub(super) fn decide_ahead(&mut self) {
        if !self.is_head && is_told_by_page(&self.model, &self.target) {
            return;
        }
        let form = self.model.usual_form();
        let rewriting = self.rewriting(form, Facts::default());
        self.ahead = Some(Box::new(Ahead { form, rewriting }));
    }

    fn rewrite(mut self, form: BodyForm, told: Facts) -> Rewriting {
        let copying = self.copying.take().map(|copying| (copying, told.clone()));
        let ahead = self.ahead.take().filter(|ahead| ahead.form == form);
        let rewriting = ahead.map(|ahead| ahead.rewriting);
        let rewriting = rewriting.unwrap_or_else(|| self.rewriting(form, told));
        let (edits, mut rewriter) = rewriting?;
        if let Some((copying, told)) = copying {
            known::copied(&mut rewriter, copying, form, told);
        }
        Ok((edits, rewriter))
    }

    fn rewriting(&self, form: BodyForm, told: Facts) -> Rewriting {
        let (edits, plan, exposures) = self.decided(form.kind, told)?;
        let plan = if self.is_head { Plan::default() } else { plan };
        Ok((edits, Rewriter::new(plan, form, exposures)))
    }

    /// Decides, with what the page itself told: what becomes of the head and of the page.
    pub(super) fn decided(
        &self,
        kind: BodyKind,
        told: Facts,
    ) -> Result<(HeadEdits, Plan, Exposures), PassReason> {
        let (page, plan, is_held_out) = self.planned(kind, told)?;
        let cookie = match kind {
            BodyKind::Html => self.cookie(&self.model.snapshot, &page, &plan),
            // What a script fetches is no view of a page.
            BodyKind::Json => None,
        };
        if plan.is_empty() && cookie.is_none() {
            return Err(match is_held_out {
                true => PassReason::Holdout,
                false => PassReason::NothingToDo,
            });
        }
        let exposures = Exposures {
            id: match self.token {
                Some(_) => format!("debug-{:016x}", self.ambient.random),
                None => format!("{:016x}", self.ambient.random),
            },
            time: self.ambient.now,
            snapshot: self.model.snapshot.meta().sequence,
            page: page.kind.unwrap_or_default().to_owned(),
            variants: plan.variants.iter().cloned().collect(),
            ..Exposures::default()
        };
        let mut edits = changed_head();
        edits
            .append
            .extend(cookie.map(|cookie| ("set-cookie", cookie)));
        Ok((edits, plan, exposures))
    }

    /// Decides what a response of this kind gets, with what the page itself told; gives also whether the
    /// visitor is held out.
    pub(super) fn planned(
        &self,
        kind: BodyKind,
        told: Facts,
    ) -> Result<(Page<'_>, Plan, bool), PassReason> {
        let Model {
            snapshot, index, ..
        } = self.model.as_ref();
        let mut page = Page::identify(&index.site, snapshot, &self.target);
        page.learn(&index.site, told);
        let visitor = self.visitor.as_deref();
        let moment = moment(self.ambient.now, visitor);
        let has_json = || page.kind.is_some_and(|kind| index.has_json(kind, &moment));
        if kind == BodyKind::Json && !has_json() {
            return Err(PassReason::NotHtml);
        }
        let items = visitor.map(|visitor| visitor.items(snapshot));
        let known = visitor.zip(items.as_ref());
        let known = known.map(|(visitor, items)| visitor.known(items));
        let known = known.unwrap_or_default();
        let request = Request {
            target: &self.target,
            country: self.ambient.country.as_deref(),
            region: self.ambient.region.as_deref(),
            forced: self.token.as_deref(),
        };
        let is_held_out = moment
            .lot
            .is_some_and(|id| is_held_out(index.site.holdout, id));
        let plan = match kind {
            _ if is_held_out => Plan::default(),
            BodyKind::Html => {
                let mut plan = plan::decide(index, snapshot, &page, &known, &moment, &request);
                if self.token.is_some() {
                    let overlay = overlay(&self.model, &page, &known, &moment, &request);
                    plan.insertions.extend(overlay);
                }
                plan
            }
            BodyKind::Json => plan::decide_json(index, snapshot, &page, &known, &moment, &request),
        };
        Ok((page, plan, is_held_out))
    }

    /// The cookie with this visit, what this page tells and what its slots show, for a consenting visitor;
    /// a page that tells nothing and is not changed leaves it as it is.
    fn cookie(&self, snapshot: &Snapshot, page: &Page<'_>, plan: &Plan) -> Option<String> {
        let is_told = page.product.is_some() || !page.facts.is_empty();
        if self.is_head || self.token.is_some() || !is_told && plan.is_empty() {
            return None;
        }
        let mut state = self.visitor.as_ref()?.state.clone();
        let key = |item: &u32| snapshot.id(*item).map(ItemKey::of);
        for filling in plan.insertions.iter().map(|insertion| &insertion.filling) {
            if let Some((place, items)) = filling.recommended() {
                state.record_impressions(PlaceKey::of(place), items.iter().filter_map(key));
            }
        }
        let viewed = page.product.filter(|_| !plan.is_sensitive);
        if let Some(viewed) = viewed.as_ref().and_then(key) {
            state.record_view(viewed, self.ambient.now);
        }
        history::record_facts(&mut state, &page.facts, snapshot, self.ambient.now);
        Some(history::cookie(&state, self.keys.as_deref(), self.secure))
    }
}

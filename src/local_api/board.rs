//! The state of the display and its newest sales. The display writes it, and the service reads it.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::feed::SaleFeed;
use super::protocol::{DisplayState, LinkState, SaleStatus};

/// The number of sales whose events are kept for clients that come back.
const MOST_SALES: usize = 16;

/// The state of the display, for the service. Clones are the same board.
#[derive(Debug, Clone, Default)]
pub struct Board(Arc<Mutex<BoardState>>);

#[derive(Debug, Default)]
struct BoardState {
    activity: DisplayState,
    /// The sale on the screen.
    current: Option<SaleFeed>,
    /// Whether the screen asks a question that staff must answer.
    attention: bool,
    /// The newest sales, the newest last.
    sales: VecDeque<SaleFeed>,
}

impl Board {
    /// Shows this activity, with the sale of a till or without one.
    pub fn show(&self, activity: DisplayState, sale: Option<&SaleFeed>) {
        let mut state = self.state();
        state.activity = activity;
        state.current = sale.cloned();
        let Some(sale) = sale else { return };
        if state.sales.back().is_some_and(|last| last.is(sale)) {
            return;
        }
        // A sale with the same reference replaces the earlier one, so that its events are found.
        state
            .sales
            .retain(|earlier| earlier.reference() != sale.reference());
        state.sales.push_back(sale.clone());
        if state.sales.len() > MOST_SALES {
            state.sales.pop_front();
        }
    }

    /// Returns the sale on the screen.
    pub fn current(&self) -> Option<SaleFeed> {
        self.state().current.clone()
    }

    /// Shows whether the screen asks a question that staff must answer.
    pub fn call_for_staff(&self, attention: bool) {
        self.state().attention = attention;
    }

    pub(super) fn needs_attention(&self) -> bool {
        self.state().attention
    }

    /// Returns the status of a sale that the display has had.
    pub(super) fn status_of(&self, reference: &str) -> Option<SaleStatus> {
        let feed = self.find(reference)?;
        let is_current = self.current().is_some_and(|current| current.is(&feed));

        Some(SaleStatus {
            attention: is_current && self.needs_attention(),
            ..feed.status()
        })
    }

    pub(super) fn activity(&self) -> DisplayState {
        self.state().activity
    }

    pub(super) fn find(&self, reference: &str) -> Option<SaleFeed> {
        let state = self.state();
        let found = state
            .sales
            .iter()
            .rev()
            .find(|sale| sale.reference() == reference);

        found.cloned()
    }

    pub(super) fn link(&self) -> LinkState {
        let state = self.state();
        let links = state.sales.iter().rev().map(SaleFeed::link);

        links
            .into_iter()
            .find(|link| *link != LinkState::Unknown)
            .unwrap_or_default()
    }

    fn state(&self) -> MutexGuard<'_, BoardState> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

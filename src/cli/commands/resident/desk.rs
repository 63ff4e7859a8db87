//! Answers the clients of the local API from the configuration and the journal.

use std::path::{Path, PathBuf};

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use serde::Serialize;
use serde_json::value::RawValue;
use tokio::runtime::Handle;

use crate::cli::arguments::SaleArgs;
use crate::cli::commands::history::SaleDocument;
use crate::cli::commands::refund::{self, RefundEvent};
use crate::cli::commands::settle::{DecidedPart, decide_part};
use crate::cli::failure::CommandError;
use crate::cli::hand_over::announcement;
use crate::cli::items::Items;
use crate::cli::launch::checked;
use crate::cli::values;
use crate::config::{Config, Terminal};
use crate::domain::order::Order;
use crate::journal::history::{HistoryQuery, counts, history};
use crate::journal::{Journal, JournalError};
use crate::local_api::tills::{TillError, Tills};
use crate::local_api::{
    CallRefusal, CheckedTerms, Desk, Done, HistoryFilter, NewSale, RefundInput, SaleState,
    SaleStatus, Terms,
};
use crate::refund::{PartDecision, RefundRequest};
use crate::runtime::program::Program;
use crate::sale::JournaledSale;
use crate::text::printable;

/// The attempts that the history lists if the client does not say how many, and at most.
const USUAL_ATTEMPTS: u32 = 100;
const MOST_ATTEMPTS: u32 = 1000;

/// Answers clients from the configuration and the journal of this counter.
#[derive(Debug, Clone)]
pub(super) struct CounterDesk {
    /// The path of the display's configuration.
    pub(super) config: Option<PathBuf>,
    pub(super) directory: PathBuf,
    /// The program, whose new version waits for refunds.
    pub(super) program: Option<Program>,
}

/// Returns the arguments of the command line for a client's sale.
pub(super) fn arguments(sale: &NewSale) -> Result<SaleArgs, CommandError> {
    let items_file = sale
        .launch
        .as_ref()
        .and_then(|launch| launch.items_file.clone());
    let items = sale.items.as_ref().map(|items| {
        let path = items_file.unwrap_or_else(|| PathBuf::from("items"));

        Items::sent(path, items.get().to_owned())
    });

    Ok(SaleArgs {
        amount: sale.amount.clone(),
        merchant: sale.merchant.clone(),
        reference: Some(value("ref", values::reference(&sale.reference))?),
        operator: sale.operator.clone(),
        items,
        basket: sale.basket.clone(),
        invoice_ref: invoice_ref(sale.invoice_ref.as_deref())?,
        patron_not_present: sale.patron_not_present,
        barcode: sale.barcode.clone(),
        windowed: None,
        no_resident: false,
        handover: sale.launch.as_ref().map(|launch| launch.handover.clone()),
    })
}

fn value<T>(key: &'static str, read: Result<T, String>) -> Result<T, CommandError> {
    read.map_err(|why| CommandError::Value { key, why })
}

fn invoice_ref(given: Option<&str>) -> Result<Option<String>, CommandError> {
    value("invoiceRef", given.map(values::invoice_ref).transpose())
}

impl CounterDesk {
    fn load(&self) -> Result<Config, CommandError> {
        Ok(Config::load(self.config.as_deref())?)
    }

    fn check(&self, sale: &NewSale) -> Result<CheckedTerms, CommandError> {
        let launch = sale.launch.as_ref().map(|launch| launch.config.as_path());
        let config = Config::load(launch.or(self.config.as_deref()))?;
        let (counter, order) = checked(&config, &arguments(sale)?)?;
        let is_known = match &order {
            Some(order) => is_recorded(&self.directory, order, &config)?,
            None => false,
        };

        Ok(CheckedTerms {
            terms: Terms {
                merchant: counter.default_merchant,
                amount: order.map(|order| order.amount),
            },
            is_known,
        })
    }

    fn look_up(&self, reference: &str) -> Result<Option<SaleStatus>, CommandError> {
        let attempts = match Journal::attempts_of(&self.directory, reference) {
            Ok(attempts) => attempts,
            Err(JournalError::Gone { .. }) => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        // The journal tells the truth even if the configuration is wrong.
        let lifetime = self
            .load()
            .map_or(Terminal::default().reference_lifetime, |config| {
                config.terminal.reference_lifetime
            });
        let Some(sale) = JournaledSale::newest(attempts, lifetime) else {
            return Ok(None);
        };
        let word = sale.outcome();
        let mut status = SaleStatus::new(reference.to_owned());
        status.take_in(&announcement(&word, reference, None, None));
        status.attempt = word.attempt.map(|attempt| attempt.attempt);
        if !word.is_settled() {
            status.state = SaleState::Unsettled;
        }

        Ok(Some(status))
    }

    fn list(&self, filter: &HistoryFilter) -> Result<Vec<Box<RawValue>>, CommandError> {
        let since = filter.since.as_deref().map(values::since).transpose();
        let query = HistoryQuery {
            name: filter.name.clone(),
            since: value("since", since)?,
            limit: Some(filter.limit.unwrap_or(USUAL_ATTEMPTS).min(MOST_ATTEMPTS)),
        };
        let mut sales = Vec::new();
        history(&self.directory, &query, |entry| {
            let mut json = Vec::new();
            printable::json(&mut json, &SaleDocument::from(&entry))?;
            let json = String::from_utf8_lossy(&json).into_owned();
            sales.push(RawValue::from_string(json).map_err(std::io::Error::from)?);

            Ok::<_, CommandError>(())
        })?;

        Ok(sales)
    }

    async fn send_refund(&self, asked: RefundInput) -> Result<Done, CommandError> {
        let config = self.load()?;
        let items = asked.items.as_ref();
        let items = items.map(|items| Items::sent("items".into(), items.get().to_owned()));
        if let (Some(items), None) = (&items, &asked.amount) {
            items.refuse_unclear()?;
        }
        let paid_on = asked.paid_on.as_deref().map(values::date).transpose();
        let request = RefundRequest {
            name: value("payment", values::request_name(&asked.payment))?,
            amount: asked.amount,
            items: items.as_ref().map(Items::read).transpose()?,
            invoice_ref: invoice_ref(asked.invoice_ref.as_deref())?,
            paid_on: value("paidOn", paid_on)?,
            external_ref: value("ref", values::reference(&asked.reference))?,
        };
        let journal = refund::open_journal(&self.directory, &config)?;
        let outcome = refund::carry_out(&config, journal, &request).await?;

        done(outcome.verdict.exit_code(), &RefundEvent::from(&outcome))
    }

    async fn decide_now(
        &self,
        decision: PartDecision,
        name: Option<&str>,
    ) -> Result<Done, CommandError> {
        let config = self.load()?;
        match decide_part(&self.directory, &config, decision, name).await? {
            DecidedPart::Confirmed(part) => done(0, &part.event()),
            DecidedPart::Refunded(outcome) => {
                done(outcome.verdict.exit_code(), &RefundEvent::from(&outcome))
            }
        }
    }
}

fn done(exit_code: u8, event: &impl Serialize) -> Result<Done, CommandError> {
    let event = serde_json::to_value(event).map_err(std::io::Error::from)?;

    Ok(Done { exit_code, event })
}

/// Whether the journal has an attempt of the same sale.
fn is_recorded(directory: &Path, order: &Order, config: &Config) -> Result<bool, CommandError> {
    let base_url = config.api.base_url.as_str();
    let lifetime = config.terminal.reference_lifetime;
    match Journal::attempts_of(directory, &order.reference) {
        Ok(attempts) => Ok(attempts
            .iter()
            .any(|attempt| attempt.is_of(order, base_url, lifetime))),
        Err(JournalError::Gone { .. }) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// Runs `work` to its end on a thread of its own, even if nobody waits for it any more.
fn detached<T, F>(
    program: Option<&Program>,
    work: impl FnOnce() -> F + Send + 'static,
) -> BoxFuture<'static, Result<T, CallRefusal>>
where
    T: Send + 'static,
    F: Future<Output = Result<T, CommandError>>,
{
    let guard = program.map(Program::guard);
    let done = tokio::task::spawn_blocking(move || {
        let _guard = guard;

        Handle::current().block_on(work())
    });

    async move {
        match done.await {
            Ok(done) => Ok(done?),
            Err(error) => Err(CallRefusal::of(&error)),
        }
    }
    .boxed()
}

impl Desk for CounterDesk {
    fn terms(&self, sale: &NewSale) -> Result<CheckedTerms, CallRefusal> {
        Ok(self.check(sale)?)
    }

    fn recorded(&self, reference: &str) -> Result<Option<SaleStatus>, CallRefusal> {
        Ok(self.look_up(reference)?)
    }

    fn history(&self, filter: &HistoryFilter) -> Result<Vec<Box<RawValue>>, CallRefusal> {
        Ok(self.list(filter)?)
    }

    fn counts(&self) -> Result<(u64, u64), CallRefusal> {
        Ok(counts(&self.directory).map_err(CommandError::from)?)
    }

    fn tills(&self) -> Result<Tills, TillError> {
        Tills::load(&self.directory)
    }

    fn refund(&self, refund: RefundInput) -> BoxFuture<'static, Result<Done, CallRefusal>> {
        let desk = self.clone();

        detached(self.program.as_ref(), move || async move {
            desk.send_refund(refund).await
        })
    }

    fn decide(
        &self,
        decision: PartDecision,
        name: Option<String>,
    ) -> BoxFuture<'static, Result<Done, CallRefusal>> {
        let desk = self.clone();

        detached(self.program.as_ref(), move || async move {
            desk.decide_now(decision, name.as_deref()).await
        })
    }
}

//! Errors that end a refund before any call to the platform.

use jiff::civil::Date;

use crate::domain::money::{Amount, AmountError};
use crate::domain::payment::RequestId;
use crate::journal::JournalError;

/// Why the platform was not called: the options make no sense, or the journal cannot record the refund.
#[allow(missing_docs, reason = "the message of each variant explains it")]
#[derive(Debug, thiserror::Error)]
pub enum UsageError {
    #[error("--amount: {0}")]
    Amount(#[from] AmountError),
    #[error(
        "--amount: {asked} is more than was paid; write {paid} at most, or leave --amount out",
        asked = .asked.decimal(),
        paid = .paid.decimal()
    )]
    MoreThanPaid { asked: Amount, paid: Amount },
    #[error("--items: its prices sum to {0} minor units, which cannot be given back")]
    ItemsSum(i128),
    #[error(
        "--items: its prices sum to {items}, which is more than was paid ({paid})",
        items = .items.decimal(),
        paid = .paid.decimal()
    )]
    ItemsMoreThanPaid { items: Amount, paid: Amount },
    #[error(
        "--items: its prices sum to {items}, and --amount is {amount}; correct one of them",
        items = .items.decimal(),
        amount = .amount.decimal()
    )]
    ItemsAndAmount { items: Amount, amount: Amount },
    #[error(
        "{option}: the reference {external_ref} already belongs to a refund with another {what}; leave \
         {option} out to ask for that refund again, or write another --ref for a new one"
    )]
    OtherContent {
        option: &'static str,
        what: &'static str,
        external_ref: String,
    },
    #[error(
        "--paid-on: {request} was not paid on {asked}, but on {made} ({payment}); compare the short code \
         or the id and the date with the receipt"
    )]
    OtherDate {
        request: String,
        asked: Date,
        made: Date,
        payment: String,
    },
    #[error(
        "--paid-on: the platform does not say when {0} was paid; look at the payment in the Centrapay \
         portal, then name it by its id and leave --paid-on out"
    )]
    NoDate(String),
    #[error(
        "{short_code} is not in this journal, and the payment that Centrapay finds ({payment}) is {why}. \
         Centrapay uses short codes again after two years: compare the receipt, then add --paid-on with its \
         date, or give the id of the payment"
    )]
    Unsure {
        short_code: String,
        payment: String,
        why: &'static str,
    },
    #[error(
        "{short_code} is the short code of more than one payment: {known} in this journal, and {latest} at \
         Centrapay ({payment}). Centrapay uses short codes again after two years: compare the receipt, \
         then run the refund again with the payment's id"
    )]
    TwoPayments {
        short_code: String,
        known: String,
        latest: RequestId,
        payment: String,
    },
    #[error(
        "--ref: {external_ref} already belongs to the refund of {amount} for {request}; write another \
         reference for this one"
    )]
    ReferenceTaken {
        external_ref: String,
        amount: String,
        request: String,
    },
    #[error("{0}")]
    Journal(#[from] JournalError),
}

//! The JSON of the local API. `docs/local-api.openapi.json` is generated from these types.

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_json::value::RawValue;

use crate::domain::outcome::Outcome;
use crate::domain::payment::meaning_of_reason;
use crate::refund::PartDecision;
use crate::runtime::control::ControlCommand;
use crate::sale::{Announcement, PaidByLine, Repeated, Sum, WaitingFor};

/// A sale to start. Amounts are written as on the command line, such as `12.50`.
#[derive(Debug, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewSale {
    /// The till's reference: the same reference with the same amount and merchant is the same sale, and is never
    /// charged twice.
    #[serde(rename = "ref")]
    pub reference: String,
    /// The amount. Without `amount`, `basket` and `items` the cashier enters it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<String>,
    /// The merchant's key in the configuration; the default merchant if it is missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub merchant: Option<String>,
    /// The person who sells.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub operator: Option<String>,
    /// The goods, as in a file for `--items`. The sum of their prices must be `amount` or `basket`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<Vec<serde_json::Map<String, Value>>>")]
    pub items: Option<Box<RawValue>>,
    /// The price of everything, of which a part may be paid here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub basket: Option<String>,
    /// The number of the invoice that is paid.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub invoice_ref: Option<String>,
    /// Whether the customer is elsewhere, as in a sale by telephone.
    #[serde(default)]
    pub patron_not_present: bool,
    /// The code that was scanned from the customer's phone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub barcode: Option<String>,
    /// Only for the program's own `sale` command. The sale ends early if its event stream breaks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(skip)]
    pub launch: Option<Launch>,
}

/// The data that the `sale` command adds to its sale.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Launch {
    /// The absolute path of the configuration to use.
    pub config: PathBuf,
    /// The name of this hand-over in the journal.
    pub handover: String,
    /// The file that the items come from, for error messages.
    #[serde(default)]
    pub items_file: Option<PathBuf>,
}

/// The stage of a sale.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum SaleState {
    /// No payment request was created yet.
    #[default]
    Starting,
    /// The code is on the screen, or the sale waits for something.
    UnderWay,
    /// An attempt has ended as `ended` says. The screen may still offer to try again.
    Ended,
    /// `outcome` and `exitCode` are final.
    Over,
    /// The display ended during the sale, and nobody knows yet how it ended. Post the same sale again to go on.
    Unsettled,
}

/// A sale, as far as it is known. Missing keys are not known, or do not apply.
#[derive(Debug, Clone, Default, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct SaleStatus {
    /// The till's reference.
    #[serde(rename = "ref")]
    pub reference: String,
    /// The stage of the sale.
    pub state: SaleState,
    /// The final outcome.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outcome: Option<Outcome>,
    /// The exit code of the `sale` command for this outcome.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exit_code: Option<u8>,
    /// The ending of the last attempt.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ended: Option<Outcome>,
    /// The number of the attempt; each *Try again* begins another.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attempt: Option<u32>,
    /// The platform's id of the payment request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The platform's name of the payment, for people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub short_code: Option<String>,
    /// The attempt's reference.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub external_ref: Option<String>,
    /// The reference that the platform knows, if it is another one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub platform_ref: Option<String>,
    /// The amount.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount: Option<Sum>,
    /// The address in the code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// The time when the payment request expires, as the platform wrote it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<String>,
    /// Whether the code is on the screen.
    pub shown: bool,
    /// The reason why the sale waits without a code on the screen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub waiting: Option<WaitingStatus>,
    /// The customer's payments.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub paid_by: Vec<PaidByLine>,
    /// The sum that is left to pay, after a part payment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remaining: Option<Sum>,
    /// The reason for the outcome: the platform's code or a sentence.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// A remedy for `reason`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub advice: Option<String>,
    /// Set if an earlier launch of the same sale was paid.
    #[serde(flatten)]
    pub repeated: Option<Repeated>,
    /// Whether the screen asks a question that staff must answer first, such as about an earlier sale or a part payment.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub attention: bool,
    /// The number of the newest event.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_event_id: Option<u64>,
}

/// The reason why a sale waits.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct WaitingStatus {
    /// The reason.
    pub reason: WaitingFor,
    /// The platform's message, if it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
}

impl SaleStatus {
    /// Creates the document of a sale that has not begun.
    pub fn new(reference: String) -> Self {
        Self {
            reference,
            ..Self::default()
        }
    }

    /// Takes in what the till is told.
    pub fn take_in(&mut self, announcement: &Announcement) {
        match announcement {
            Announcement::Created {
                attempt,
                id,
                short_code,
                external_ref,
                platform_ref,
                amount,
                url,
                expires_at,
            } => {
                *self = Self {
                    state: SaleState::UnderWay,
                    attempt: Some(*attempt),
                    id: Some(id.clone()),
                    short_code: short_code.clone(),
                    external_ref: Some(external_ref.clone()),
                    platform_ref: platform_ref.clone(),
                    amount: Some(amount.clone()),
                    url: Some(url.clone()),
                    expires_at: expires_at.clone(),
                    ..Self::new(std::mem::take(&mut self.reference))
                };
            }
            Announcement::Shown { .. } => {
                self.shown = true;
                self.waiting = None;
            }
            Announcement::Waiting {
                attempt,
                reason,
                message,
                paid_by,
                remaining,
            } => {
                self.state = SaleState::UnderWay;
                self.attempt = Some(*attempt);
                self.shown = false;
                self.waiting = Some(WaitingStatus {
                    reason: *reason,
                    message: message.clone(),
                });
                self.paid_by.clone_from(paid_by);
                self.remaining.clone_from(remaining);
            }
            Announcement::Ended {
                attempt, outcome, ..
            } => {
                self.state = SaleState::Ended;
                self.attempt = Some(*attempt);
                self.ended = Some(*outcome);
                self.shown = false;
                self.waiting = None;
                // More may have arrived since the last `waiting`. The outcome has the final sums.
                self.paid_by.clear();
                self.remaining = None;
            }
            Announcement::Outcome {
                outcome,
                id,
                short_code,
                external_ref,
                amount,
                paid_by,
                remaining,
                reason,
                repeated,
            } => {
                self.state = SaleState::Over;
                self.outcome = Some(*outcome);
                self.exit_code = Some(outcome.exit_code());
                self.id.clone_from(id);
                self.short_code.clone_from(short_code);
                self.external_ref.clone_from(external_ref);
                self.amount.clone_from(amount);
                self.paid_by.clone_from(paid_by);
                self.remaining.clone_from(remaining);
                self.advice = reason
                    .as_deref()
                    .and_then(meaning_of_reason)
                    .map(Into::into);
                self.reason.clone_from(reason);
                self.repeated.clone_from(repeated);
                self.shown = false;
                self.waiting = None;
            }
            Announcement::Link { .. }
            | Announcement::Earlier { .. }
            | Announcement::Error { .. } => {}
        }
    }
}

/// A command for a sale.
#[derive(Debug, Deserialize, Serialize, JsonSchema)]
pub struct SaleCommand {
    /// The command. One that does not fit the moment is dropped, as a key would be.
    pub command: ControlCommand,
    /// The attempt that the command is meant for. If another one is under way, the command is refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attempt: Option<u32>,
}

/// A refund to start.
#[derive(Debug, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RefundInput {
    /// The payment request's id, or its short code, such as `CP-C7F-ZS5`.
    pub payment: String,
    /// The refund's own reference; the same reference never refunds twice.
    #[serde(rename = "ref")]
    pub reference: String,
    /// The amount; the price of `items`, or all that was paid, if it is missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<String>,
    /// The returned goods, as for a sale.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<Vec<serde_json::Map<String, Value>>>")]
    pub items: Option<Box<RawValue>>,
    /// The number of the invoice that the refund belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub invoice_ref: Option<String>,
    /// The date on the receipt, such as `2026-08-17`: a payment of another day is not refunded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paid_on: Option<String>,
}

/// The result of a refund, or of a decision about a part payment.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Done {
    /// The exit code of the command for this result.
    pub exit_code: u8,
    /// The object that the command prints with `--json`.
    #[serde(flatten)]
    #[schemars(with = "serde_json::Map<String, Value>")]
    pub event: Value,
}

/// A request to settle. Without `part`: everything that earlier sales left open.
#[derive(Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SettleOrder {
    /// The decision about a part payment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub part: Option<PartDecision>,
    /// The part payment: a reference, an id or a short code. It may be missing if only one waits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Only for the program's own `settle` command: the absolute path of the configuration to use.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(skip)]
    pub config: Option<PathBuf>,
}

/// The result of a settle call.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Settled {
    /// The exit code of the outcome that most needs a person; 0 if nothing was open.
    pub exit_code: u8,
    /// The `earlier` events, one for each sale.
    #[schemars(with = "Vec<serde_json::Map<String, Value>>")]
    pub earlier: Vec<Box<RawValue>>,
}

/// Which sales to list.
#[derive(Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct HistoryFilter {
    /// A reference, an id or a short code.
    #[serde(default)]
    pub name: Option<String>,
    /// Only sales since a date (`2026-08-17`), a time (`2026-08-17T09:30`), or an age (`2h`, `7d`).
    #[serde(default)]
    pub since: Option<String>,
    /// The most attempts; the newest ones are listed. At most 1000.
    #[serde(default)]
    pub limit: Option<u32>,
}

/// The sales of this counter.
#[derive(Debug, Serialize, JsonSchema)]
pub struct History {
    /// The sales, as `history --format json` prints them.
    #[schemars(with = "Vec<serde_json::Map<String, Value>>")]
    pub sales: Vec<Box<RawValue>>,
}

/// The activity of the display.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum DisplayState {
    /// A sale can start.
    #[default]
    Idle,
    /// A sale has the screen. It may have an ending that gives way to the next sale.
    Busy,
    /// Earlier sales are being settled; a sale can start.
    Settling,
}

/// Whether the platform answers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum LinkState {
    /// No sale has asked since the display started.
    #[default]
    Unknown,
    /// The platform answers.
    Up,
    /// The platform does not answer.
    Lost,
}

/// The state of the display.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct DisplayStatus {
    /// The activity of the display.
    pub state: DisplayState,
    /// The reference of the sale on the screen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sale: Option<String>,
    /// Whether the screen asks a question that staff must answer, such as about an earlier sale.
    pub attention: bool,
    /// The version of the program.
    pub version: &'static str,
    /// Whether the platform answered the last sale.
    pub link: LinkState,
    /// The number of sales whose outcome is still open.
    pub unsettled: u64,
    /// The number of late payments that nobody has acknowledged.
    pub late_payments: u64,
}

/// The answer to the program's own commands, which they need before they send their token.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Hello {
    /// Proves that the display knows the token, see [`proof`](super::display_file::proof).
    pub(super) proof: String,
    pub(super) version: String,
}

/// Escapes a reference for a path.
pub(super) fn encoded(reference: &str) -> String {
    use std::fmt::Write;

    reference.bytes().fold(String::new(), |mut path, byte| {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                path.push(char::from(byte));
            }
            _ => {
                let _ = write!(path, "%{byte:02X}");
            }
        }

        path
    })
}

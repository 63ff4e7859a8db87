//! Orders, requests and failures that the tests share, and helpers that search jobs.

use std::sync::{Arc, LazyLock};
use std::time::Duration;

use crate::domain::merchant::{Merchant, MerchantKey};
use crate::domain::money::{Amount, Currency};
use crate::domain::order::Order;
use crate::domain::payment::{
    Activity, ActivityKind, CancellationReason, Condition, ConditionId, ConditionStatus, ConfigId,
    Failure, Liveness, PayUrl, PaymentRequest, Refusal, RequestId, Status, Text, Unsent,
};
use crate::qr::Code;
use crate::sale::{
    Ask, Command, Earlier, Ending, Fact, Job, Known, Mark, Moment, Recollection, Record, Standing,
};

pub(super) const ID: &str = "MhocUmpxxmgdHjr7DgKoKw";
pub(super) const URL: &str = "https://app.centrapay.com/pay/MhocUmpxxmgdHjr7DgKoKw";

/// The account of a merchant whose lost creates can be looked up.
pub(super) const ACCOUNT: &str = "C4QnjXvj8At6SMsEN4LRi9";

pub(super) fn read(ask: Ask, answer: Result<PaymentRequest, Failure>) -> Fact {
    Fact::Read(ask, Moment::default(), answer)
}

/// Returns a proven code. All tests share one, since proving is slow.
pub(super) fn code() -> Arc<Code> {
    static CODE: LazyLock<Arc<Code>> = LazyLock::new(|| Arc::new(Code::proven(URL).unwrap()));

    Arc::clone(&CODE)
}

pub(super) fn nzd(minor: u64) -> Amount {
    Amount::from_minor(minor, Currency::NZD)
}

pub(super) fn order() -> Order {
    Order {
        amount: nzd(1250),
        merchant_key: MerchantKey::new("cafe"),
        merchant: Merchant {
            config_id: "5ee168e8597be5002af7b454".to_owned(),
            name: "Centrapay Café".to_owned(),
            currency: Currency::NZD,
            liveness: Liveness::Main,
            expiry_seconds: 120,
            account_id: None,
        },
        reference: "A1".to_owned(),
        token: Some("t0k3n".to_owned()),
        handover: None,
        operator: None,
        particulars: crate::domain::order::Particulars::default().into(),
        patron_code: None,
    }
}

/// Returns [`order`] for a merchant with a known account, so that a lost create can be looked up.
pub(super) fn order_with_account() -> Order {
    let mut order = order();
    order.merchant.account_id = Some(ACCOUNT.to_owned());

    order
}

/// Returns a request that fits [`order`].
pub(super) fn request(status: Status) -> PaymentRequest {
    PaymentRequest {
        id: RequestId::new(ID).unwrap(),
        short_code: Some(Text::clean("CP-C7F-ZS5")),
        url: PayUrl::parse(URL),
        value: Some(nzd(1250)),
        status,
        liveness: Some(Liveness::Main),
        external_ref: None,
        config_id: Some(ConfigId::new("5ee168e8597be5002af7b454")),
        merchant_name: None,
        validity: Some(Duration::from_secs(120)),
        time_left: Some(Duration::from_secs(100)),
        age: Some(Duration::from_secs(20)),
        created_at: None,
        expires_at: None,
        updated_at: None,
        remaining: None,
        conditions: Vec::new(),
        paid_by: Vec::new(),
        cancellation_reason: None,
    }
}

/// Returns [`request`] with a change.
pub(super) fn request_with(
    status: Status,
    change: impl FnOnce(&mut PaymentRequest),
) -> PaymentRequest {
    let mut request = request(status);
    change(&mut request);

    request
}

/// Returns [`request`] with another amount, in cents.
pub(super) fn of_value(status: Status, minor: u64) -> PaymentRequest {
    request_with(status, |request| request.value = Some(nzd(minor)))
}

/// Returns a request with another id than [`request`].
pub(super) fn of_other_request(status: Status) -> PaymentRequest {
    request_with(status, |request| {
        request.id = RequestId::new("other").unwrap();
    })
}

/// Returns a condition that waits for the cashier.
pub(super) fn condition(message: &str) -> Condition {
    Condition {
        id: ConditionId::new("1"),
        message: Text::clean(message),
        status: ConditionStatus::AwaitingMerchant,
    }
}

pub(super) fn cancelled_by(reason: CancellationReason) -> PaymentRequest {
    PaymentRequest {
        cancellation_reason: Some(reason),
        ..request(Status::Cancelled)
    }
}

pub(super) fn refused(status: u16, code: &str) -> Failure {
    let refusal = Refusal {
        status,
        code: Text::clean(code),
        reason: None,
    };

    if status == 401 {
        Failure::Unauthorised(refusal)
    } else {
        Failure::Refused(refusal)
    }
}

pub(super) fn lost() -> Failure {
    Failure::Ambiguous(Text::clean("no answer in time"))
}

pub(super) fn throttled(seconds: u64) -> Failure {
    Failure::Throttled {
        retry_after: Some(Duration::from_secs(seconds)),
    }
}

pub(super) fn unsent() -> Failure {
    Failure::NotSent(Unsent::Refused)
}

/// Returns an activity of [`request`] with the full amount.
pub(super) fn activity(kind: ActivityKind) -> Activity {
    Activity {
        request: RequestId::new(ID),
        value: Some(nzd(1250)),
        ..Activity::of_kind(kind)
    }
}

pub(super) fn is_create(job: &Job) -> bool {
    matches!(job, Job::Create(_))
}

pub(super) fn is_look_up(job: &Job) -> bool {
    matches!(job, Job::LookUp { .. })
}

pub(super) fn is_list(job: &Job) -> bool {
    matches!(job, Job::ListActivities(_))
}

pub(super) fn is_encode(job: &Job) -> bool {
    matches!(job, Job::Encode(_))
}

pub(super) fn is_void(job: &Job) -> bool {
    matches!(job, Job::Void(_))
}

pub(super) fn is_poll(job: &Job) -> bool {
    matches!(job, Job::Read { ask: Ask::Poll, .. })
}

pub(super) fn is_record(job: &Job, mark: Mark) -> bool {
    matches!(job, Job::Record { record, .. } if record.mark() == mark)
}

/// Returns the request id of each W4 record among the jobs.
pub(super) fn voided_ids(jobs: &[Job]) -> Vec<&str> {
    jobs.iter()
        .filter_map(|job| match job {
            Job::Record {
                record: Record::Voiding { id },
                ..
            } => Some(id.as_str()),
            _ => None,
        })
        .collect()
}

/// Returns an attempt that an earlier launch of [`order`] left.
pub(super) fn left(standing: Standing) -> Earlier {
    Earlier {
        order: order(),
        attempt: 1,
        base_url: "https://service.centrapay.com/".to_owned(),
        request: Some(Known {
            id: RequestId::new(ID).unwrap(),
            short_code: Some(Text::clean("CP-C7F-ZS5")),
            payload: URL.to_owned(),
            time_left: Duration::ZERO,
        }),
        age: None,
        is_over: false,
        closed_by: None,
        had_money: false,
        unpaid: None,
        settled_at: None,
        patron_presented: false,
        standing,
    }
}

/// Returns an attempt of another sale that an earlier launch left.
pub(super) fn left_of_another_sale(standing: Standing) -> Earlier {
    let mut earlier = left(standing);
    earlier.order.reference = "Z9".to_owned();

    earlier
}

/// Returns the standing of an attempt that the journal calls paid.
fn paid(late: bool, acknowledged: bool) -> Standing {
    Standing::Ended {
        ending: Ending::Paid {
            by: Vec::new(),
            kept: false,
        },
        late,
        acknowledged,
    }
}

pub(super) fn paid_unseen() -> Standing {
    paid(false, false)
}

pub(super) fn paid_and_acknowledged() -> Standing {
    paid(false, true)
}

/// Returns the standing of an attempt that was paid after it had been called expired.
pub(super) fn paid_late() -> Standing {
    paid(true, false)
}

/// Returns what a recall finds if the journal has only this attempt.
pub(super) fn recalled(earlier: Earlier) -> Recollection {
    recollection(
        u32::from(earlier.order.reference == order().reference),
        vec![earlier],
    )
}

pub(super) fn recollection(attempts: u32, open: Vec<Earlier>) -> Recollection {
    Recollection {
        taken: Vec::new(),
        attempts,
        open,
    }
}

/// Returns the command with which staff close a sale as paid or not paid.
pub(super) fn close_by_staff(paid: bool) -> Command {
    Command::CloseByStaff {
        by: "Ana".to_owned(),
        paid,
    }
}

pub(super) fn second(second: u64) -> Moment {
    Moment::after_start(Duration::from_secs(second))
}

pub(super) fn is_read(job: &Job) -> bool {
    matches!(job, Job::Read { .. })
}

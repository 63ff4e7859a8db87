//! Generators of answers, failures, steps and commands.

use std::time::Duration;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};

use super::super::till::*;
use super::simulation::{Reply, Step};
use crate::domain::payment::{
    Activity, ActivityKind, CancellationReason, Failure, PaidBy, PayUrl, PaymentRequest, RequestId,
    Status, Text,
};
use crate::sale::Command;

pub(super) fn any_status() -> impl Strategy<Value = Status> {
    select(vec![
        Status::New,
        Status::Paid,
        Status::Expired,
        Status::Cancelled,
        Status::Unknown(Text::clean("pondering")),
    ])
}

pub(super) fn any_failure() -> impl Strategy<Value = Failure> {
    select(vec![
        lost(),
        unsent(),
        throttled_for(None),
        throttled_for(Some(Duration::from_secs(3))),
        refused(401, "UNAUTHORIZED"),
        refused(403, "REQUEST_PAID"),
        refused(404, "NOT_FOUND"),
    ])
}

pub(super) fn throttled_for(retry_after: Option<Duration>) -> Failure {
    Failure::Throttled { retry_after }
}

/// Generates the time of the last change, often close to other generated times.
pub(super) fn any_updated_at() -> impl Strategy<Value = Option<i64>> {
    prop_oneof![
        2 => Just(None),
        6 => (0..20_i64).prop_map(Some),
        1 => any::<i64>().prop_map(|time| Some(time / 4)),
    ]
}

/// Generates an answer about the right request, in any status.
pub(super) fn any_answer() -> impl Strategy<Value = PaymentRequest> {
    let condition = condition("Is the customer over 18?");
    let part = PaidBy {
        description: Text::clean("Voucher"),
        total: Some(nzd(250)),
        ..PaidBy::default()
    };
    let conditions = prop_oneof![4 => Just(Vec::new()), 1 => Just(vec![condition])];
    let paid_by = prop_oneof![4 => Just(Vec::new()), 1 => Just(vec![part])];
    let remaining = prop_oneof![4 => Just(None), 1 => (0..1250_u64).prop_map(Some)];

    (
        any_status(),
        any_updated_at(),
        conditions,
        paid_by,
        remaining,
    )
        .prop_map(
            |(status, updated_at, conditions, paid_by, remaining)| PaymentRequest {
                updated_at,
                conditions,
                paid_by,
                remaining: remaining.map(nzd),
                cancellation_reason: (status == Status::Cancelled)
                    .then_some(CancellationReason::CancelledByPatron),
                ..request(status)
            },
        )
}

/// Returns the request with another id, also in its URL.
pub(super) fn of_id(id: &str, request: PaymentRequest) -> PaymentRequest {
    PaymentRequest {
        id: RequestId::new(id).unwrap(),
        url: PayUrl::parse(&format!("https://app.centrapay.com/pay/{id}")),
        ..request
    }
}

fn any_void() -> impl Strategy<Value = Result<Activity, Failure>> {
    let kinds = select(vec![
        ActivityKind::Refund,
        ActivityKind::Cancellation,
        ActivityKind::Other(Text::clean("payment")),
    ]);

    prop_oneof![
        3 => kinds.prop_map(|kind| Ok(activity(kind))),
        2 => any_failure().prop_map(Err),
    ]
}

/// Generates a reply with this answer, or with a failure.
pub(super) fn any_reply(
    request: impl Strategy<Value = PaymentRequest> + 'static,
) -> impl Strategy<Value = Reply> {
    let request = request.boxed();
    let found = vec(request.clone(), 0..3);
    let answer = prop_oneof![
        4 => request.prop_map(Ok),
        1 => any_failure().prop_map(Err),
    ];
    let listed = prop_oneof![
        4 => vec(any_void().prop_filter_map("an activity", Result::ok), 0..3).prop_map(Ok),
        1 => any_failure().prop_map(Err),
    ];

    (
        answer,
        found,
        any_void(),
        listed,
        proptest::bool::weighted(0.9),
        0..12_000_u64,
    )
        .prop_map(|(answer, found, voided, listed, works, took)| Reply {
            answer,
            found,
            voided,
            listed,
            works,
            took: Duration::from_millis(took),
        })
}

/// Generates up to `most` steps in which the platform answers like this.
pub(super) fn any_steps(
    most: usize,
    request: impl Strategy<Value = PaymentRequest> + 'static,
) -> impl Strategy<Value = Vec<Step>> {
    let step =
        (any::<Index>(), any_reply(request)).prop_map(|(which, reply)| Step { which, reply });

    vec(step, 0..most)
}

/// Generates any command that a person or a till may give during a sale.
pub(super) fn any_command() -> impl Strategy<Value = Command> {
    let mut other = order();
    other.reference = "B1".to_owned();

    select(vec![
        Command::Open,
        Command::Start(order()),
        Command::Start(other),
        Command::Settle,
        Command::Cancel,
        Command::Retry,
        Command::Close,
        Command::KeepChecking,
        Command::CancelAndRefund,
        close_by_staff(false),
        Command::Leave,
    ])
}

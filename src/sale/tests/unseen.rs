//! A code that nobody can see.

use super::till::*;
use crate::payment::{Activity, ActivityKind, CancellationReason, PaymentRequest, Status};
use crate::sale::{Announcement, Ask, Command, Fact, Mark, State, Timer};

/// A sale whose code is on its way to the screen.
fn about_to_show() -> Till {
    let mut till = Till::asking();
    till.created(Ok(request(Status::New)));
    till.recorded(Mark::Created);
    till.encoded();
    till.recorded(Mark::Shown);
    till.jobs.clear();

    till
}

fn not_shown() -> Fact {
    Fact::NotShown("frames do not get to the screen".to_owned())
}

fn is_told_as_shown(till: &Till) -> bool {
    till.told
        .iter()
        .any(|told| matches!(told, Announcement::Shown { .. }))
}

/// Follows the void of a request that the platform cancels.
fn is_voided(till: &mut Till) {
    till.recorded(Mark::Voiding);
    assert!(till.asked_for(is_void));
    till.happen(Fact::Voided(Ok(Activity::of_kind(
        ActivityKind::Cancellation,
    ))));
    let cancelled = PaymentRequest {
        cancellation_reason: Some(CancellationReason::CancelledByMerchant),
        ..request(Status::Cancelled)
    };
    till.read(Ask::Verdict, Ok(cancelled));
}

#[test]
fn f56_code_that_cannot_be_shown_is_voided_and_ends_40() {
    for was_shown in [false, true] {
        let mut till = about_to_show();
        if was_shown {
            till.happen(Fact::Shown);
        }
        till.happen(not_shown());
        is_voided(&mut till);
        assert_eq!(till.ending().exit_code(), 40);
        assert_eq!(is_told_as_shown(&till), was_shown);
        till.ask(Command::Close);
        assert_eq!(till.exits, [40]);
    }
}

#[test]
fn f56_lost_void_of_unseen_code_is_unknown() {
    let mut till = about_to_show();
    till.happen(not_shown());
    till.void_and_reads_are_lost();
    assert_eq!(till.ending().name(), "unknown");
}

#[test]
fn f57_code_unseen_at_deadline_is_voided_and_ends_40() {
    let mut till = about_to_show();
    till.wake(Timer::Deadline);
    is_voided(&mut till);
    assert_eq!(till.ending().exit_code(), 40);
    assert!(!is_told_as_shown(&till));
}

#[test]
fn f57_paid_before_deadline_without_shown_is_paid() {
    let mut till = about_to_show();
    till.polled(Ok(request(Status::Paid)));
    assert_eq!(till.ending().name(), "paid");
}

#[test]
fn f57_deadline_after_shown_is_for_the_platform_to_decide() {
    let mut till = about_to_show();
    till.happen(Fact::Shown);
    till.wake(Timer::Deadline);
    assert!(matches!(till.sale.state(), State::Waiting(_)));
    assert!(!till.asked_for(is_void));
}

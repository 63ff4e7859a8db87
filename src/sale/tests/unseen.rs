//! A code that does not reach the screen.

use super::till::*;
use crate::domain::payment::{Activity, ActivityKind, CancellationReason, Status};
use crate::sale::{Announcement, Ask, Command, Fact, Mark, State, Timer};

/// Returns a sale whose code is ready but not drawn.
fn about_to_show() -> Till {
    let mut till = Till::ready();
    till.jobs.clear();

    till
}

fn not_shown() -> Fact {
    Fact::NotShown("frames do not get to the screen".to_owned())
}

fn is_told_as_shown(till: &Till) -> bool {
    till.count_told(|told| matches!(told, Announcement::Shown { .. })) > 0
}

/// Confirms the void with an activity that names no request.
fn void_is_confirmed(till: &mut Till) {
    till.recorded(Mark::Voiding);
    assert!(till.asked_for(is_void));
    till.happen(Fact::Voided(Ok(Activity::of_kind(
        ActivityKind::Cancellation,
    ))));
    let cancelled = cancelled_by(CancellationReason::CancelledByMerchant);
    till.read(Ask::Verdict, Ok(cancelled));
}

#[test]
fn f56_unshowable_code_ends_40() {
    for was_shown in [false, true] {
        let mut till = about_to_show();
        if was_shown {
            till.happen(Fact::Shown);
        }
        till.happen(not_shown());
        void_is_confirmed(&mut till);
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
fn f57_unseen_at_deadline_ends_40() {
    let mut till = about_to_show();
    till.wake(Timer::Deadline);
    void_is_confirmed(&mut till);
    assert_eq!(till.ending().exit_code(), 40);
    assert!(!is_told_as_shown(&till));
}

#[test]
fn f57_unseen_but_paid_is_paid() {
    let mut till = about_to_show();
    till.polled(Ok(request(Status::Paid)));
    assert_eq!(till.ending().name(), "paid");
}

#[test]
fn f57_deadline_after_shown_waits() {
    let mut till = about_to_show();
    till.happen(Fact::Shown);
    till.wake(Timer::Deadline);
    assert!(matches!(till.sale.state(), State::Waiting(_)));
    assert!(!till.asked_for(is_void));
}

//! The outcome of a paid sale that the till is told while the tick is still on the screen, and endings that give way
//! to another sale.

use super::till::*;
use crate::domain::payment::{PaymentRequest, Status};
use crate::sale::{
    Announcement, Ask, Command, Fact, Mark, Recollection, Sale, Standing, Timer, Timing, Void,
};

/// Returns a sale that tells a payment at once, started with this journal.
fn started_after(recollection: Recollection) -> Till {
    let mut till = Till::new();
    let timing = Timing {
        outcome_at_once: true,
        ..Till::timing()
    };
    till.sale = Sale::new(Till::rules(), timing);
    till.start_after(recollection);

    till
}

/// Returns such a sale after its code was shown and a poll had this answer.
fn after_poll(answer: PaymentRequest) -> Till {
    let mut till = started_after(Recollection::default());
    till.recorded(Mark::Intent);
    till.show_code();
    till.polled(Ok(answer));

    till
}

/// Returns a sale whose payment was told and whose tick is on the screen.
fn told() -> Till {
    let mut till = after_poll(request(Status::Paid));
    till.recorded(Mark::Verdict);
    till.jobs.clear();

    till
}

/// Returns a sale that was paid after the platform had called it expired.
fn paid_after_expiry() -> Till {
    let mut till = after_poll(request(Status::Expired));
    till.recorded(Mark::Verdict);
    till.ask(Command::Retry);
    till.jobs.clear();
    till.read(Ask::Again, Ok(request(Status::Paid)));
    assert!(till.ended_state().is_late());
    till.recorded(Mark::Verdict);

    till
}

/// Returns a sale that was paid although its void was refused.
fn kept() -> Till {
    let mut till = after_poll(request(Status::New));
    till.ask(Command::Cancel);
    till.recorded(Mark::Voiding);
    till.happen(Fact::Voided(Err(refused(403, "REQUEST_PAID"))));
    till.read(Ask::Verdict, Ok(request(Status::Paid)));
    till.listed(&[]);
    assert!(till.ending().is_kept());
    till.recorded(Mark::Verdict);

    till
}

fn paid_in_part() -> Till {
    let mut till = after_poll(request_with(Status::Paid, |request| {
        request.remaining = Some(nzd(250));
    }));
    till.recorded(Mark::Verdict);

    till
}

fn unsaved() -> Till {
    let mut till = after_poll(request(Status::Paid));
    till.not_recorded(Mark::Verdict);

    till
}

fn unknown() -> Till {
    let mut till = after_poll(request(Status::New));
    till.ask(Command::Cancel);
    till.void_and_reads_are_lost();
    till.recorded(Mark::Verdict);

    till
}

/// Returns a sale that shows the payment of an earlier sale first.
fn other_sale_paid() -> Till {
    let open = left_of_another_sale(Standing::Payable(Void::NotSent));
    let mut till = started_after(recalled(open));
    till.polled(Ok(request(Status::Paid)));
    till.recorded(Mark::Verdict);

    till
}

fn outcomes(till: &Till) -> usize {
    till.count_told(|told| matches!(told, Announcement::Outcome { .. }))
}

#[test]
fn paid_is_told_once_recorded() {
    let mut till = after_poll(request(Status::Paid));
    assert_eq!(outcomes(&till), 0);
    till.recorded(Mark::Verdict);
    assert_eq!(outcomes(&till), 1);
    assert!(till.exits.is_empty(), "the tick stays on the screen");
}

#[test]
fn paid_without_setting_is_told_at_close() {
    let mut till = Till::after_poll(request(Status::Paid));
    till.recorded(Mark::Verdict);
    assert_eq!(outcomes(&till), 0);
    till.ask(Command::Close);
    assert_eq!(outcomes(&till), 1);
}

#[test]
fn told_outcome_can_be_asked_for() {
    let mut till = after_poll(request(Status::Paid));
    assert!(!till.sale.has_told_outcome());
    till.recorded(Mark::Verdict);
    assert!(till.sale.has_told_outcome());
}

/// Nobody has to acknowledge the payment if the display ends under the tick.
#[test]
fn early_outcome_acknowledges() {
    let mut till = after_poll(request(Status::Paid));
    till.recorded(Mark::Verdict);
    assert!(till.records(Mark::Acknowledged));
}

#[test]
fn end_after_outcome_exits_without_outcome() {
    let ends: [fn(&mut Till); 3] = [
        |till| till.ask(Command::Close),
        |till| till.ask(Command::Leave),
        |till| till.wake(Timer::LeaveEnding),
    ];
    for end in ends {
        let mut till = told();
        end(&mut till);
        assert_eq!((till.exits.as_slice(), outcomes(&till)), (&[0][..], 1));
    }
}

#[test]
fn f38_keys_after_early_outcome_do_nothing() {
    for key in [
        Command::Cancel,
        Command::Retry,
        Command::KeepChecking,
        Command::CancelAndRefund,
        Command::Start(order()),
        close_by_staff(true),
        close_by_staff(false),
    ] {
        let mut till = told();
        let state = till.sale.state().clone();
        till.ask(key.clone());
        assert_eq!(till.sale.state(), &state, "{key:?}");
        assert!(till.jobs.is_empty() && till.exits.is_empty(), "{key:?}");
    }
}

#[test]
fn outcome_is_the_last_line() {
    let mut expired = left_of_another_sale(Standing::Watched(Void::NotSent));
    expired.attempt = 2;
    let mut till = started_after(recalled(expired));
    till.recorded(Mark::Intent);
    till.show_code();
    till.polled(Ok(request(Status::Paid)));
    till.recorded(Mark::Verdict);
    let lines = till.told.len();
    till.read_in_watch(Ok(request(Status::Paid)));
    assert_eq!(till.told.len(), lines, "{:?}", till.told);
}

#[test]
fn f38_timer_after_exit_records_nothing() {
    let mut till = told();
    till.ask(Command::Close);
    till.jobs.clear();
    till.wake(Timer::LeaveEnding);
    assert!(till.jobs.is_empty(), "{:?}", till.jobs);
}

#[test]
fn repeated_sale_is_told_at_once() {
    let mut till = started_after(recalled(left(paid_and_acknowledged())));
    assert_eq!(outcomes(&till), 0, "the platform is asked first");
    till.read(Ask::Again, Ok(request(Status::Paid)));
    assert_eq!(outcomes(&till), 1);
}

#[test]
fn repeated_sale_begins_no_watch() {
    let expired = left_of_another_sale(Standing::Watched(Void::NotSent));
    let mut till = started_after(recollection(1, vec![left(paid_unseen()), expired]));
    assert_eq!(outcomes(&till), 1);
    assert!(till.watch_jobs.is_empty(), "{:?}", till.watch_jobs);
    till.ask(Command::Close);
    assert_eq!(till.exits, [0]);
}

#[test]
fn repeated_late_payment_is_told_at_close() {
    let till = started_after(recalled(left(paid_late())));
    assert_eq!(till.ending().name(), "paid");
    assert_eq!(outcomes(&till), 0);
}

#[test]
fn ending_for_a_person_is_told_at_close() {
    for (name, till) in [
        ("late", paid_after_expiry()),
        ("kept", kept()),
        ("part", paid_in_part()),
        ("unsaved", unsaved()),
        ("unknown", unknown()),
        ("other sale", other_sale_paid()),
    ] {
        assert_eq!(outcomes(&till), 0, "{name}");
    }
}

#[test]
fn unpaid_sale_is_told_at_close() {
    let mut till = after_poll(request(Status::Expired));
    till.recorded(Mark::Verdict);
    assert_eq!(outcomes(&till), 0, "the cashier may try again");
}

#[test]
fn f45_unsaved_payment_is_told_at_close() {
    let mut till = unsaved();
    till.ask(Command::Close);
    assert_eq!((till.exits.as_slice(), outcomes(&till)), (&[0][..], 1));
}

#[test]
fn paid_gives_way_once_told() {
    let mut till = after_poll(request(Status::Paid));
    assert!(!till.sale.gives_way());
    till.recorded(Mark::Verdict);
    assert!(till.sale.gives_way());
}

#[test]
fn unpaid_ending_gives_way() {
    let refused_create = || {
        let mut till = started_after(Recollection::default());
        till.recorded(Mark::Intent);
        till.created(Err(refused(403, "X")));

        till
    };
    for till in [after_poll(request(Status::Expired)), refused_create()] {
        assert!(till.sale.gives_way(), "{:?}", till.ending());
    }
}

#[test]
fn ending_for_a_person_does_not_give_way() {
    for (name, till) in [
        ("late", paid_after_expiry()),
        ("kept", kept()),
        ("part", paid_in_part()),
        ("unsaved", unsaved()),
        ("unknown", unknown()),
        ("other sale", other_sale_paid()),
    ] {
        assert!(!till.sale.gives_way(), "{name}");
    }
}

#[test]
fn running_sale_does_not_give_way() {
    assert!(!Till::new().sale.gives_way());
    assert!(!Till::presenting().sale.gives_way());
}

#[test]
fn giving_way_takes_one_step() {
    for (mut till, code) in [(told(), 0), (after_poll(request(Status::Expired)), 20)] {
        assert!(till.sale.gives_way());
        till.ask(Command::Close);
        assert_eq!((till.exits.as_slice(), outcomes(&till)), (&[code][..], 1));
    }
}

//! The screen after an ending: its keys, and the record of the ending.

use super::till::*;
use crate::domain::payment::{PaidBy, Status, Text};
use crate::sale::{Announcement, Ask, Command, Fact, Mark, State, Timer};

fn outcomes(till: &Till) -> usize {
    till.count_told(|told| matches!(told, Announcement::Outcome { .. }))
}

#[test]
fn f38_keys_after_verdict_are_ignored() {
    let mut till = Till::after_poll(request(Status::Paid));
    till.ask(Command::Cancel);
    till.ask(Command::Retry);
    till.ask(Command::CancelAndRefund);
    assert_eq!(till.ending().name(), "paid");
    assert!(!till.asked_for(is_void));
    till.ask(Command::Close);
    till.ask(Command::Close);
    assert_eq!(outcomes(&till), 1);
    assert_eq!(till.exits, [0]);
}

#[test]
fn f38_shown_code_ignores_retry() {
    let mut till = Till::presenting();
    till.ask(Command::Retry);
    assert!(till.jobs.is_empty());
    assert_eq!(till.sale.attempt(), 1);
    assert!(matches!(till.sale.state(), State::Presenting(_)));
}

#[test]
fn retry_has_new_reference() {
    let mut till = Till::after_poll(request(Status::Expired));
    till.jobs.clear();
    till.ask(Command::Retry);
    till.read(Ask::Again, Ok(request(Status::Expired)));
    assert_eq!(till.sale.attempt(), 2);
    till.recorded(Mark::Intent);
    assert!(till.asked_for(is_create));
    let reference = till.sale.order().map(|order| order.external_ref(2));
    assert_eq!(reference.as_deref(), Some("A1-2.t0k3n"));
    assert_eq!(outcomes(&till), 0);
}

#[test]
fn f45_unsaved_payment_is_shown_as_unsaved() {
    let mut till = Till::after_poll(request(Status::Paid));
    till.not_recorded(Mark::Verdict);
    assert_eq!(till.ending().name(), "paid");
    assert!(till.ended_state().is_unsaved());

    let mut till = Till::after_poll(request(Status::Paid));
    till.recorded(Mark::Verdict);
    assert!(!till.ended_state().is_unsaved());
}

#[test]
fn f45_unsaved_payment_stays_until_key() {
    let mut till = Till::after_poll(request(Status::Paid));
    till.not_recorded(Mark::Verdict);
    till.wake(Timer::LeaveEnding);
    assert!(till.exits.is_empty());
    till.jobs.clear();
    till.ask(Command::Close);
    assert_eq!(till.exits, [0]);
    assert!(till.records(Mark::Verdict), "the disk may have room again");

    let mut till = Till::after_poll(request(Status::Expired));
    till.not_recorded(Mark::Verdict);
    till.wake(Timer::LeaveEnding);
    assert_eq!(till.exits, [20], "there is no payment to record");
}

#[test]
fn close_before_sale_exits_21() {
    let mut till = Till::new();
    till.ask(Command::Close);
    assert_eq!(till.exits, [21]);
    assert_eq!(outcomes(&till), 1);
    assert!(till.jobs.is_empty());
}

#[test]
fn announcements_keep_their_json_form() {
    let mut till = Till::asking();
    till.created(Ok(request_with(Status::New, |request| {
        request.expires_at = Some(Text::clean("2021-06-08T04:06:27.426Z"));
    })));
    till.make_code_ready();
    till.happen(Fact::Shown);
    till.polled(Ok(request_with(Status::Paid, |request| {
        request.paid_by = vec![PaidBy {
            description: Text::clean("Centrapay NZD"),
            total: Some(nzd(1250)),
            ..PaidBy::default()
        }];
    })));
    till.ask(Command::Close);
    let lines: Vec<_> = till
        .told
        .iter()
        .map(|told| serde_json::to_string(told).expect("JSON"))
        .collect();
    assert_eq!(
        lines,
        [
            r#"{"event":"created","attempt":1,"id":"MhocUmpxxmgdHjr7DgKoKw","shortCode":"CP-C7F-ZS5","externalRef":"A1","platformRef":"A1.t0k3n","amount":{"amount":"1250","currency":"NZD"},"url":"https://app.centrapay.com/pay/MhocUmpxxmgdHjr7DgKoKw","expiresAt":"2021-06-08T04:06:27.426Z"}"#,
            r#"{"event":"shown","attempt":1,"id":"MhocUmpxxmgdHjr7DgKoKw"}"#,
            r#"{"event":"ended","attempt":1,"id":"MhocUmpxxmgdHjr7DgKoKw","outcome":"paid"}"#,
            r#"{"event":"outcome","outcome":"paid","id":"MhocUmpxxmgdHjr7DgKoKw","shortCode":"CP-C7F-ZS5","externalRef":"A1","amount":{"amount":"1250","currency":"NZD"},"paidBy":[{"description":"Centrapay NZD","total":{"amount":"1250","currency":"NZD"}}],"remaining":null,"reason":null}"#,
        ]
    );
}

#[test]
fn f38_keys_after_outcome_do_nothing() {
    let mut till = Till::unknown();
    till.ask(Command::Close);
    till.jobs.clear();
    till.ask(Command::CancelAndRefund);
    till.ask(Command::Close);
    assert!(till.jobs.is_empty(), "{:?}", till.jobs);
    assert_eq!(till.exits, [30]);
}

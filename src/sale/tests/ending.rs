use super::till::*;
use crate::payment::{PaidBy, PaymentRequest, Status, Text};
use crate::sale::{Announcement, Ask, Command, Fact, Mark, State};

fn outcomes(till: &Till) -> usize {
    till.told
        .iter()
        .filter(|told| matches!(told, Announcement::Outcome { .. }))
        .count()
}

#[test]
fn f38_keys_after_the_verdict_change_nothing_and_the_outcome_is_told_once() {
    let mut till = Till::presenting();
    till.polled(Ok(request(Status::Paid)));
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
fn trying_again_makes_a_new_request_under_a_new_reference() {
    let mut till = Till::presenting();
    till.polled(Ok(request(Status::Expired)));
    till.jobs.clear();
    till.ask(Command::Retry);
    till.read(Ask::Again, Ok(request(Status::Expired)));
    assert_eq!(till.sale.attempt(), 2);
    till.recorded(Mark::Intent);
    assert!(till.asked_for(is_create));
    assert_eq!(
        till.sale
            .order()
            .map(|order| order.external_ref(2))
            .as_deref(),
        Some("A1-2.t0k3n")
    );
    assert_eq!(outcomes(&till), 0);
}

#[test]
fn f45_paid_is_shown_although_it_could_not_be_saved_and_says_so() {
    let mut till = Till::presenting();
    till.polled(Ok(request(Status::Paid)));
    till.happen(Fact::NotRecorded(Mark::Verdict, "disk full".to_owned()));
    let State::Ended(ended) = till.sale.state() else {
        panic!("{:?}", till.sale.state());
    };
    assert_eq!(ended.ending().name(), "paid");
    assert!(ended.is_unsaved());
}

#[test]
fn closing_before_anything_was_sold_is_a_cancelled_sale() {
    let mut till = Till::new();
    till.ask(Command::Close);
    assert_eq!(till.exits, [21]);
    assert_eq!(outcomes(&till), 1);
    assert!(till.jobs.is_empty());
}

#[test]
fn the_till_is_told_in_the_promised_form() {
    let mut till = Till::asking();
    till.created(Ok(PaymentRequest {
        expires_at: Some(Text::clean("2021-06-08T04:06:27.426Z")),
        ..request(Status::New)
    }));
    till.recorded(Mark::Created);
    till.encoded();
    till.recorded(Mark::Shown);
    till.happen(Fact::Shown);
    till.polled(Ok(PaymentRequest {
        paid_by: vec![PaidBy {
            description: Text::clean("Centrapay NZD"),
            total: Some(nzd(1250)),
            ..PaidBy::default()
        }],
        ..request(Status::Paid)
    }));
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
fn f38_once_the_outcome_was_told_a_second_key_writes_nothing_and_voids_nothing() {
    let mut till = Till::presenting();
    till.ask(Command::Cancel);
    till.void_and_reads_are_lost();
    till.ask(Command::Close);
    till.jobs.clear();
    till.ask(Command::CancelAndRefund);
    till.ask(Command::Close);
    assert!(till.jobs.is_empty(), "{:?}", till.jobs);
    assert_eq!(till.exits, [30]);
}

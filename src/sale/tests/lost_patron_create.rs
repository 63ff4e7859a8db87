//! Creates with the patron's code whose answer was lost or is about another request.

use std::time::Duration;

use super::barcode::{asking, found, left_with_code};
use super::till::*;
use crate::domain::payment::Status;
use crate::sale::{Delay, Fact, Job, Mark, Record, Timer};

#[test]
fn f1_open_request_comes_before_ended_one() {
    let till = found(vec![
        of_other_request(Status::Expired),
        request(Status::New),
    ]);
    assert!(till.asked_for(|job| matches!(
        job,
        Job::Record { record: Record::Created { id, .. }, .. } if id.as_str() == ID
    )));
}

#[test]
fn f1_found_request_keeps_its_deadline() {
    let mut till = found(vec![request_with(Status::New, |request| {
        request.time_left = Some(Duration::from_secs(3));
    })]);
    till.recorded(Mark::Created);
    let deadline = Delay::Until(second(3));
    assert_eq!(till.wakes_for(Timer::Deadline), Some(deadline));
}

/// The patron's own request may exist, so a further create could charge twice.
#[test]
fn known_request_ends_unknown() {
    let mut till = asking(false);
    till.created(Ok(request(Status::New)));
    till.happen(Fact::Duplicate(Mark::Created));
    assert_eq!(till.ending().name(), "unknown");
}

#[test]
fn known_unfit_request_ends_unknown() {
    let mut till = asking(false);
    till.created(Ok(of_value(Status::New, 99)));
    till.happen(Fact::Duplicate(Mark::Voiding));
    assert_eq!(till.ending().name(), "unknown");
}

#[test]
fn f39_only_earlier_create_is_searched_for() {
    let till = Till::started_after(recalled(left_with_code(true, false)));
    assert!(till.creating_state().is_searching());
    assert!(!asking(true).creating_state().is_searching());
}

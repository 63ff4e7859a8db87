//! A platform that refuses to talk about a request whose code stands on the screen: no verdict.

use std::time::{Duration, Instant};

use futures_util::future::join_all;
use patron_display::sale::State;
use patron_display::sandbox::{Call, Fault};
use tokio::join;

use crate::counter::{Counter, LATE};

/// How long it may refuse before the code goes.
const PATIENCE: Duration = Duration::from_secs(10);

fn refusal(status: u16, code: &str) -> Fault {
    Fault::refusal(status, code)
}

/// Until the code goes, which is to be ten seconds after `since`.
async fn until_the_code_goes(counter: &mut Counter, since: Instant) {
    counter
        .until(|state| !matches!(state, State::Presenting(_)))
        .await;
    let after = since.elapsed();
    let in_time = PATIENCE..PATIENCE + LATE;
    assert!(in_time.contains(&after), "the code goes after {after:?}");
    counter.shows_no_code();
}

/// Refused for good, voids too where `voids` says so.
async fn refused(status: u16, code: &str, voids: bool) {
    let mut counter = Counter::with_a_code("").await;
    let call = if voids { Call::Any } else { Call::Read };
    counter.script(call, [refusal(status, code).forever()]);
    counter.until_called(Call::Read, 1).await;
    counter.shows_its_code();
    let since = counter.control().call_times(Call::Read)[0];
    until_the_code_goes(&mut counter, since).await;
    counter.until_ended("unknown").await;
    counter.says("Please wait. Do not pay again.").await;
    counter.says("Do not charge again.").await;
    assert_eq!(counter.journal("A1").closed_at, None, "{status}");
    counter.closes(30);

    // The key is in place again, the route too.
    counter.control().clear_script();
    let told = counter.settles(21).await;
    assert_eq!(told.last().unwrap()["outcome"], "cancelled");
}

/// Refused twice, each time for less than ten seconds, and at last for good.
async fn refused_now_and_then() {
    let mut counter = Counter::with_a_code("").await;
    counter.script(Call::Read, [refusal(403, "FORBIDDEN")]);
    counter.until_called(Call::Read, 1).await;
    let first = counter.control().call_times(Call::Read)[0];
    let control = counter.control();
    counter
        .until(|_| first.elapsed() > Duration::from_secs(5) && control.calls(Call::Read) > 2)
        .await;
    counter.script(Call::Read, [refusal(403, "FORBIDDEN").forever()]);
    let answered = counter.control().calls(Call::Read);
    counter.until_called(Call::Read, answered + 1).await;
    let again = counter.control().call_times(Call::Read)[usize::try_from(answered).unwrap()];
    assert!(again - first < PATIENCE);
    until_the_code_goes(&mut counter, again).await;
    counter.control().clear_script();
    counter.until_ended("cancelled").await;
    counter.closes(21);
}

/// Ten seconds of refusals hide the code and say nothing about the sale.
pub(crate) async fn scenes() {
    let refused = [
        (401, "UNAUTHORIZED", false),
        (401, "UNAUTHORIZED", true),
        (403, "FORBIDDEN", false),
        (404, "NOT_FOUND", false),
        (404, "NOT_FOUND", true),
    ]
    .map(|(status, code, voids)| Box::pin(refused(status, code, voids)));
    join!(join_all(refused), Box::pin(refused_now_and_then()));
}

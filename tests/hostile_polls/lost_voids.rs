//! A void whose answer is lost below HTTP: the code goes at the key press, the void is tried three
//! times, then the request is read, and what that does not tell nobody knows.

use std::time::{Duration, Instant};

use futures_util::future::join_all;
use patron_display::sale::{Command, State};
use patron_display::sandbox::{Call, Status};

use crate::counter::Counter;
use crate::gate::Loss;

/// How long a void may take in all.
const TIMEOUT: Duration = Duration::from_secs(8);

/// Each try of the void is lost like this, before or after it takes effect.
async fn cancelled(loss: Loss, arrives: bool, paid: bool) {
    let (mut counter, gate) = Counter::behind_a_gate(|gate| {
        gate.loses(Call::Void, arrives, [loss; 3]);
    })
    .await;
    if paid {
        counter.pay();
    }
    counter.asks(Command::Cancel);
    counter.shows_no_code();
    let since = Instant::now();
    counter
        .until(|state| matches!(state, State::Ended(_)))
        .await;
    let scene = format!("{loss:?} {arrives} {paid}");
    if loss == Loss::Half && arrives {
        // The second one is refused by then, which the first line of an answer says.
        assert_eq!(counter.control().calls(Call::Void), 2, "{scene}");
    } else {
        assert!(gate.is_done(), "three tries: {scene}");
    }
    if loss == Loss::Silence {
        assert!(since.elapsed() >= TIMEOUT * 3, "{scene}");
    }
    let (name, code) = match (arrives, paid) {
        (true, true) => ("refund-started", 22),
        (true, false) => ("cancelled", 21),
        (false, _) => ("unknown", 30),
    };
    counter.has_ended(name);
    if name == "unknown" {
        counter.says("Do not charge again.").await;
        counter.says("Please wait. Do not pay again.").await;
        let still = if paid { Status::Paid } else { Status::New };
        assert_eq!(counter.request().status, still, "{scene}");
    }
    counter.closes(code);
    let told = counter.told_names();
    assert_eq!(
        told,
        ["created", "shown", "waiting", "ended", "outcome"],
        "{scene}"
    );

    // What nobody knows stays open: a later launch cancels what is new. Where a void may still be
    // on its way, a payment is for a person to look at.
    let code = match (arrives, paid) {
        (true, _) => 0,
        (false, true) => 30,
        (false, false) => 21,
    };
    counter.settles(code).await;
}

#[tokio::test]
async fn f36_a_void_whose_answer_is_lost_below_http_is_tried_three_times_and_then_read() {
    let cases = Loss::ALL
        .into_iter()
        .flat_map(|loss| [true, false].map(|arrives| (loss, arrives)))
        .map(|(loss, arrives)| cancelled(loss, arrives, false));
    // A payment that the void overtook, or did not.
    let paid = [true, false].map(|arrives| cancelled(Loss::Reset, arrives, true));
    join_all(cases.chain(paid)).await;
}

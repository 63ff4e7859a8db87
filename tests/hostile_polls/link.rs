//! Polls that are not answered: the code stays, the till is told when the link is lost and when it
//! is back, and the sale goes on.

use patron_display::sale::{Link, State};
use patron_display::sandbox::{Call, Fault};
use tokio::join;

use crate::counter::Counter;
use crate::gate::Loss;

/// What the screen says while polls get no answer.
const RECONNECTING: &str = "Reconnecting …";

fn is_lost(state: &State) -> bool {
    matches!(state, State::Presenting(shown) if shown.link() == Link::Lost)
}

fn is_up(state: &State) -> bool {
    matches!(state, State::Presenting(shown) if shown.link() == Link::Up)
}

/// The customer pays now that the platform answers again.
async fn is_paid(mut counter: Counter) {
    counter.until(is_up).await;
    counter.shows_its_code();
    assert!(!counter.words().await.contains(RECONNECTING));
    counter.pay();
    counter.until_ended("paid").await;
    counter.closes(0);
    assert_eq!(
        counter.told_names(),
        ["created", "shown", "link", "link", "ended", "outcome"]
    );
    let links = counter.told();
    assert_eq!(
        (&links[2]["state"], &links[3]["state"]),
        (&"lost".into(), &"restored".into())
    );
}

/// Three polls without an answer are a lost link, and the code stays.
pub(crate) async fn scenes() {
    let over_http = async {
        let mut counter = Counter::with_a_code("").await;
        // The first takes longer than a poll may.
        counter.script(
            Call::Read,
            [Fault::never(), Fault::drop_before(), Fault::drop_before()],
        );
        counter.until_called(Call::Read, 2).await;
        assert!(is_up(counter.state()), "two are not three");
        assert!(!counter.words().await.contains(RECONNECTING));
        counter.until(is_lost).await;
        assert_eq!(counter.control().calls(Call::Read), 3);
        counter.says(RECONNECTING).await;
        counter.shows_its_code();
        is_paid(counter).await;
    };
    let below_http = async {
        let (mut counter, gate) = Counter::behind_a_gate(|gate| {
            gate.loses(Call::Read, true, [Loss::Silence, Loss::Half, Loss::Reset]);
        })
        .await;
        counter.until(is_lost).await;
        assert!(gate.is_done(), "each of the three counts");
        assert_eq!(counter.control().calls(Call::Read), 3);
        counter.says(RECONNECTING).await;
        counter.shows_its_code();
        is_paid(counter).await;
    };
    let nobody_listens = async {
        let (mut counter, mut gate) = Counter::behind_a_gate(|_| {}).await;
        counter.until_called(Call::Read, 1).await;
        gate.shut().await;
        counter.until(is_lost).await;
        counter.says(RECONNECTING).await;
        counter.shows_its_code();
        gate.reopen().await;
        is_paid(counter).await;
    };
    join!(over_http, below_http, nobody_listens);
}

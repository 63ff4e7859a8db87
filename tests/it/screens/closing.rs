//! Staff close a sale whose outcome is unknown, as paid or as not paid.

use std::time::Duration;

use iced::Size;
use iced::keyboard::{Key, key};
use patron_display::app::{Message, manual_settlement};
use patron_display::domain::money::{Amount, Currency};
use patron_display::domain::payment::{PaidBy, Status, Text};
use patron_display::journal::JournalError;
use patron_display::journal::history::{HistoryEntry, HistoryQuery, history};
use patron_display::sale::{Ask, Command, Ending, Fact, Moment, Standing, State, Void};

use crate::screens::scene::Scene;
use crate::screens::{NEXT, OWN, SIZE, ended, is_unknown, paid, read, unknown};
use crate::support::scene::{self as rehearsal, Rehearsal};
use crate::support::words;

/// Returns the name of the person who closed the sale, and the ending.
fn closed(scene: &Scene) -> Option<(&str, &'static str)> {
    match scene.state() {
        State::Ended(ended) => Some((ended.closed_by()?, ended.ending().name())),
        _ => None,
    }
}

async fn words_of(scene: &Scene) -> String {
    words::on(scene.display.display(), SIZE).await
}

#[tokio::test]
async fn name_comes_first_and_the_answer_second() {
    let mut scene = unknown(None).await;
    scene.types("h");
    scene.presses(key::Named::Enter);
    assert!(!words_of(&scene).await.contains("Was it paid?"));
    scene.types("Hiria");
    scene.presses(key::Named::Space);
    scene.presses(key::Named::Enter);
    let words = words_of(&scene).await;
    assert!(
        words.contains("Was it paid?") && words.contains("Hiria"),
        "{words}"
    );
    assert!(is_unknown(&scene), "a name alone decides nothing");
    scene.is_read().await;
    scene.types("p");
    assert_eq!(closed(&scene), Some(("Hiria", "paid")));
}

#[tokio::test]
async fn proposed_name_only_has_to_be_confirmed() {
    let mut scene = unknown(Some("Mere")).await;
    scene.types("h");
    scene.presses(key::Named::Enter);
    scene.is_read().await;
    scene.types("n");
    assert_eq!(closed(&scene), Some(("Mere", "unknown")));
}

#[tokio::test]
async fn second_enter_decides_nothing() {
    let mut scene = unknown(Some("Mere")).await;
    scene.types("h");
    scene.presses(key::Named::Enter);
    scene.presses(key::Named::Enter);
    scene.is_read().await;
    scene.presses(key::Named::Enter);
    assert!(is_unknown(&scene));
    assert!(words_of(&scene).await.contains("Was it paid?"));
}

#[tokio::test]
async fn keys_pressed_too_early_decide_nothing() {
    let mut scene = unknown(Some("Mere")).await;
    scene.types("h");
    scene.presses(key::Named::Enter);
    scene.types("pn");
    assert!(is_unknown(&scene));
    scene.is_read().await;
    scene.types("p");
    assert_eq!(closed(&scene), Some(("Mere", "paid")));
}

#[tokio::test]
async fn escape_goes_back_to_name_and_choices() {
    let mut scene = unknown(None).await;
    scene.types("hrlhRLH");
    assert!(is_unknown(&scene), "letters of a name do nothing else");
    scene.presses(key::Named::Enter);
    scene.presses(key::Named::Escape);
    assert!(words_of(&scene).await.contains("rlhRLH"));
    scene.presses(key::Named::Escape);
    assert!(words_of(&scene).await.contains("Closed by staff"));
    scene.types("r");
    assert!(matches!(scene.state(), State::Voiding(_)));
}

#[tokio::test]
async fn sale_can_be_closed_by_touch_alone() {
    let mut scene = unknown(None).await;
    let touches = "ANA"
        .chars()
        .map(manual_settlement::SettlementMessage::Touched);
    let opened = [manual_settlement::SettlementMessage::Opened];
    let confirmed = [manual_settlement::SettlementMessage::Confirmed];
    for message in opened.into_iter().chain(touches).chain(confirmed) {
        scene.display.send(Message::ManualSettlement(message));
    }
    scene.is_read().await;
    scene.display.send(Message::ManualSettlement(
        manual_settlement::SettlementMessage::NotPaid,
    ));
    assert_eq!(closed(&scene), Some(("Ana", "unknown")));
}

/// The platform answers while the cashier types a name. The remaining letters of the name must choose nothing.
#[tokio::test]
async fn rest_of_a_name_chooses_nothing() {
    let mut scene = unknown(None).await;
    scene.types("hHi");
    scene.happens(read(Status::Paid));
    assert!(matches!(scene.state(), State::Voiding(_)));
    scene.happens(Fact::Activities(Ok(Vec::new())));
    assert!(is_unknown(&scene), "without a refund or a refusal");
    scene.types("ria");
    scene.presses(key::Named::Enter);
    assert!(is_unknown(&scene));
    assert!(words_of(&scene).await.contains("Keep checking"));
}

#[tokio::test]
async fn panel_opens_only_for_an_unknown_outcome() {
    let mut scene = Scene::new(SIZE, NEXT, None).await;
    let earlier = scene.earlier(ended(paid(), false));
    scene.recalls(vec![earlier]);
    scene.display.send(Message::ManualSettlement(
        manual_settlement::SettlementMessage::Opened,
    ));
    scene.is_read().await;
    scene.presses(key::Named::Enter);
    assert!(matches!(scene.state(), State::Creating(_)));
}

/// Launches a sale again after staff closed it as not paid.
async fn closed_as_not_paid(standing: Standing) -> Scene {
    let mut scene = Scene::new(SIZE, OWN, None).await;
    let mut own = scene.own(standing);
    own.closed_by = Some("Aroha".to_owned());
    scene.recalls(vec![own]);

    scene
}

#[tokio::test]
async fn unconfirmed_closing_says_what_it_waits_for() {
    let mut scene = closed_as_not_paid(Standing::Watched(Void::Answered)).await;
    let unanswered = Fact::Read(
        Ask::Again,
        Moment::default(),
        Err(patron_display::domain::payment::Failure::Ambiguous(
            Text::clean("no answer in time"),
        )),
    );
    scene.happens(unanswered);
    let words = words_of(&scene).await;
    for said in ["Closed as not paid", "once Centrapay confirms it", "Aroha"] {
        assert!(words.contains(said), "{words}");
    }
    assert!(!words.contains("not been charged"), "{words}");
}

#[tokio::test]
async fn platform_overrides_the_staff() {
    for (ending, late, heading) in [
        (paid(), true, "LATE PAYMENT"),
        (Ending::RefundStarted, false, "Refund started"),
    ] {
        let mut scene = closed_as_not_paid(ended(ending, late)).await;
        let words = words_of(&scene).await;
        assert!(words.contains(heading), "{words}");
        assert!(!words.contains("Aroha"), "{words}");
        if late {
            scene.types("r");
            assert!(matches!(scene.state(), State::Voiding(_)));
        }
    }
}

#[tokio::test]
async fn odd_sum_is_told_to_the_cashier() {
    for (cents, is_odd) in [(1250, false), (1300, true)] {
        let ending = Ending::Paid {
            by: vec![PaidBy {
                description: Text::clean("Centrapay NZD"),
                total: Some(Amount::from_minor(cents, Currency::NZD)),
                ..PaidBy::default()
            }],
            kept: false,
        };
        let mut scene = Scene::new(SIZE, OWN, None).await;
        let own = scene.own(ended(ending, false));
        scene.recalls(vec![own]);
        let words = words_of(&scene).await;
        assert!(words.contains("by Centrapay NZD"), "{words}");
        assert_eq!(words.contains("another sum"), is_odd, "{words}");
    }
}

/// Runs the real application. The platform stops while the code is shown, and staff close the sale.
async fn close_for_real(answer: &str) -> Rehearsal {
    let mut sale = rehearsal::Scene {
        speed: 20,
        ..rehearsal::Scene::default()
    }
    .begin()
    .await;
    sale.until_shown().await;
    let mut sale = sale.without_a_platform().await;
    sale.display.send(Message::Asked(Command::Cancel));
    sale.until_ended("unknown").await;
    let type_in = |sale: &mut Rehearsal, text: &str| {
        for character in text.chars() {
            let key = Key::Character(character.to_string().into());
            sale.display.press(key);
        }
    };
    type_in(&mut sale, "hHiria");
    let enter = Key::Named(key::Named::Enter);
    sale.display.press(enter);
    tokio::time::sleep(Duration::from_millis(750)).await;
    type_in(&mut sale, answer);
    while !sale.display.is_over() {
        sale.display.step().await.unwrap();
    }
    sale.effects.finish();

    sale
}

/// Returns the journal's only entry.
fn entry(sale: &Rehearsal) -> HistoryEntry {
    let mut entries = Vec::new();
    history(sale.directory.path(), &HistoryQuery::default(), |entry| {
        entries.push(entry);

        Ok::<_, JournalError>(())
    })
    .unwrap();
    assert_eq!(entries.len(), 1);

    entries.remove(0)
}

#[tokio::test]
async fn closed_as_paid_exits_with_0_and_stays_paid() {
    let sale = close_for_real("p").await;
    assert_eq!(sale.effects.exit_code(), Some(0));
    let outcome = sale.told.events().pop().unwrap();
    assert_eq!(outcome["outcome"], "paid");
    assert_eq!(outcome["reason"], "closed as paid by Hiria");
    let closed = entry(&sale);
    assert_eq!(closed.outcome.as_deref(), Some("paid"));
    assert_eq!(closed.settled_by.as_deref(), Some("Hiria"));

    let mut sale = sale.launch_again(Some("A1")).await;
    sale.until_ended("paid").await;
    let words = words::on(sale.display.display(), Size::new(800, 480)).await;
    for said in ["Closed as paid", "not charged again", "Hiria"] {
        assert!(words.contains(said), "{words}");
    }
    assert_eq!(sale.close(), Some(0));
}

#[tokio::test]
async fn closed_as_not_paid_exits_with_30() {
    let sale = close_for_real("n").await;
    assert_eq!(sale.effects.exit_code(), Some(30));
    let outcome = sale.told.events().pop().unwrap();
    assert_eq!(outcome["outcome"], "unknown");
    assert_eq!(outcome["reason"], "closed as not paid by Hiria");
    assert_eq!(entry(&sale).settled_by.as_deref(), Some("Hiria"));
}

//! What the screens of earlier sales, of late payments and of unknown outcomes let people do, by
//! the display's own update and view.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot set its scene has failed"
)]

#[path = "screens/band.rs"]
mod band;
#[path = "screens/closing.rs"]
mod closing;
#[path = "rehearsal/scene.rs"]
#[allow(dead_code, reason = "not every test needs all of it")]
mod rehearsal;
#[path = "screens/scene.rs"]
mod scene;
#[path = "rehearsal/words.rs"]
mod words;

use iced::Size;
use iced::keyboard::key;
use image::RgbaImage;
use patron_display::payment::{BadUrl, PaymentRequest, RequestId, Status};
use patron_display::sale::{Ask, Ending, Fact, Mark, Standing, State, Void};
use scene::{REQUEST, Scene};

const SIZE: Size<u32> = Size::new(800, 480);
/// The amount of the sale that [`Scene::own`] is an attempt of.
const OWN: Option<&str> = Some("12.50");
const NEXT: Option<&str> = Some("24.00");

fn ended(ending: Ending, late: bool) -> Standing {
    Standing::Ended {
        ending,
        late,
        acknowledged: false,
    }
}

fn paid() -> Ending {
    Ending::Paid {
        by: Vec::new(),
        kept: false,
    }
}

fn read(status: Status) -> Fact {
    Fact::Read {
        ask: Ask::Again,
        at: patron_display::sale::Moment::default(),
        answer: Ok(PaymentRequest {
            id: RequestId::new(REQUEST).unwrap(),
            short_code: None,
            url: Err(BadUrl::Missing),
            value: None,
            status,
            liveness: None,
            external_ref: None,
            config_id: None,
            merchant_name: None,
            validity: None,
            time_left: None,
            age: None,
            created_at: None,
            expires_at: None,
            updated_at: None,
            remaining: None,
            conditions: Vec::new(),
            paid_by: Vec::new(),
            cancellation_reason: None,
        }),
    }
}

/// A sale whose outcome is unknown, on the screen.
async fn unknown(operator: Option<&str>) -> Scene {
    let mut scene = Scene::new(SIZE, OWN, operator).await;
    let own = scene.own(ended(Ending::unknown(), false));
    scene.recalls(vec![own]);
    assert!(is_unknown(&scene));

    scene
}

fn is_unknown(scene: &Scene) -> bool {
    matches!(scene.state(), State::Ended(ended) if ended.closed_by().is_none()
        && matches!(ended.ending(), Ending::Unknown { .. }))
}

#[tokio::test]
async fn an_earlier_payment_is_noted_and_then_the_asked_sale_goes_on() {
    let mut scene = Scene::new(SIZE, NEXT, None).await;
    let earlier = scene.earlier(ended(paid(), false));
    scene.recalls(vec![earlier]);
    assert!(scene.sale().is_about_an_earlier_sale());
    scene.presses_at_once(key::Named::Enter);
    assert!(
        matches!(scene.state(), State::Ended(_)),
        "a key that was meant for what stood there before"
    );
    scene.is_read().await;
    scene.presses(key::Named::Escape);
    assert!(matches!(scene.state(), State::Ended(_)));
    scene.presses(key::Named::Enter);
    assert!(matches!(scene.state(), State::Creating(_)));
    assert!(!scene.sale().is_about_an_earlier_sale());
}

#[tokio::test]
async fn escape_does_not_cancel_an_earlier_sale_that_is_being_looked_up() {
    let mut scene = Scene::new(SIZE, NEXT, None).await;
    let earlier = scene.earlier(Standing::Payable(Void::NotSent));
    scene.recalls(vec![earlier]);
    assert!(matches!(scene.state(), State::Waiting(_)));
    scene.presses(key::Named::Escape);
    assert!(matches!(scene.state(), State::Waiting(_)));
}

#[tokio::test]
async fn the_money_of_a_late_payment_can_be_given_back() {
    let mut scene = Scene::new(SIZE, NEXT, None).await;
    let earlier = scene.earlier(ended(paid(), true));
    scene.recalls(vec![earlier]);
    scene.is_read().await;
    scene.types("r");
    assert!(matches!(scene.state(), State::Voiding(_)));
}

/// The colour of the ground, below whatever bars there are.
fn ground(picture: &RgbaImage) -> [u8; 3] {
    let [r, g, b, _] = picture.get_pixel(4, picture.height() - 4).0;

    [r, g, b]
}

#[tokio::test]
async fn an_earlier_payment_does_not_look_like_the_customers_own() {
    let mut own = Scene::new(SIZE, OWN, None).await;
    let attempt = own.own(ended(paid(), false));
    own.recalls(vec![attempt]);
    let mut grounds = vec![ground(&own.draws())];
    for (ending, late) in [(paid(), false), (paid(), true), (Ending::unknown(), false)] {
        let mut scene = Scene::new(SIZE, NEXT, None).await;
        let earlier = scene.earlier(ended(ending, late));
        scene.recalls(vec![earlier]);
        grounds.push(ground(&scene.draws()));
    }
    for (index, ground) in grounds.iter().enumerate() {
        assert!(!grounds[..index].contains(ground), "{grounds:?}");
    }
}

#[tokio::test]
async fn f45_an_outcome_that_was_not_saved_changes_the_screen() {
    let mut scene = Scene::new(SIZE, OWN, None).await;
    let own = scene.own(ended(paid(), false));
    scene.recalls(vec![own]);
    let saved = scene.draws();
    scene.happens(Fact::NotRecorded(
        Mark::Verdict,
        "the disk is full".to_owned(),
    ));
    let unsaved = scene.draws();
    // The bar stands right below the band of the test money.
    let bar = |picture: &RgbaImage| *picture.get_pixel(4, 48);
    assert_ne!(bar(&saved), bar(&unsaved));
}

//! Actions on the screens of earlier sales, late payments and unknown outcomes. The display's own update and view
//! are used.

mod band;
mod closing;
pub(crate) mod scene;

use iced::Size;
use iced::keyboard::key;
use image::RgbaImage;
use patron_display::domain::payment::Status;
use patron_display::sale::{Ask, Ending, Fact, Mark, Standing, State, Void};
use scene::Scene;

const SIZE: Size<u32> = Size::new(800, 480);
/// The amount to ask for, so that [`Scene::own`] belongs to the asked sale.
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
    Fact::Read(
        Ask::Again,
        patron_display::sale::Moment::default(),
        Ok(scene::request(status)),
    )
}

/// Shows a sale whose outcome is unknown.
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
async fn earlier_payment_is_noted_before_the_sale() {
    let mut scene = Scene::new(SIZE, NEXT, None).await;
    let earlier = scene.earlier(ended(paid(), false));
    scene.recalls(vec![earlier]);
    assert!(scene.sale().is_about_an_earlier_sale());
    scene.presses_at_once(key::Named::Enter);
    assert!(
        matches!(scene.state(), State::Ended(_)),
        "the key was meant for the screen before"
    );
    scene.is_read().await;
    scene.presses(key::Named::Escape);
    assert!(matches!(scene.state(), State::Ended(_)));
    scene.presses(key::Named::Enter);
    assert!(matches!(scene.state(), State::Creating(_)));
    assert!(!scene.sale().is_about_an_earlier_sale());
}

#[tokio::test]
async fn escape_does_not_cancel_an_earlier_sale() {
    let mut scene = Scene::new(SIZE, NEXT, None).await;
    let earlier = scene.earlier(Standing::Payable(Void::NotSent));
    scene.recalls(vec![earlier]);
    assert!(matches!(scene.state(), State::Waiting(_)));
    scene.presses(key::Named::Escape);
    assert!(matches!(scene.state(), State::Waiting(_)));
}

#[tokio::test]
async fn late_payment_can_be_refunded() {
    let mut scene = Scene::new(SIZE, NEXT, None).await;
    let earlier = scene.earlier(ended(paid(), true));
    scene.recalls(vec![earlier]);
    scene.is_read().await;
    scene.types("r");
    assert!(matches!(scene.state(), State::Voiding(_)));
}

/// Returns the background colour below the banners.
fn ground(picture: &RgbaImage) -> [u8; 3] {
    let [r, g, b, _] = picture.get_pixel(4, picture.height() - 4).0;

    [r, g, b]
}

#[tokio::test]
async fn earlier_payment_has_another_background() {
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
async fn f45_unsaved_outcome_changes_the_screen() {
    let mut scene = Scene::new(SIZE, OWN, None).await;
    let own = scene.own(ended(paid(), false));
    scene.recalls(vec![own]);
    let saved = scene.draws();
    scene.happens(Fact::NotRecorded(
        Mark::Verdict,
        "the disk is full".to_owned(),
    ));
    let unsaved = scene.draws();
    // The pixel lies in the banner right below the banner about test money.
    let bar = |picture: &RgbaImage| *picture.get_pixel(4, 48);
    assert_ne!(bar(&saved), bar(&unsaved));
}

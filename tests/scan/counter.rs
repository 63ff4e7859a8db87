//! What the panels show: this display's own screen, and what a web checkout shows in its place.

use std::sync::Arc;
use std::time::Duration;

use iced::Size;
use image::imageops::{self, FilterType};
use image::{GrayImage, Luma, Rgba, RgbaImage};
use patron_display::logo::Logo;
use patron_display::money::{Amount, Currency};
use patron_display::payment::{PayUrl, PaymentRequest, RequestId, Status, Text};
use patron_display::qr::{Code, Drawing, Level, QUIET_ZONE};
use patron_display::sale::{Fact, Mark, Moment, Recollection, State};
use qrcode::{EcLevel, QrCode};

use super::panel::Panel;
use super::scene::Scene;
use super::tally::Shown;

/// What every code says: as long as the platform's urls are.
pub(crate) const URL: &str = "https://app.centrapay.com/pay/MhocUmpxxmgdHjr7DgKoKw";
const ID: &str = "MhocUmpxxmgdHjr7DgKoKw";
const SHOP: &str = "[api]\nbase-url = \"http://127.0.0.1:9\"\npay-hosts = [\"app.centrapay.com\"]\n\
                    [merchants.cafe]\nconfig-id = \"5ee168e8597be5002af7b454\"\nname = \"Café\"\n";

/// This display's screen without a logo and with the mark, and a web checkout on the same panel.
pub(crate) async fn panels(size: Size<u32>) -> [Shown; 3] {
    let mark = Logo::mark().unwrap();
    let shown = |name: &str, picture: &RgbaImage| Shown {
        name: name.to_owned(),
        panel: Panel::showing(picture),
    };

    [
        shown("plain", &screen(size, code(None)).await),
        shown("with a logo", &screen(size, code(Some(mark))).await),
        shown("web checkout", &web_checkout(size)),
    ]
}

/// A code of this display's own.
fn code(logo: Option<Logo>) -> Arc<Code> {
    let has_logo = logo.is_some();
    let drawing = Drawing {
        logo: logo.map(Arc::new),
        room: None,
    };
    let code = Code::proven_as(URL, &drawing).unwrap();
    assert_eq!(code.clearing().is_some(), has_logo);

    Arc::new(code)
}

/// The whole screen with this code, as the customer sees it.
async fn screen(size: Size<u32>, code: Arc<Code>) -> RgbaImage {
    let mut scene = Scene::of(SHOP, size, Some("12.50"), None).await;
    scene.happens(Fact::Recalled(Ok(Recollection {
        taken: Vec::new(),
        attempts: 0,
        open: Vec::new(),
    })));
    scene.happens(Fact::Recorded(Mark::Intent));
    scene.happens(Fact::Created {
        sent_at: Moment::default(),
        at: Moment::default(),
        answer: Ok(request()),
    });
    scene.happens(Fact::Recorded(Mark::Created));
    scene.happens(Fact::Encoded(Ok(code)));
    scene.happens(Fact::Recorded(Mark::Shown));
    assert!(matches!(scene.state(), State::Presenting(_)));

    scene.draws()
}

fn request() -> PaymentRequest {
    PaymentRequest {
        id: RequestId::new(ID).unwrap(),
        short_code: Some(Text::clean("CP-C7F-ZS5")),
        url: PayUrl::parse(URL),
        value: Some(Amount::parse("12.50", Currency::NZD).unwrap()),
        status: Status::New,
        liveness: None,
        external_ref: None,
        config_id: None,
        merchant_name: None,
        validity: Some(Duration::from_secs(120)),
        time_left: None,
        age: None,
        created_at: None,
        expires_at: None,
        updated_at: None,
        remaining: None,
        conditions: Vec::new(),
        paid_by: Vec::new(),
        cancellation_reason: None,
    }
}

/// A web checkout: a code of 256 pixels at level M, black on an empty white page. Its quiet zone is
/// the page, so that all 256 pixels go to the code: more than most checkouts give it.
fn web_checkout(size: Size<u32>) -> RgbaImage {
    const SIDE: u32 = 256;
    let code = Candidate {
        level: EcLevel::M,
        logo: 0,
    };
    let large = imageops::resize(&code.picture(31), SIDE, SIDE, FilterType::Triangle);

    on_white(size, (size.width, size.height), &large)
}

/// A code as this display could make it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Candidate {
    pub(crate) level: EcLevel,
    /// The side of the clearing for the logo, in modules; 0 without a logo.
    pub(crate) logo: u32,
}

impl Candidate {
    /// As this display makes it.
    pub(crate) fn chosen(logo: Option<Logo>) -> Self {
        let code = code(logo);

        Self {
            level: match code.level() {
                Level::Low => EcLevel::L,
                Level::Medium => EcLevel::M,
                Level::Quartile => EcLevel::Q,
                Level::High => EcLevel::H,
            },
            logo: code.clearing().map_or(0, |clearing| clearing.side),
        }
    }

    /// It on a panel that shows nothing else.
    pub(crate) fn shown(self, size: Size<u32>) -> Shown {
        Shown {
            name: match self.logo {
                0 => format!("{:?}, no logo", self.level),
                side => format!("{:?}, logo of {side}", self.level),
            },
            panel: Panel::showing(&self.screen(size)),
        }
    }

    /// As large as it can be in the largest square in the corner of a white screen.
    fn screen(self, size: Size<u32>) -> RgbaImage {
        let room = size.width.min(size.height);
        let scale = room / (self.modules() + 2 * QUIET_ZONE);

        on_white(size, (room, room), &self.picture(scale))
    }

    fn modules(self) -> u32 {
        self.made().width() as u32
    }

    fn made(self) -> QrCode {
        QrCode::with_error_correction_level(URL, self.level).unwrap()
    }

    fn picture(self, scale: u32) -> GrayImage {
        let code = self.made();
        let side = self.modules();
        let mut picture = GrayImage::from_fn(side * scale, side * scale, |x, y| {
            let module = code[((x / scale) as usize, (y / scale) as usize)];

            Luma([if module == qrcode::Color::Dark {
                0
            } else {
                255
            }])
        });
        if self.logo > 0 {
            let start = i64::from((side - self.logo) / 2 * scale);
            imageops::replace(&mut picture, &emblem(self.logo, scale), start, start);
        }

        picture
    }
}

/// The mark on white, with half a module around it.
fn emblem(modules: u32, scale: u32) -> GrayImage {
    let side = modules * scale;
    let mark = Logo::mark().unwrap().raster(side - scale, side - scale);
    let mut emblem = RgbaImage::from_pixel(side, side, Rgba([255; 4]));
    let start = i64::from(scale / 2);
    imageops::overlay(&mut emblem, &mark, start, start);

    imageops::grayscale(&emblem)
}

/// The picture in the middle of the upper left part of a white screen.
fn on_white(size: Size<u32>, part: (u32, u32), picture: &GrayImage) -> RgbaImage {
    RgbaImage::from_fn(size.width, size.height, |x, y| {
        let left = (part.0 - picture.width()) / 2;
        let top = (part.1 - picture.height()) / 2;
        let inside = x.checked_sub(left).zip(y.checked_sub(top));
        let value = inside
            .and_then(|(x, y)| picture.get_pixel_checked(x, y))
            .map_or(255, |pixel| pixel.0[0]);

        Rgba([value, value, value, 255])
    })
}

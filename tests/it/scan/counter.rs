//! The pictures on the panels: this display's screen and a web checkout.

use std::sync::Arc;
use std::time::Duration;

use iced::Size;
use image::imageops::{self, FilterType};
use image::{GrayImage, Luma, Rgba, RgbaImage};
use patron_display::domain::money::{Amount, Currency};
use patron_display::domain::payment::{PayUrl, PaymentRequest, RequestId, Status, Text};
use patron_display::logo;
use patron_display::qr::Logo;
use patron_display::qr::{Code, Drawing, Level, QUIET_ZONE};
use patron_display::sale::{Fact, Mark, Moment, Recollection, State};
use qrcode::{EcLevel, QrCode};

use super::panel::Panel;
use super::tally::Shown;
use crate::screens::scene::{self, Scene};

/// The content of every code, as long as the platform's URLs.
pub(crate) const URL: &str = "https://app.centrapay.com/pay/MhocUmpxxmgdHjr7DgKoKw";
const ID: &str = "MhocUmpxxmgdHjr7DgKoKw";
const SHOP: &str = "[api]\nbase-url = \"http://127.0.0.1:9\"\npay-hosts = [\"app.centrapay.com\"]\n\
                    [merchants.cafe]\nconfig-id = \"5ee168e8597be5002af7b454\"\nname = \"Café\"\n";

/// Returns three panels: this display's screen without a logo and with the mark, and a web checkout.
pub(crate) async fn panels(size: Size<u32>) -> [Shown; 3] {
    let mark = logo::mark().unwrap();
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

/// Returns the code that this display makes with this logo.
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

/// Returns this display's whole screen with the code.
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
        answer: Ok(PaymentRequest {
            id: RequestId::new(ID).unwrap(),
            short_code: Some(Text::clean("CP-C7F-ZS5")),
            url: PayUrl::parse(URL),
            value: Some(Amount::parse("12.50", Currency::NZD).unwrap()),
            validity: Some(Duration::from_secs(120)),
            ..scene::request(Status::New)
        }),
    });
    scene.happens(Fact::Recorded(Mark::Created));
    scene.happens(Fact::Encoded(Ok(code)));
    scene.happens(Fact::Recorded(Mark::Shown));
    assert!(matches!(scene.state(), State::Presenting(_)));

    scene.draws()
}

/// Returns a web checkout's page: a code of 256 pixels at level M, black on empty white. The white page is
/// the quiet zone, so the code fills all 256 pixels. In most checkouts the code is smaller.
fn web_checkout(size: Size<u32>) -> RgbaImage {
    const SIDE: u32 = 256;
    let code = Candidate {
        level: EcLevel::M,
        logo: 0,
    };
    let large = imageops::resize(&code.picture(31), SIDE, SIDE, FilterType::Triangle);

    on_white(size, (size.width, size.height), &large)
}

/// A code that this display could make: another level, or another size of logo.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Candidate {
    pub(crate) level: EcLevel,
    /// The side of the clearing for the logo, in modules; 0 without a logo.
    pub(crate) logo: u32,
}

impl Candidate {
    /// Returns the candidate that this display uses with this logo.
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

    /// Returns a panel that shows only this candidate.
    pub(crate) fn shown(self, size: Size<u32>) -> Shown {
        Shown {
            name: match self.logo {
                0 => format!("{:?}, no logo", self.level),
                side => format!("{:?}, logo of {side}", self.level),
            },
            panel: Panel::showing(&self.screen(size)),
        }
    }

    /// Draws the code as large as possible in the corner of a white screen.
    fn screen(self, size: Size<u32>) -> RgbaImage {
        let room = size.width.min(size.height);
        let scale = room / (self.code().width() as u32 + 2 * QUIET_ZONE);

        on_white(size, (room, room), &self.picture(scale))
    }

    fn code(self) -> QrCode {
        QrCode::with_error_correction_level(URL, self.level).unwrap()
    }

    fn picture(self, scale: u32) -> GrayImage {
        let code = self.code();
        let side = code.width() as u32;
        let mut picture = GrayImage::from_fn(side * scale, side * scale, |x, y| {
            let module = code[((x / scale) as usize, (y / scale) as usize)];

            Luma([module.select(0, 255)])
        });
        if self.logo > 0 {
            let start = i64::from((side - self.logo) / 2 * scale);
            imageops::replace(&mut picture, &emblem(self.logo, scale), start, start);
        }

        picture
    }
}

/// Draws the mark on white, with a border of half a module.
fn emblem(modules: u32, scale: u32) -> GrayImage {
    let side = modules * scale;
    let mark = logo::mark().unwrap().raster(side - scale, side - scale);
    let mut emblem = RgbaImage::from_pixel(side, side, Rgba([255; 4]));
    let start = i64::from(scale / 2);
    imageops::overlay(&mut emblem, &mark, start, start);

    imageops::grayscale(&emblem)
}

/// Draws a picture in the middle of the upper left part of a white screen.
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

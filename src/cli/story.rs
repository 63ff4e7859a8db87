//! The demo without a screen: the same application, drawn into pictures, through every ending a
//! shop should have seen once.

use std::fs::{self, File};
use std::io::{self, BufWriter};
use std::path::{Path, PathBuf};

use iced::Size;
use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::{GrayImage, RgbaImage, imageops};

use super::rehearse::{Counter, PICTURE, Shop, Stage, amount_keys, say};
use super::{Failure, SaleArgs};
use crate::display::band::Act;
use crate::display::by_hand;
use crate::display::offscreen::Offscreen;
use crate::display::{Message, Mode};
use crate::effects::Announcer;
use crate::qr;
use crate::sale::{Command, Ending, State};
use crate::sandbox::{Options, Patron};

/// Short, so that the story gets to the end of it; not so short that the code begins by being urgent.
const EXPIRY_SECONDS: u32 = 24;
const AMOUNT: &str = "12.50";
const NEXT_AMOUNT: &str = "24.00";

/// Tells the story and leaves one picture a screen in `directory`.
pub(super) async fn tell(
    directory: &Path,
    size: Option<Size<u32>>,
    shop: Option<Shop>,
) -> Result<u8, Failure> {
    fs::create_dir_all(directory).map_err(|cause| Failure::File {
        path: directory.to_owned(),
        cause,
    })?;
    let options = Options {
        patron: Patron::Manual,
        ..Options::default()
    };
    let stage = Stage::build(options, shop).await?;
    let teller = Teller {
        directory: directory.to_owned(),
        size: size.unwrap_or(PICTURE),
    };

    teller.first_sale(&stage).await?;
    teller.declined_sale(&stage).await?;
    teller.sale_that_was_left(&stage).await?;
    teller.payment_that_comes_late(&stage).await?;
    teller.sale_that_loses_the_network(stage).await?;
    say("That is the whole story; nothing of it was real.")?;

    Ok(0)
}

struct Teller {
    directory: PathBuf,
    size: Size<u32>,
}

impl Teller {
    /// The customer walks away, comes back, and pays.
    async fn first_sale(&self, stage: &Stage) -> Result<(), Failure> {
        let mut display = self.display(stage, &Counter::fresh(), None).await?;
        let mut keys = amount_keys();
        let enter = keys.pop();
        keys.into_iter().for_each(|key| display.press(key));
        self.keep(&mut display, "create", "The cashier enters the amount.")?;
        enter.into_iter().for_each(|key| display.press(key));

        until(&mut display, "show its code", is_shown).await?;
        let picture = self.keep(&mut display, "show-qr", "The code is on the screen.")?;
        self.compare_code(&display, &picture)?;
        say("  Nobody pays. The code goes when its time is over.")?;
        until(&mut display, "wait", |state| {
            matches!(state, State::Waiting(_))
        })
        .await?;
        self.keep(&mut display, "waiting", "The platform has the last word.")?;
        until_ended(&mut display, "expire", |ending| *ending == Ending::Expired).await?;
        self.keep(&mut display, "retry", "It expired: nobody was charged.")?;

        display.send(Message::Asked(Command::Retry));
        until(&mut display, "show a new code", is_shown).await?;
        say("  A new code, and this time the customer pays.")?;
        display.send(Message::Patron(Act::Pay));
        let paid = |ending: &Ending| matches!(ending, Ending::Paid { .. });
        until_ended(&mut display, "be paid", paid).await?;
        self.keep(&mut display, "success", "Paid.")?;

        Ok(())
    }

    /// The customer declines on the phone.
    async fn declined_sale(&self, stage: &Stage) -> Result<(), Failure> {
        let mut display = self.display(stage, &Counter::fresh(), Some(AMOUNT)).await?;
        until(&mut display, "show its code", is_shown).await?;
        display.send(Message::Patron(Act::Decline));
        let cancelled = |ending: &Ending| matches!(ending, Ending::Cancelled { .. });
        until_ended(&mut display, "be cancelled", cancelled).await?;
        self.keep(&mut display, "cancelled", "Another customer declines.")?;

        Ok(())
    }

    /// The display stops while its code can be paid. The next one at the same counter finds out
    /// what became of that before it sells anything.
    async fn sale_that_was_left(&self, stage: &Stage) -> Result<(), Failure> {
        let counter = Counter::fresh();
        let mut display = self.display(stage, &counter, Some(AMOUNT)).await?;
        until(&mut display, "show its code", is_shown).await?;
        say("  A display stops while its code is on the screen; the customer pays all the same.")?;
        display.send(Message::Patron(Act::Pay));
        drop(display);

        let mut display = self.display(stage, &counter, Some(NEXT_AMOUNT)).await?;
        let paid = |ending: &Ending| matches!(ending, Ending::Paid { .. });
        until_ended(&mut display, "find the payment", paid).await?;
        self.keep(
            &mut display,
            "earlier",
            "The next customer's sale waits for it.",
        )?;
        display.send(Message::Asked(Command::Close));
        until(&mut display, "show the next code", is_shown).await?;

        Ok(())
    }

    /// A request has expired, and is paid all the same.
    async fn payment_that_comes_late(&self, stage: &Stage) -> Result<(), Failure> {
        let counter = Counter::fresh();
        let mut display = self.display(stage, &counter, Some(AMOUNT)).await?;
        until(&mut display, "show its code", is_shown).await?;
        display.send(Message::Patron(Act::Expire));
        until_ended(&mut display, "expire", |ending| *ending == Ending::Expired).await?;
        display.send(Message::Asked(Command::Close));
        drop(display);
        let control = stage.sandbox.control();
        let late = control.latest().map(|id| control.pay_late(&id));
        if !matches!(late, Some(Ok(()))) {
            return Err(Failure::Story("nothing could be paid late".to_owned()));
        }
        say("  A payment comes in after its request had expired.")?;

        let mut display = self.display(stage, &counter, None).await?;
        let paid = |ending: &Ending| matches!(ending, Ending::Paid { .. });
        until_ended(&mut display, "find the late payment", paid).await?;
        self.keep(
            &mut display,
            "late",
            "Somebody has to decide what becomes of it.",
        )?;

        Ok(())
    }

    /// The network goes while a code is on the screen, and stays away.
    async fn sale_that_loses_the_network(&self, stage: Stage) -> Result<(), Failure> {
        let mut display = self
            .display(&stage, &Counter::fresh(), Some(AMOUNT))
            .await?;
        let mut next = self.display(&stage, &Counter::fresh(), None).await?;
        until(&mut display, "show its code", is_shown).await?;
        say("  The network goes while a code is on the screen; the cashier cancels.")?;
        stage.sandbox.shutdown().await;
        display.send(Message::Asked(Command::Cancel));
        let unknown = |ending: &Ending| matches!(ending, Ending::Unknown { .. });
        until_ended(&mut display, "be unknown", unknown).await?;
        self.keep(&mut display, "unknown", "Nobody can know how that ended.")?;
        display.send(Message::ByHand(by_hand::Message::Opened));
        "Aroha"
            .chars()
            .for_each(|letter| display.send(Message::ByHand(by_hand::Message::Typed(letter))));
        self.keep(&mut display, "by-hand", "Staff can close it by their name.")?;
        display.send(Message::ByHand(by_hand::Message::Confirmed));
        self.keep(&mut display, "was-it-paid", "They say whether it was paid.")?;

        amount_keys().into_iter().for_each(|key| next.press(key));
        let unreachable = |ending: &Ending| matches!(ending, Ending::Unreachable(_));
        until_ended(&mut next, "be unreachable", unreachable).await?;
        self.keep(&mut next, "failure", "Without the network nothing is sold.")?;

        Ok(())
    }

    async fn display(
        &self,
        stage: &Stage,
        counter: &Counter,
        amount: Option<&str>,
    ) -> Result<Offscreen, Failure> {
        let sale = SaleArgs {
            amount: amount.map(ToOwned::to_owned),
            ..SaleArgs::default()
        };
        let setup = stage.setup(
            &sale,
            EXPIRY_SECONDS,
            Announcer::silent(),
            Mode::Fullscreen,
            None,
            counter,
        )?;

        Ok(Offscreen::start(setup, self.size).await?)
    }

    /// Keeps the present screen as a picture.
    fn keep(&self, display: &mut Offscreen, name: &str, says: &str) -> Result<GrayImage, Failure> {
        let picture = display.draw()?;
        let path = self.directory.join(format!("{name}.png"));
        save(&picture, &path).map_err(|cause| Failure::File {
            path: path.clone(),
            cause,
        })?;
        say(&format!("{says:<42} {}", path.display()))?;

        Ok(imageops::grayscale(&picture))
    }

    /// Reads the code back from the picture of the whole screen.
    fn compare_code(&self, display: &Offscreen, picture: &GrayImage) -> Result<(), Failure> {
        let State::Presenting(presenting) = display.display().sale().state() else {
            return Err(Failure::Story("the code is not on the screen".to_owned()));
        };
        let payload = &presenting.request().payload;
        let read = qr::read(picture).map_err(|error| {
            Failure::Story(format!("the screen's code cannot be read: {error}"))
        })?;
        if read != *payload {
            return Err(Failure::Story(format!("the screen's code says {read}")));
        }

        say(&format!("  Read back from the picture, it says {read}"))
    }
}

/// As small as a PNG can be: these pictures are kept and sent.
fn save(picture: &RgbaImage, path: &Path) -> io::Result<()> {
    let file = BufWriter::new(File::create(path)?);
    let encoder = PngEncoder::new_with_quality(file, CompressionType::Best, FilterType::Adaptive);

    picture
        .write_with_encoder(encoder)
        .map_err(io::Error::other)
}

fn is_shown(state: &State) -> bool {
    matches!(state, State::Presenting(presenting) if presenting.is_on_screen())
}

async fn until(
    display: &mut Offscreen,
    what: &str,
    reached: impl FnMut(&State) -> bool,
) -> Result<(), Failure> {
    if display.run_until(reached).await? {
        Ok(())
    } else {
        Err(Failure::Story(format!(
            "the sale was over before it could {what}"
        )))
    }
}

/// Waits for an ending, and insists that it is the one that was expected.
async fn until_ended(
    display: &mut Offscreen,
    what: &str,
    expected: impl Fn(&Ending) -> bool,
) -> Result<(), Failure> {
    until(display, what, |state| matches!(state, State::Ended(_))).await?;
    match display.display().sale().state() {
        State::Ended(ended) if expected(ended.ending()) => Ok(()),
        state => Err(Failure::Story(format!(
            "it should {what}, but is {state:?}"
        ))),
    }
}

//! The demo without a screen: draws the application into pictures, through the endings that a shop should know.

use std::fs::{self, File};
use std::io::{self, BufWriter};
use std::path::{Path, PathBuf};

use iced::Size;
use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::{GrayImage, RgbaImage, imageops};

use super::platform::{DemoPlatform, amount_keys, say};
use crate::app::demo::Act;
use crate::app::manual_settlement::SettlementMessage;
use crate::app::offscreen::Offscreen;
use crate::app::{Message, Mode};
use crate::cli::arguments::SaleArgs;
use crate::cli::failure::CommandError;
use crate::config::Config;
use crate::qr;
use crate::runtime::effects::Announcer;
use crate::sale::{Command, Ending, State};
use crate::sandbox::{Options, PatronMode};

/// The time to pay, in seconds: short, because the demo waits for the expiry, but long enough that the countdown
/// is not urgent from the start.
const EXPIRY_SECONDS: u32 = 24;
const PICTURE: Size<u32> = Size::new(1280, 800);
const AMOUNT: &str = "12.50";
const NEXT_AMOUNT: &str = "24.00";

/// Runs the sales of the demo and writes one picture for each screen to `directory`.
pub(super) async fn draw_all(
    directory: &Path,
    size: Option<Size<u32>>,
    look: Option<Config>,
) -> Result<u8, CommandError> {
    fs::create_dir_all(directory).map_err(|cause| CommandError::File {
        path: directory.to_owned(),
        cause,
    })?;
    let options = Options {
        patron: PatronMode::Manual,
        ..Options::default()
    };
    let platform = DemoPlatform::start(options, look).await?;
    let demo = PictureDemo {
        directory: directory.to_owned(),
        size: size.unwrap_or(PICTURE),
    };

    demo.first_sale(&platform).await?;
    demo.declined_sale(&platform).await?;
    demo.sale_that_was_left(&platform).await?;
    demo.payment_that_comes_late(&platform).await?;
    demo.sale_that_loses_the_network(platform).await?;
    say("The demo is complete. No money moved.")?;

    Ok(0)
}

struct PictureDemo {
    directory: PathBuf,
    size: Size<u32>,
}

impl PictureDemo {
    /// The customer walks away, comes back, and pays.
    async fn first_sale(&self, platform: &DemoPlatform) -> Result<(), CommandError> {
        let counter = platform.new_counter()?;
        let mut display = self.display(platform, &counter, None).await?;
        let mut keys = amount_keys();
        let enter = keys.pop();
        keys.into_iter().for_each(|key| display.press(key));
        self.keep(&mut display, "create", "The cashier enters the amount.")?;
        enter.into_iter().for_each(|key| display.press(key));

        until(&mut display, "show its code", is_shown).await?;
        let picture = self.keep(&mut display, "show-qr", "The code is on the screen.")?;
        self.compare_code(&display, &picture)?;
        say("  Nobody pays. The code disappears when it expires.")?;
        until(&mut display, "wait", |state| {
            matches!(state, State::Waiting(_))
        })
        .await?;
        self.keep(&mut display, "waiting", "The platform decides the outcome.")?;
        until_ended(&mut display, "expire", |ending| *ending == Ending::Expired).await?;
        self.keep(
            &mut display,
            "retry",
            "The time is over: the customer was not charged.",
        )?;

        display.send(Message::Asked(Command::Retry));
        until(&mut display, "show a new code", is_shown).await?;
        say("  A new code, and this time the customer pays.")?;
        display.send(Message::Patron(Act::Pay));
        until_ended(&mut display, "be paid", is_paid).await?;
        self.keep(&mut display, "success", "Paid.")?;

        Ok(())
    }

    /// The customer declines on the phone.
    async fn declined_sale(&self, platform: &DemoPlatform) -> Result<(), CommandError> {
        let counter = platform.new_counter()?;
        let mut display = self.display(platform, &counter, Some(AMOUNT)).await?;
        until(&mut display, "show its code", is_shown).await?;
        display.send(Message::Patron(Act::Decline));
        let cancelled = |ending: &Ending| matches!(ending, Ending::Cancelled { .. });
        until_ended(&mut display, "be cancelled", cancelled).await?;
        self.keep(&mut display, "cancelled", "Another customer declines.")?;

        Ok(())
    }

    /// The display stops while its code can still be paid. The next display at this counter settles that sale
    /// first.
    async fn sale_that_was_left(&self, platform: &DemoPlatform) -> Result<(), CommandError> {
        let counter = platform.new_counter()?;
        let mut display = self.display(platform, &counter, Some(AMOUNT)).await?;
        until(&mut display, "show its code", is_shown).await?;
        say("  A display stops while its code is on the screen, and the customer pays.")?;
        display.send(Message::Patron(Act::Pay));
        drop(display);

        let mut display = self.display(platform, &counter, Some(NEXT_AMOUNT)).await?;
        until_ended(&mut display, "find the payment", is_paid).await?;
        self.keep(&mut display, "earlier", "The next sale waits for it.")?;
        display.send(Message::Asked(Command::Close));
        until(&mut display, "show the next code", is_shown).await?;

        Ok(())
    }

    /// The customer pays a payment request after it has expired.
    async fn payment_that_comes_late(&self, platform: &DemoPlatform) -> Result<(), CommandError> {
        let counter = platform.new_counter()?;
        let mut display = self.display(platform, &counter, Some(AMOUNT)).await?;
        until(&mut display, "show its code", is_shown).await?;
        display.send(Message::Patron(Act::Expire));
        until_ended(&mut display, "expire", |ending| *ending == Ending::Expired).await?;
        display.send(Message::Asked(Command::Close));
        drop(display);
        let control = platform.sandbox.control();
        let late = control.latest().map(|id| control.pay_late(&id));
        if !matches!(late, Some(Ok(()))) {
            return failed("the sandbox accepted no late payment");
        }
        say("  A payment arrives after its request has expired.")?;

        let mut display = self.display(platform, &counter, None).await?;
        until_ended(&mut display, "find the late payment", is_paid).await?;
        self.keep(
            &mut display,
            "late",
            "A person must decide what happens to it.",
        )?;

        Ok(())
    }

    /// The network fails while a code is on the screen, and stays down.
    async fn sale_that_loses_the_network(
        &self,
        platform: DemoPlatform,
    ) -> Result<(), CommandError> {
        let mut display = self
            .display(&platform, &platform.new_counter()?, Some(AMOUNT))
            .await?;
        let mut next = self
            .display(&platform, &platform.new_counter()?, None)
            .await?;
        until(&mut display, "show its code", is_shown).await?;
        say("  The network fails while a code is on the screen, and the cashier cancels.")?;
        platform.sandbox.shutdown().await;
        display.send(Message::Asked(Command::Cancel));
        let unknown = |ending: &Ending| matches!(ending, Ending::Unknown { .. });
        until_ended(&mut display, "be unknown", unknown).await?;
        self.keep(&mut display, "unknown", "The outcome is unknown.")?;
        display.send(Message::ManualSettlement(SettlementMessage::Opened));
        "Aroha".chars().for_each(|letter| {
            display.send(Message::ManualSettlement(SettlementMessage::Typed(letter)));
        });
        self.keep(&mut display, "by-hand", "Staff can close it with a name.")?;
        display.send(Message::ManualSettlement(SettlementMessage::Confirmed));
        self.keep(
            &mut display,
            "was-it-paid",
            "Staff say whether it was paid.",
        )?;

        amount_keys().into_iter().for_each(|key| next.press(key));
        let unreachable = |ending: &Ending| matches!(ending, Ending::Unreachable(_));
        until_ended(&mut next, "be unreachable", unreachable).await?;
        self.keep(&mut next, "failure", "Without a network there is no sale.")?;

        Ok(())
    }

    async fn display(
        &self,
        platform: &DemoPlatform,
        counter: &Path,
        amount: Option<&str>,
    ) -> Result<Offscreen, CommandError> {
        let sale = SaleArgs {
            amount: amount.map(ToOwned::to_owned),
            ..SaleArgs::default()
        };
        let setup = platform.setup(
            &sale,
            EXPIRY_SECONDS,
            Announcer::silent(),
            Mode::Fullscreen,
            None,
            counter,
        )?;

        Ok(Offscreen::start(setup, self.size).await?)
    }

    /// Writes the current screen to a picture.
    fn keep(
        &self,
        display: &mut Offscreen,
        name: &str,
        says: &str,
    ) -> Result<GrayImage, CommandError> {
        let picture = display.draw()?;
        let path = self.directory.join(format!("{name}.png"));
        save(&picture, &path).map_err(|cause| CommandError::File {
            path: path.clone(),
            cause,
        })?;
        say(&format!("{says:<42} {}", path.display()))?;

        Ok(imageops::grayscale(&picture))
    }

    /// Reads the code back from the picture of the whole screen.
    fn compare_code(&self, display: &Offscreen, picture: &GrayImage) -> Result<(), CommandError> {
        let State::Presenting(presenting) = display.display().sale().state() else {
            return failed("no code is on the screen");
        };
        let payload = &presenting.request().payload;
        let read = qr::read(picture).map_err(|error| {
            CommandError::Demo(format!("cannot read the code on the screen: {error}"))
        })?;
        if read != *payload {
            return failed(format!("the code on the screen contains {read}"));
        }

        say(&format!("  The code in the picture contains {read}"))
    }
}

fn failed<T>(why: impl Into<String>) -> Result<T, CommandError> {
    Err(CommandError::Demo(why.into()))
}

/// Writes a PNG as small as possible, because people keep and send these pictures.
fn save(picture: &RgbaImage, path: &Path) -> io::Result<()> {
    let file = BufWriter::new(File::create(path)?);
    let encoder = PngEncoder::new_with_quality(file, CompressionType::Best, FilterType::Adaptive);

    picture
        .write_with_encoder(encoder)
        .map_err(io::Error::other)
}

fn is_paid(ending: &Ending) -> bool {
    matches!(ending, Ending::Paid { .. })
}

fn is_shown(state: &State) -> bool {
    matches!(state, State::Presenting(presenting) if presenting.is_on_screen())
}

async fn until(
    display: &mut Offscreen,
    what: &str,
    reached: impl FnMut(&State) -> bool,
) -> Result<(), CommandError> {
    if display.run_until(reached).await? {
        Ok(())
    } else {
        failed(format!("the sale ended before it could {what}"))
    }
}

/// Waits for an ending, and checks that it is the expected one.
async fn until_ended(
    display: &mut Offscreen,
    what: &str,
    expected: impl Fn(&Ending) -> bool,
) -> Result<(), CommandError> {
    until(display, what, |state| matches!(state, State::Ended(_))).await?;
    match display.display().sale().state() {
        State::Ended(ended) if expected(ended.ending()) => Ok(()),
        state => failed(format!(
            "expected the sale to {what}, but its state is {state:?}"
        )),
    }
}

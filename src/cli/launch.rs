//! From a configuration and a command line to a running display.

use std::env;
use std::path::PathBuf;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use directories::ProjectDirs;
use iced::Size;

use super::failure::warn;
use super::fit::Pixels;
use super::items::{self, Items};
use super::{Common, Failure, SaleArgs, core_dump, hand_over};
use crate::centrapay::Client;
use crate::config::key::{Credential, KeySource};
use crate::config::{Config, MerchantKey, QrLogo};
use crate::control::Controls;
use crate::counter::Counter;
use crate::display::{self, Appearance, Breakdown, Mode, NoScreen, Screen, Setup};
use crate::effects::{Announcer, Effects};
use crate::journal::Journal;
use crate::logo::{Logo, LogoError, Room};
use crate::money::Amount;
use crate::payment::PatronCode;
use crate::qr::Drawing;
use crate::sale::{Ending, Order, Particulars, Rules, Timing};
use crate::sound::Speaker;
use crate::timing::step;

/// Runs one sale: on the display that stands, or in a window of its own.
pub(super) fn sale(common: &Common, sale: &SaleArgs) -> Result<u8, Failure> {
    doubt_barcode(sale)?;
    let sale = &SaleArgs {
        items: sale.items.clone().map(Items::warned),
        ..sale.clone()
    };
    if let Some(code) = step("a display that stands", || hand_over::sale(common, sale))? {
        return Ok(code);
    }
    display::fonts::look_early();
    let config = step("configuration", || Config::load(common.config.as_deref()))?;
    let chosen = step("what is sold, and logos", || choose(&config, sale))?;
    let source = key_source(&config);
    let credential = step("key", || source.load())?;
    let screen = step("screen", || screen(&config, sale.windowed))?;
    let mode = mode(sale.windowed, Some(&screen));
    Pixels::of(mode, &screen).fit(&config)?;
    let directory = data_directory(common)?;
    let journal = step("journal opened", || Journal::open(&directory))?;
    let setup = setup(
        &config,
        &credential,
        journal,
        announcer(common),
        chosen,
        mode,
        room(mode, &screen),
    )?;
    let setup = Setup {
        controls: controls(common),
        effects: setup.effects.with_key_from(source),
        ..setup
    };

    run(setup, &screen, config.display.keep_awake)
}

/// The screen to open the window on. A window of its own size is placed by the system.
pub(super) fn screen(config: &Config, windowed: Option<Size<u32>>) -> Result<Screen, Failure> {
    let wanted = config.display.monitor.as_deref();

    Screen::find(wanted.filter(|_| windowed.is_none())).map_err(|cause| match cause {
        NoScreen::NoSuchMonitor { .. } => Failure::Monitor {
            path: config.path.clone(),
            cause,
        },
        cause => cause.into(),
    })
}

/// What stands in the middle of the code.
pub(super) fn code_logo(config: &Config) -> Result<Option<Arc<Logo>>, Failure> {
    Logo::of_code(&config.qr.logo)
        .map(|logo| logo.map(Arc::new))
        .map_err(in_code)
}

/// The shop's logo. Nothing is read where nothing is configured.
pub(super) fn shop_logo(config: &Config) -> Result<Option<Arc<Logo>>, Failure> {
    let path = config.display.shop_logo.as_deref();
    let logo = path.map(|path| Logo::load(path, Room::SHOP));

    logo.transpose()
        .map(|logo| logo.map(Arc::new))
        .map_err(of_shop)
}

/// How long a sale waits for a logo.
pub(super) const LOGO_PATIENCE: Duration = Duration::from_millis(250);

/// The logos of the code and of the shop for a sale, which does not wait long for them.
fn logos(config: &Config) -> Result<[Option<Arc<Logo>>; 2], Failure> {
    let code = || match &config.qr.logo {
        QrLogo::File(path) => Logo::load_within(path, Room::CODE, LOGO_PATIENCE)
            .map(Some)
            .map_err(in_code),
        QrLogo::None | QrLogo::Mark => code_logo(config),
    };
    let shop = || {
        let path = config.display.shop_logo.as_deref();
        let logo = path.map(|path| Logo::load_within(path, Room::SHOP, LOGO_PATIENCE));

        logo.transpose().map_err(of_shop)
    };

    if config.display.shop_logo.is_none() {
        return Ok([code()?, None]);
    }

    // At the same time, so that both together take no longer than the slower one.
    thread::scope(|scope| {
        let beside = thread::Builder::new().spawn_scoped(scope, shop);
        let code = code()?;
        let shop = match beside {
            Ok(beside) => beside.join().unwrap_or(Ok(None))?,
            // This system has no thread left.
            Err(_) => shop()?,
        };

        Ok([code, shop])
    })
}

fn in_code(cause: LogoError) -> Failure {
    Failure::Logo {
        setting: "[qr] logo",
        cause,
    }
}

fn of_shop(cause: LogoError) -> Failure {
    Failure::Logo {
        setting: "[display] shop-logo",
        cause,
    }
}

/// The side of the square that the code will have, where that is known before the window is there.
pub(super) fn room(mode: Mode, screen: &Screen) -> Option<u32> {
    let size = match mode {
        Mode::Fullscreen => screen.size()?,
        Mode::Windowed(size) => size * screen.scale().unwrap_or(1.0),
    };

    Some(display::code_room(size))
}

/// Where this configuration's key is found. From here on nothing of this process may get out.
pub(super) fn key_source(config: &Config) -> KeySource {
    core_dump::prevent();

    KeySource::new(config.api.clone(), |name| env::var_os(name))
}

/// What the command line and the configuration chose.
pub(super) struct Chosen {
    counter: Counter,
    order: Option<Order>,
    code_logo: Option<Arc<Logo>>,
    shop_logo: Option<Arc<Logo>>,
}

impl Chosen {
    /// The same, to look at.
    pub(super) fn order(&self) -> Option<&Order> {
        self.order.as_ref()
    }

    /// What is sold; `None` if the cashier enters the amount.
    pub(super) fn into_order(self) -> Option<Order> {
        self.order
    }
}

/// Checks what the command line says against the configuration, and what the configuration says
/// against the disk, before anything is started.
pub(super) fn choose(config: &Config, sale: &SaleArgs) -> Result<Chosen, Failure> {
    let (merchant_key, merchant) = config
        .merchant(sale.merchant.as_deref())
        .map_err(Failure::Merchant)?;
    let basket = sale.items.as_ref().map(Items::read).transpose()?;
    let asked = sale
        .amount
        .as_deref()
        .map(|amount| Amount::parse(amount, merchant.currency))
        .transpose()?;
    let whole = sale
        .basket
        .as_deref()
        .map(|amount| Amount::parse(amount, merchant.currency))
        .transpose()
        .map_err(Failure::Basket)?;
    if let (Some(items), None, None) = (&sale.items, asked, whole) {
        items.refuse_unclear()?;
    }
    let amount = match &basket {
        Some((path, basket)) => {
            let sum = items::sum(path, basket, [asked, whole], merchant.currency)?;

            asked.or(Some(sum))
        }
        None => asked.or(whole),
    };
    if let (Some(whole), Some(amount)) = (whole, amount)
        && whole.checked_sub(amount).is_none()
    {
        return Err(Failure::BasketTooSmall {
            basket: whole,
            asked: amount,
        });
    }
    let counter = Counter {
        merchants: config.merchants.clone(),
        default_merchant: MerchantKey::new(merchant_key.as_str()),
        reference: sale.reference.clone(),
        operator: sale.operator.clone(),
        particulars: Arc::new(Particulars {
            basket: basket.map(|(_, basket)| basket).unwrap_or_default(),
            basket_amount: whole,
            invoice_ref: sale.invoice_ref.clone(),
            patron_not_present: sale.patron_not_present,
        }),
        patron_code: barcode(sale)?,
        handover: sale.handover.clone(),
        external_ref: config.terminal.external_ref,
        part_payments: config.terminal.part_payments,
    };
    let order = amount.and_then(|amount| counter.order(merchant_key, amount));
    let [code_logo, shop_logo] = logos(config)?;

    Ok(Chosen {
        counter,
        order,
        code_logo,
        shop_logo,
    })
}

/// The code that the customer has shown. Whatever is wrong with it, it is not written anywhere.
fn barcode(sale: &SaleArgs) -> Result<Option<PatronCode>, Failure> {
    let code = sale.barcode.as_deref().map(PatronCode::parse).transpose();

    code.map_err(Failure::Barcode)
}

/// Says so where the code is none by the rule that such codes have. The platform has the last word, and
/// whoever has scanned it is told here, wherever the sale then takes place.
fn doubt_barcode(sale: &SaleArgs) -> Result<(), Failure> {
    if barcode(sale)?.is_some_and(|code| !code.is_consistent()) {
        warn(
            &"--barcode: its last digit does not go with the others; if Centrapay refuses it, scan it \
              again",
        );
    }

    Ok(())
}

/// Puts everything together that a display is started with. `room`: see [`Drawing::room`].
pub(super) fn setup(
    config: &Config,
    credential: &Credential,
    journal: Journal,
    announcer: Announcer,
    chosen: Chosen,
    mode: Mode,
    room: Option<u32>,
) -> Result<Setup, Failure> {
    let drawing = Drawing {
        logo: chosen.code_logo,
        room,
    };

    let client = step("client", || client(config, credential))?;

    Ok(Setup {
        rules: Rules::from(config),
        timing: Timing::from(config),
        counter: chosen.counter,
        order: chosen.order,
        effects: Effects::new(client, journal, announcer)
            .with_speaker(Speaker::from(&config.display))
            .with_codes_drawn_as(drawing),
        appearance: Appearance {
            shop_logo: chosen.shop_logo,
            conditions_are_off: !config.terminal.conditions,
            ..Appearance::from(&config.display)
        },
        patron: None,
        cashier: Vec::new(),
        controls: Controls::none(),
        mode,
    })
}

/// Opens the window, and answers with the exit code that the sale ended with.
pub(super) fn run(setup: Setup, screen: &Screen, keep_awake: bool) -> Result<u8, Failure> {
    let effects = setup.effects.clone();
    let at_exit = {
        let effects = effects.clone();

        move |breakdown| super::end(ended(&effects, Err(breakdown)))
    };
    let ran = display::run(setup, screen, keep_awake, at_exit);

    ended(&effects, ran)
}

/// The exit code of a sale whose window has closed, or is gone.
fn ended(effects: &Effects, ran: Result<(), Breakdown>) -> Result<u8, Failure> {
    effects.finish();

    exit_code(effects.exit_code(), ran)
}

/// Whatever becomes of the window, the exit code that the sale asked for counts.
fn exit_code(asked: Option<u8>, ran: Result<(), Breakdown>) -> Result<u8, Failure> {
    match ran {
        Ok(()) => {}
        Err(breakdown) if breakdown.had_begun => warn(&format!(
            "the window broke down, and the sale was ended: {breakdown}; patron-display check looks at the \
             screen"
        )),
        // It broke down as it closed.
        Err(_) if asked.is_some() => {}
        Err(breakdown) => return Err(breakdown.into()),
    }

    // A window that is gone without an ending leaves it open what became of the sale.
    Ok(asked.unwrap_or_else(|| Ending::unknown().exit_code()))
}

/// Where the window is. No code is seen in the middle of one that is larger than the screen.
pub(super) fn mode(windowed: Option<Size<u32>>, screen: Option<&Screen>) -> Mode {
    #[allow(clippy::cast_precision_loss)]
    let windowed = windowed.map(|size| Size::new(size.width as f32, size.height as f32));
    let Some(size) = windowed else {
        return Mode::Fullscreen;
    };
    let whole = screen.and_then(Screen::whole).unwrap_or(Size::INFINITE);

    Mode::Windowed(Size::new(
        size.width.min(whole.width),
        size.height.min(whole.height),
    ))
}

pub(super) fn announcer(common: &Common) -> Announcer {
    if common.json {
        Announcer::json_lines(std::io::stdout())
    } else {
        Announcer::silent()
    }
}

/// What the till writes to standard input, where it was said that it does.
pub(super) fn controls(common: &Common) -> Controls {
    if common.control {
        Controls::read(std::io::stdin())
    } else {
        Controls::none()
    }
}

/// The client of the platform that is configured.
pub(super) fn client(config: &Config, credential: &Credential) -> Result<Client, Failure> {
    Ok(Client::new(
        &config.api,
        credential,
        config.terminal.clone(),
    )?)
}

/// Where the journal is.
pub(super) fn data_directory(common: &Common) -> Result<PathBuf, Failure> {
    if let Some(directory) = &common.data_dir {
        return Ok(directory.clone());
    }

    ProjectDirs::from("", "", "patron-display")
        .map(|directories| directories.data_dir().to_owned())
        .ok_or(Failure::NoDataDirectory)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn f62_a_window_that_breaks_down_closing_keeps_the_code() {
        let broke_down = |had_begun| {
            Err(Breakdown {
                why: String::new(),
                had_begun,
            })
        };
        assert_eq!(exit_code(Some(0), broke_down(false)).unwrap(), 0);
        assert_eq!(exit_code(None, broke_down(true)).unwrap(), 30);
        assert_eq!(
            exit_code(None, broke_down(false)).unwrap_err().exit_code(),
            69
        );
    }
}

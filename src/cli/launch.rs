//! Prepares the display of a sale from the configuration and the arguments, and runs it.

use std::path::Path;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use iced::Size;
use tokio::runtime::Handle;
use tokio::task::JoinHandle;

use super::arguments::SaleArgs;
use super::failure::{CommandError, warn};
use super::items::Items;
use super::log;
use super::session::client;
use crate::app::{self, Appearance, Breakdown, Mode, NoScreen, Screen, Setup};
use crate::centrapay::{Client, ClientError};
use crate::config::key::Credential;
use crate::config::{Config, QrLogo};
use crate::domain::counter::Counter;
use crate::domain::merchant::MerchantKey;
use crate::domain::money::Amount;
use crate::domain::order::{Order, Particulars};
use crate::domain::payment::PatronCode;
use crate::journal::Journal;
use crate::logo::{self, LogoError};
use crate::qr::{Drawing, Logo, Room};
use crate::runtime::control::Controls;
use crate::runtime::effects::{Announcer, Effects};
use crate::runtime::fresh_names::fresh_names;
use crate::runtime::sound::Speaker;
use crate::runtime::timing::{step, timed};
use crate::sale::{Ending, Rules, Timing};

/// Finds the screen for the window. With `--windowed`, the system chooses it.
pub(super) fn find_screen(
    config: &Config,
    windowed: Option<Size<u32>>,
) -> Result<Screen, CommandError> {
    let wanted = config.display.monitor.as_deref();

    Screen::find(wanted.filter(|_| windowed.is_none())).map_err(|cause| match cause {
        NoScreen::NoSuchMonitor { .. } => CommandError::Monitor {
            path: config.path.clone(),
            cause,
        },
        cause => cause.into(),
    })
}

/// Loads the logo in the middle of the QR code.
pub(super) fn code_logo(config: &Config) -> Result<Option<Arc<Logo>>, CommandError> {
    let logo = logo::of_code(&config.qr.logo).map(|logo| logo.map(Arc::new));

    logo.map_err(code_logo_failed)
}

/// Loads the shop's logo, if one is configured.
pub(super) fn shop_logo(config: &Config) -> Result<Option<Arc<Logo>>, CommandError> {
    shop_logo_by(config, |path| logo::load(path, Room::SHOP).map(Arc::new))
}

fn shop_logo_by(
    config: &Config,
    load: impl Fn(&Path) -> Result<Arc<Logo>, LogoError>,
) -> Result<Option<Arc<Logo>>, CommandError> {
    let logo = config.display.shop_logo.as_deref().map(load);

    logo.transpose().map_err(|cause| CommandError::Logo {
        setting: "[display] shop-logo",
        cause,
    })
}

fn code_logo_failed(cause: LogoError) -> CommandError {
    CommandError::Logo {
        setting: "[qr] logo",
        cause,
    }
}

/// The longest wait of a sale for a logo.
pub(super) const LOGO_PATIENCE: Duration = Duration::from_millis(250);

/// Loads the logos of the code and of the shop. Each may take up to [`LOGO_PATIENCE`].
fn logos(config: &Config) -> Result<[Option<Arc<Logo>>; 2], CommandError> {
    let code = || match &config.qr.logo {
        QrLogo::File(path) => logo::load_within(path, Room::CODE, LOGO_PATIENCE)
            .map(Some)
            .map_err(code_logo_failed),
        QrLogo::None | QrLogo::Mark => code_logo(config),
    };
    let shop = || {
        shop_logo_by(config, |path| {
            logo::load_within(path, Room::SHOP, LOGO_PATIENCE)
        })
    };

    // Both load at the same time.
    thread::scope(|scope| {
        let shop_thread = thread::Builder::new().spawn_scoped(scope, shop);
        let code = code()?;
        let shop = match shop_thread {
            Ok(thread) => thread.join().unwrap_or(Ok(None))?,
            // The system allows no more threads, so this thread loads the shop's logo.
            Err(_) => shop()?,
        };

        Ok([code, shop])
    })
}

/// Returns the side of the code's square in pixels, if it is known before the window opens.
pub(super) fn code_room(mode: Mode, screen: &Screen) -> Option<u32> {
    let size = match mode {
        Mode::Fullscreen => screen.size()?,
        Mode::Windowed(size) => size * screen.scale().unwrap_or(1.0),
    };

    Some(app::code_room(size))
}

/// A sale that is checked against the configuration and the disk.
pub(super) struct PreparedSale {
    counter: Counter,
    /// `None` if the cashier enters the amount.
    pub(super) order: Option<Order>,
    code_logo: Option<Arc<Logo>>,
    shop_logo: Option<Arc<Logo>>,
}

/// Checks the arguments against the configuration, and loads the logos, before anything is created.
pub(super) fn prepare(config: &Config, sale: &SaleArgs) -> Result<PreparedSale, CommandError> {
    let (counter, order) = checked(config, sale)?;
    let [code_logo, shop_logo] = logos(config)?;

    Ok(PreparedSale {
        counter,
        order,
        code_logo,
        shop_logo,
    })
}

/// Checks the arguments against the configuration. The order is `None` if the cashier enters the amount.
pub(super) fn checked(
    config: &Config,
    sale: &SaleArgs,
) -> Result<(Counter, Option<Order>), CommandError> {
    let (merchant_key, merchant) = config
        .merchant(sale.merchant.as_deref())
        .map_err(CommandError::Merchant)?;
    let basket = sale.items.as_ref().map(Items::read).transpose()?;
    let parse = |amount: &Option<String>| {
        let amount = amount.as_deref();

        amount
            .map(|amount| Amount::parse(amount, merchant.currency))
            .transpose()
    };
    let asked = parse(&sale.amount)?;
    let whole = parse(&sale.basket).map_err(CommandError::Basket)?;
    if let (Some(items), None, None) = (&sale.items, asked, whole) {
        items.refuse_unclear()?;
    }
    let amount = match (&sale.items, &basket) {
        (Some(items), Some(basket)) => {
            let sum = items.sum(basket, [asked, whole], merchant.currency)?;

            asked.or(Some(sum))
        }
        _ => asked.or(whole),
    };
    if let (Some(whole), Some(amount)) = (whole, amount)
        && whole.checked_sub(amount).is_none()
    {
        return Err(CommandError::BasketTooSmall {
            basket: whole,
            asked: amount,
        });
    }
    let particulars = Particulars {
        basket: basket.unwrap_or_default(),
        basket_amount: whole,
        invoice_ref: sale.invoice_ref.clone(),
        patron_not_present: sale.patron_not_present,
    };
    let counter = counter(config, merchant_key, sale, particulars, barcode(sale)?);
    let order = amount.and_then(|amount| counter.order(merchant_key, amount, fresh_names()));

    Ok((counter, order))
}

/// Returns the counter for a sale of this merchant.
pub(super) fn counter(
    config: &Config,
    merchant: &MerchantKey,
    sale: &SaleArgs,
    particulars: Particulars,
    patron_code: Option<PatronCode>,
) -> Counter {
    Counter {
        merchants: config.merchants.clone(),
        default_merchant: merchant.clone(),
        reference: sale.reference.clone(),
        operator: sale.operator.clone(),
        particulars: Arc::new(particulars),
        patron_code,
        handover: sale.handover.clone(),
        external_ref: config.terminal.external_ref,
        part_payments: config.terminal.part_payments,
    }
}

/// Parses `--barcode`. The code is a secret of the customer: no error or log line quotes it.
pub(super) fn barcode(sale: &SaleArgs) -> Result<Option<PatronCode>, CommandError> {
    let code = sale.barcode.as_deref().map(PatronCode::parse).transpose();

    code.map_err(CommandError::Barcode)
}

/// Builds the setup of a display. `room`: see [`Drawing::room`].
pub(super) fn setup(
    config: &Config,
    client: Client,
    journal: Journal,
    announcer: Announcer,
    prepared: PreparedSale,
    mode: Mode,
    room: Option<u32>,
) -> Setup {
    let drawing = Drawing {
        logo: prepared.code_logo,
        room,
    };

    Setup {
        rules: Rules::from(config),
        timing: Timing::from(config),
        counter: prepared.counter,
        order: prepared.order,
        effects: Effects::new(client, journal, announcer)
            .with_speaker(Speaker::from(&config.display))
            .with_codes_drawn_as(drawing),
        appearance: Appearance {
            shop_logo: prepared.shop_logo,
            conditions_are_off: !config.terminal.conditions,
            ..Appearance::from(&config.display)
        },
        patron: None,
        cashier: Vec::new(),
        controls: Controls::none(),
        mode,
    }
}

/// A client that is being set up on another thread, and connects to the platform meanwhile.
pub(super) struct EarlyClient(Option<JoinHandle<Result<Client, ClientError>>>);

impl EarlyClient {
    /// Begins to set up a client without a credential, and to open its connection. Nothing is sent.
    pub(super) fn begin(config: &Config) -> Self {
        let (api, terminal) = (config.api.clone(), config.terminal.clone());
        let set_up = move || {
            let client = step("client", || Client::without_credential(&api, terminal))?;
            let connecting = client.clone();
            Handle::current().spawn(async move {
                timed("connection", connecting.open_connection()).await;
            });

            Ok(client)
        };

        Self(
            app::runtime()
                .ok()
                .map(|runtime| runtime.spawn_blocking(set_up)),
        )
    }

    /// Waits for the client, and gives it the credential.
    pub(super) fn with(
        self,
        config: &Config,
        credential: &Credential,
    ) -> Result<Client, CommandError> {
        let Some(Ok(ready)) = self
            .0
            .zip(app::runtime().ok())
            .map(|(client, runtime)| runtime.block_on(client))
        else {
            return client(config, credential);
        };

        Ok(ready?.with_credential(credential)?)
    }
}

/// Opens the window, and returns the exit code of the sale.
pub(super) fn run(setup: Setup, screen: &Screen, keep_awake: bool) -> Result<u8, CommandError> {
    let effects = setup.effects.clone();
    let at_exit = {
        let effects = effects.clone();

        move |breakdown| log::finish(ended(&effects, Err(breakdown)))
    };
    let ran = app::run_sale(setup, screen, keep_awake, at_exit);

    ended(&effects, ran)
}

/// Returns the exit code of a sale after its window has closed or failed.
fn ended(effects: &Effects, ran: Result<(), Breakdown>) -> Result<u8, CommandError> {
    effects.finish();

    exit_code(effects.exit_code(), ran)
}

/// Returns the exit code of the sale, which has priority over a failure of the window.
fn exit_code(asked: Option<u8>, ran: Result<(), Breakdown>) -> Result<u8, CommandError> {
    match ran {
        Ok(()) => {}
        Err(breakdown) if breakdown.had_begun => warn(&format!(
            "the window failed, and the sale was ended: {breakdown}; run patron-display check to test the \
             screen"
        )),
        // The sale had its exit code, so the window failed only while it closed.
        Err(_) if asked.is_some() => {}
        Err(breakdown) => return Err(breakdown.into()),
    }

    // Without an ending, the outcome of the sale is unknown.
    Ok(asked.unwrap_or_else(|| Ending::unknown().exit_code()))
}

/// Returns the mode of the window. A window is not larger than the screen, because the code would be out of sight.
pub(super) fn mode(windowed: Option<Size<u32>>, screen: Option<&Screen>) -> Mode {
    let Some(size) = windowed else {
        return Mode::Fullscreen;
    };
    let whole = screen.and_then(Screen::whole).unwrap_or(Size::INFINITE);

    Mode::Windowed(Size::new(
        whole.width.min(size.width as f32),
        whole.height.min(size.height as f32),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn f62_window_failure_keeps_exit_code() {
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

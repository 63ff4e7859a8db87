//! `patron-display demo` and `patron-display sandbox`: the embedded platform, without network or money.

mod pictures;
mod platform;

use crate::app::{NoScreen, Screen, Setup};
use crate::cli::arguments::{Common, DemoArgs, PatronArg, SaleArgs, SandboxArgs};
use crate::cli::failure::CommandError;
use crate::cli::launch;
use crate::cli::session::{self, Runtime};
use crate::config::Config;
use crate::runtime::process::asked_to_end;
use crate::sandbox::{self, Options, Sandbox, Script};

use platform::{DemoPlatform, amount_keys, configuration, say};

/// The time to pay a demo's payment request, in seconds: long enough to look at every screen.
const EXPIRY_SECONDS: u32 = 120;

pub(super) fn demo(common: &Common, demo: &DemoArgs) -> Result<u8, CommandError> {
    let look = common.config.as_deref();
    let look = look.map(|path| Config::load(Some(path))).transpose()?;
    let runtime = Runtime::new()?;
    if demo.headless {
        return runtime.block_on(pictures::draw_all(&demo.out, demo.windowed, look));
    }
    let screen = match Screen::find(None) {
        Ok(screen) => screen,
        Err(why) if why != NoScreen::Nowhere => return Err(why.into()),
        Err(_) => {
            say("This machine has no screen, so the demo draws pictures.")?;

            return runtime.block_on(pictures::draw_all(&demo.out, demo.windowed, look));
        }
    };
    let options = Options {
        listen: demo.listen,
        public_url: demo.public_url.clone(),
        patron: match demo.patron {
            PatronArg::Auto => sandbox::PatronMode::PaysAfter(demo.pays_after),
            PatronArg::Manual => sandbox::PatronMode::Manual,
        },
        ..Options::default()
    };
    let platform = runtime.block_on(DemoPlatform::start(options, look))?;
    let sale = SaleArgs {
        amount: demo.amount.clone(),
        windowed: demo.windowed,
        ..SaleArgs::default()
    };
    let mode = launch::mode(sale.windowed, Some(&screen));
    let setup = Setup {
        // With an automatic customer, the cashier is automatic too.
        cashier: match demo.patron {
            PatronArg::Auto => amount_keys(),
            PatronArg::Manual => Vec::new(),
        },
        controls: session::controls(common),
        ..platform.setup(
            &sale,
            EXPIRY_SECONDS,
            session::announcer(common),
            mode,
            launch::code_room(mode, &screen),
            &platform.new_counter()?,
        )?
    };

    launch::run(setup, &screen, true)
}

/// Runs the embedded platform until the user interrupts it.
pub(super) fn sandbox(arguments: &SandboxArgs) -> Result<u8, CommandError> {
    let script = match &arguments.faults {
        Some(file) => Script::read(file)?,
        None => Script::default(),
    };
    let runtime = Runtime::new()?;

    runtime.block_on(async {
        let sandbox = Sandbox::start(Options {
            listen: arguments.listen,
            public_url: arguments.public_url.clone(),
            patron: arguments
                .pays_after
                .map_or(sandbox::PatronMode::Manual, sandbox::PatronMode::PaysAfter),
            ..Options::default()
        })
        .await?;
        sandbox.control().set_script(script);
        say(&format!(
            "# The sandbox listens at {base}. No money moves. Use this configuration:\n\n{config}\n\
             # Any API key works, for example CENTRAPAY_API_KEY=sandbox. Read and set faults at\n\
             # {base}/sandbox/faults. Press Ctrl-C to stop.",
            base = sandbox.base_url(),
            config = configuration(&sandbox, arguments.public_url.as_ref(), EXPIRY_SECONDS),
        ))?;
        asked_to_end().await;
        sandbox.shutdown().await;

        Ok(0)
    })
}

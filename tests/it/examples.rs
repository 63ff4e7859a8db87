//! The example tills of `docs/till` against a resident display without a window. A till that needs something that is not
//! installed is skipped with a line that says so.

mod language;
mod link;

use std::fs::{self, File};
use std::io::Write;
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};

use patron_display::sandbox::{ApiCall, Fault};
use serde_json::json;
use tokio::runtime::Runtime;

use crate::support::api::Api;
use crate::support::resident::{Counter, Shop};

use language::Language;
use link::Link;

/// A counter, and an example till that sells at it.
struct Scene {
    counter: Counter,
    till: Example,
}

/// An example, and what it needs to call the display.
struct Example {
    language: Language,
    link: Link,
    token: String,
}

/// A run of an example.
struct Run {
    child: Child,
    stdin: Option<ChildStdin>,
}

impl Run {
    fn of(mut command: Command) -> Self {
        let mut child = command.spawn().unwrap();

        Self {
            stdin: child.stdin.take(),
            child,
        }
    }

    fn code(&mut self) -> Option<i32> {
        self.child.try_wait().unwrap()?.code()
    }

    /// Answers a question of the till. The other answers are no.
    fn answers_yes(&mut self) {
        let mut stdin = self.stdin.take().unwrap();
        stdin.write_all(b"y\n").unwrap();
    }
}

impl Drop for Run {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Scene {
    /// Returns `None` if this example cannot run here.
    async fn open(language: Language) -> Option<Self> {
        Self::open_at(Shop::open().await, language).await
    }

    async fn open_at(shop: Shop, language: Language) -> Option<Self> {
        language.command()?;
        let counter = Counter::at(shop).await;
        let rights = "sell,refund,history,settle";
        let added = counter
            .shop
            .finishes(&["till", "add", "Example", "--may", rights])
            .await;
        assert_eq!(added.exit_code, Some(0), "{}", added.stderr);
        let till = Example {
            language,
            link: Link::to(counter.service.address()),
            token: added.stdout.trim().to_owned(),
        };

        Some(Self { counter, till })
    }

    /// Starts the example with these arguments.
    fn starts(&self, arguments: &[&str]) -> Run {
        let said = File::create(self.counter.shop.path("said.txt")).unwrap();
        let mut command = self.till.language.command().unwrap();
        command
            .args(arguments)
            .env("PATRON_DISPLAY_URL", self.till.link.url())
            .env("PATRON_DISPLAY_TOKEN", &self.till.token)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(said);

        Run::of(command)
    }

    /// Starts the sale A1 of 12.50, and waits for its code.
    async fn sells(&mut self) -> Run {
        let run = self.starts(&["sell", "12.50", "A1"]);
        self.counter.until_presenting().await;

        run
    }

    fn said(&self) -> String {
        fs::read_to_string(self.counter.shop.path("said.txt")).unwrap()
    }

    /// Waits until the till has told its cashier this.
    async fn until_said(&mut self, words: &str) {
        let file = self.counter.shop.path("said.txt");
        let is_said = |_: &_| fs::read_to_string(&file).unwrap().contains(words);
        self.counter.until(is_said).await;
    }

    async fn ends_with(&mut self, run: &mut Run, code: i32) {
        let mut ended = None;
        self.counter
            .until(|_| {
                ended = ended.or_else(|| run.code());

                ended.is_some()
            })
            .await;
        assert_eq!(ended, Some(code), "{}", self.said());
    }

    /// Pays the code, and checks that the sale was paid once.
    async fn is_paid_once(&mut self, run: &mut Run) {
        self.counter.control().pay(&self.counter.latest()).unwrap();
        self.ends_with(run, 0).await;
        let requests = self.counter.control().requests();
        assert_eq!(requests.len(), 1);
        assert_eq!((requests[0].captured, requests[0].refunded), (1250, 0));
    }

    async fn commands(&mut self, command: &str) {
        let api = Api::own(&self.counter.shop);
        let body = json!({"command": command});
        let path = "/v1/sales/A1/commands";
        let answer = self.counter.calls(&api, "POST", path, &body).await;
        assert_eq!(answer.status, 202, "{answer:?}");
    }
}

async fn sells_and_refunds_once(scene: &mut Scene) {
    let mut sale = scene.sells().await;
    scene.is_paid_once(&mut sale).await;
    let id = scene.counter.latest();
    let refund = ["refund", &id, "R1", "5.00"];
    scene.till.link.loses("POST /v1/refunds");
    let mut first = scene.starts(&refund);
    scene.ends_with(&mut first, 0).await;
    let mut again = scene.starts(&refund);
    scene.ends_with(&mut again, 0).await;
    let request = scene.counter.control().request(&id).unwrap();
    assert_eq!(request.refunded, 500);
    let mut too_much = scene.starts(&["refund", &id, "R2", "99.00"]);
    scene.ends_with(&mut too_much, 64).await;
}

async fn lost_answer_charges_once(scene: &mut Scene) {
    scene.till.link.loses("POST /v1/sales ");
    let mut sale = scene.sells().await;
    scene.is_paid_once(&mut sale).await;
    // The same sale again is reported as paid.
    let mut again = scene.starts(&["sell", "12.50", "A1"]);
    scene.ends_with(&mut again, 0).await;
    assert_eq!(scene.counter.control().requests().len(), 1);
}

async fn declined_sale_is_tried_again(scene: &mut Scene) {
    let mut sale = scene.sells().await;
    let first = scene.counter.latest();
    scene.counter.control().decline(&first).unwrap();
    scene.until_said("Try again?").await;
    sale.answers_yes();
    let control = scene.counter.control();
    scene
        .counter
        .until(|_| control.latest() != Some(first.clone()))
        .await;
    scene.counter.until_presenting().await;
    let second = scene.counter.latest();
    scene.counter.control().decline(&second).unwrap();
    // Now the input is at its end, so the till closes the sale.
    scene.ends_with(&mut sale, 21).await;
    scene.counter.until_idle().await;
}

async fn condition_is_answered(scene: &mut Scene) {
    let mut sale = scene.starts(&["sell", "12.50", "CONDITION-1"]);
    scene.until_said("Accept?").await;
    sale.answers_yes();
    scene.counter.until_presenting().await;
    scene.is_paid_once(&mut sale).await;
}

async fn part_goes_back(scene: &mut Scene) {
    let mut sale = scene.starts(&["sell", "20.00", "A1", "20.00"]);
    scene.counter.until_presenting().await;
    let id = scene.counter.latest();
    scene.counter.control().pay_part(&id, 1250).unwrap();
    scene.until_said("aid another way?").await;
    // The end of the input is no.
    drop(sale.stdin.take());
    scene.ends_with(&mut sale, 10).await;
    let request = scene.counter.control().request(&id).unwrap();
    assert_eq!((request.captured, request.refunded), (1250, 1250));
}

async fn busy_display_begins_nothing(scene: &mut Scene) {
    let mut other = scene.counter.sells_as("B1");
    scene.counter.until_shown(&other).await;
    let mut sale = scene.starts(&["sell", "12.50", "A1"]);
    scene.ends_with(&mut sale, 75).await;
    assert!(scene.said().contains("B1"), "{}", scene.said());
    scene.counter.is_paid(&mut other).await;
    assert_eq!(scene.counter.control().requests().len(), 1);
}

async fn unknown_is_no_ending(scene: &mut Scene) {
    let mut sale = scene.sells().await;
    let control = scene.counter.control();
    control.script(ApiCall::Read, [Fault::status(500).forever()]);
    control.script(ApiCall::Void, [Fault::drop_before().forever()]);
    scene.commands("cancel").await;
    scene.until_said("ot known yet").await;
    scene.commands("close").await;
    scene.ends_with(&mut sale, 30).await;
    assert!(scene.said().to_lowercase().contains("do not charge again"));
}

/// Shows a code of the example's sale, and then drops the display with all its tasks, as if it was killed. Another display
/// takes the sale up.
fn outlives_its_display(language: Language) {
    let (platform, process) = (Runtime::new().unwrap(), Runtime::new().unwrap());
    let shop = platform.block_on(Shop::open());
    let killed = process.block_on(async {
        let mut scene = Scene::open_at(shop, language).await?;
        let sale = scene.sells().await;

        Some((sale, scene.counter.shop, scene.till))
    });
    process.shutdown_background();
    let Some((mut sale, shop, till)) = killed else {
        return;
    };
    platform.block_on(async {
        let counter = Counter::at(shop).await;
        till.link.leads_to(counter.service.address());
        let mut scene = Scene { counter, till };
        scene.counter.until_presenting().await;
        scene.is_paid_once(&mut sale).await;
    });
}

/// Sells with an example that starts `patron-display sale` for each sale. The sale is handed over to the display.
async fn sells_by_program(interpreter: &str, file: &str) {
    if !language::is_installed(interpreter) {
        eprintln!("SKIPPED: docs/till/{file} was not run, since there is no {interpreter} here");
        return;
    }
    let mut counter = Counter::open().await;
    let own = counter.shop.program(&[]);
    let mut path = vec![Path::new(own.get_program()).parent().unwrap().to_owned()];
    path.extend(std::env::split_paths(
        &std::env::var_os("PATH").unwrap_or_default(),
    ));
    let mut command = Command::new(interpreter);
    command
        .arg(language::folder().join(file))
        .args(["12.50", "A1"])
        .envs(
            own.get_envs()
                .filter_map(|(name, value)| Some((name, value?))),
        )
        .env("PATH", std::env::join_paths(path).unwrap())
        .env("PATRON_DISPLAY_CONFIG", counter.shop.path("config.toml"))
        .current_dir(counter.shop.home.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::null());
    let mut run = Run::of(command);
    counter.until_presenting().await;
    counter.control().pay(&counter.latest()).unwrap();
    let mut code = None;
    counter
        .until(|_| {
            code = code.or_else(|| run.code());

            code.is_some()
        })
        .await;
    assert_eq!(code, Some(0));
    assert_eq!(counter.control().requests().len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn shell_sells_by_exit_code() {
    sells_by_program("sh", "sell.sh").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn python_sells_by_json_lines() {
    sells_by_program("python3", "sell.py").await;
}

/// Runs each scene with the example in each language.
macro_rules! examples {
    ($($module:ident: $language:ident),*; $scenes:tt) => {
        $(examples!(@ $module $language $scenes);)*
    };
    (@ $module:ident $language:ident [$($scene:ident),*]) => {
        mod $module {
            use super::{Language, Scene};

            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $scene() {
                    if let Some(mut scene) = Scene::open(Language::$language).await {
                        super::$scene(&mut scene).await;
                    }
                }
            )*

            #[test]
            fn outlives_its_display() {
                super::outlives_its_display(Language::$language);
            }
        }
    };
}

examples! {
    python: Python, shell: Shell, node: Node, c_sharp: CSharp;
    [
        sells_and_refunds_once,
        lost_answer_charges_once,
        declined_sale_is_tried_again,
        condition_is_answered,
        part_goes_back,
        busy_display_begins_nothing,
        unknown_is_no_ending
    ]
}

//! Proxies that the environment names and the configuration does not.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use tempfile::TempDir;
use tokio::task::spawn_blocking;

use crate::elsewhere::Elsewhere;
use crate::scene::KEY;
use crate::shown;

const VARIABLES: [&str; 6] = [
    "HTTP_PROXY",
    "http_proxy",
    "HTTPS_PROXY",
    "https_proxy",
    "ALL_PROXY",
    "all_proxy",
];

/// The real program in an environment that has nothing but the key and this proxy.
async fn run(proxy: &Elsewhere, home: &Path, arguments: &[&str]) -> Output {
    let proxy = format!("http://{}", proxy.address);
    let mut program = Command::new(env!("CARGO_BIN_EXE_patron-display"));
    program
        .env_clear()
        .env("HOME", home)
        .env("CENTRAPAY_API_KEY", KEY)
        .env("PATRON_DISPLAY_STATE_DIR", home.join("state"))
        .args(arguments);
    for variable in VARIABLES {
        program.env(variable, &proxy);
    }

    spawn_blocking(move || program.output().unwrap())
        .await
        .unwrap()
}

/// The configuration of a platform at this address.
fn configuration(home: &TempDir, base_url: &str) -> String {
    let path = home.path().join("config.toml");
    let text = format!(
        "[api]\nbase-url = \"{base_url}\"\npay-hosts = [\"127.0.0.1\"]\n\
         tls-roots = \"bundled\"\n\
         [merchants.cafe]\nconfig-id = \"5ee168e8597be5002af7b454\"\nname = \"Café\"\n\
         liveness = \"test\"\n"
    );
    fs::write(&path, text).unwrap();

    path.to_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f18_a_sale_is_settled_past_every_proxy_that_the_environment_names() {
    let proxy = Elsewhere::listen().await;
    let sale = shown("").await;
    let id = sale.latest();
    let (sandbox, data) = sale.leave();
    let home = tempfile::tempdir().unwrap();
    let config = configuration(&home, &sandbox.base_url());
    let data = data.path().to_str().unwrap().to_owned();
    let arguments = ["settle", "--config", &config, "--data-dir", &data];
    let settled = run(&proxy, home.path(), &arguments).await;
    assert_eq!(settled.status.code(), Some(21), "{settled:?}");
    let status = sandbox.control().request(&id).unwrap().status;
    assert_eq!(status, patron_display::sandbox::Status::Cancelled);
    assert!(proxy.heard().is_empty(), "{:?}", proxy.heard());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f18_an_encrypted_platform_is_called_past_every_proxy_too() {
    let proxy = Elsewhere::listen().await;
    let platform = Elsewhere::listen().await;
    let home = tempfile::tempdir().unwrap();
    let base_url = format!("https://127.0.0.1:{}", platform.address.port());
    let config = configuration(&home, &base_url);
    let data = home.path().join("data").to_str().unwrap().to_owned();
    let arguments = ["check", "--config", &config, "--data-dir", &data];
    let checked = run(&proxy, home.path(), &arguments).await;
    assert!(!platform.heard().is_empty(), "{checked:?}");
    assert!(proxy.heard().is_empty(), "{:?}", proxy.heard());
}

use std::fs;

use super::*;
use crate::domain::money::Currency;
use crate::domain::payment::Liveness;

mod network;
mod refusals;
mod schema;
mod syntax;

const SAMPLE: &str = include_str!("../../config/patron-display.toml");

/// The smallest valid configuration.
const LEAST: &str = "[merchants.cafe]\nconfig-id = \"5ee1\"\nname = \"Café\"\n";

fn read(text: &str) -> Result<Config, ConfigError> {
    Config::from_str(text, Path::new("/shop/config.toml"))
}

fn pay_host(host: &str, port: Option<u16>) -> PayHost {
    PayHost {
        host: host.to_owned(),
        port,
    }
}

#[test]
fn full_configuration_is_read() {
    let config = read(
        r##"
        default-merchant = "cafe"
        [api]
        base-url = "https://service.centrapay.com"
        pay-hosts = ["app.centrapay.com", "127.0.0.1:8787", "[::1]:443"]
        api-key-file = "centrapay.key"
        [terminal]
        terminal-id = "COUNTER-1"
        device-id = "SN-0042"
        [merchants.cafe]
        config-id = "mc_5ee168e8597be5002af7b454"
        name = "Centrapay Café"
        currency = "NZD"
        liveness = "test"
        expiry-seconds = 1_20
        account-id = "C4QnjXvj8At6SMsEN4LRi9"
        [merchants.bar]
        config-id = "5ee168e8597be5002af7b455"
        name = "Bar"
        currency = "JPY"
        [display]
        locale = ["en-NZ", "mi"]
        theme = "high-contrast"
        accent = "#ffdd00"
        shop-logo = "shop.svg"
        text-size = 125
        reduced-motion = true
        tones = true
        tone-player = ["aplay", "-q"]
        keep-awake = false
        monitor = "HDMI-1"
        close-after = "500ms"
        leave-after = "2m"
        apps = ["Payap", "Farmlands"]

        [qr]
        content = "pay-endpoint"
        logo = "mark"

        [local-api]
        listen = "127.0.0.1:8790"
        "##,
    )
    .unwrap();

    assert_eq!(config.default_merchant.as_str(), "cafe");
    assert_eq!(
        config.api.base_url.as_str(),
        "https://service.centrapay.com/"
    );
    assert_eq!(
        config.api.pay_hosts,
        [
            pay_host("app.centrapay.com", None),
            pay_host("127.0.0.1", Some(8787)),
            pay_host("[::1]", None),
        ]
    );
    assert_eq!(config.api.api_key_file, Some("/shop/centrapay.key".into()));
    assert_eq!(config.terminal.terminal_id.as_deref(), Some("COUNTER-1"));
    assert_eq!(config.terminal.device_id.as_deref(), Some("SN-0042"));
    let (_, cafe) = config.merchant(None).unwrap();
    assert_eq!(
        *cafe,
        Merchant {
            config_id: "5ee168e8597be5002af7b454".to_owned(),
            name: "Centrapay Café".to_owned(),
            currency: Currency::NZD,
            liveness: Liveness::Test,
            expiry_seconds: 120,
            account_id: Some("C4QnjXvj8At6SMsEN4LRi9".to_owned()),
        }
    );
    assert_eq!(
        config.merchant(Some("bar")).unwrap().1.currency,
        Currency::JPY
    );
    assert_eq!(
        config.display,
        Display {
            locale: vec![Language::EnNz, Language::Mi],
            theme: Theme::HighContrast,
            accent: Some(Colour::rgb(0xff_dd_00)),
            shop_logo: Some("/shop/shop.svg".into()),
            text_size: 125,
            reduced_motion: true,
            tones: true,
            tone_player: vec!["aplay".to_owned(), "-q".to_owned()],
            keep_awake: false,
            monitor: Some("HDMI-1".to_owned()),
            close_after: Duration::from_millis(500),
            leave_after: Some(Duration::from_secs(120)),
            clock: false,
            apps: vec!["Payap".to_owned(), "Farmlands".to_owned()],
        }
    );
    assert_eq!(
        config.qr,
        Qr {
            content: QrContent::PayEndpoint,
            logo: QrLogo::Mark,
        }
    );
    assert_eq!(config.local_api.listen, "127.0.0.1:8790".parse().ok());
}

#[test]
fn one_merchant_is_enough() {
    let config = read(LEAST).unwrap();

    assert_eq!(
        config,
        Config {
            path: "/shop/config.toml".into(),
            default_merchant: MerchantKey::new("cafe"),
            api: Api {
                base_url: Url::parse("https://service.centrapay.com").unwrap(),
                pay_hosts: vec![pay_host("app.centrapay.com", None)],
                api_key_file: None,
                authorization_file: None,
                account: None,
                tls_roots: TlsRoots::System,
                proxy: None,
                poll_every: Duration::from_secs(1),
                counters: 1,
            },
            terminal: Terminal::default(),
            merchants: BTreeMap::from([(
                MerchantKey::new("cafe"),
                Merchant {
                    config_id: "5ee1".to_owned(),
                    name: "Café".to_owned(),
                    currency: Currency::NZD,
                    liveness: Liveness::Main,
                    expiry_seconds: 120,
                    account_id: None,
                }
            )]),
            display: Display {
                locale: vec![Language::EnNz],
                theme: Theme::Light,
                accent: None,
                shop_logo: None,
                text_size: 100,
                reduced_motion: false,
                tones: false,
                tone_player: Vec::new(),
                keep_awake: true,
                monitor: None,
                close_after: Duration::from_secs(8),
                leave_after: None,
                clock: false,
                apps: vec!["Payap".to_owned()],
            },
            qr: Qr {
                content: QrContent::PaymentUrl,
                logo: QrLogo::None,
            },
            local_api: LocalApi { listen: None },
        }
    );
}

#[test]
fn sample_file_is_what_the_program_prints() {
    assert!(
        SAMPLE == crate::config::schema::sample(),
        "run patron-display config example > config/patron-display.toml"
    );
}

#[test]
fn sample_is_valid() {
    let config = read(SAMPLE).unwrap();

    assert_eq!(config.default_merchant.as_str(), "cafe");
    assert_eq!(config.api.api_key_file, Some("/shop/centrapay.key".into()));
}

/// Returns the sample with every setting in use, except those that begin with one of `without`.
fn whole_sample(without: &[&str]) -> String {
    SAMPLE
        .lines()
        .map(|line| match line.strip_prefix('#') {
            Some(setting) if setting.starts_with(|c: char| c.is_ascii_lowercase()) => setting,
            _ => line,
        })
        .filter(|line| !without.iter().any(|key| line.starts_with(key)))
        .map(|line| format!("{line}\n"))
        .collect()
}

#[test]
fn sample_shows_every_setting_and_true_defaults() {
    // The key and the token exclude each other.
    let shown = read(&whole_sample(&["api-key-file"])).unwrap();
    let plain = read(SAMPLE).unwrap();

    for (_, keys) in hint::tables() {
        for key in keys {
            assert!(SAMPLE.contains(key), "the sample lacks {key}");
        }
    }
    assert_eq!(shown.api.base_url, plain.api.base_url);
    assert_eq!(shown.api.pay_hosts, plain.api.pay_hosts);
    assert_eq!(shown.display.close_after, plain.display.close_after);
    assert_eq!(shown.display.locale, plain.display.locale);
    assert_eq!(shown.qr, plain.qr);
}

#[test]
fn base_url_loses_its_last_slash() {
    for (written, kept) in [
        (
            "https://proxy.example/centrapay/",
            "https://proxy.example/centrapay",
        ),
        (
            "https://SERVICE.centrapay.com:443/",
            "https://service.centrapay.com/",
        ),
        ("http://127.0.0.1:8787", "http://127.0.0.1:8787/"),
        ("http://127.9.9.9/", "http://127.9.9.9/"),
        ("http://[::1]:1/", "http://[::1]:1/"),
        ("http://localhost:8787", "http://localhost:8787/"),
    ] {
        let config = read(&format!("[api]\nbase-url = \"{written}\"\n{LEAST}")).unwrap();

        assert_eq!(config.api.base_url.as_str(), kept);
    }
}

#[test]
fn relative_paths_start_at_the_file() {
    let text = format!("[api]\nauthorization-file = \"keys/jwt\"\naccount = \"a1\"\n{LEAST}");
    let config = read(&text).unwrap();
    assert_eq!(config.api.authorization_file, Some("/shop/keys/jwt".into()));
    assert_eq!(config.api.account.as_deref(), Some("a1"));

    let beside_here = Config::from_str(&text, Path::new("config.toml")).unwrap();
    assert_eq!(beside_here.api.authorization_file, Some("keys/jwt".into()));

    let whole = read(&format!("[api]\napi-key-file = '/run/a.key'\n{LEAST}")).unwrap();
    assert_eq!(whole.api.api_key_file, Some("/run/a.key".into()));
}

#[test]
fn windows_text_is_read() {
    let text = format!("\u{feff}{}", LEAST.replace('\n', "\r\n"));
    assert!(read(&text).is_ok());

    let wrong = read("\u{feff}tehme = 1\r\n").unwrap_err().to_string();
    assert!(
        wrong.starts_with("/shop/config.toml:1:1: unknown key"),
        "{wrong}"
    );
}

#[test]
fn unknown_merchant_gets_a_hint() {
    let config = read(&format!(
        "default-merchant = \"cafe\"\n{LEAST}{}",
        LEAST.replace("cafe", "bar")
    ))
    .unwrap();

    for (given, sentence) in [
        (
            "Caffe",
            "/shop/config.toml: there is no merchant \"Caffe\"; did you mean \"cafe\"?",
        ),
        (
            "till",
            "/shop/config.toml: there is no merchant \"till\"; write \"bar\" or \"cafe\"",
        ),
    ] {
        assert_eq!(
            config.merchant(Some(given)).unwrap_err().to_string(),
            sentence
        );
    }
}

#[test]
fn named_file_is_loaded() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("shop.toml");
    fs::write(&path, LEAST).unwrap();

    let config = Config::load(Some(&path)).unwrap();

    assert_eq!(config.path, path);
}

#[test]
fn missing_file_error_lists_places() {
    let candidates = [
        ("/nowhere/a.toml", Origin::CommandLine),
        ("/nowhere/b.toml", Origin::Environment),
        ("/nowhere/c.toml", Origin::User),
    ]
    .map(|(path, origin)| Candidate {
        path: path.into(),
        origin,
    });

    let error = Config::load_first(&candidates).unwrap_err();

    assert_eq!(
        error.to_string(),
        "no configuration was found in /nowhere/a.toml (named by --config), /nowhere/b.toml (named by PATRON_DISPLAY_CONFIG), \
         /nowhere/c.toml; put the sample, which `patron-display config example` prints, in one of these places and write your config-id into it"
    );
}

#[test]
fn missing_named_file_is_an_error() {
    let error = Config::load(Some(Path::new("/nowhere/a.toml"))).unwrap_err();

    assert_eq!(
        error.to_string(),
        "no configuration was found in /nowhere/a.toml (named by --config); correct the path, or put the sample there, which `patron-display config example` prints, and write your config-id into it"
    );
}

#[test]
fn unreadable_file_says_why() {
    let directory = tempfile::tempdir().unwrap();
    let error = Config::load(Some(directory.path()))
        .unwrap_err()
        .to_string();
    assert!(
        error.ends_with("cannot read the configuration: it is a directory; name the file in it, such as config.toml"),
        "{error}"
    );

    let locked = ConfigError::unreadable(
        Path::new("/shop/config.toml"),
        &std::io::Error::from(std::io::ErrorKind::PermissionDenied).into(),
    );
    assert_eq!(
        locked.to_string(),
        "/shop/config.toml: cannot read the configuration: permission denied; let the user who runs the display read it"
    );
}

#[test]
fn non_utf8_file_is_refused_in_place() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("config.toml");
    fs::write(&path, b"[merchants.cafe]\nname = \"Caf\xe9\"\n").unwrap();

    let error = Config::load(Some(&path)).unwrap_err().to_string();

    assert_eq!(
        error,
        format!(
            "{}:2:12: the file is not UTF-8 text; save it again with the encoding UTF-8",
            path.display()
        )
    );
}

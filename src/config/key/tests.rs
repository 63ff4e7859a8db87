use std::fs;

use secrecy::ExposeSecret;
use tempfile::TempDir;

use super::*;
use crate::config::Config;

const KEY: &str = "k3y-ABCdef+/=";

/// Creates a directory with a configuration of this `[api]` table.
fn api(settings: &str) -> (TempDir, Api) {
    let directory = tempfile::tempdir().unwrap();
    let text =
        format!("[api]\n{settings}\n[merchants.cafe]\nconfig-id = \"5ee1\"\nname = \"Café\"\n");
    let config = Config::from_str(&text, &directory.path().join("config.toml")).unwrap();

    (directory, config.api)
}

/// Writes a file that only its owner can read.
fn write(path: &Path, text: impl AsRef<[u8]>) {
    fs::write(path, text).unwrap();
    set_mode(path, 0o600);
}

#[cfg(unix)]
fn set_mode(path: &Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt;

    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

#[cfg(not(unix))]
fn set_mode(_: &Path, _: u32) {}

fn nothing(_: &str) -> Option<OsString> {
    None
}

fn key(credential: &Credential) -> &str {
    match credential {
        Credential::ApiKey(key) => key.expose_secret(),
        Credential::Authorization { .. } => panic!("not an api key"),
    }
}

/// Returns the error of a key file with these bytes.
fn refused(bytes: impl AsRef<[u8]>) -> String {
    let (directory, api) = api("api-key-file = \"a.key\"");
    write(&directory.path().join("a.key"), bytes);
    let error = Credential::load(&api, &nothing).unwrap_err().to_string();

    error.replace(&directory.path().display().to_string(), "/d")
}

#[test]
fn key_file_may_end_with_a_line_break() {
    let (directory, api) = api("api-key-file = \"a.key\"");
    write(&directory.path().join("a.key"), format!("{KEY}\r\n"));

    let credential = Credential::load(&api, &nothing).unwrap();

    assert_eq!(key(&credential), KEY);
}

#[test]
fn sources_have_an_order() {
    let (directory, mut api) = api("api-key-file = \"a.key\"");
    write(&directory.path().join("a.key"), "from-file");
    let credentials = directory.path().join("credentials");
    fs::create_dir(&credentials).unwrap();
    let env = |name: &str| match name {
        "CREDENTIALS_DIRECTORY" => Some(credentials.clone().into_os_string()),
        "CENTRAPAY_API_KEY" => Some("from-variable".into()),
        _ => None,
    };

    // The service has credentials, but not the key.
    assert_eq!(key(&Credential::load(&api, &env).unwrap()), "from-file");

    // The file is readable for a group, as systemd may pass it.
    let passed = credentials.join("centrapay-api-key");
    fs::write(&passed, "from-systemd\n").unwrap();
    set_mode(&passed, 0o440);
    assert_eq!(key(&Credential::load(&api, &env).unwrap()), "from-systemd");

    fs::remove_file(passed).unwrap();
    api.api_key_file = None;
    assert_eq!(key(&Credential::load(&api, &env).unwrap()), "from-variable");
}

#[test]
fn token_replaces_every_key() {
    let (directory, api) = api("authorization-file = \"jwt\"\naccount = \"acc1\"");
    write(&directory.path().join("jwt"), "aaa.bbb.ccc\n");

    let credential = Credential::load(&api, &|_| Some("unused".into())).unwrap();

    let Credential::Authorization { token, account } = credential else {
        panic!("a token was configured");
    };
    assert_eq!(token.expose_secret(), "aaa.bbb.ccc");
    assert_eq!(account.as_deref(), Some("acc1"));
}

#[test]
fn missing_key_error_names_three_places() {
    let (_directory, api) = api("");

    assert_eq!(
        Credential::load(&api, &nothing).unwrap_err().to_string(),
        "there is no API key; pass it as the systemd credential centrapay-api-key, or in a file named by \
         api-key-file in [api], or in the environment variable CENTRAPAY_API_KEY"
    );
}

#[test]
fn missing_key_file_is_an_error() {
    let (directory, api) = api("api-key-file = \"a.key\"");

    let error = Credential::load(&api, &|_| Some(KEY.into())).unwrap_err();

    assert_eq!(
        error.to_string(),
        format!(
            "{}: the key file does not exist; write the key into it, or correct its path in [api]",
            directory.path().join("a.key").display()
        )
    );
}

#[cfg(unix)]
#[test]
fn exposed_key_is_refused() {
    let (directory, api) = api("api-key-file = \"a.key\"");
    let path = directory.path().join("a.key");
    write(&path, KEY);

    for mode in [0o640, 0o604, 0o620, 0o601] {
        set_mode(&path, mode);
        let error = Credential::load(&api, &nothing).unwrap_err().to_string();

        assert!(
            error.ends_with(&format!("run chmod 600 {}", path.display())),
            "{error}"
        );
        assert!(!error.contains(KEY));
    }

    set_mode(&path, 0o400);
    assert_eq!(key(&Credential::load(&api, &nothing).unwrap()), KEY);
}

#[test]
fn unusable_key_is_refused() {
    for empty in ["", "\n", " \t\r\n"] {
        assert_eq!(
            refused(empty),
            "/d/a.key: the key is empty; write the key into it, or remove it"
        );
    }
    let long = "x".repeat(LONGEST + 1);
    let unusable: [&[u8]; 7] = [
        b"Bearer abc",
        b"line1\nline2",
        "sch\u{f6}n".as_bytes(),
        b"\xff\xfe",
        b"a\0b",
        b"\x7f",
        long.as_bytes(),
    ];
    for bytes in unusable {
        let error = refused(bytes);

        assert!(error.starts_with("/d/a.key: this is not a key"), "{error}");
    }
    assert!(Credential::load(&api("").1, &|name| (name == VARIABLE).then(OsString::new)).is_err());
}

#[test]
fn directory_is_not_a_key() {
    let (directory, api) = api("api-key-file = \"keys\"");
    fs::create_dir(directory.path().join("keys")).unwrap();

    let error = Credential::load(&api, &nothing).unwrap_err().to_string();

    assert!(
        error.ends_with("keys: the key must be in a regular file; correct its path"),
        "{error}"
    );
}

#[test]
fn secret_is_not_in_debug_output() {
    let (_directory, api) = api("");
    let env = |name: &str, value: &str| (name == VARIABLE).then(|| OsString::from(value));

    let credential = Credential::load(&api, &|name| env(name, KEY)).unwrap();
    assert!(!format!("{credential:?}").contains(KEY));

    let spaced = format!("{KEY} {KEY}");
    let error = Credential::load(&api, &|name| env(name, &spaced)).unwrap_err();
    assert!(!format!("{error} {error:?}").contains(KEY));
}

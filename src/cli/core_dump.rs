//! Keeps the key out of core dumps. A program that breaks down while it holds the key would leave
//! it in a file, or hand it to whatever collects crashes on this machine; and another program of
//! the same user could read it out of the running one as a debugger does.

/// From now on the system writes no image of this process. Where it cannot be asked, that is
/// logged and the program goes on: a sale is worth more than this precaution.
#[cfg(target_os = "linux")]
pub(super) fn prevent() {
    use rustix::process::{DumpableBehavior, set_dumpable_behavior};

    if let Err(error) = set_dumpable_behavior(DumpableBehavior::NotDumpable) {
        tracing::warn!(%error, "a core dump could hold the key");
    }
}

/// Elsewhere it is up to the system's own settings.
#[cfg(not(target_os = "linux"))]
pub(super) fn prevent() {}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::path::Path;

    use rustix::process::{DumpableBehavior, dumpable_behavior, set_dumpable_behavior};

    use crate::cli::launch;
    use crate::config::Config;

    #[test]
    fn f55_before_the_key_is_read_this_process_can_no_longer_be_dumped() {
        const SHOP: &str = "[api]\napi-key-file = \"/nowhere/centrapay.key\"\n\
                            [merchants.cafe]\nconfig-id = \"5ee168e8597be5002af7b454\"\n\
                            name = \"Café\"\n";
        set_dumpable_behavior(DumpableBehavior::Dumpable).unwrap();
        let config = Config::from_str(SHOP, Path::new("shop.toml")).unwrap();
        assert!(launch::key_source(&config).load().is_err());
        assert_eq!(dumpable_behavior(), Ok(DumpableBehavior::NotDumpable));
    }
}

use std::fmt;

/// The id of a payment request: what its url, its polls and its void are addressed by.
///
/// Only characters that are safe in a path segment are let in, so an id can be put into a url as
/// it is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RequestId(String);

impl RequestId {
    const MAX_LEN: usize = 64;

    /// Takes an id as the platform wrote it; `None` when it could not stand in a url.
    pub fn new(id: &str) -> Option<Self> {
        let plain = |c: u8| c.is_ascii_alphanumeric() || c == b'-' || c == b'_';

        (!id.is_empty() && id.len() <= Self::MAX_LEN && id.bytes().all(plain))
            .then(|| Self(id.to_owned()))
    }

    /// The id as the platform wrote it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The name of a payment request for people, such as `CP-C7F-ZS5`, as somebody typed it.
///
/// Its check character is left to the platform, which has not published how it is made; what is
/// checked here is that it can be put into a url as it is.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ShortCode(String);

impl ShortCode {
    const PREFIX: &str = "CP-";
    const MAX_LEN: usize = 32;

    /// Takes a short code in capitals or not; `None` when it does not begin like one, or could not
    /// stand in a url.
    pub fn new(text: &str) -> Option<Self> {
        let code = text.trim().to_ascii_uppercase();
        let plain = |c: u8| c.is_ascii_alphanumeric() || c == b'-';
        let rest = code.strip_prefix(Self::PREFIX)?;

        (!rest.is_empty() && code.len() <= Self::MAX_LEN && rest.bytes().all(plain))
            .then_some(Self(code))
    }

    /// The code in capitals, as the platform writes it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ShortCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The id of a payment condition as the platform wrote it, byte for byte: the answer is addressed by it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct ConditionId(String);

impl ConditionId {
    const MAX_LEN: usize = 256;

    /// Takes an id.
    pub fn new(id: &str) -> Self {
        Self(id.to_owned())
    }

    /// Returns the id if an answer can be addressed by it. `None`: it is empty, longer than 256 bytes, has control
    /// characters, or is `.` or `..`.
    pub fn address(&self) -> Option<&str> {
        let id = self.0.as_str();
        let is_one = !id.is_empty()
            && id.len() <= Self::MAX_LEN
            && !id.chars().any(char::is_control)
            && ![".", ".."].contains(&id);

        is_one.then_some(id)
    }
}

/// The id of a merchant config as the platform wrote it. It can be compared, and nothing else: what
/// is shown or sent is the shop's own.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ConfigId(String);

impl ConfigId {
    /// Takes an id with or without the platform's prefix `mc_`.
    pub fn new(id: &str) -> Self {
        Self(id.strip_prefix("mc_").unwrap_or(id).to_owned())
    }

    /// Whether it is this one of the configuration, which has no prefix.
    pub fn is(&self, configured: &str) -> bool {
        self.0 == configured
    }
}

/// The reference of a request as the platform wrote it. It can be compared, and nothing else.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ExternalRef(String);

impl ExternalRef {
    /// Takes a reference.
    pub fn new(reference: &str) -> Self {
        Self(reference.to_owned())
    }

    /// Whether it is this one.
    pub fn is(&self, reference: &str) -> bool {
        self.0 == reference
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_that_could_change_the_path_of_a_url_is_not_an_id() {
        assert!(RequestId::new("MhocUmpxxmgdHjr7DgKoKw").is_some());
        for bad in ["", "a/b", "..", "a?b", "a b", "a%2fb", "ä"] {
            assert_eq!(RequestId::new(bad), None, "{bad:?}");
        }
        assert_eq!(RequestId::new(&"a".repeat(65)), None);
    }

    #[test]
    fn a_short_code_is_read_in_capitals_or_not_and_cannot_change_the_path_of_a_url() {
        for typed in ["CP-C7F-ZS5", "cp-c7f-zs5", " Cp-C7f-Zs5 "] {
            let code = ShortCode::new(typed).map(|code| code.to_string());
            assert_eq!(code.as_deref(), Some("CP-C7F-ZS5"), "{typed}");
        }
        let long = format!("CP-{}", "A".repeat(40));
        for bad in ["", "CP-", "C7F-ZS5", "CP-../x", "CP-a b", "CP-ä", &long] {
            assert_eq!(ShortCode::new(bad), None, "{bad:?}");
        }
    }

    #[test]
    fn f75_condition_id_is_kept_whole_or_not_sent() {
        let long = "9a1f-".repeat(20);
        for id in ["1", long.as_str(), "a b/c", "é"] {
            assert_eq!(ConditionId::new(id).address(), Some(id));
        }
        for bad in ["", ".", "..", "a\nb", &"x".repeat(257)] {
            assert_eq!(ConditionId::new(bad).address(), None, "{bad:?}");
        }
    }

    #[test]
    fn f7_a_config_id_is_the_same_with_and_without_its_prefix_and_no_other() {
        assert!(ConfigId::new("mc_123").is("123"));
        assert!(ConfigId::new("123").is("123"));
        for other in ["mc_mc_123", "123 ", "12", ""] {
            assert!(!ConfigId::new(other).is("123"), "{other:?}");
        }
    }
}

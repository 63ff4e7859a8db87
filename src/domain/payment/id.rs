use std::fmt;

/// The id of a payment request, for its URL, its polls and its void.
///
/// All its characters are safe in a path segment, so the id can be put into a URL unchanged.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RequestId(String);

impl RequestId {
    const MAX_LEN: usize = 64;

    /// Returns the id as the platform wrote it, or `None` if it is not safe in a URL.
    pub fn new(id: &str) -> Option<Self> {
        let plain = |c: u8| c.is_ascii_alphanumeric() || c == b'-' || c == b'_';

        (!id.is_empty() && id.len() <= Self::MAX_LEN && id.bytes().all(plain))
            .then(|| Self(id.to_owned()))
    }

    /// Returns the id as the platform wrote it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The short code of a payment request, such as `CP-C7F-ZS5`, as a person typed it.
///
/// Its last character checks the others, but the platform has not published the rule. So only the platform checks
/// it, and this type only makes sure that the code is safe in a URL.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ShortCode(String);

impl ShortCode {
    const PREFIX: &str = "CP-";
    const MAX_LEN: usize = 32;

    /// Returns the short code, typed in any case. `None` if the text does not begin like a short code, or is not
    /// safe in a URL.
    pub fn new(text: &str) -> Option<Self> {
        let code = text.trim().to_ascii_uppercase();
        let plain = |c: u8| c.is_ascii_alphanumeric() || c == b'-';
        let rest = code.strip_prefix(Self::PREFIX)?;

        (!rest.is_empty() && code.len() <= Self::MAX_LEN && rest.bytes().all(plain))
            .then_some(Self(code))
    }

    /// Returns the code in capitals, as the platform writes it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ShortCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The id of a payment condition as the platform wrote it, byte for byte. Answers are sent to this id.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct ConditionId(String);

impl ConditionId {
    const MAX_LEN: usize = 256;

    /// Creates a condition id from the platform's text.
    pub fn new(id: &str) -> Self {
        Self(id.to_owned())
    }

    /// Returns the id if an answer can be sent to it. `None` if it is empty, longer than 256 bytes, has control
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

/// The id of a merchant config as the platform wrote it. It can only be compared. To show or send a config id, use
/// the one in the configuration.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ConfigId(String);

impl ConfigId {
    /// Creates an id from text with or without the platform's prefix `mc_`.
    pub fn new(id: &str) -> Self {
        Self(id.strip_prefix("mc_").unwrap_or(id).to_owned())
    }

    /// Whether this is the configured id, which has no prefix.
    pub fn is(&self, configured: &str) -> bool {
        self.0 == configured
    }
}

/// The reference of a request as the platform wrote it. It can only be compared.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ExternalRef(String);

impl ExternalRef {
    /// Creates a reference from the platform's text.
    pub fn new(reference: &str) -> Self {
        Self(reference.to_owned())
    }

    /// Whether this is the given reference.
    pub fn is(&self, reference: &str) -> bool {
        self.0 == reference
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn id_that_changes_a_path_is_refused() {
        assert!(RequestId::new("MhocUmpxxmgdHjr7DgKoKw").is_some());
        for bad in ["", "a/b", "..", "a?b", "a b", "a%2fb", "ä"] {
            assert_eq!(RequestId::new(bad), None, "{bad:?}");
        }
        assert_eq!(RequestId::new(&"a".repeat(65)), None);
    }

    #[test]
    fn short_code_ignores_case_and_fits_a_url() {
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
    fn f7_config_id_matches_with_and_without_prefix() {
        assert!(ConfigId::new("mc_123").is("123"));
        assert!(ConfigId::new("123").is("123"));
        for other in ["mc_mc_123", "123 ", "12", ""] {
            assert!(!ConfigId::new(other).is("123"), "{other:?}");
        }
    }
}

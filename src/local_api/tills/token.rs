//! Tokens of tills, and their hashes.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::digest::{SHA256, SHA256_OUTPUT_LEN, digest};
use ring::rand::{SecureRandom, SystemRandom};
use secrecy::SecretString;
use secrecy::zeroize::Zeroizing;
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq;

use super::TillError;

/// The beginning of every token, so that people and scanners of published code recognise it.
const PREFIX: &str = "pdt_";
const RANDOM_BYTES: usize = 32;

/// Makes a token of random bytes of the operating system.
pub(super) fn fresh() -> Result<SecretString, TillError> {
    let mut bytes = Zeroizing::new([0; RANDOM_BYTES]);
    SystemRandom::new()
        .fill(&mut *bytes)
        .map_err(|_| TillError::NoRandomBytes)?;
    let mut token = PREFIX.to_owned();
    URL_SAFE_NO_PAD.encode_string(*bytes, &mut token);

    Ok(token.into())
}

/// The SHA-256 of a token. A token is too random to be guessed from it, so it needs no salt and no slow hash.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub(super) struct TokenHash([u8; SHA256_OUTPUT_LEN]);

impl TokenHash {
    pub(super) fn of(token: &str) -> Self {
        let mut hash = [0; SHA256_OUTPUT_LEN];
        hash.copy_from_slice(digest(&SHA256, token.as_bytes()).as_ref());

        Self(hash)
    }

    /// Compares in a time that does not depend on the bytes.
    pub(super) fn is(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

impl TryFrom<String> for TokenHash {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, &'static str> {
        const WRONG: &str = "a hash is not 64 hexadecimal digits";
        let digits = text.as_bytes();
        if digits.len() != 2 * SHA256_OUTPUT_LEN {
            return Err(WRONG);
        }
        let mut hash = [0; SHA256_OUTPUT_LEN];
        for (byte, pair) in hash.iter_mut().zip(digits.chunks_exact(2)) {
            let value = |digit: u8| char::from(digit).to_digit(16);
            let (Some(high), Some(low)) = (value(pair[0]), value(pair[1])) else {
                return Err(WRONG);
            };
            *byte = u8::try_from(high * 16 + low).map_err(|_| WRONG)?;
        }

        Ok(Self(hash))
    }
}

impl From<TokenHash> for String {
    fn from(hash: TokenHash) -> Self {
        hash.0.iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

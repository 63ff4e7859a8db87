//! The payment requests of a sandbox, in memory.

use std::num::NonZeroUsize;

use jiff::Timestamp;

use super::create::CreateInput;
use super::options::Options;
use super::refund::repeat_reference;
use super::refusal::SandboxRefusal;
use super::request::SandboxRequest;
use super::short_code;
use crate::runtime::fresh_names::random_text;

const ID_LENGTH: usize = 22;

/// The requests, oldest first. Each access first advances the request to `now`, so expiry and the automatic patron
/// need no timers.
#[derive(Debug)]
pub(super) struct RequestStore {
    options: Options,
    requests: Vec<SandboxRequest>,
}

impl RequestStore {
    pub(super) fn new(options: Options) -> Self {
        Self {
            options,
            requests: Vec::new(),
        }
    }

    /// Creates a request. Like the platform, it creates another one for the same body.
    /// Errors: those of [`CreateInput::check`].
    pub(super) fn create(
        &mut self,
        body: CreateInput,
        now: Timestamp,
    ) -> Result<SandboxRequest, SandboxRefusal> {
        let new = body.check()?;
        let asset_type = self.options.asset_type(&new.value.currency);
        let request = SandboxRequest::new(
            random_text(ID_LENGTH),
            self.free_short_code(),
            asset_type,
            new,
            now,
        );

        self.requests.push(request.clone());
        Ok(request)
    }

    /// The request with this id at `now`.
    /// Errors: 403 `FORBIDDEN` for an unknown id.
    pub(super) fn request(
        &mut self,
        id: &str,
        now: Timestamp,
    ) -> Result<&mut SandboxRequest, SandboxRefusal> {
        let request = self
            .requests
            .iter_mut()
            .find(|request| request.id == id)
            .ok_or_else(|| SandboxRefusal::unknown("payment request"))?;
        request.advance(now, self.options.patron);

        Ok(request)
    }

    /// Refuses the reference of another request's refund.
    /// Errors: 403 `REPEAT_REFERENCE`.
    pub(super) fn check_refund_reference(
        &self,
        id: &str,
        reference: &str,
    ) -> Result<(), SandboxRefusal> {
        let is_taken = self
            .requests
            .iter()
            .any(|request| request.id != id && request.refund_with(reference).is_some());

        if is_taken {
            return Err(repeat_reference("another payment"));
        }
        Ok(())
    }

    /// The latest request with this short code at `now`. The platform reuses codes.
    /// Errors: 400 `CHECKSUM_FAILED` for a code with a typing error, 403 `FORBIDDEN` for an unknown one.
    pub(super) fn by_short_code(
        &mut self,
        code: &str,
        now: Timestamp,
    ) -> Result<&mut SandboxRequest, SandboxRefusal> {
        short_code::check(code)?;
        let matches = self.requests.iter_mut();
        let latest = matches
            .filter(|request| request.short_code == code)
            .max_by_key(|request| request.created_at)
            .ok_or_else(|| SandboxRefusal::unknown("payment request"))?;
        latest.advance(now, self.options.patron);

        Ok(latest)
    }

    /// A page of the requests with this `externalRef`, newest first, and the key of the next page. The page begins
    /// at `page_key`, or else at the newest request. `limit` can make pages shorter.
    /// Errors: 400 for an unknown page key.
    pub(super) fn by_external_ref(
        &mut self,
        external_ref: &str,
        page_key: Option<&str>,
        limit: Option<NonZeroUsize>,
        now: Timestamp,
    ) -> Result<(Vec<&SandboxRequest>, Option<String>), SandboxRefusal> {
        let most = self.options.page_size.max(1);
        let length = limit.map_or(most, |limit| limit.get().min(most));
        self.advance(now);
        let mut requests: Vec<_> = self
            .requests
            .iter()
            .rev()
            .filter(|request| request.details.external_ref.as_deref() == Some(external_ref))
            .collect();

        if let Some(key) = page_key {
            let start = requests
                .iter()
                .position(|request| request.id == key)
                .ok_or_else(|| SandboxRefusal::misfit("pageKey must come from an earlier page"))?;
            requests.drain(..start);
        }
        let next = requests.get(length).map(|next| next.id.clone());
        requests.truncate(length);

        Ok((requests, next))
    }

    /// Every request at `now`, oldest first.
    pub(super) fn all(&mut self, now: Timestamp) -> &[SandboxRequest] {
        self.advance(now);
        &self.requests
    }

    fn advance(&mut self, now: Timestamp) {
        for request in &mut self.requests {
            request.advance(now, self.options.patron);
        }
    }

    /// There are few short codes, so a random one may be in use.
    fn free_short_code(&self) -> String {
        loop {
            let code = short_code::random();
            if self
                .requests
                .iter()
                .all(|request| request.short_code != code)
            {
                return code;
            }
        }
    }
}

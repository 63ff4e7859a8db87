//! Every payment request of a sandbox, in memory.

use std::num::NonZeroUsize;

use jiff::Timestamp;

use super::create::CreateBody;
use super::options::Options;
use super::refund::repeat_reference;
use super::refusal::Refusal;
use super::request::PaymentRequest;
use super::short_code;

const ID_LENGTH: usize = 22;

/// The requests, oldest first. Each access brings what it hands out up to `now`, so expiry and
/// the sandbox's own patron need no timers.
#[derive(Debug)]
pub(super) struct Store {
    options: Options,
    requests: Vec<PaymentRequest>,
}

/// Some of the requests that share an `externalRef`.
#[derive(Debug)]
pub(super) struct Found<'a> {
    /// Newest first.
    pub(super) requests: Vec<&'a PaymentRequest>,
    /// Where the next page starts, if there is one.
    pub(super) page_key: Option<String>,
}

impl Store {
    pub(super) fn new(options: Options) -> Self {
        Self {
            options,
            requests: Vec::new(),
        }
    }

    pub(super) fn options(&self) -> &Options {
        &self.options
    }

    /// Creates a request. As on the platform, sending the same body twice creates two.
    ///
    /// # Errors
    /// Those of [`CreateBody::check`].
    pub(super) fn create(
        &mut self,
        body: CreateBody,
        now: Timestamp,
    ) -> Result<PaymentRequest, Refusal> {
        let new = body.check(self.options.max_expiry_seconds)?;
        let asset_type = self.options.liveness.asset_type(&new.value.currency);
        let request =
            PaymentRequest::new(random_id(), self.free_short_code(), asset_type, new, now);

        self.requests.push(request.clone());
        Ok(request)
    }

    /// The request with this id, as it stands at `now`.
    ///
    /// # Errors
    /// 403 `FORBIDDEN` where there is none.
    pub(super) fn request(
        &mut self,
        id: &str,
        now: Timestamp,
    ) -> Result<&mut PaymentRequest, Refusal> {
        self.find(now, |request| request.id == id)
    }

    /// Refuses a reference that a refund of another request has.
    ///
    /// # Errors
    /// 403 `REPEAT_REFERENCE`.
    pub(super) fn check_refund_reference(&self, id: &str, reference: &str) -> Result<(), Refusal> {
        let is_taken = self
            .requests
            .iter()
            .any(|request| request.id != id && request.has_refund(reference));

        if is_taken {
            return Err(repeat_reference("another payment"));
        }
        Ok(())
    }

    /// The latest request with this short code, as it stands at `now`. The platform gives codes out again.
    ///
    /// # Errors
    /// 400 `CHECKSUM_FAILED` for a code with a typing error, 403 `FORBIDDEN` for an unknown one.
    pub(super) fn by_short_code(
        &mut self,
        code: &str,
        now: Timestamp,
    ) -> Result<&mut PaymentRequest, Refusal> {
        short_code::check(code)?;
        let matches = self.requests.iter_mut();
        let latest = matches
            .filter(|request| request.short_code == code)
            .max_by_key(|request| request.created_at)
            .ok_or_else(unknown_request)?;
        latest.advance(now, self.options.patron);

        Ok(latest)
    }

    /// One page of the requests with this `externalRef`, from the beginning or from `page_key`. `limit` makes it
    /// shorter than the sandbox's own pages.
    ///
    /// # Errors
    /// 400 for a page key that no page of this look-up named.
    pub(super) fn by_external_ref(
        &mut self,
        external_ref: &str,
        page_key: Option<&str>,
        limit: Option<NonZeroUsize>,
        now: Timestamp,
    ) -> Result<Found<'_>, Refusal> {
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
                .ok_or_else(|| Refusal::misfit("pageKey must come from an earlier page"))?;
            requests.drain(..start);
        }
        let page_key = requests.get(length).map(|next| next.id.clone());
        requests.truncate(length);

        Ok(Found { requests, page_key })
    }

    /// Every request as it stands at `now`, oldest first.
    pub(super) fn all(&mut self, now: Timestamp) -> &[PaymentRequest] {
        self.advance(now);
        &self.requests
    }

    fn advance(&mut self, now: Timestamp) {
        for request in &mut self.requests {
            request.advance(now, self.options.patron);
        }
    }

    fn find(
        &mut self,
        now: Timestamp,
        wanted: impl Fn(&PaymentRequest) -> bool,
    ) -> Result<&mut PaymentRequest, Refusal> {
        let request = self
            .requests
            .iter_mut()
            .find(|request| wanted(request))
            .ok_or_else(unknown_request)?;
        request.advance(now, self.options.patron);
        Ok(request)
    }

    /// Short codes are few enough that two requests would share one some day.
    fn free_short_code(&self) -> String {
        loop {
            let code = short_code::random();
            if !self
                .requests
                .iter()
                .any(|request| request.short_code == code)
            {
                return code;
            }
        }
    }
}

fn unknown_request() -> Refusal {
    Refusal::unknown("payment request")
}

fn random_id() -> String {
    std::iter::repeat_with(fastrand::alphanumeric)
        .take(ID_LENGTH)
        .collect()
}

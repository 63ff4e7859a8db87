//! Finds payment requests by their reference.

use std::time::Duration;

use tokio::time::timeout;
use url::Url;

use super::Client;
use super::wire::{ListIn, ListedIn};
use crate::domain::payment::{Failure, PaymentRequest, RequestId, Text, Unsent};

/// Limit of pages that a lookup reads. A till uses a reference once, so few requests have it.
const MOST_PAGES: usize = 5;
/// Limit of payment requests that a lookup reads. Each read is a call, and all counters share the rate limit.
const MOST_REQUESTS: usize = 10;
/// Time limit of a lookup; a cashier waits for it.
const TIME_LIMIT: Duration = Duration::from_secs(20);

impl Client {
    /// Finds the payment requests with a reference, newest first. The platform's list lacks fields that a till
    /// needs, so each request is read by its id. An error or the time limit ends the lookup, which then returns
    /// the requests read before.
    ///
    /// # Errors
    /// See [`Failure`]. Fails only if nothing was found. An empty list does not prove that there is no request.
    pub async fn look_up(
        &self,
        external_ref: &str,
        account_id: &str,
    ) -> Result<Vec<PaymentRequest>, Failure> {
        let mut found = Vec::new();
        let search = self.search(external_ref, account_id, &mut found);
        let searched = timeout(TIME_LIMIT, search)
            .await
            .unwrap_or_else(|_| Err(Failure::Ambiguous(Text::clean("no answer in time"))));

        match searched {
            Err(failure) if found.is_empty() => Err(failure),
            _ => Ok(found),
        }
    }

    async fn search(
        &self,
        external_ref: &str,
        account_id: &str,
        found: &mut Vec<PaymentRequest>,
    ) -> Result<(), Failure> {
        let mut seen: Vec<RequestId> = Vec::new();
        let mut page_key: Option<String> = None;
        let mut unread = None;
        for _ in 0..MOST_PAGES {
            let url = self.look_up_url(external_ref, account_id, page_key.as_deref())?;
            let page: ListIn<ListedIn> = self.call(self.get(url)).await?.body;
            let (ids, next) = page.ids();
            for id in ids {
                if seen.contains(&id) || seen.len() == MOST_REQUESTS {
                    continue;
                }
                match self.read(&id).await {
                    Ok(request) => found.push(request),
                    Err(failure) => unread = Some(failure),
                }
                seen.push(id);
            }
            page_key = next;
            if page_key.is_none() || seen.len() == MOST_REQUESTS {
                break;
            }
        }

        unread.map_or(Ok(()), Err)
    }

    fn look_up_url(
        &self,
        external_ref: &str,
        account_id: &str,
        page_key: Option<&str>,
    ) -> Result<Url, Failure> {
        // A URL drops such a segment, and with `..` also the segment before it, so the call would go elsewhere.
        if ["", ".", ".."].contains(&external_ref) {
            let why = "a name that is empty or only dots cannot be looked up";

            return Err(Failure::NotSent(Unsent::Other(Text::clean(why))));
        }
        let mut url = self.url(&["external-ref", external_ref]);
        url.query_pairs_mut()
            .append_pair("merchantAccountId", account_id)
            .extend_pairs(page_key.map(|key| ("pageKey", key)));

        Ok(url)
    }
}

//! Finds what was made under a reference.

use std::time::Duration;

use tokio::time::timeout;
use url::Url;

use super::Client;
use super::wire::RequestsIn;
use crate::payment::{Failure, PaymentRequest, RequestId, Text};

/// A reference is used once, so more pages than this are no answer to a look-up.
const MOST_PAGES: usize = 5;
/// Nor are more requests than this; each is read by itself, out of the calls that all counters share.
const MOST_REQUESTS: usize = 10;
/// A cashier waits for it, so it may take this long in all.
const TIME_LIMIT: Duration = Duration::from_secs(20);

impl Client {
    /// Finds the payment requests that were made under a reference, newest first. The platform's
    /// list leaves out what a till decides by, so each is read by its id. What was found until
    /// something went wrong, or took too long, counts.
    ///
    /// # Errors
    ///
    /// See [`Failure`], where nothing was found. An empty list is no proof that there is none.
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
            let page: RequestsIn = self.call(self.get(url)).await?.body;
            for id in page.ids() {
                if seen.contains(&id) || seen.len() == MOST_REQUESTS {
                    continue;
                }
                match self.read(&id).await {
                    Ok(request) => found.push(request),
                    Err(failure) => unread = Some(failure),
                }
                seen.push(id);
            }
            page_key = page.next_page();
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
        let mut url = self.escaped_url(&["external-ref", external_ref])?;
        url.query_pairs_mut()
            .append_pair("merchantAccountId", account_id)
            .extend_pairs(page_key.map(|key| ("pageKey", key)));

        Ok(url)
    }
}

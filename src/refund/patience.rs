//! How long, and how often, a call without a usable answer is tried again.

use std::time::Duration;

use tokio::time::sleep;

use crate::payment::Failure;

/// How long to wait between two tries of the same call. After the last one a person is asked to
/// come back later: whatever keeps the platform from answering for so long will take longer still.
pub(super) const PAUSES: [Duration; 3] = [
    Duration::from_millis(500),
    Duration::from_secs(1),
    Duration::from_secs(2),
];

/// Reads something, a few times at most where the platform gives no usable answer.
pub(super) async fn patiently<T>(read: impl AsyncFn() -> Result<T, Failure>) -> Result<T, Failure> {
    let mut pauses = PAUSES.into_iter();
    loop {
        let failure = match read().await {
            Err(failure @ (Failure::Ambiguous(_) | Failure::Throttled { .. })) => failure,
            answer => return answer,
        };
        let Some(pause) = pauses.next() else {
            return Err(failure);
        };
        sleep(wait(&failure, pause)).await;
    }
}

/// How long to wait after a failure: as long as the platform asks for, where it does.
pub(super) fn wait(failure: &Failure, pause: Duration) -> Duration {
    match failure {
        Failure::Throttled {
            retry_after: Some(asked),
        } => pause.max(*asked),
        _ => pause,
    }
}

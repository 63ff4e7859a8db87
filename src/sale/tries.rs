use crate::payment::Failure;

/// How often something is tried: few times where it fails, more often where the platform only asks
/// for patience, since that took no effect and ends by itself.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub(super) struct Tries {
    failed: u32,
    throttled: u32,
}

impl Tries {
    const FAILED: u32 = 3;
    const THROTTLED: u32 = 10;

    /// Counts a try that came to nothing and says whether there shall be another.
    pub(super) fn again(&mut self, failure: Option<&Failure>) -> bool {
        let (count, most) = match failure {
            Some(Failure::Throttled { .. }) => (&mut self.throttled, Self::THROTTLED),
            _ => (&mut self.failed, Self::FAILED),
        };
        *count += 1;

        *count < most
    }
}

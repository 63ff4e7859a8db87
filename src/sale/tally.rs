use crate::sale::Ending;

/// What an unattended run has found: its exit code is that of the outcome that most needs a
/// person, and 0 where there was nothing to find.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub(super) struct Tally {
    worst: Option<(Need, u8)>,
}

/// How much an outcome needs somebody to do something, least first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Need {
    /// Paid in full: the till has its money.
    Paid,
    /// Nobody was charged.
    NotCharged,
    /// Money goes back.
    Refunded,
    /// Something is still owed.
    Owed,
    /// Nobody knows: do not charge again.
    Unknown,
}

impl Tally {
    pub(super) fn count(&mut self, ending: &Ending) {
        let need = match ending {
            Ending::Paid { .. } => Need::Paid,
            Ending::Expired
            | Ending::Cancelled { .. }
            | Ending::Rejected(_)
            | Ending::Unreachable(_) => Need::NotCharged,
            Ending::RefundStarted => Need::Refunded,
            Ending::PartPaid { .. } => Need::Owed,
            Ending::Unknown { .. } => Need::Unknown,
        };
        self.worst = self.worst.max(Some((need, ending.exit_code())));
    }

    pub(super) fn exit_code(self) -> u8 {
        self.worst.map_or(0, |(_, code)| code)
    }
}

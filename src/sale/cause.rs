use crate::sale::Rejection;

/// Why a request is cancelled.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Cause {
    /// The cashier cancelled, or the program ends.
    Cashier,
    /// The platform did not say in time how it ended.
    Unclear,
    /// It must not be paid: something was wrong with it.
    Rejected(Rejection),
    /// It left too little time to pay; another one follows while tries are left.
    TooShort {
        /// How many there were.
        tries: u32,
    },
}

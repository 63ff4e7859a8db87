//! The states of a sale. A state names another state directly only to go back to it. It enters all others through
//! methods of [`Transition`](crate::sale::transition::Transition).

mod creating;
mod ended;
mod leaving;
mod presenting;
mod reason;
mod rechecking;
mod voiding;
mod waiting;

pub use creating::{Creating, Pause};
pub use ended::Ended;
pub use presenting::Presenting;
pub use reason::{Question, Reason};
pub use rechecking::Rechecking;
pub use voiding::Voiding;
pub use waiting::Waiting;

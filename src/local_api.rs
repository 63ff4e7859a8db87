//! The local API of the resident display: HTTP/1.1 with JSON, on this machine only.
//!
//! Tills in any language call it, and so do this program's own `sale` and `settle`. [`ApiServer`] serves them. What only the
//! display can do it gets as a [`Call`]; what only the rest of the program knows comes from a [`Desk`].

mod board;
mod body;
mod calls;
pub mod client;
mod desk;
mod display_file;
mod feed;
mod gate;
pub mod openapi;
mod problem;
mod protocol;
mod routes;
mod service;
mod shared;
mod streams;
pub mod tills;

pub use board::Board;
pub use calls::{
    Call, Calls, CommandReply, EarlierEvents, Reply, SellCall, SellReply, SettleCall, SettleReply,
};
pub use desk::{CallRefusal, CheckedTerms, Desk};
pub use feed::{NumberedEvent, SaleFeed, Terms};
pub use problem::{Problem, ProblemReason};
pub use protocol::{
    DisplayState, DisplayStatus, Done, History, HistoryFilter, Launch, LinkState, NewSale,
    RefundInput, SaleCommand, SaleState, SaleStatus, SettleOrder, Settled, WaitingStatus,
};
pub use service::{ApiServer, DisplaySide};

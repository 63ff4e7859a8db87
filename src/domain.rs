//! The plain data of a sale: money, payment requests, merchants, baskets, orders and outcomes.

pub mod basket;
pub mod counter;
pub mod merchant;
pub mod money;
pub mod order;
pub mod outcome;
pub mod payment;

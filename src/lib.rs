//! A customer-facing payment display for the Centrapay network.
//!
//! `docs/architecture.md` has the map: layers, states, data flow and the glossary.

pub mod app;
pub mod centrapay;
pub mod cli;
pub mod colour;
pub mod config;
pub mod domain;
mod files;
pub mod journal;
pub mod local_api;
pub mod locale;
pub mod logo;
#[cfg(test)]
mod properties;
pub mod qr;
pub mod refund;
pub mod runtime;
pub mod sale;
pub mod sandbox;
pub mod text;

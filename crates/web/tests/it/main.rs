//! Tests of the pages: their HTML in every language, and what requests are answered with.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod bridge;
mod crm;
mod every_page;
mod failures;
mod people;
mod projects;
mod visits;
mod world;

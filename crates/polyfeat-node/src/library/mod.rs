//! The in-memory library's side of the boundary: views in, typed arrays out, errors as data.
//!
//! Every function has two shells over one pure piece of work: a synchronous one that looks at the caller's buffers
//! in place, and an asynchronous one that copies what it needs and works on libuv's pool.

pub mod answer;
mod call;
pub mod features;
pub mod joins;
mod options;
pub mod sets;
pub mod tape;
mod views;

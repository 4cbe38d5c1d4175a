//! Features, joins and flows over Arrow columns in memory.

mod bitmap;
mod bytes;
mod chunked;
mod codes;
mod column;
mod decimal;
mod error;
mod interner;
mod ints;
mod job;
mod number;
mod text;
mod threads;
mod time;

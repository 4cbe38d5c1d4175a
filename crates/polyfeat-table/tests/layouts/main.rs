//! However a table is laid out, and whatever is wrong with its buffers: the same values, or an error.

mod build;
mod damage;
mod golden;
mod joins;
mod same;

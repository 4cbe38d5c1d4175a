//! Every kernel against a naive oracle, on inputs made to be unpleasant.
//!
//! `oracle` says what spec §2 and §3 say, in quadratic time and without a clever line; `values` makes the inputs; the
//! other files compare, bit for bit (any NaN equals any NaN: NaN is null).

// The exemption for tests does not reach the helper functions of a test crate.
#![allow(clippy::unwrap_used)]

mod degenerate;
mod joins;
mod market;
#[cfg(feature = "mutants")]
mod mutants;
mod oracle;
mod orders;
mod sets;
mod strict;
mod sums;
mod times;
mod values;
mod visible;
mod visible_oracle;
mod visible_values;

/// Bits to compare by.
fn bits(value: f64) -> u64 {
    if value.is_nan() {
        f64::NAN.to_bits()
    } else {
        value.to_bits()
    }
}

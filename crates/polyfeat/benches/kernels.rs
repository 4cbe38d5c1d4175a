//! Times of every kernel beside its naive counterpart on the same input, which must make the same bits:
//! `cargo bench -p polyfeat --bench kernels`.

#[path = "support/cases.rs"]
mod cases;
#[path = "support/input.rs"]
mod input;
#[path = "support/made.rs"]
mod made;
#[path = "support/naive.rs"]
mod naive;
#[path = "../tests/naive/oracle.rs"]
#[allow(clippy::unwrap_used)] // as in the tests
mod oracle;
#[path = "../tests/naive/visible_oracle.rs"]
#[allow(clippy::unwrap_used)]
mod visible_oracle;

use cases::{CASES, Case};
use divan::Bencher;
use input::Input;
use made::bits;

/// Prints that the naive ones take in a moment.
const FEW: usize = 2_000;
/// Prints of a busy token.
const MANY: usize = 200_000;

fn main() {
    let input = Input::new(FEW);
    for case in &CASES {
        assert!(
            (case.kernel)(&input).bits() == (case.naive)(&input).bits(),
            "{case} and its counterpart differ"
        );
    }
    divan::main();
}

#[divan::bench(args = &CASES)]
fn few_naive(bencher: Bencher<'_, '_>, case: &Case) {
    let input = Input::new(FEW);
    bencher.bench(|| (case.naive)(&input));
}

#[divan::bench(args = &CASES)]
fn few_kernel(bencher: Bencher<'_, '_>, case: &Case) {
    let input = Input::new(FEW);
    bencher.bench(|| (case.kernel)(&input));
}

#[divan::bench(args = &CASES)]
fn many_kernel(bencher: Bencher<'_, '_>, case: &Case) {
    let input = Input::new(MANY);
    bencher.bench(|| (case.kernel)(&input));
}

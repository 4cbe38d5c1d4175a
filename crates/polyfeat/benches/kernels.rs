//! Times of every kernel beside its naive counterpart on the same input, which must make the same bits:
//! `cargo bench -p polyfeat --bench kernels`.
//!
//! With the argument `names` it names the kernels, with `count NAME` it runs one of them once, for an instrument that
//! counts instructions: that is how `npm run bench:instructions` calls it.

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

use std::hint::black_box;

use cases::{CASES, Case};
use divan::Bencher;
use input::Input;
use made::{Made, bits};

/// Prints that the naive ones take in a moment.
const FEW: usize = 2_000;
/// Prints of a busy token.
const MANY: usize = 200_000;

/// Prints whose kernels an instrument can follow, which takes fifty times as long.
const COUNTED: usize = 50_000;

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    match args.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["names"] => CASES.iter().for_each(|case| println!("{case}")),
        ["count", name] => {
            let Some(case) = CASES.iter().find(|case| case.name == name) else {
                eprintln!("no kernel {name}");
                std::process::exit(2);
            };
            let made = counted(case, &Input::new(COUNTED));
            println!("{} values", made.bits().len());
        }
        _ => {
            check();
            divan::main();
        }
    }
}

/// What is counted: `scripts/lib/instructions/count.mjs` names it to the instrument.
#[inline(never)]
fn counted(case: &Case, input: &Input) -> Made {
    black_box((case.kernel)(black_box(input)))
}

/// A time is worth nothing where the results differ.
fn check() {
    let input = Input::new(FEW);
    for case in &CASES {
        let same = (case.kernel)(&input).bits() == (case.naive)(&input).bits();
        assert!(same, "{case} and its counterpart differ");
    }
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

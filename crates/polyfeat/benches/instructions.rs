//! Runs one kernel once, for an instrument that counts instructions; without arguments it names the kernels. Driven by
//! `npm run bench:instructions`.

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
use input::Input;
use made::{Made, bits};

/// Prints: enough that the kernel is most of what it costs, few enough for an instrument that takes fifty times as long.
const PRINTS: usize = 50_000;

/// What is counted: `scripts/lib/instructions.mjs` names it to the instrument.
#[inline(never)]
fn counted(case: &Case, input: &Input) -> Made {
    black_box((case.kernel)(black_box(input)))
}

fn main() {
    // Cargo adds `--bench`.
    let name = std::env::args().skip(1).find(|arg| !arg.starts_with("--"));
    let Some(name) = name else {
        for case in &CASES {
            println!("{case}");
        }
        return;
    };
    let Some(case) = CASES.iter().find(|case| case.name == name) else {
        eprintln!("no kernel {name}");
        std::process::exit(2);
    };
    let made = counted(case, &Input::new(PRINTS));
    println!("{} values", made.bits().len());
}

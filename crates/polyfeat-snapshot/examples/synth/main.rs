//! Writes a synthetic snapshot of the real schema (44 and 17 columns) for benchmarks:
//!
//! ```text
//! synth OUT_DIR --trades N --prints N --tokens N [--resolution ms|s] [--seed N] [--own SHARE]
//!       [--sweep SHARE] [--group-rows N] [--plain]
//! ```
//!
//! Seven days in time order. A market has two tokens of 77 digits, Up and Down; the market of rank r is as
//! popular as r^-0.75. One token in ten of the tape is never traded, and 0.3 % of the trades are on tokens that
//! the tape lacks. `--sweep`: the share of groups of four prints that are one sweep, equal in token and stamp
//! (0.2). `--own`: the share of trades that are themselves in the tape (0.25). `--group-rows`: rows of a row
//! group (1,000,000). `--plain`: strings of many values without a dictionary.
//!
//! A row depends on the seed and its number alone: the same call writes the same values with any number of
//! threads. The statistics are those of recorded snapshots; the names are made up.

mod columns;
mod prints;
mod trades;
mod world;
mod write;

use std::path::PathBuf;
use std::time::Instant;

use world::World;
use write::{Storage, write};

/// What to make.
pub struct Wanted {
    out: PathBuf,
    trades: u64,
    prints: u64,
    tokens: u32,
    /// Milliseconds that stamps are multiples of.
    step: i64,
    seed: u64,
    own: f64,
    sweep: f64,
    storage: Storage,
}

impl Wanted {
    fn parse(mut args: impl Iterator<Item = String>) -> Result<Self, String> {
        let mut wanted = Wanted {
            out: PathBuf::new(),
            trades: 0,
            prints: 0,
            tokens: 0,
            step: 1,
            seed: 1,
            own: 0.25,
            sweep: 0.2,
            storage: Storage {
                group_rows: 1_000_000,
                plain: false,
            },
        };
        while let Some(arg) = args.next() {
            if !arg.starts_with("--") {
                wanted.out = arg.into();
                continue;
            }
            if arg == "--plain" {
                wanted.storage.plain = true;
                continue;
            }
            let value = args.next().ok_or_else(|| format!("{arg} needs a value"))?;
            let bad = |e: &dyn std::fmt::Display| format!("{arg} {value}: {e}");
            let count = || value.parse::<u64>().map_err(|e| bad(&e));
            let share = || value.parse::<f64>().map_err(|e| bad(&e));
            match &arg[..] {
                "--trades" => wanted.trades = count()?,
                "--prints" => wanted.prints = count()?,
                "--tokens" => wanted.tokens = u32::try_from(count()?).map_err(|e| bad(&e))?,
                "--seed" => wanted.seed = count()?,
                "--own" => wanted.own = share()?,
                "--sweep" => wanted.sweep = share()?,
                "--group-rows" => wanted.storage.group_rows = count()?.max(1),
                "--resolution" => {
                    wanted.step = match &value[..] {
                        "ms" => 1,
                        "s" => 1000,
                        _ => return Err(bad(&"expected ms or s")),
                    }
                }
                _ => return Err(format!("unknown option {arg}")),
            }
        }
        let enough = wanted.trades > 0 && wanted.prints > 0 && wanted.tokens >= 2;
        if wanted.out.as_os_str().is_empty() || !enough {
            return Err(
                "usage: synth OUT_DIR --trades N --prints N --tokens N [--resolution ms|s] [--seed N] \
                        [--own SHARE] [--sweep SHARE] [--group-rows N] [--plain]"
                    .into(),
            );
        }
        Ok(wanted)
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let wanted = Wanted::parse(std::env::args().skip(1))?;
    let began = Instant::now();
    std::fs::create_dir_all(&wanted.out)?;
    let world = World::new(&wanted);
    let trades = write(
        &wanted.out.join("trades.parquet"),
        wanted.trades,
        wanted.storage,
        &trades::PLAIN,
        |rows| trades::columns(&world, rows),
    )?;
    let prints = write(
        &wanted.out.join("market_trades.parquet"),
        wanted.prints,
        wanted.storage,
        &prints::PLAIN,
        |rows| prints::columns(&world, rows),
    )?;
    println!(
        "{{\"trades_bytes\":{trades},\"market_trades_bytes\":{prints},\"seconds\":{:.1}}}",
        began.elapsed().as_secs_f64()
    );
    Ok(())
}

//! `roofline SNAPSHOT OUT [token|input] [THREADS]`: how long the bytes of a build take without its features.
//! Prints one JSON object: milliseconds by phase.

use std::sync::Arc;

use polyfeat_snapshot::{BuildOptions, Codec, Job, LargePages, Numerics, Order, Select, Span, roofline};

// As the addon has it.
#[global_allocator]
static ALLOCATOR: LargePages = LargePages;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [snapshot, out, rest @ ..] = &args[..] else {
        return Err("usage: roofline SNAPSHOT OUT [token|input] [THREADS]".into());
    };
    let options = BuildOptions {
        snapshot: snapshot.into(),
        out: out.into(),
        order: if rest.first().is_some_and(|o| o == "input") {
            Order::Input
        } else {
            Order::Token
        },
        returns: vec![Span::parse("30s")?, Span::parse("300s")?],
        windows: vec![Span::parse("60s")?],
        bucket: Span::parse("10s")?,
        sum: Numerics::Exact,
        columns: Select::All,
        label_available: false,
        ts_unit: None,
        codec: Codec::Source,
        threads: rest.get(1).map(|n| n.parse()).transpose()?,
        memory: 1 << 60,
        rules: polyfeat_snapshot::GivenRules::default(),
    };
    let timings = roofline(&Arc::new(Job::default()), &options)?;
    let phases: Vec<String> = timings
        .iter()
        .map(|(phase, ms)| format!("\"{phase}\":{ms:.1}"))
        .collect();
    println!("{{{}}}", phases.join(","));
    Ok(())
}

//! Swept columns until the features that are made of them are written.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use arrow::buffer::ScalarBuffer;
use polyfeat::{SweptColumns, SweptCounts};

use crate::error::Result;
use crate::feature::{Feature, ProofColumn};
use crate::swept::{Spill, Swept};

/// A column that a sweep made, by (token, ts) position.
pub enum Values {
    Doubles(ScalarBuffer<f64>),
    Stamps(ScalarBuffer<i64>),
}

/// Where such a column is until it is written.
enum Place {
    Here(Values),
    /// Column of the temp file.
    Spilled(usize),
}

/// The swept columns that are still to be written, by their feature.
#[derive(Default)]
pub struct Held {
    places: Mutex<HashMap<Feature, Place>>,
    spill: Option<Arc<Spill>>,
}

impl Held {
    /// Takes over what was swept; `counts` are those of its columns.
    pub fn new(swept: Swept, counts: SweptCounts) -> Self {
        let (places, spill) = match swept {
            Swept::Memory(columns) => (in_memory(columns), None),
            Swept::Spilled(file) => (spilled(counts), Some(file)),
        };
        Held {
            places: Mutex::new(places),
            spill,
        }
    }

    /// The column of a feature, once: it leaves, so that its memory does too. `None` when it has left or was never
    /// there.
    ///
    /// # Errors
    /// `IO` when the temp file cannot be read.
    pub fn take(&self, feature: Feature) -> Result<Option<Values>> {
        let place = self
            .places
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(&feature);
        Ok(match (place, &self.spill) {
            (Some(Place::Here(values)), _) => Some(values),
            (Some(Place::Spilled(k)), Some(spill)) => Some(match feature {
                Feature::LastTs | Feature::LastAgeMs | Feature::Proof(_) => Values::Stamps(spill.take(k)?),
                _ => Values::Doubles(spill.take(k)?),
            }),
            _ => None,
        })
    }
}

fn in_memory(columns: SweptColumns) -> HashMap<Feature, Place> {
    let here = |column: Vec<f64>| Place::Here(Values::Doubles(column.into()));
    let stamps = ScalarBuffer::from(columns.last_ts);
    let mut all = HashMap::from([
        (Feature::LastPrice, here(columns.last_price)),
        // Two features derive from the same column; its memory goes with the second.
        (Feature::LastTs, Place::Here(Values::Stamps(stamps.clone()))),
        (Feature::LastAgeMs, Place::Here(Values::Stamps(stamps))),
    ]);
    let mut add = |columns: Vec<Vec<f64>>, feature: fn(usize) -> Feature| {
        all.extend(
            columns
                .into_iter()
                .enumerate()
                .map(|(i, c)| (feature(i), here(c))),
        );
    };
    add(columns.returns, Feature::Return);
    add(columns.counts, Feature::Trades);
    add(columns.volumes, Feature::Volume);
    add(columns.notionals, Feature::Notional);
    let proof = ProofColumn::ALL.into_iter().zip(columns.proof);
    all.extend(
        proof.map(|(column, values)| (Feature::Proof(column), Place::Here(Values::Stamps(values.into())))),
    );
    all
}

/// The columns of [`Spill`], in its order.
fn spilled(counts: SweptCounts) -> HashMap<Feature, Place> {
    let order = [Feature::LastPrice, Feature::LastTs]
        .into_iter()
        .chain((0..counts.lags).map(Feature::Return))
        .chain((0..counts.windows).map(Feature::Trades))
        .chain((0..counts.windows).map(Feature::Volume))
        .chain((0..counts.windows).map(Feature::Notional))
        .chain(
            ProofColumn::ALL
                .into_iter()
                .take(counts.proof)
                .map(Feature::Proof),
        );
    let mut all: HashMap<Feature, Place> = order.enumerate().map(|(k, f)| (f, Place::Spilled(k))).collect();
    all.insert(Feature::LastAgeMs, Place::Spilled(1));
    all
}

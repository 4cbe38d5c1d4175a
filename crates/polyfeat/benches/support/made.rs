//! What a kernel makes, so that two ways to make it can be compared.

use polyfeat::{FeatureSlices, SweepPlan};

/// Bits to compare by; any NaN is null.
pub fn bits(value: f64) -> u64 {
    if value.is_nan() {
        f64::NAN.to_bits()
    } else {
        value.to_bits()
    }
}

/// Columns, by type.
#[derive(Default)]
pub struct Made {
    pub doubles: Vec<Vec<f64>>,
    pub longs: Vec<Vec<i64>>,
    pub codes: Vec<u32>,
}

impl Made {
    /// All of it as bits, any NaN as the same one.
    pub fn bits(&self) -> Vec<u64> {
        let doubles = self.doubles.iter().flatten().map(|&value| bits(value));
        let longs = self.longs.iter().flatten().map(|&value| value as u64);
        doubles
            .chain(longs)
            .chain(self.codes.iter().map(|&code| code.into()))
            .collect()
    }

    /// Columns of features for `rows` trades, to be filled through [`Made::slices`].
    pub fn features(plan: &SweepPlan, rows: usize) -> Self {
        let columns = 1 + plan.lags.len() + 3 * plan.windows.len();
        Made {
            doubles: vec![vec![0.0; rows]; columns],
            longs: vec![vec![0; rows]],
            codes: Vec::new(),
        }
    }

    pub fn slices(&mut self, plan: &SweepPlan) -> FeatureSlices<'_> {
        let [last_ts] = &mut self.longs[..] else {
            panic!("made by features")
        };
        let mut columns = self.doubles.iter_mut().map(Vec::as_mut_slice);
        let mut some = |n: usize| columns.by_ref().take(n).collect::<Vec<_>>();
        let [last_price] = <[_; 1]>::try_from(some(1)).expect("one column");
        let (lags, windows) = (plan.lags.len(), plan.windows.len());
        FeatureSlices {
            last_price,
            last_ts,
            returns: some(lags),
            counts: some(windows),
            volumes: some(windows),
            notionals: some(windows),
        }
    }
}

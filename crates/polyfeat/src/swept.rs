//! Columns that sweeps fill, and how rows of them are handed out.

use crate::sweep::{FeatureSlices, fill_unknown};
use crate::time::NULL_TS;

/// How many columns of each kind sweeps make.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SweptCounts {
    /// Returns.
    pub lags: usize,
    /// Counts, volumes and notionals.
    pub windows: usize,
    /// Columns of the proof: [`PROOF_COLUMNS`](crate::PROOF_COLUMNS) or none.
    pub proof: usize,
}

impl SweptCounts {
    /// Columns of 8 bytes a row.
    #[must_use]
    pub fn columns(self) -> u64 {
        (2 + self.lags + 3 * self.windows + self.proof) as u64
    }
}

/// The columns of a tape's sweeps, one value per trade.
#[derive(Debug, Clone, PartialEq)]
pub struct SweptColumns {
    /// Price of the last print; NaN is null.
    pub last_price: Vec<f64>,
    /// Stamp of the last print; [`NULL_TS`] is null.
    pub last_ts: Vec<i64>,
    /// By lag.
    pub returns: Vec<Vec<f64>>,
    /// By window.
    pub counts: Vec<Vec<f64>>,
    /// By window.
    pub volumes: Vec<Vec<f64>>,
    /// By window.
    pub notionals: Vec<Vec<f64>>,
    /// Columns of [`proven_sweep`](crate::proven_sweep), where asked for: stamps or counts; [`NULL_TS`] is null.
    pub proof: Vec<Vec<i64>>,
}

impl SweptColumns {
    /// Columns of zeros, which are no values yet: sweeps write every one.
    ///
    /// ```
    /// use polyfeat::{NULL_TS, SweptColumns, SweptCounts};
    /// let mut columns = SweptColumns::new(3, SweptCounts { lags: 1, windows: 1, proof: 0 });
    /// let mut rest = columns.slices();
    /// let first = rest.split_off(2);
    /// assert_eq!((first.rows(), rest.rows()), (2, 1));
    /// rest.fill_unknown();
    /// assert_eq!(columns.last_ts, [0, 0, NULL_TS]);
    /// ```
    #[must_use]
    pub fn new(rows: usize, counts: SweptCounts) -> Self {
        // Zeroed pages come from the operating system untouched.
        let column = || vec![0.0; rows];
        let columns = |n: usize| (0..n).map(|_| column()).collect();
        SweptColumns {
            last_price: column(),
            last_ts: vec![0; rows],
            returns: columns(counts.lags),
            counts: columns(counts.windows),
            volumes: columns(counts.windows),
            notionals: columns(counts.windows),
            proof: (0..counts.proof).map(|_| vec![0; rows]).collect(),
        }
    }

    /// How many columns of each kind there are.
    #[must_use]
    pub fn counts(&self) -> SweptCounts {
        SweptCounts {
            lags: self.returns.len(),
            windows: self.counts.len(),
            proof: self.proof.len(),
        }
    }

    /// Row `i` alone.
    ///
    /// # Panics
    /// When there is no such row.
    #[must_use]
    pub fn row(&self, i: usize) -> Self {
        fn at<T: Copy>(columns: &[Vec<T>], i: usize) -> Vec<Vec<T>> {
            columns.iter().map(|column| vec![column[i]]).collect()
        }
        SweptColumns {
            last_price: vec![self.last_price[i]],
            last_ts: vec![self.last_ts[i]],
            returns: at(&self.returns, i),
            counts: at(&self.counts, i),
            volumes: at(&self.volumes, i),
            notionals: at(&self.notionals, i),
            proof: at(&self.proof, i),
        }
    }

    /// All rows, to be written.
    #[must_use]
    pub fn slices(&mut self) -> SweptSlices<'_> {
        fn all(columns: &mut [Vec<f64>]) -> Vec<&mut [f64]> {
            columns.iter_mut().map(Vec::as_mut_slice).collect()
        }
        SweptSlices {
            features: FeatureSlices {
                last_price: &mut self.last_price,
                last_ts: &mut self.last_ts,
                returns: all(&mut self.returns),
                counts: all(&mut self.counts),
                volumes: all(&mut self.volumes),
                notionals: all(&mut self.notionals),
            },
            proof: self.proof.iter_mut().map(Vec::as_mut_slice).collect(),
        }
    }
}

/// Where sweeps write: rows of [`SweptColumns`].
#[derive(Debug)]
pub struct SweptSlices<'a> {
    /// Those of [`sweep`](crate::sweep()).
    pub features: FeatureSlices<'a>,
    /// Those of the proof.
    pub proof: Vec<&'a mut [i64]>,
}

impl<'a> SweptSlices<'a> {
    /// How many rows there are.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.features.last_ts.len()
    }

    /// Takes the first `n` rows off; none when there are fewer.
    #[must_use]
    pub fn split_off(&mut self, n: usize) -> SweptSlices<'a> {
        fn cut<'a, T>(column: &mut &'a mut [T], n: usize) -> &'a mut [T] {
            column.split_off_mut(..n).unwrap_or_default()
        }
        fn cut_all<'a, T>(columns: &mut [&'a mut [T]], n: usize) -> Vec<&'a mut [T]> {
            columns.iter_mut().map(|column| cut(column, n)).collect()
        }
        let rest = &mut self.features;
        SweptSlices {
            features: FeatureSlices {
                last_price: cut(&mut rest.last_price, n),
                last_ts: cut(&mut rest.last_ts, n),
                returns: cut_all(&mut rest.returns, n),
                counts: cut_all(&mut rest.counts, n),
                volumes: cut_all(&mut rest.volumes, n),
                notionals: cut_all(&mut rest.notionals, n),
            },
            proof: cut_all(&mut self.proof, n),
        }
    }

    /// Writes null everywhere.
    pub fn fill_unknown(&mut self) {
        fill_unknown(&mut self.features);
        self.proof.iter_mut().for_each(|column| column.fill(NULL_TS));
    }
}

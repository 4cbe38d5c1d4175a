//! Which moments a plan asks about.

use super::{Closed, Moments};
use crate::sweep::{SweepError, SweepPlan};

/// The moments of a plan, and which of them are what: indices into the positions of [`Moments`].
#[derive(Debug)]
pub(crate) struct Layout {
    pub(crate) moments: Moments,
    /// One past the last visible print.
    pub(crate) visible: usize,
    /// By lag: one past its print.
    pub(crate) lags: Vec<usize>,
    /// By window: its beginning.
    pub(crate) windows: Vec<usize>,
    /// The windows' common end.
    pub(crate) end: usize,
    /// The moments that need sums, ascending: each distinct beginning and, last, the end. Without windows none does.
    pub(crate) summed: Vec<usize>,
    /// By window: where its beginning stands in `summed`.
    pub(crate) starts: Vec<usize>,
}

impl Layout {
    /// `visible` is how far before the bound the last visible print can be: 0, or 1 where the bound itself is out.
    pub(crate) fn new(plan: &SweepPlan, closed: Closed, visible: i64) -> Result<Self, SweepError> {
        let least = i64::from(!closed.at_start());
        let start = |&value: &i64| {
            let start = closed.start(value).filter(|_| value >= least);
            start.ok_or(SweepError::Duration { value })
        };
        let lags: Vec<i64> = plan.lags.iter().map(start).collect::<Result<_, _>>()?;
        let windows: Vec<i64> = plan.windows.iter().map(start).collect::<Result<_, _>>()?;
        let end = closed.end().max(visible);
        let distances = lags.iter().chain(&windows).chain([&end, &visible]);
        let moments = Moments::at(distances.copied());
        let index = |distances: Vec<i64>| distances.into_iter().map(|d| moments.index_of(d)).collect();
        let (lags, windows): (Vec<usize>, Vec<usize>) = (index(lags), index(windows));
        let (end, visible) = (moments.index_of(end), moments.index_of(visible));
        let mut summed = windows.clone();
        summed.extend(windows.first().map(|_| end));
        summed.sort_unstable();
        summed.dedup();
        let starts = windows
            .iter()
            .map(|at| summed.partition_point(|s| s < at))
            .collect();
        Ok(Self {
            moments,
            visible,
            lags,
            windows,
            end,
            summed,
            starts,
        })
    }

    /// The positions of the moments that need sums.
    #[inline]
    pub(crate) fn summed_of<'a>(
        &'a self,
        positions: &'a [usize],
    ) -> impl Iterator<Item = usize> + Clone + 'a {
        self.summed.iter().map(|&moment| positions[moment])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(lags: &[i64], windows: &[i64]) -> SweepPlan {
        SweepPlan {
            lags: lags.to_vec(),
            windows: windows.to_vec(),
            ..SweepPlan::default()
        }
    }

    #[test]
    fn moments_shift_where_an_end_is_out_or_a_beginning_in() {
        let at = |closed, visible| {
            let layout = Layout::new(&plan(&[30], &[60]), closed, visible).unwrap();
            let mut positions = vec![0; layout.moments.len()];
            // One print a second: a position is its moment plus one.
            let ts: Vec<i64> = (0..200).collect();
            layout.moments.advance(&ts, 100, &mut positions);
            let at = |moment: usize| positions[moment] as i64 - 1;
            [layout.visible, layout.end, layout.lags[0], layout.windows[0]].map(at)
        };
        assert_eq!(at(Closed::Right, 0), [100, 100, 70, 40]);
        assert_eq!(at(Closed::Left, 1), [99, 99, 69, 39]);
        assert_eq!(at(Closed::Left, 0), [100, 99, 69, 39]);
        assert_eq!(at(Closed::Both, 0), [100, 100, 69, 39]);
        assert_eq!(at(Closed::Right, 1), [99, 99, 70, 40]);
    }

    #[test]
    fn lengths_of_zero_need_a_closed_beginning() {
        let zero = SweepError::Duration { value: 0 };
        assert_eq!(
            Layout::new(&plan(&[], &[0]), Closed::Neither, 0).err(),
            Some(zero)
        );
        assert_eq!(Layout::new(&plan(&[0], &[]), Closed::Right, 0).err(), Some(zero));
        let layout = Layout::new(&plan(&[0], &[0]), Closed::Left, 1).unwrap();
        assert_eq!((layout.moments.len(), layout.summed.len()), (1, 1));
        assert!(Layout::new(&plan(&[i64::MAX], &[]), Closed::Both, 0).is_err());
    }
}

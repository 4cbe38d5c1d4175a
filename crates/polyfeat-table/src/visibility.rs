//! Rules of visibility as they are asked for (spec §4).

use polyfeat::{Closed, Direction, Numerics, Tie, Ties, Unknown};

use crate::error::{Code, Error, Result};
use crate::more::Needs;

/// Rules as they are asked for; durations in nanoseconds, not negative. The default is the notebook's.
#[derive(Debug, Clone, Copy, Default)]
pub struct VisibilityPlan {
    /// Prints of the trade's own time.
    pub ties: Ties,
    /// The tick of [`Ties::Exclude`]; `None`: the coarser of both tables' resolutions.
    pub resolution: Option<i64>,
    /// How long a print takes to be known.
    pub embargo: i64,
    /// Whether only prints are seen that were available.
    pub availability: bool,
    /// Whether prints of the trade's own transaction are not seen.
    pub exclude_self: bool,
    /// The greatest age of the last print.
    pub max_age: Option<i64>,
    /// Which ends of a window belong to it.
    pub closed: Option<Closed>,
    /// Which of several prints of one time.
    pub tie: Tie,
    /// What is said of tokens without prints.
    pub unknown: Unknown,
    /// Where the last print is looked for.
    pub direction: Direction,
    /// Whether columns are made by which rows can be checked.
    pub proof: bool,
}

impl VisibilityPlan {
    /// What it needs of a tape.
    #[must_use]
    pub fn needs(&self) -> Needs {
        Needs {
            availability: self.availability,
            sequence: self.ties == Ties::Sequence,
            own: self.exclude_self,
            resolution: self.looks_at_ticks() && self.resolution.is_none(),
            begin: self.proof,
        }
    }

    /// Whether the tick of the stamps matters.
    #[must_use]
    pub fn looks_at_ticks(&self) -> bool {
        self.ties == Ties::Exclude || self.proof
    }

    /// Checks what does not depend on the data.
    ///
    /// # Errors
    /// `INVALID_OPTION`.
    pub fn check(&self, sum: Numerics) -> Result<()> {
        let refuse = |what: &str| Err(Error::new(Code::InvalidOption, what));
        if self.resolution == Some(0) {
            return refuse("resolution is 0; a tick is longer than nothing");
        }
        if sum == Numerics::Notebook
            && (self.availability || self.exclude_self || self.ties == Ties::Sequence)
        {
            return refuse(
                "sum notebook cannot leave out prints in the middle of the tape: use sum exact with availability, excludeSelf or sequence",
            );
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_that_contradict_each_other_are_refused() {
        let notebook = VisibilityPlan::default();
        assert!(notebook.check(Numerics::Notebook).is_ok());
        let no_tick = VisibilityPlan {
            resolution: Some(0),
            ..notebook
        };
        assert!(no_tick.check(Numerics::Exact).is_err());
        let own = VisibilityPlan {
            exclude_self: true,
            ..notebook
        };
        assert!(own.check(Numerics::Exact).is_ok());
        assert_eq!(
            own.check(Numerics::Notebook).unwrap_err().code,
            Code::InvalidOption
        );
        assert!(own.needs().own && !own.needs().resolution && !own.needs().begin);
        let proven = VisibilityPlan { proof: true, ..own };
        assert!(proven.needs().resolution && proven.needs().begin);
    }
}

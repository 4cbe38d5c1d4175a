//! What one trade sees, print by print, as spec §4 says it.

use polyfeat::{Closed, Direction, NULL_TS, Tie, Ties, Visibility, floor_to};

use super::prints::TokenPrints;

/// A null place in a sequence.
const NO_PLACE: i64 = i64::MIN;
/// The code of no transaction.
const NO_CODE: u32 = u32::MAX;

/// A trade and the prints of its token.
pub struct Eye<'a> {
    /// The prints.
    pub prints: &'a TokenPrints,
    /// The rules.
    pub rules: &'a Visibility,
    /// The time of the trade.
    pub t: i64,
    /// Its place among rows of one stamp.
    pub sequence: i64,
    /// Its transaction.
    pub own: u32,
}

/// The last print of a trade.
pub struct Last {
    /// It, if there is one.
    pub print: Option<usize>,
    /// Why there is none.
    pub why: Option<&'static str>,
    /// The print that is too old to be it.
    pub too_old: Option<usize>,
    /// Whether it is ahead of the trade.
    pub ahead: bool,
}

impl Eye<'_> {
    /// T: what is known is judged then.
    pub fn known(&self) -> i64 {
        self.t.saturating_sub(self.rules.embargo)
    }

    /// U: windows and lags end there.
    pub fn bound(&self) -> i64 {
        match self.rules.ties {
            Ties::Exclude => self.floor(self.known()),
            _ => self.known(),
        }
    }

    fn floor(&self, t: i64) -> i64 {
        floor_to(t, self.rules.resolution).unwrap_or(t)
    }

    fn place(&self, i: usize) -> i64 {
        self.prints.extras.sequence.get(i).copied().unwrap_or(NO_PLACE)
    }

    fn is_own(&self, i: usize) -> bool {
        self.rules.exclude_self && self.own != NO_CODE && self.prints.extras.own.get(i) == Some(&self.own)
    }

    /// Why a print is not seen; nothing where it is.
    pub fn unseen(&self, i: usize) -> Vec<&'static str> {
        let (s, known) = (self.prints.ts[i], self.known());
        let in_sequence =
            self.place(i) != NO_PLACE && self.sequence != NO_PLACE && self.place(i) < self.sequence;
        let by_time = if s > self.t {
            Some("after the trade")
        } else if s > known {
            Some("within the embargo")
        } else {
            match self.rules.ties {
                Ties::Exclude if s >= self.bound() => Some("in the trade's own tick"),
                Ties::Sequence if s == known && !in_sequence => Some("not before the trade in sequence"),
                _ => None,
            }
        };
        let available = self.prints.extras.availability.get(i).copied();
        let by_availability = match available {
            Some(NULL_TS) if self.rules.availability => Some("never available"),
            Some(at) if self.rules.availability && at > known => Some("not yet available"),
            _ => None,
        };
        let by_self = self.is_own(i).then_some("the trade itself");
        [by_time, by_availability, by_self]
            .into_iter()
            .flatten()
            .collect()
    }

    /// The prints that are seen.
    pub fn visible(&self) -> Vec<usize> {
        (0..self.prints.ts.len())
            .filter(|&i| self.unseen(i).is_empty())
            .collect()
    }

    /// Prints that a look ahead may find.
    fn ahead(&self) -> Vec<usize> {
        let after = |i: usize| {
            let s = self.prints.ts[i];
            match self.rules.ties {
                Ties::Include => s >= self.t,
                Ties::Exclude => self.floor(s) > self.floor(self.t),
                Ties::Sequence => {
                    let ordered = self.place(i) != NO_PLACE && self.sequence != NO_PLACE;
                    s > self.t || (s == self.t && ordered && self.place(i) > self.sequence)
                }
            }
        };
        (0..self.prints.ts.len())
            .filter(|&i| after(i) && !self.is_own(i))
            .collect()
    }

    /// Which of prints that tie.
    fn choose(&self, tied: &[usize], ahead: bool) -> Option<usize> {
        let first = match self.rules.tie {
            Tie::First | Tie::Error => true,
            Tie::Near => ahead,
            Tie::Last => false,
        };
        if first { tied.first() } else { tied.last() }.copied()
    }

    /// Those of the candidates that come latest.
    fn latest(&self, candidates: &[usize]) -> Vec<usize> {
        let key = candidates.iter().map(|&i| self.prints.key(i)).max();
        let all = candidates.iter().copied();
        all.filter(|&i| Some(self.prints.key(i)) == key).collect()
    }

    /// The last print, among the visible ones or ahead of the trade.
    pub fn last(&self, visible: &[usize]) -> Last {
        let behind = self.latest(visible);
        let ahead = match self.rules.direction {
            Direction::Backward => Vec::new(),
            _ => self.ahead(),
        };
        let least = ahead.iter().map(|&i| self.prints.key(i)).min();
        let next: Vec<usize> = ahead
            .into_iter()
            .filter(|&i| Some(self.prints.key(i)) == least)
            .collect();
        let away = |tied: &[usize]| tied.first().map(|&i| self.away(i));
        let looks_ahead = match self.rules.direction {
            Direction::Backward => false,
            Direction::Forward => true,
            Direction::Nearest => match (away(&behind), away(&next)) {
                (Some(behind), Some(next)) => next < behind,
                (behind, _) => behind.is_none(),
            },
        };
        let tied = if looks_ahead { next } else { behind };
        let found = self.choose(&tied, looks_ahead);
        let most = self.rules.max_age.map(i64::unsigned_abs);
        let too_old = found.filter(|&i| most.is_some_and(|most| self.away(i) > most));
        Last {
            print: found.filter(|_| too_old.is_none()),
            why: match (found, too_old) {
                (None, _) => Some("no print is seen"),
                (_, Some(_)) => Some("beyond the maximal age"),
                _ => None,
            },
            too_old,
            ahead: looks_ahead && found.is_some(),
        }
    }

    /// How far a print is from the trade.
    pub fn away(&self, i: usize) -> u64 {
        self.prints.ts[i].abs_diff(self.t)
    }

    /// Whether a stamp lies before a window of this length, or at or before its lag.
    fn in_front(&self, s: i64, length: i64, closed: Closed) -> bool {
        let start = self.bound().saturating_sub(length);
        if closed.at_start() { s < start } else { s <= start }
    }

    /// The lagged print.
    pub fn lagged(&self, visible: &[usize], length: i64, closed: Closed) -> Option<usize> {
        let before = visible.iter().copied();
        let before: Vec<usize> = before
            .filter(|&i| self.in_front(self.prints.ts[i], length, closed))
            .collect();
        self.choose(&self.latest(&before), false)
    }

    /// Where a visible print is, seen from a window: in it, or why not.
    pub fn beside(&self, i: usize, length: i64, closed: Closed) -> Option<&'static str> {
        let (s, end) = (self.prints.ts[i], self.bound());
        if self.in_front(s, length, closed) {
            let at_start = s == end.saturating_sub(length);
            return Some(if at_start {
                "at the beginning of the window, which is open"
            } else {
                "before the window"
            });
        }
        let past = if closed.at_end() { s > end } else { s >= end };
        past.then_some("at the end of the window, which is open")
    }
}

//! Columns of prints in as few bytes as give every bit back.
//!
//! Times within a piece of a tape lie close together, prices are ticks and sizes have at most six decimals:
//! all three are small integers in disguise. What is not goes on as it is, value by value where it is rare.

use std::ops::Range;

/// Where rows go: `places[i]` is the position of row `i` in the column; `len` for rows that are left out.
#[derive(Clone, Copy)]
pub struct Places<'a> {
    /// By row.
    pub places: &'a [u32],
    /// Rows that stay.
    pub len: usize,
}

impl Places<'_> {
    fn scatter<T: Copy + Default>(self, values: impl Iterator<Item = T>) -> Vec<T> {
        // One place more takes all that is left out, so that the loop has no branch.
        let mut out = vec![T::default(); self.len + 1];
        put(values, self.places, &mut out);
        out.truncate(self.len);
        out
    }

    /// A column as small codes.
    #[must_use]
    pub fn codes(self, codes: impl Iterator<Item = u16>) -> Vec<u16> {
        self.scatter(codes)
    }
}

/// Stamps.
pub enum Stamps {
    /// So long after a first one.
    Near(i64, Vec<u32>),
    /// Too far apart for that.
    Far(Vec<i64>),
}

impl Stamps {
    /// Packs the stamps of the rows that stay.
    #[must_use]
    pub fn pack(ts: &[i64], to: Places<'_>) -> Self {
        let staying = || {
            let rows = ts.iter().zip(to.places);
            rows.filter(|(_, place)| (**place as usize) < to.len)
                .map(|(&t, _)| t)
        };
        let first = staying().min().unwrap_or(0);
        let last = staying().max().unwrap_or(0);
        if last.abs_diff(first) <= u64::from(u32::MAX) {
            Stamps::Near(first, to.scatter(ts.iter().map(|t| t.wrapping_sub(first) as u32)))
        } else {
            Stamps::Far(to.scatter(ts.iter().copied()))
        }
    }

    /// Copies the stamps of a range to their places in `out`.
    pub fn copy_to(&self, range: Range<usize>, places: &[u32], out: &mut [i64]) {
        match self {
            Stamps::Near(first, after) => {
                let stamps = after[range].iter().map(|&after| first + i64::from(after));
                put(stamps, places, out);
            }
            Stamps::Far(ts) => put(ts[range].iter().copied(), places, out),
        }
    }

    /// Bytes that it takes.
    #[must_use]
    pub fn bytes(&self) -> usize {
        match self {
            Stamps::Near(_, after) => after.len() * 4,
            Stamps::Far(ts) => ts.len() * 8,
        }
    }
}

/// Doubles; NaN is missing.
pub enum Doubles {
    /// Prices of whole ticks.
    Short(Decimals<u16>),
    /// Prices and sizes of up to eight decimals; large ones of fewer.
    Long(Decimals<u32>),
    /// Anything else.
    Raw(Vec<f64>),
}

impl Doubles {
    /// Packs the values of the rows that stay.
    #[must_use]
    pub fn pack(values: &[f64], to: Places<'_>) -> Self {
        if let Some(ticks) = Decimals::pack(values, 1e4, to) {
            return Doubles::Short(ticks);
        }
        [1e6, 1e8, 1e2]
            .iter()
            .find_map(|&tens| Decimals::pack(values, tens, to))
            .map_or_else(|| Doubles::Raw(to.scatter(values.iter().copied())), Doubles::Long)
    }

    /// Copies the values of a range to their places in `out`.
    pub fn copy_to(&self, range: Range<usize>, places: &[u32], out: &mut [f64]) {
        match self {
            Doubles::Short(packed) => packed.copy_to(range, places, out),
            Doubles::Long(packed) => packed.copy_to(range, places, out),
            Doubles::Raw(values) => put(values[range].iter().copied(), places, out),
        }
    }

    /// Bytes that it takes.
    #[must_use]
    pub fn bytes(&self) -> usize {
        match self {
            Doubles::Short(packed) => packed.codes.len() * 2 + packed.odd.len() * 8,
            Doubles::Long(packed) => packed.codes.len() * 4 + packed.odd.len() * 8,
            Doubles::Raw(values) => values.len() * 8,
        }
    }
}

/// Doubles that are `code / tens`, bit by bit; codes from [`Code::ODD`] on name values that are not.
pub struct Decimals<C> {
    codes: Vec<C>,
    tens: f64,
    odd: Vec<f64>,
}

/// An integer that holds codes: decimals in the lower half of its range, names of odd values above.
pub trait Code: Copy + Default {
    /// Bits of a decimal.
    const BITS: u32;
    /// The first code that is no decimal.
    const ODD: u32 = 1 << Self::BITS;
    /// Cuts off what does not fit; only such codes are kept that do.
    fn cut(code: u32) -> Self;
    /// The code.
    fn get(self) -> u32;
}

impl Code for u16 {
    const BITS: u32 = 15;

    #[inline]
    fn cut(code: u32) -> Self {
        code as u16
    }

    #[inline]
    fn get(self) -> u32 {
        u32::from(self)
    }
}

impl Code for u32 {
    const BITS: u32 = 31;

    #[inline]
    fn cut(code: u32) -> Self {
        code
    }

    #[inline]
    fn get(self) -> u32 {
        self
    }
}

/// Doubles from here on are whole numbers: adding it rounds, and leaves the integer in the low bits.
const WHOLE: f64 = (1_u64 << 52) as f64;
/// Values that are looked at together; one of them that is odd costs a second look at all.
const BLOCK: usize = 512;
/// One value in so many may be odd: more of them take more room than they save.
const ODD_SHARE: usize = 16;

/// The code of `value`, and a number that is zero exactly when the code gives the value back. There is no branch
/// and no conversion in it, so that the compiler makes vector code of a loop over it.
#[inline(always)]
fn decimal<C: Code>(value: f64, tens: f64) -> (u32, u64) {
    let shifted = value * tens + WHOLE;
    let back = (shifted - WHOLE) / tens;
    let outside = (shifted.to_bits() ^ WHOLE.to_bits()) >> C::BITS;
    (
        shifted.to_bits() as u32,
        outside | (back.to_bits() ^ value.to_bits()),
    )
}

impl<C: Code> Decimals<C> {
    /// `None` when too many values are no such decimals.
    fn pack(values: &[f64], tens: f64, to: Places<'_>) -> Option<Self> {
        let mut codes: Vec<C> = Vec::with_capacity(values.len());
        let mut odd = Vec::new();
        for (values, places) in values.chunks(BLOCK).zip(to.places.chunks(BLOCK)) {
            let (first, mut odd_bits) = (codes.len(), 0);
            codes.extend(values.iter().map(|&value| {
                let (code, odd) = decimal::<C>(value, tens);
                odd_bits |= odd;
                C::cut(code)
            }));
            if odd_bits == 0 {
                continue;
            }
            for ((code, &value), &place) in codes[first..].iter_mut().zip(values).zip(places) {
                if (place as usize) < to.len && decimal::<C>(value, tens).1 != 0 {
                    *code = C::cut(C::ODD + odd.len() as u32);
                    odd.push(value);
                }
            }
            if odd.len() > (to.len / ODD_SHARE).min(C::ODD as usize - BLOCK) {
                return None;
            }
        }
        odd.shrink_to_fit();
        Some(Decimals {
            codes: to.scatter(codes.into_iter()),
            tens,
            odd,
        })
    }

    fn copy_to(&self, range: Range<usize>, places: &[u32], out: &mut [f64]) {
        let values = self.codes[range].iter().map(|code| match code.get() {
            code if code < C::ODD => f64::from(code) / self.tens,
            code => self.odd[(code - C::ODD) as usize],
        });
        put(values, places, out);
    }
}

fn put<T>(values: impl Iterator<Item = T>, places: &[u32], out: &mut [T]) {
    for (value, &place) in values.zip(places) {
        out[place as usize] = value;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every third row is left out, the others are turned around.
    fn places(n: usize) -> (Vec<u32>, usize) {
        let len = n - n.div_ceil(3);
        let mut next = len as u32;
        let places = (0..n).map(|i| {
            if i % 3 == 0 {
                len as u32
            } else {
                next -= 1;
                next
            }
        });
        (places.collect(), len)
    }

    fn in_order(len: usize) -> Vec<u32> {
        (0..len as u32).collect()
    }

    fn doubles_come_back(values: &[f64]) -> Doubles {
        let (places, len) = places(values.len());
        let places = Places { places: &places, len };
        let packed = Doubles::pack(values, places);
        let want: Vec<u64> = (0..values.len())
            .rev()
            .filter(|i| i % 3 > 0)
            .map(|i| values[i].to_bits())
            .collect();
        let mut got = vec![0.0; len];
        packed.copy_to(0..len, &in_order(len), &mut got);
        let got: Vec<u64> = got.iter().map(|v| v.to_bits()).collect();
        assert_eq!(got, want);
        packed
    }

    #[test]
    fn ticks_take_two_bytes_and_decimals_four() {
        let ticks: Vec<f64> = (0..5000).map(|i| f64::from(i % 10_000) / 1e4).collect();
        assert!(matches!(doubles_come_back(&ticks), Doubles::Short(_)));
        let sizes: Vec<f64> = (0..5000).map(|i| f64::from(i * 177_777) / 1e6).collect();
        assert!(matches!(doubles_come_back(&sizes), Doubles::Long(_)));
        let large: Vec<f64> = (0..5000).map(|i| f64::from(i) * 4000.25).collect();
        assert!(matches!(doubles_come_back(&large), Doubles::Long(_)));
        let fine: Vec<f64> = (0..5000).map(|i| f64::from(i * 19_999) / 1e8).collect();
        assert!(matches!(doubles_come_back(&fine), Doubles::Long(_)));
    }

    #[test]
    fn rare_odd_values_come_back_and_many_are_stored_as_they_are() {
        let odd = [
            f64::NAN,
            -0.0,
            -1.5,
            f64::INFINITY,
            f64::NEG_INFINITY,
            1e300,
            f64::MIN_POSITIVE,
            0.1 + 0.2,
            4_294.967_296,
            1e9,
        ];
        let mut values: Vec<f64> = (0..5000).map(|i| f64::from(i) / 100.0).collect();
        for (i, &v) in odd.iter().enumerate() {
            values[400 * i + 1] = v;
            values[400 * i + 2] = v;
            values[400 * i + 3] = v;
        }
        assert!(matches!(doubles_come_back(&values), Doubles::Long(_)));
        let thirds: Vec<f64> = (0..5000).map(|i| f64::from(i) / 3.0).collect();
        assert!(matches!(doubles_come_back(&thirds), Doubles::Raw(_)));
        doubles_come_back(&odd);
        doubles_come_back(&[]);
    }

    #[test]
    fn stamps_come_back() {
        for ts in [
            vec![],
            vec![i64::MIN, 5, -7, i64::MIN, 6, 5],
            vec![0, 5, 5 + i64::from(u32::MAX)],
            vec![0, 5, 6 + i64::from(u32::MAX)],
            vec![i64::MIN, i64::MIN + 1, i64::MAX],
        ] {
            let (places, len) = places(ts.len());
            let packed = Stamps::pack(&ts, Places { places: &places, len });
            let mut got = vec![0; len];
            packed.copy_to(0..len, &in_order(len), &mut got);
            let want: Vec<i64> = (0..ts.len()).rev().filter(|i| i % 3 > 0).map(|i| ts[i]).collect();
            assert_eq!(got, want);
            assert!(packed.bytes() <= ts.len() * 8);
        }
    }
}

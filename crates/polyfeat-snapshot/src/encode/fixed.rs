//! Numbers of four or eight bytes.

use arrow::datatypes::ArrowNativeType;
use parquet::file::statistics::Statistics;

/// A number that Parquet stores as Arrow holds it.
pub trait Fixed: ArrowNativeType {
    /// Widens the range `(least, greatest)` by `values`; what has no place in an order changes nothing.
    fn widen(values: &[Self], range: &mut Option<(Self, Self)>);

    /// The bits, to tell values apart by.
    fn bits(self) -> u64;

    /// The statistics of a chunk.
    fn statistics(range: Option<(Self, Self)>, nulls: u64) -> Statistics;
}

macro_rules! integers {
    ($($native:ty as $stored:ty, $make:ident;)*) => {$(
        impl Fixed for $native {
            fn widen(values: &[Self], range: &mut Option<(Self, Self)>) {
                let Some(&first) = values.first() else { return };
                let from = range.unwrap_or((first, first));
                *range = Some(values.iter().fold(from, |(a, b), &v| (a.min(v), b.max(v))));
            }

            fn bits(self) -> u64 {
                self as u64
            }

            fn statistics(range: Option<(Self, Self)>, nulls: u64) -> Statistics {
                let (min, max) = range.unzip();
                Statistics::$make(min.map(|v| v as $stored), max.map(|v| v as $stored), None, Some(nulls), false)
            }
        }
    )*};
}

integers! {
    i32 as i32, int32;
    u32 as i32, int32;
    i64 as i64, int64;
    u64 as i64, int64;
}

macro_rules! floats {
    ($($native:ty, $make:ident;)*) => {$(
        impl Fixed for $native {
            fn widen(values: &[Self], range: &mut Option<(Self, Self)>) {
                // A comparison with NaN fails, so NaN never becomes a bound; the processor does several at once.
                let from = range.unwrap_or((Self::INFINITY, Self::NEG_INFINITY));
                let (least, greatest) = values.iter().fold(from, |(a, b), &v| {
                    (if v < a { v } else { a }, if v > b { v } else { b })
                });
                if least <= greatest {
                    *range = Some((least, greatest));
                }
            }

            fn bits(self) -> u64 {
                self.to_bits().into()
            }

            fn statistics(range: Option<(Self, Self)>, nulls: u64) -> Statistics {
                // Readers may compare zeros of either sign with these: the format asks for the wider ones.
                let min = range.map(|(v, _)| if v == 0.0 { -0.0 } else { v });
                let max = range.map(|(_, v)| if v == 0.0 { 0.0 } else { v });
                Statistics::$make(min, max, None, Some(nulls), false)
            }
        }
    )*};
}

floats! {
    f32, float;
    f64, double;
}

#[cfg(test)]
mod tests {
    use super::*;

    fn range<T: Fixed>(batches: &[&[T]]) -> Option<(T, T)> {
        let mut range = None;
        batches.iter().for_each(|b| T::widen(b, &mut range));
        range
    }

    #[test]
    fn ranges_are_those_of_all_values() {
        assert_eq!(range::<i32>(&[&[], &[3, -5], &[7]]), Some((-5, 7)));
        assert_eq!(range::<u64>(&[&[u64::MAX, 1]]), Some((1, u64::MAX)));
        assert_eq!(
            range(&[&[f64::NAN], &[2.0, f64::NAN, -1.0], &[5.0]]),
            Some((-1.0, 5.0))
        );
        assert_eq!(range(&[&[f64::INFINITY]]), Some((f64::INFINITY, f64::INFINITY)));
        assert_eq!(range(&[&[f32::NAN]]), None);
    }

    #[test]
    fn zeros_are_bounds_of_both_signs() {
        let s = f64::statistics(Some((0.0, -0.0)), 0);
        assert_eq!(s.min_bytes_opt(), Some(&(-0.0_f64).to_le_bytes()[..]));
        assert_eq!(s.max_bytes_opt(), Some(&0.0_f64.to_le_bytes()[..]));
    }
}

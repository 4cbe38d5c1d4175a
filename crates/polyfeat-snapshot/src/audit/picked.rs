//! Some of a token's prints.

use polyfeat::{PrintColumns, Prints};

/// Prints that have been picked out, in their order.
#[derive(Debug, Default)]
pub struct Picked {
    ts: Vec<i64>,
    price: Vec<f64>,
    size: Vec<f64>,
    availability: Vec<i64>,
    sequence: Vec<i64>,
    own: Vec<u32>,
}

impl Picked {
    /// The prints that `keep` holds for, by position.
    pub fn of(prints: &PrintColumns<'_>, keep: impl Fn(usize) -> bool) -> Self {
        fn pick<T: Copy>(column: &[T], keep: impl Fn(usize) -> bool) -> Vec<T> {
            let rows = column.iter().enumerate();
            rows.filter(|(i, _)| keep(*i)).map(|(_, &value)| value).collect()
        }
        Picked {
            ts: pick(prints.prints.ts, &keep),
            price: pick(prints.prints.price, &keep),
            size: pick(prints.prints.size, &keep),
            availability: pick(prints.availability, &keep),
            sequence: pick(prints.sequence, &keep),
            own: pick(prints.own, &keep),
        }
    }

    /// Their columns.
    #[must_use]
    pub fn columns(&self) -> PrintColumns<'_> {
        PrintColumns {
            prints: Prints {
                ts: &self.ts,
                price: &self.price,
                size: &self.size,
            },
            availability: &self.availability,
            sequence: &self.sequence,
            own: &self.own,
        }
    }
}

/// The first `n` prints.
#[must_use]
pub fn up_to<'a>(prints: &PrintColumns<'a>, n: usize) -> PrintColumns<'a> {
    let Prints { ts, price, size } = prints.prints;
    PrintColumns {
        prints: Prints {
            ts: &ts[..n],
            price: &price[..n],
            size: &size[..n],
        },
        availability: prints.availability.get(..n).unwrap_or_default(),
        sequence: prints.sequence.get(..n).unwrap_or_default(),
        own: prints.own.get(..n).unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_that_are_not_there_stay_away() {
        let prints = PrintColumns {
            prints: Prints {
                ts: &[1, 2, 3],
                price: &[0.1, 0.2, 0.3],
                size: &[1.0, 2.0, 3.0],
            },
            availability: &[],
            sequence: &[],
            own: &[7, 8, 9],
        };
        let picked = Picked::of(&prints, |i| i != 1);
        let columns = picked.columns();
        assert_eq!((columns.prints.ts, columns.own), (&[1, 3][..], &[7, 9][..]));
        assert_eq!(
            (columns.prints.price, columns.prints.size),
            (&[0.1, 0.3][..], &[1.0, 3.0][..])
        );
        assert!(columns.availability.is_empty());
        let first = up_to(&prints, 2);
        assert_eq!(
            (first.prints.ts, first.own, first.sequence),
            (&[1, 2][..], &[7, 8][..], &[][..])
        );
    }
}

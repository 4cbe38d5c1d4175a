//! Random choices without a state: each is a function of the seed, a number and the choice's own number. So any
//! row can be made at any time by any thread, and is the same.

use std::fmt::Write;

/// A source of choices.
#[derive(Debug, Clone, Copy)]
pub struct Random(u64);

/// A good mix of 64 bits (the finalizer of SplitMix64).
fn mix(mut x: u64) -> u64 {
    x ^= x >> 30;
    x = x.wrapping_mul(0xBF58_476D_1CE4_E5B9);
    x ^= x >> 27;
    x = x.wrapping_mul(0x94D0_49BB_1331_11EB);
    x ^ (x >> 31)
}

impl Random {
    /// The choices of a seed.
    pub fn new(seed: u64) -> Self {
        Random(mix(seed.wrapping_add(0x9E37_79B9_7F4A_7C15)))
    }

    /// 64 random bits for choice `salt` of number `i`.
    pub fn bits(self, i: u64, salt: u64) -> u64 {
        mix(mix(i.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ self.0)
            .wrapping_add(salt.wrapping_mul(0xD1B5_4A32_D192_ED03)))
    }

    /// Uniform in [0, 1).
    pub fn uniform(self, i: u64, salt: u64) -> f64 {
        (self.bits(i, salt) >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Below `n`, which is not 0.
    pub fn below(self, i: u64, salt: u64, n: u64) -> u64 {
        self.bits(i, salt) % n
    }

    /// True for this share of the numbers.
    pub fn happens(self, i: u64, salt: u64, share: f64) -> bool {
        share > 0.0 && self.uniform(i, salt) < share
    }

    /// Appends `0x` and `length` (at most 64) hexadecimal digits.
    pub fn hex(self, i: u64, salt: u64, length: usize, text: &mut String) {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        text.push_str("0x");
        for k in 0..length.div_ceil(16) {
            let word = self.bits(i, salt * 8 + 1_000 + k as u64);
            for d in 0..(length - 16 * k).min(16) {
                text.push(char::from(DIGITS[(word >> (60 - 4 * d)) as usize & 15]));
            }
        }
    }

    /// 77 decimal digits, the first of which is not 0: a token id.
    pub fn digits(self, i: u64) -> String {
        let mut text = format!("{}", 1 + self.below(i, 2, 9));
        for k in 0..4 {
            let word = self.bits(i, 2_000 + k) % 10_000_000_000_000_000_000;
            let _ = write!(text, "{word:019}"); // a String takes everything
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn choices_are_uniform_and_depend_on_seed_number_and_salt() {
        let random = Random::new(1);
        let n = 100_000;
        let mean = (0..n).map(|i| random.uniform(i, 3)).sum::<f64>() / n as f64;
        assert!((mean - 0.5).abs() < 0.005, "{mean}");
        let hits = (0..n).filter(|&i| random.happens(i, 4, 0.2)).count() as f64 / n as f64;
        assert!((hits - 0.2).abs() < 0.006, "{hits}");
        assert!((0..n).all(|i| random.below(i, 5, 7) < 7));
        let same = |a: Random, b: Random, s, t| (0..n).filter(|&i| a.bits(i, s) == b.bits(i, t)).count();
        assert_eq!(same(random, Random::new(2), 3, 3), 0);
        assert_eq!(same(random, random, 3, 4), 0);
    }

    #[test]
    fn names_have_their_lengths() {
        let random = Random::new(7);
        for i in 0..1_000 {
            let id = random.digits(i);
            assert!(
                id.len() == 77 && !id.starts_with('0') && id.bytes().all(|b| b.is_ascii_digit()),
                "{id}"
            );
            for length in [8, 40, 64] {
                let mut text = String::new();
                random.hex(i, 9, length, &mut text);
                assert_eq!(text.len(), 2 + length);
            }
        }
    }
}

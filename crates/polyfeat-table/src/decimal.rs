//! Decimals as correctly rounded doubles.

/// 10^0 to 10^22 are exact doubles; an integer below 2^53 divided by one of them is correctly rounded.
const EXACT_TENS: [f64; 23] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18,
    1e19, 1e20, 1e21, 1e22,
];

/// Decimals of one scale, in two's complement of 4 to 32 bytes, little-endian.
#[derive(Debug, Clone, Copy)]
pub struct Decimals {
    scale: i32,
    tens: Option<f64>,
}

impl Decimals {
    /// In units of 10^-scale.
    #[must_use]
    pub fn new(scale: i32) -> Self {
        let tens = usize::try_from(scale)
            .ok()
            .and_then(|s| EXACT_TENS.get(s))
            .copied();
        Decimals { scale, tens }
    }

    /// The double nearest to a value given by its bytes (ties to even).
    #[must_use]
    pub fn double(&self, bytes: &[u8]) -> f64 {
        let negative = bytes.last().is_some_and(|&b| b >= 0x80);
        if bytes.len() <= 16 {
            let mut wide = [if negative { 0xFF } else { 0 }; 16];
            wide[..bytes.len()].copy_from_slice(bytes);
            let value = i128::from_le_bytes(wide);
            return match self.tens {
                #[allow(clippy::cast_precision_loss)] // below 2^53 nothing is lost
                Some(tens) if value.unsigned_abs() < 1 << 53 => value as f64 / tens,
                _ => self.shifted(&value.to_string()),
            };
        }
        let digits = digits_of(bytes, negative);
        self.shifted(&if negative { format!("-{digits}") } else { digits })
    }

    /// Text parsing rounds correctly, whatever the number of digits.
    fn shifted(&self, digits: &str) -> f64 {
        format!("{digits}e{}", -i64::from(self.scale))
            .parse()
            .unwrap_or(f64::NAN)
    }
}

/// The decimal digits of the magnitude of a number in two's complement.
fn digits_of(bytes: &[u8], negative: bool) -> String {
    let flip = if negative { 0xFF } else { 0 };
    let mut carry = u64::from(negative);
    let mut limbs: Vec<u32> = bytes
        .chunks(4)
        .map(|four| {
            let mut limb = [0_u8; 4];
            for (to, from) in limb.iter_mut().zip(four) {
                *to = from ^ flip;
            }
            let sum = u64::from(u32::from_le_bytes(limb)) + carry;
            carry = sum >> 32;
            sum as u32
        })
        .collect();
    // Long division by 10^9, least significant group of nine digits first.
    let mut groups = Vec::new();
    while limbs.iter().any(|&l| l != 0) {
        let mut rest = 0_u64;
        for limb in limbs.iter_mut().rev() {
            let dividend = rest << 32 | u64::from(*limb);
            *limb = (dividend / 1_000_000_000) as u32;
            rest = dividend % 1_000_000_000;
        }
        groups.push(format!("{rest:09}"));
    }
    if groups.is_empty() {
        return "0".to_string();
    }
    groups.into_iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_width_is_correctly_rounded() {
        let cases: [(i128, i32, &str); 6] = [
            (1, 6, "0.000001"),
            (-123_456_789, 6, "-123.456789"),
            (10_i128.pow(37) / 3, 6, "3333333333333333333333333333333.333333"),
            (i128::MIN, 0, "-170141183460469231731687303715884105728"),
            (7, -2, "700"),
            (9_007_199_254_740_993, 3, "9007199254740.993"),
        ];
        for (value, scale, text) in cases {
            let decimals = Decimals::new(scale);
            let expected: f64 = text.parse().unwrap();
            let bytes = value.to_le_bytes();
            assert_eq!(decimals.double(&bytes), expected);
            let mut wide = [if value < 0 { 0xFF } else { 0 }; 32];
            wide[..16].copy_from_slice(&bytes);
            assert_eq!(decimals.double(&wide), expected, "{text}");
            if let Ok(narrow) = i32::try_from(value) {
                assert_eq!(decimals.double(&narrow.to_le_bytes()), expected);
            }
        }
        assert_eq!(Decimals::new(3).double(&[0; 32]), 0.0);
    }

    #[test]
    fn beyond_128_bits() {
        let mut bytes = [0_u8; 32];
        bytes[31] = 0x40; // 2^254
        assert_eq!(Decimals::new(0).double(&bytes), 2_f64.powi(254));
        bytes[31] = 0x80; // -2^255
        assert_eq!(Decimals::new(0).double(&bytes), -(2_f64.powi(255)));
    }
}

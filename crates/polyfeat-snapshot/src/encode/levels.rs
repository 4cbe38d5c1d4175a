//! Small numbers as Parquet stores them: runs of one value, and groups of eight packed into bits.
//!
//! Source: Apache Parquet, "Run Length Encoding / Bit-Packing Hybrid (RLE = 3)".

/// Shorter runs than this are packed with their neighbours.
const MIN_RUN: usize = 16;

/// Appends `values`, each below `2^width`, in the hybrid encoding.
pub fn hybrid(values: &[u32], width: u8, out: &mut Vec<u8>) {
    let (mut packed_from, mut at) = (0, 0);
    while at < values.len() {
        let value = values[at];
        let run = values[at..].iter().take_while(|&&v| v == value).count();
        // What is packed before a run must be whole groups of eight: the run lends what is missing.
        let lent = (packed_from..at).len().wrapping_neg() % 8;
        if run >= MIN_RUN + lent {
            pack(&values[packed_from..at + lent], width, out);
            run_of(value, run - lent, width, out);
            packed_from = at + run;
        }
        at += run;
    }
    pack(&values[packed_from..], width, out);
}

/// Appends definition levels of 0 and 1: `n` of them from a bitmap that begins at bit 0 of `bits`, or the same
/// one for all.
pub fn definitions(bits: &[u8], n: usize, nulls: usize, out: &mut Vec<u8>) {
    if nulls == 0 || nulls == n {
        return run_of(u32::from(nulls == 0), n, 1, out);
    }
    // A bitmap is what packed levels are.
    let groups = n.div_ceil(8);
    varint((groups as u64) << 1 | 1, out);
    out.extend_from_slice(&bits[..groups]);
}

/// Bits that values up to `max` need.
pub fn width_of(max: u32) -> u8 {
    (u32::BITS - max.leading_zeros()) as u8
}

fn run_of(value: u32, n: usize, width: u8, out: &mut Vec<u8>) {
    varint((n as u64) << 1, out);
    out.extend_from_slice(&value.to_le_bytes()[..usize::from(width.div_ceil(8))]);
}

fn pack(values: &[u32], width: u8, out: &mut Vec<u8>) {
    if values.is_empty() {
        return;
    }
    let groups = values.len().div_ceil(8);
    varint((groups as u64) << 1 | 1, out);
    let end = out.len() + groups * usize::from(width);
    let (mut bits, mut held) = (0_u64, 0_u32);
    for &value in values {
        bits |= u64::from(value) << held;
        held += u32::from(width);
        if held >= 32 {
            out.extend_from_slice(&(bits as u32).to_le_bytes());
            bits >>= 32;
            held -= 32;
        }
    }
    out.extend_from_slice(&bits.to_le_bytes()[..held.div_ceil(8) as usize]);
    out.resize(end, 0); // the last group is filled up
}

fn varint(mut value: u64, out: &mut Vec<u8>) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Decodes as the format says, without the encoder's shortcuts.
    fn decoded(mut bytes: &[u8], width: u8, n: usize) -> Vec<u32> {
        let mut out = Vec::new();
        let bytes_wide = usize::from(width.div_ceil(8));
        while out.len() < n {
            let (mut header, mut shift) = (0_u64, 0);
            loop {
                let byte = bytes[0];
                bytes = &bytes[1..];
                header |= u64::from(byte & 0x7f) << shift;
                shift += 7;
                if byte < 0x80 {
                    break;
                }
            }
            let count = (header >> 1) as usize;
            if header & 1 == 0 {
                let mut value = [0; 4];
                value[..bytes_wide].copy_from_slice(&bytes[..bytes_wide]);
                bytes = &bytes[bytes_wide..];
                out.extend(std::iter::repeat_n(u32::from_le_bytes(value), count));
            } else {
                let (packed, rest) = bytes.split_at(count * usize::from(width));
                bytes = rest;
                for i in 0..count * 8 {
                    let bit = |b: usize| u32::from(packed[b / 8] >> (b % 8) & 1);
                    out.push(
                        (0..usize::from(width))
                            .map(|k| bit(i * usize::from(width) + k) << k)
                            .sum(),
                    );
                }
            }
        }
        assert!(bytes.is_empty());
        out.truncate(n);
        out
    }

    proptest! {
        #[test]
        fn what_is_packed_can_be_unpacked(
            runs in proptest::collection::vec((0_u32..300, 1_usize..60), 0..20),
            singles in proptest::collection::vec(0_u32..300, 0..40),
        ) {
            let mut values: Vec<u32> = Vec::new();
            for (i, (value, n)) in runs.iter().enumerate() {
                values.extend(singles.iter().skip(i * 2).take(2));
                values.extend(std::iter::repeat_n(*value, *n));
            }
            let width = width_of(values.iter().copied().max().unwrap_or(0));
            let mut out = Vec::new();
            hybrid(&values, width, &mut out);
            prop_assert_eq!(decoded(&out, width, values.len()), values);
        }

        #[test]
        fn definitions_are_the_bitmap(valid in proptest::collection::vec(any::<bool>(), 1..100)) {
            let bits: Vec<u8> = valid
                .chunks(8)
                .map(|c| c.iter().enumerate().map(|(i, &v)| u8::from(v) << i).sum())
                .collect();
            let mut out = Vec::new();
            let nulls = valid.iter().filter(|v| !**v).count();
            definitions(&bits, valid.len(), nulls, &mut out);
            let levels: Vec<u32> = valid.iter().map(|&v| u32::from(v)).collect();
            prop_assert_eq!(decoded(&out, 1, valid.len()), levels);
        }
    }

    #[test]
    fn wide_values_and_one_value() {
        for (value, width) in [(u32::MAX, 32), (1 << 24, 25), (0, 0)] {
            assert_eq!(width_of(value), width);
            for n in [1, 7, 8, 9, 100] {
                let mut out = Vec::new();
                hybrid(&vec![value; n], width, &mut out);
                assert_eq!(decoded(&out, width, n), vec![value; n]);
            }
        }
    }
}

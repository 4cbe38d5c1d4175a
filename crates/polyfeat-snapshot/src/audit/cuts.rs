//! Moments at which the data is cut off, drawn at random and always the same for one seed.

use polyfeat::NULL_TS;

/// `n` moments, ascending: one half at stamps of trades, where a rule has to tell what is at the moment itself, the
/// other anywhere between the first trade and the last. `stamps` may hold nulls; without any there are no cuts.
#[must_use]
pub fn draw(stamps: &[i64], n: usize, seed: u64) -> Vec<i64> {
    let timed = || stamps.iter().copied().filter(|&ts| ts != NULL_TS);
    let (Some(first), Some(last)) = (timed().min(), timed().max()) else {
        return Vec::new();
    };
    let mut random = fastrand::Rng::with_seed(seed);
    let mut cuts: Vec<i64> = (0..n)
        .map(|i| {
            let any = random.i64(first..=last);
            let stamp = stamps[random.usize(..stamps.len())];
            if i % 2 == 0 && stamp != NULL_TS {
                stamp
            } else {
                any
            }
        })
        .collect();
    cuts.sort_unstable();
    cuts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cuts_ascend_lie_within_the_trades_and_follow_the_seed() {
        let stamps = [500, NULL_TS, -70, 9000];
        let cuts = draw(&stamps, 40, 7);
        assert!(cuts.len() == 40 && cuts.is_sorted());
        assert!(cuts.iter().all(|cut| (-70..=9000).contains(cut)));
        assert!(cuts.contains(&500) && cuts.iter().any(|cut| !stamps.contains(cut)));
        assert_eq!(cuts, draw(&stamps, 40, 7));
        assert_ne!(cuts, draw(&stamps, 40, 8));
        assert!(draw(&[NULL_TS], 3, 1).is_empty() && draw(&[], 3, 1).is_empty());
    }
}

//! Rows by what is said of them, the nearest named.

use serde_json::{Value, json};

/// Rows of which one thing is said.
struct Group {
    why: String,
    /// How far away each is, and what it is.
    rows: Vec<(u64, usize)>,
}

/// Rows by what is said of them, in the order in which it was first said.
#[derive(Default)]
pub struct Groups(Vec<Group>);

impl Groups {
    /// Notes a row, `away` from the trade.
    pub fn add(&mut self, why: String, away: u64, row: usize) {
        match self.0.iter_mut().find(|group| group.why == why) {
            Some(group) => group.rows.push((away, row)),
            None => self.0.push(Group {
                why,
                rows: vec![(away, row)],
            }),
        }
    }

    /// As JSON: `why`, how many under the name `count`, and the nearest of them.
    pub fn to_json(&self, count: &str, limit: usize, show: impl Fn(usize) -> Value) -> Value {
        let group = |group: &Group| {
            let mut found = json!({ "why": group.why });
            found[count] = json!(group.rows.len());
            found["nearest"] = nearest(&group.rows, limit).into_iter().map(&show).collect();
            found
        };
        self.0.iter().map(group).collect()
    }
}

/// The nearest rows, at most `limit`; of equally near ones the later ones of the list. In the list's order.
pub fn nearest(rows: &[(u64, usize)], limit: usize) -> Vec<usize> {
    let mut by_distance: Vec<usize> = (0..rows.len()).collect();
    by_distance.sort_by_key(|&i| (rows[i].0, std::cmp::Reverse(i)));
    by_distance.truncate(limit);
    by_distance.sort_unstable();
    by_distance.into_iter().map(|i| rows[i].1).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_are_named_in_order() {
        let rows = [(5, 0), (1, 1), (1, 2), (0, 3), (9, 4)];
        assert_eq!(nearest(&rows, 2), [2, 3]);
        assert_eq!(nearest(&rows, 9), [0, 1, 2, 3, 4]);
        let mut groups = Groups::default();
        groups.add("old".into(), 3, 7);
        groups.add("own".into(), 0, 8);
        groups.add("old".into(), 2, 9);
        assert_eq!(
            groups.to_json("prints", 1, |row| json!(row)),
            json!([
                { "why": "old", "prints": 2, "nearest": [9] },
                { "why": "own", "prints": 1, "nearest": [8] },
            ])
        );
    }
}

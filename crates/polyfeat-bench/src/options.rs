//! What to make: a request as it comes from outside, and a plan with every default filled in and every value
//! checked.

use std::fmt::Display;
use std::path::PathBuf;

use polyfeat_snapshot::{Code, Error, Result};
use serde::{Deserialize, Serialize};

/// A request. What is absent has its default; `out` alone must be there.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Request {
    /// The folder to write: new, or empty.
    pub out: PathBuf,
    /// How many trades, prints and tokens; S by default.
    pub size: Option<Size>,
    /// Trades, in place of the size's.
    pub trades: Option<u64>,
    /// Prints of the tape, in place of the size's.
    pub prints: Option<u64>,
    /// Tokens of the tape, two a market, in place of the size's.
    pub tokens: Option<u64>,
    /// Days that the stamps cover (7).
    pub days: Option<u32>,
    /// Another seed makes another snapshot (1).
    pub seed: Option<u64>,
    /// What stamps are multiples of (a millisecond).
    pub stamps: Option<Stamps>,
    /// Share of the trades that are prints of the tape (0.25).
    pub own: Option<f64>,
    /// Share of SELLs among the trades (0.1).
    pub sell: Option<f64>,
    /// Share of nulls in the columns that have some (0).
    pub nulls: Option<f64>,
    /// Share of groups of four prints that are equal in token and stamp (0.2).
    pub sweep: Option<f64>,
    /// The market of rank r is as popular as r to the power of minus this (0.75).
    pub skew: Option<f64>,
    /// Share of the rows of both tables that are on one token (0).
    pub hot: Option<f64>,
    /// Rows by (token, time) in place of by time.
    pub sorted: bool,
    /// Texts of many values stored without a dictionary.
    pub plain: bool,
    /// A snapshot to repeat, in place of a synthetic one.
    pub from: Option<PathBuf>,
    /// How often it is repeated, one after another (1).
    pub tile_time: Option<u32>,
    /// How often it is repeated, side by side (1).
    pub tile_tokens: Option<u32>,
    /// Rows of a row group (1,000,000).
    pub row_group_rows: Option<u64>,
    /// Files of a table (1).
    pub parts: Option<u32>,
    /// Codec of the pages (zstd).
    pub compression: Option<Compression>,
    /// Threads; one per core by default.
    pub threads: Option<usize>,
}

/// A size by name: trades × prints × tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub enum Size {
    /// 100 thousand × 1 million × 5 thousand.
    S,
    /// 1 million × 10 million × 20 thousand.
    M,
    /// 10 million × 100 million × 50 thousand.
    L,
}

impl Size {
    fn counts(self) -> (u64, u64, u64) {
        match self {
            Size::S => (100_000, 1_000_000, 5_000),
            Size::M => (1_000_000, 10_000_000, 20_000),
            Size::L => (10_000_000, 100_000_000, 50_000),
        }
    }
}

/// What stamps are multiples of. Their type is milliseconds in either case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Stamps {
    /// A millisecond.
    Ms,
    /// A second.
    S,
}

/// Codec of pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Compression {
    /// zstd, level 1.
    Zstd,
    /// Snappy.
    Snappy,
    /// None.
    None,
}

/// A synthetic snapshot.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs)] // see Request
pub struct Synthetic {
    pub trades: u64,
    pub prints: u64,
    pub tokens: u32,
    pub days: u32,
    pub seed: u64,
    pub stamps: Stamps,
    pub own: f64,
    pub sell: f64,
    pub nulls: f64,
    pub sweep: f64,
    pub skew: f64,
    pub hot: f64,
    pub sorted: bool,
    pub plain: bool,
}

/// A real snapshot, repeated.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs)] // see Request
pub struct Tiled {
    pub from: PathBuf,
    pub tile_time: u32,
    pub tile_tokens: u32,
}

/// Where the rows come from.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Source {
    /// They are made up.
    Synthetic(Synthetic),
    /// They are those of another snapshot.
    Tiled(Tiled),
}

/// How the files are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs)] // see Request
pub struct Storage {
    pub row_group_rows: u64,
    pub parts: u32,
    pub compression: Compression,
}

/// All that the bytes written depend on.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Plan {
    /// Where the rows come from.
    #[serde(flatten)]
    pub source: Source,
    /// How they are stored.
    #[serde(flatten)]
    pub storage: Storage,
}

/// Rows that a table can have: they are counted in 32 bits.
pub const MOST_ROWS: u64 = u32::MAX as u64 - 1;

fn refuse<T>(name: &str, value: impl Display, expected: &str) -> Result<T> {
    let message = format!("{name} is {value}: it must be {expected}");
    Err(Error::new(Code::InvalidOption, message))
}

fn within(name: &str, value: u64, least: u64, most: u64) -> Result<u64> {
    if (least..=most).contains(&value) {
        return Ok(value);
    }
    refuse(name, value, &format!("from {least} to {most}"))
}

fn share(name: &str, value: Option<f64>, default: f64) -> Result<f64> {
    let value = value.unwrap_or(default);
    if (0.0..=1.0).contains(&value) {
        return Ok(value);
    }
    refuse(name, value, "a share from 0 to 1")
}

impl Request {
    /// The plan of this request.
    ///
    /// # Errors
    /// `INVALID_OPTION` for a value that is out of range, and for options that exclude each other.
    pub fn plan(&self) -> Result<Plan> {
        let rows = within(
            "rowGroupRows",
            self.row_group_rows.unwrap_or(1_000_000),
            1,
            MOST_ROWS,
        )?;
        let parts = within("parts", self.parts.unwrap_or(1).into(), 1, 1_000)?;
        let storage = Storage {
            row_group_rows: rows,
            parts: parts as u32,
            compression: self.compression.unwrap_or(Compression::Zstd),
        };
        if let Some(threads) = self.threads {
            within("threads", threads as u64, 1, 1_024)?;
        }
        let source = match &self.from {
            Some(from) => Source::Tiled(self.tiled(from.clone())?),
            None => Source::Synthetic(self.synthetic()?),
        };
        Ok(Plan { source, storage })
    }

    fn tiled(&self, from: PathBuf) -> Result<Tiled> {
        let given = [
            ("size", self.size.is_some()),
            ("trades", self.trades.is_some()),
            ("prints", self.prints.is_some()),
            ("tokens", self.tokens.is_some()),
            ("days", self.days.is_some()),
            ("seed", self.seed.is_some()),
            ("stamps", self.stamps.is_some()),
            ("own", self.own.is_some()),
            ("sell", self.sell.is_some()),
            ("nulls", self.nulls.is_some()),
            ("sweep", self.sweep.is_some()),
            ("skew", self.skew.is_some()),
            ("hot", self.hot.is_some()),
            ("sorted", self.sorted),
            ("plain", self.plain),
        ];
        if let Some((name, _)) = given.iter().find(|(_, given)| *given) {
            let message = format!(
                "{name} is for synthetic snapshots, and from names a real one to repeat; leave out one of them"
            );
            return Err(Error::new(Code::InvalidOption, message));
        }
        let times = |name, value: Option<u32>| within(name, value.unwrap_or(1).into(), 1, 10_000);
        Ok(Tiled {
            from,
            tile_time: times("tileTime", self.tile_time)? as u32,
            tile_tokens: times("tileTokens", self.tile_tokens)? as u32,
        })
    }

    fn synthetic(&self) -> Result<Synthetic> {
        for (name, given) in [("tileTime", self.tile_time), ("tileTokens", self.tile_tokens)] {
            if given.is_some() {
                let message = format!("{name} repeats a real snapshot; name one with from");
                return Err(Error::new(Code::InvalidOption, message));
            }
        }
        let (trades, prints, tokens) = self.size.unwrap_or(Size::S).counts();
        let trades = within("trades", self.trades.unwrap_or(trades), 1, MOST_ROWS)?;
        let prints = within("prints", self.prints.unwrap_or(prints), 1, MOST_ROWS)?;
        let tokens = within("tokens", self.tokens.unwrap_or(tokens), 2, 10_000_000)?;
        if tokens % 2 == 1 {
            return refuse("tokens", tokens, "even, for a market has two");
        }
        let own = share("own", self.own, 0.25)?;
        if own > 0.0 && prints < trades {
            let message = format!(
                "prints is {prints}, fewer than the {trades} trades, some of which are to be prints; set own to 0"
            );
            return Err(Error::new(Code::InvalidOption, message));
        }
        let skew = self.skew.unwrap_or(0.75);
        if !(0.0..=0.99).contains(&skew) {
            return refuse("skew", skew, "from 0 to 0.99");
        }
        Ok(Synthetic {
            trades,
            prints,
            tokens: tokens as u32,
            days: within("days", self.days.unwrap_or(7).into(), 1, 3_650)? as u32,
            // What JSON numbers can carry.
            seed: within("seed", self.seed.unwrap_or(1), 0, (1 << 53) - 1)?,
            stamps: self.stamps.unwrap_or(Stamps::Ms),
            own,
            sell: share("sell", self.sell, 0.1)?,
            nulls: share("nulls", self.nulls, 0.0)?,
            sweep: share("sweep", self.sweep, 0.2)?,
            skew,
            hot: share("hot", self.hot, 0.0)?,
            sorted: self.sorted,
            plain: self.plain,
        })
    }
}

#[cfg(test)]
mod tests;

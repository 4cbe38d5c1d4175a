//! The tape in memory: prints by token, ready to be asked many times.

use polyfeat::{NULL_TS, TimeUnit};

use crate::check::common_len;
use crate::codes::{NULL_CODE, check_text, text_codes};
use crate::column::Column;
use crate::error::Result;
use crate::group::{Grouped, Prints, Rules};
use crate::interner::Interner;
use crate::job::Job;
use crate::keys::KeyIndex;
use crate::memory::ensure;
use crate::more::{More, Needs, resolution_of};
use crate::number::{check_number, numbers};
use crate::time::Times;
use crate::trades::Trades;

/// The columns of the tape.
#[derive(Clone)]
#[allow(missing_docs)]
pub struct TapeColumns<'a> {
    pub token: Column<'a>,
    pub ts: Column<'a>,
    pub price: Column<'a>,
    pub size: Column<'a>,
    /// When a print became known (`availability`).
    pub availability: Option<Column<'a>>,
    /// Place of a print among trades of its time (`ties: sequence`).
    pub sequence: Option<Column<'a>>,
    /// What a print and the trades of its own transaction have in common (`excludeSelf`).
    pub own: Vec<Column<'a>>,
}

impl<'a> TapeColumns<'a> {
    /// All of them.
    #[must_use]
    pub fn all(&self) -> Vec<&Column<'a>> {
        let columns = [&self.token, &self.ts, &self.price, &self.size];
        let more = self.availability.iter().chain(&self.sequence).chain(&self.own);
        columns.into_iter().chain(more).collect()
    }
}

/// How the tape's times are read.
#[derive(Debug, Clone, Copy, Default)]
pub struct TapeOptions {
    /// Unit of integer times.
    pub ts_unit: Option<TimeUnit>,
    /// Times are said to ascend within each token: an error when they do not.
    pub assume_sorted: bool,
}

/// A prepared tape. It owns its memory.
pub struct Tape {
    /// The prints, by the code of their token.
    pub prints: Grouped,
    /// The tokens by code; `None`: the codes are those of the trades it was made for.
    pub names: Option<Interner>,
    /// Unit of `prints.ts`.
    pub unit: TimeUnit,
    /// Unit of the tape's own times.
    pub source_unit: TimeUnit,
    /// Whether the table had any row.
    pub has_rows: bool,
    /// What rules of visibility look at.
    pub more: More,
}

impl Tape {
    /// Codes, groups and sorts the tape, for any trades.
    ///
    /// # Errors
    /// `WRONG_TYPE`, `WRONG_LENGTH`, `CORRUPT`, `OVERFLOW`, `NOT_SORTED`, `OUT_OF_MEMORY`, `CANCELLED`.
    pub fn prepare(job: &Job, columns: &TapeColumns<'_>, options: TapeOptions) -> Result<Self> {
        let mut names = Interner::default();
        let source = Source::open(columns, options)?;
        let codes = source.read_tokens(job, &mut |text| names.intern(text))?;
        source.group(job, codes, Some(names), source.ts.unit, Needs::all(), None)
    }

    /// The prints of the trades' tokens only, in the finer unit of both tables, with what `needs` says: for one set
    /// of trades. `own` are the trades' transactions.
    ///
    /// # Errors
    /// Those of [`Tape::prepare`].
    pub fn for_trades(
        job: &Job,
        columns: &TapeColumns<'_>,
        options: TapeOptions,
        trades: &Trades<'_>,
        needs: Needs,
        own: Option<&KeyIndex>,
    ) -> Result<Self> {
        let source = Source::open(columns, options)?;
        let tokens = &trades.tokens;
        let codes = source.read_tokens(job, &mut |text| tokens.get(text).unwrap_or(UNWANTED))?;
        let unit = source.ts.unit.finer(trades.unit);
        let mut tape = source.group(job, codes, None, unit, needs, own)?;
        // Tokens that no trade has share a code past the last one.
        tape.prints.offsets.resize(tokens.len() + 1, tape.prints.ts.len());
        Ok(tape)
    }

    /// Prints kept.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.prints.ts.len()
    }

    /// Tokens with prints.
    #[must_use]
    pub fn tokens(&self) -> usize {
        let offsets = &self.prints.offsets;
        offsets.windows(2).filter(|pair| pair[0] < pair[1]).count()
    }

    /// Bytes of memory that it holds.
    #[must_use]
    pub fn memory(&self) -> usize {
        let g = &self.prints;
        let words = g.offsets.capacity() + g.ts.capacity() + g.price.capacity() + g.size.capacity();
        words * 8 + self.names.as_ref().map_or(0, Interner::memory) + self.more.memory()
    }
}

/// The code of a print whose token no trade has.
const UNWANTED: u32 = NULL_CODE - 1;

/// Bytes per print while a tape is made: codes, and columns that are not taken as they are.
const BYTES_PER_PRINT: usize = 4 + 3 * 8 + 3 * 8;

struct Source<'c, 'a> {
    columns: &'c TapeColumns<'a>,
    ts: Times<'c, 'a>,
    options: TapeOptions,
    rows: usize,
}

impl<'c, 'a> Source<'c, 'a> {
    fn open(columns: &'c TapeColumns<'a>, options: TapeOptions) -> Result<Self> {
        columns.all().into_iter().try_for_each(Column::check)?;
        let rows = common_len("market_trades", &columns.all())?;
        check_text(&columns.token)?;
        check_number(&columns.price)?;
        check_number(&columns.size)?;
        let ts = Times::of(&columns.ts, options.ts_unit)?;
        ensure(rows, BYTES_PER_PRINT)?;
        Ok(Source {
            columns,
            ts,
            options,
            rows,
        })
    }

    fn read_tokens(&self, job: &Job, code_of: &mut impl FnMut(&[u8]) -> u32) -> Result<Vec<u32>> {
        job.begin("tape", self.rows);
        let codes = text_codes(job, &self.columns.token, code_of)?;
        let null = codes.iter().filter(|&&c| c == NULL_CODE).count();
        left_out(job, "market_trades_null_token", null, "token_id");
        Ok(codes)
    }

    fn group(
        &self,
        job: &Job,
        codes: Vec<u32>,
        names: Option<Interner>,
        unit: TimeUnit,
        needs: Needs,
        own: Option<&KeyIndex>,
    ) -> Result<Tape> {
        job.begin("group", self.rows);
        let ts = self.ts.read(job)?;
        let null = ts
            .parts()
            .map(|part| part.iter().filter(|&&t| t == NULL_TS).count());
        left_out(job, "market_trades_null_ts", null.sum(), "time");
        let mut more = More::read(job, self.columns, self.options.ts_unit, needs, own)?;
        if needs.resolution {
            more.resolution = resolution_of(&ts, self.ts.unit);
        }
        if needs.begin {
            let all = ts.parts().flat_map(|part| part.iter());
            let known = all.zip(&codes).filter(|&(&t, &c)| t != NULL_TS && c != NULL_CODE);
            more.begin = known.map(|(&t, _)| t).min();
        }
        let tokens = match &names {
            Some(names) => names.len(),
            None => codes
                .iter()
                .filter(|&&c| c < UNWANTED)
                .max()
                .map_or(0, |&c| c as usize + 1),
        };
        let prints = Prints {
            token: codes,
            tokens,
            ts,
            price: numbers(job, &self.columns.price)?,
            size: numbers(job, &self.columns.size)?,
            keep_rows: more.by_row(),
        };
        let rules = Rules {
            column: self.ts.column,
            from: self.ts.unit,
            to: unit,
            assume_sorted: self.options.assume_sorted,
        };
        let mut prints = prints.group(job, rules)?;
        more.pick(&std::mem::take(&mut prints.rows));
        job.end();
        Ok(Tape {
            prints,
            names,
            unit,
            source_unit: self.ts.unit,
            has_rows: self.rows > 0,
            more,
        })
    }
}

fn left_out(job: &Job, code: &'static str, count: usize, what: &str) {
    if count > 0 {
        job.warn(
            code,
            format!("market_trades: {count} prints without a {what} are left out"),
        );
    }
}

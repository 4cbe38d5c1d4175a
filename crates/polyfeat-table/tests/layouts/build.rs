//! Columns of given values in a layout drawn by chance.

use std::sync::Arc;

use polyfeat_table::{
    Bytes, Chunk, Column, DataType, FeaturePlan, IntType, Numerics, RegimeMode, Span, TapeColumns, TimeUnit,
    TradeColumns, VisibilityPlan,
};

/// A small generator: the same seed gives the same layouts.
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Dice(seed | 1)
    }

    pub fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % n.max(1)
    }

    pub fn one_of<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())]
    }
}

/// Values of a column.
#[derive(Clone)]
pub enum Cells {
    Texts(Vec<Option<String>>),
    /// Hundredths.
    Cents(Vec<Option<i64>>),
    /// Seconds.
    Seconds(Vec<Option<i64>>),
}

impl Cells {
    pub fn len(&self) -> usize {
        match self {
            Cells::Texts(v) => v.len(),
            Cells::Cents(v) | Cells::Seconds(v) => v.len(),
        }
    }

    fn is_null(&self, i: usize) -> bool {
        match self {
            Cells::Texts(v) => v[i].is_none(),
            Cells::Cents(v) | Cells::Seconds(v) => v[i].is_none(),
        }
    }

    fn pick(&self, rows: impl Iterator<Item = usize>) -> Cells {
        match self {
            Cells::Texts(v) => Cells::Texts(rows.map(|i| v[i].clone()).collect()),
            Cells::Cents(v) => Cells::Cents(rows.map(|i| v[i]).collect()),
            Cells::Seconds(v) => Cells::Seconds(rows.map(|i| v[i]).collect()),
        }
    }

    /// One chunk of the simplest type.
    pub fn plain(&self, name: &str) -> Column<'static> {
        let data_type = self.types()[0];
        self.column(name, data_type, &[self.len()], &mut Dice::new(7))
    }

    fn types(&self) -> &'static [DataType] {
        match self {
            Cells::Texts(_) => &[DataType::Utf8, DataType::LargeUtf8, DataType::Utf8View],
            Cells::Cents(_) => &[
                DataType::Float64,
                DataType::Decimal { bytes: 4, scale: 2 },
                DataType::Decimal { bytes: 8, scale: 2 },
                DataType::Decimal { bytes: 16, scale: 2 },
                DataType::Decimal { bytes: 32, scale: 2 },
            ],
            Cells::Seconds(_) => &[DataType::Timestamp(TimeUnit::Second)],
        }
    }

    /// Any type, any chunks, perhaps behind dictionaries.
    pub fn any(&self, name: &str, dice: &mut Dice) -> Column<'static> {
        let data_type = dice.one_of(self.types());
        let mut cuts = Vec::new();
        let mut left = self.len();
        while left > 0 {
            let n = dice.below(left + 1);
            cuts.push(n); // may be a chunk without rows
            left -= n;
        }
        if dice.below(2) == 0 {
            return self.column(name, data_type, &cuts, dice);
        }
        let int = dice.one_of(&[
            IntType::I8,
            IntType::I16,
            IntType::I32,
            IntType::I64,
            IntType::U8,
            IntType::U16,
            IntType::U32,
            IntType::U64,
        ]);
        let mut first = 0;
        let chunks = cuts
            .into_iter()
            .map(|n| {
                let rows = first..first + n;
                first += n;
                self.coded(rows, data_type, int, dice)
            })
            .collect();
        Column {
            name: name.into(),
            data_type: DataType::Dictionary(int),
            chunks,
        }
    }

    /// A chunk with a dictionary of its own: entries in any order, some twice, some unused.
    fn coded(
        &self,
        rows: std::ops::Range<usize>,
        data_type: DataType,
        int: IntType,
        dice: &mut Dice,
    ) -> Chunk<'static> {
        let n = rows.len().min(100);
        let entries: Vec<usize> = rows.clone().take(n).collect();
        // Rows beyond the entries would have no index: such a chunk is left plain by being short.
        assert!(rows.len() <= 100, "tests are small");
        let mut place: Vec<usize> = (0..n).collect();
        for i in (1..n).rev() {
            place.swap(i, dice.below(i + 1));
        }
        let mut entry_of = vec![0; n];
        place
            .iter()
            .enumerate()
            .for_each(|(at, &entry)| entry_of[entry] = at);
        let values = self.pick(place.iter().map(|&p| entries[p]));
        let dictionary = values.column("values", data_type, &[n], dice);
        let mut indices = Vec::new();
        for (i, row) in rows.clone().enumerate() {
            // A null either has no index or points to an entry that is null.
            let index = if self.is_null(row) && dice.below(2) == 0 {
                0x55
            } else {
                entry_of[i]
            };
            indices.extend_from_slice(&(index as u64).to_le_bytes()[..int.width()]);
        }
        let valid: Vec<bool> = indices
            .chunks(int.width())
            .zip(rows)
            .map(|(index, row)| !(self.is_null(row) && index[0] == 0x55))
            .collect();
        let mut chunk = Chunk {
            dictionary: Some(Arc::new(dictionary)),
            ..chunk(valid.len(), indices)
        };
        set_validity(&mut chunk, &valid, dice);
        chunk
    }

    fn column(&self, name: &str, data_type: DataType, cuts: &[usize], dice: &mut Dice) -> Column<'static> {
        let mut first = 0;
        let chunks = cuts
            .iter()
            .map(|&n| {
                let cells = self.pick(first..first + n);
                first += n;
                cells.chunk(data_type, dice)
            })
            .collect();
        Column {
            name: name.into(),
            data_type,
            chunks,
        }
    }

    fn chunk(&self, data_type: DataType, dice: &mut Dice) -> Chunk<'static> {
        let n = self.len();
        let valid: Vec<bool> = (0..n).map(|i| !self.is_null(i)).collect();
        let garbage = dice.below(1 << 30) as i64;
        let mut chunk = match self {
            Cells::Texts(texts) => text_chunk(texts, data_type, dice),
            Cells::Cents(cents) => {
                let mut bytes = Vec::new();
                for c in cents {
                    let c = c.unwrap_or(garbage);
                    match data_type {
                        DataType::Decimal { bytes: width, .. } => {
                            let sign = if c < 0 { 0xFF } else { 0 };
                            let mut wide = [sign; 32];
                            wide[..8].copy_from_slice(&c.to_le_bytes());
                            bytes.extend_from_slice(&wide[..width]);
                        }
                        _ => bytes.extend((c as f64 / 100.0).to_le_bytes()),
                    }
                }
                chunk(n, bytes)
            }
            Cells::Seconds(seconds) => {
                let bytes = seconds.iter().flat_map(|s| s.unwrap_or(garbage).to_le_bytes());
                chunk(n, bytes.collect())
            }
        };
        set_validity(&mut chunk, &valid, dice);
        chunk
    }
}

/// At any address: half of the buffers are misaligned.
fn buffer(bytes: Vec<u8>) -> Bytes<'static> {
    let shift = bytes.len() % 2;
    let mut moved = vec![0; shift];
    moved.extend(bytes);
    Bytes::Borrowed(&moved.leak()[shift..])
}

fn chunk(len: usize, values: Vec<u8>) -> Chunk<'static> {
    Chunk {
        len,
        values: buffer(values),
        validity: None,
        bit_offset: 0,
        offsets: None,
        buffers: Vec::new(),
        dictionary: None,
    }
}

fn set_validity(chunk: &mut Chunk<'static>, valid: &[bool], dice: &mut Dice) {
    if valid.iter().all(|&v| v) && dice.below(2) == 0 {
        return;
    }
    let offset = dice.below(19);
    let mut bits = vec![0xA5_u8; (offset + valid.len()).div_ceil(8) + dice.below(3)];
    for (i, &v) in valid.iter().enumerate() {
        let at = offset + i;
        bits[at / 8] = bits[at / 8] & !(1 << (at % 8)) | u8::from(v) << (at % 8);
    }
    chunk.validity = Some(buffer(bits));
    chunk.bit_offset = offset;
}

fn text_chunk(texts: &[Option<String>], data_type: DataType, dice: &mut Dice) -> Chunk<'static> {
    let n = texts.len();
    let mut data = vec![b'.'; dice.below(4)];
    if data_type == DataType::Utf8View {
        let mut views = Vec::new();
        for text in texts {
            let Some(text) = text else {
                views.extend([0xEE_u8; 16]);
                continue;
            };
            views.extend((text.len() as u32).to_le_bytes());
            if text.len() <= 12 {
                let mut short = [0; 12];
                short[..text.len()].copy_from_slice(text.as_bytes());
                views.extend(short);
            } else {
                views.extend(&text.as_bytes()[..4]);
                views.extend(1_u32.to_le_bytes());
                views.extend((data.len() as u32).to_le_bytes());
                data.extend(text.as_bytes());
            }
        }
        return Chunk {
            buffers: vec![buffer(Vec::new()), buffer(data)],
            ..chunk(n, views)
        };
    }
    let mut offsets = vec![data.len() as i64];
    for text in texts {
        data.extend(text.as_deref().unwrap_or("garbage").as_bytes());
        offsets.push(data.len() as i64);
    }
    let offsets = match data_type {
        DataType::LargeUtf8 => offsets.iter().flat_map(|o| o.to_le_bytes()).collect(),
        _ => offsets.iter().flat_map(|&o| (o as i32).to_le_bytes()).collect(),
    };
    Chunk {
        offsets: Some(buffer(offsets)),
        ..chunk(n, data)
    }
}

/// Tables of `n` trades and `m` prints with dense ties, nulls and few tokens.
pub struct Tables {
    pub trades: [Cells; 6],
    pub tape: [Cells; 4],
}

impl Tables {
    pub fn new(n: usize, m: usize, dice: &mut Dice) -> Self {
        let tokens = [
            Some("A"),
            Some("a token of more than twelve bytes"),
            Some(""),
            Some("é"),
            None,
        ];
        let mut texts = |n: usize, of: &[Option<&str>]| {
            Cells::Texts((0..n).map(|_| dice.one_of(of).map(str::to_string)).collect())
        };
        let (token, print_token) = (texts(n, &tokens), texts(m, &tokens));
        let market = texts(n, &[Some("m"), Some("another"), None]);
        let side = texts(n, &[Some("BUY"), Some("BUY"), Some("SELL"), None]);
        let outcome = texts(n, &[Some("Up"), Some("Down"), Some("Yes"), None]);
        let mut numbers = |n: usize, below: usize, from: i64| -> Vec<Option<i64>> {
            let one = |dice: &mut Dice| (dice.below(9) > 0).then(|| dice.below(below) as i64 + from);
            (0..n).map(|_| one(dice)).collect()
        };
        let (ts, print_ts) = (numbers(n, 40, -10), numbers(m, 40, -10));
        let (size, price) = (numbers(n, 900, -50), numbers(m, 99, 1));
        let print_size = numbers(m, 9000, 1);
        Tables {
            trades: [
                Cells::Seconds(ts),
                market,
                side,
                outcome,
                Cells::Cents(size),
                token,
            ],
            tape: [
                print_token,
                Cells::Seconds(print_ts),
                Cells::Cents(price),
                Cells::Cents(print_size),
            ],
        }
    }

    pub fn columns(
        &self,
        mut make: impl FnMut(&Cells, &str) -> Column<'static>,
    ) -> (TradeColumns<'static>, TapeColumns<'static>) {
        let [ts, market, side, outcome, size, token] = &self.trades;
        let trades = TradeColumns {
            ts: make(ts, "ts"),
            market: make(market, "market_slug"),
            side: make(side, "side"),
            outcome: make(outcome, "outcome"),
            size: make(size, "size"),
            token: Some(make(token, "token_id")),
            sequence: None,
            own: Vec::new(),
        };
        let [token, ts, price, size] = &self.tape;
        let tape = TapeColumns {
            token: make(token, "token_id"),
            ts: make(ts, "ts"),
            price: make(price, "price"),
            size: make(size, "size"),
            availability: None,
            sequence: None,
            own: Vec::new(),
        };
        (trades, tape)
    }
}

/// Two lags, two windows.
pub fn plan(sum: Numerics, by_token: bool) -> FeaturePlan {
    let seconds = |s: i64| Span::from_nanos(s * 1_000_000_000).unwrap();
    FeaturePlan {
        returns: vec![seconds(3), seconds(10)],
        windows: vec![seconds(5), seconds(20)],
        bucket: seconds(10),
        mode: RegimeMode::Bucket,
        visibility: VisibilityPlan::default(),
        sum,
        by_token,
        time: true,
        ts_unit: None,
    }
}

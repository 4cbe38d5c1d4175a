//! Trades by regime and kind of execution.

use crate::strings::NULL_CODE;

/// What a line of the PnL table is made of.
#[derive(Clone, Default)]
pub struct Cell {
    /// Trades with an event key.
    pub keys: u64,
    /// Realized PnL, where there is one.
    pub pnl: Vec<f64>,
}

/// Cells by regime and kind of execution.
pub struct Cells {
    regimes: usize,
    /// By code, then regime: a row finds its cell without a search.
    cells: Vec<Cell>,
    null: Vec<Cell>,
}

impl Cells {
    /// No cells, for so many regimes.
    pub fn new(regimes: usize) -> Self {
        Cells {
            regimes,
            cells: Vec::new(),
            null: vec![Cell::default(); regimes],
        }
    }

    /// The cell of a kind of execution, by code, and a regime.
    pub fn cell(&mut self, exec: u32, regime: u32) -> &mut Cell {
        if exec == NULL_CODE {
            return &mut self.null[regime as usize];
        }
        let at = exec as usize * self.regimes + regime as usize;
        if at >= self.cells.len() {
            self.cells
                .resize((exec as usize + 1) * self.regimes, Cell::default());
        }
        &mut self.cells[at]
    }

    /// All cells with their kind of execution (`None` is null) and regime.
    pub fn into_cells(self) -> impl Iterator<Item = (Option<usize>, usize, Cell)> {
        let regimes = self.regimes;
        let named = self.cells.into_iter().enumerate();
        let named = named.map(move |(at, cell)| (Some(at / regimes), at % regimes, cell));
        let null = self.null.into_iter().enumerate();
        named.chain(null.map(|(regime, cell)| (None, regime, cell)))
    }
}

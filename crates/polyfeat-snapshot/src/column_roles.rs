//! What each column of `trades` tells, and when that was known (spec §1, "Column roles").

/// When the value of a column is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Before the trade.
    Before,
    /// With the trade: the decision itself, and what names it.
    Trade,
    /// Only after the trade, or possibly so.
    After,
    /// How the market ended, or what follows from it: what a model is to predict.
    Label,
    /// Not a column that is known here.
    Unknown,
}

impl Role {
    /// The word for it in reports.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Role::Before => "before",
            Role::Trade => "trade",
            Role::After => "after",
            Role::Label => "label",
            Role::Unknown => "unknown",
        }
    }
}

/// A known column of `trades`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ColumnRole {
    /// Its name.
    pub name: &'static str,
    /// When it is known.
    pub role: Role,
    /// Why that is its role, in a few words.
    pub why: &'static str,
}

const fn known(name: &'static str, role: Role, why: &'static str) -> ColumnRole {
    ColumnRole { name, role, why }
}

const LISTED: &str = "fixed when the market was listed";
const STATE: &str = "the market's state when the snapshot was taken";
const BOOK: &str = "a book captured because of the trade, as a rule after it";
const FROM_BOOK: &str = "computed from that book";

/// The 44 columns that the recorder writes, in its order. `packages/core/src/column-roles.ts` is the same table.
pub const COLUMN_ROLES: [ColumnRole; 44] = [
    known("ts", Role::Trade, "the time of the trade"),
    known("day", Role::Trade, "from ts"),
    known("hour_utc", Role::Trade, "from ts"),
    known("username", Role::Before, "whose trades these are"),
    known("proxy_address", Role::Before, "whose trades these are"),
    known("market_slug", Role::Before, LISTED),
    known("title", Role::Before, LISTED),
    known("token_id", Role::Before, LISTED),
    known("condition_id", Role::Before, LISTED),
    known("side", Role::Trade, "the decision itself"),
    known("outcome", Role::Before, "what the token stands for"),
    known("outcome_index", Role::Before, "what the token stands for"),
    known("price", Role::Trade, "the decision itself"),
    known("size", Role::Trade, "the decision itself"),
    known("notional_usd", Role::Trade, "price × size"),
    known("transaction_hash", Role::Trade, "names the trade"),
    known("event_key", Role::Trade, "names the trade"),
    known("series", Role::Before, "from market_slug and title"),
    known("asset", Role::Before, "from market_slug"),
    known("seconds_to_end", Role::Before, "end_date less ts"),
    known("end_date", Role::Before, "the market's schedule"),
    known("event_start_time", Role::Before, "the market's schedule"),
    known("active", Role::After, STATE),
    known("closed", Role::After, STATE),
    known("uma_resolution_status", Role::After, STATE),
    known("is_resolved", Role::Label, "whether the market ended"),
    known("resolved_outcome", Role::Label, "how the market ended"),
    known("settle_price", Role::Label, "how the market ended"),
    known("realized_pnl", Role::Label, "from settle_price"),
    known("tob_captured_at", Role::After, BOOK),
    known("tob_known", Role::After, BOOK),
    known("tob_lag_millis", Role::After, BOOK),
    known("best_bid_price", Role::After, BOOK),
    known("best_bid_size", Role::After, BOOK),
    known("best_ask_price", Role::After, BOOK),
    known("best_ask_size", Role::After, BOOK),
    known("mid", Role::After, BOOK),
    known("spread", Role::After, BOOK),
    known("price_minus_mid", Role::After, FROM_BOOK),
    known("tob_imbalance", Role::After, FROM_BOOK),
    known("exec_type", Role::After, FROM_BOOK),
    known("edge_vs_mid", Role::After, FROM_BOOK),
    known("effective_spread", Role::After, FROM_BOOK),
    known("effective_spread_ratio", Role::After, FROM_BOOK),
];

/// Labels of a safe output are named with this before their own name.
pub const LABEL_PREFIX: &str = "label_";

/// What is known of a column of `trades` by its name. A label that a safe output renamed is one still; another column
/// that is not in [`COLUMN_ROLES`] has [`Role::Unknown`] and the reason `not a column of the recorder`.
///
/// ```
/// use polyfeat_snapshot::{Role, column_role};
/// assert_eq!(column_role("settle_price").role, Role::Label);
/// assert_eq!(column_role("label_settle_price").role, Role::Label);
/// assert_eq!(column_role("my_signal").role, Role::Unknown);
/// ```
#[must_use]
pub fn column_role(name: &str) -> ColumnRole {
    let find = |name: &str| COLUMN_ROLES.iter().find(|column| column.name == name).copied();
    let label = || find(name.strip_prefix(LABEL_PREFIX)?).filter(|found| found.role == Role::Label);
    find(name)
        .or_else(label)
        .unwrap_or(known("", Role::Unknown, "not a column of the recorder"))
}

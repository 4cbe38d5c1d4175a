/**
 * What each column of `trades` tells, and when that was known. Spec section 1, "Column roles". This is the table of
 * `crates/polyfeat-snapshot/src/column_roles.rs` once more, for where there is no native binary.
 */

/**
 * When the value of a column is known: before the trade, with it (the decision itself, and what names it), only after
 * it or possibly so, or with the end of the market: what a model is to predict. `unknown`: not a column that is known.
 */
export type Role = 'before' | 'trade' | 'after' | 'label' | 'unknown';

/** The role of a column, and why that is its role in a few words. */
export interface ColumnRole {
  readonly role: Role;
  readonly why: string;
}

const LISTED = 'fixed when the market was listed';
const STATE = "the market's state when the snapshot was taken";
const BOOK = 'a book captured because of the trade, as a rule after it';
const FROM_BOOK = 'computed from that book';

/** The 44 columns that the recorder writes, in its order. */
export const COLUMN_ROLES: Readonly<Record<string, ColumnRole>> = {
  ts: { role: 'trade', why: 'the time of the trade' },
  day: { role: 'trade', why: 'from ts' },
  hour_utc: { role: 'trade', why: 'from ts' },
  username: { role: 'before', why: 'whose trades these are' },
  proxy_address: { role: 'before', why: 'whose trades these are' },
  market_slug: { role: 'before', why: LISTED },
  title: { role: 'before', why: LISTED },
  token_id: { role: 'before', why: LISTED },
  condition_id: { role: 'before', why: LISTED },
  side: { role: 'trade', why: 'the decision itself' },
  outcome: { role: 'before', why: 'what the token stands for' },
  outcome_index: { role: 'before', why: 'what the token stands for' },
  price: { role: 'trade', why: 'the decision itself' },
  size: { role: 'trade', why: 'the decision itself' },
  notional_usd: { role: 'trade', why: 'price × size' },
  transaction_hash: { role: 'trade', why: 'names the trade' },
  event_key: { role: 'trade', why: 'names the trade' },
  series: { role: 'before', why: 'from market_slug and title' },
  asset: { role: 'before', why: 'from market_slug' },
  seconds_to_end: { role: 'before', why: 'end_date less ts' },
  end_date: { role: 'before', why: "the market's schedule" },
  event_start_time: { role: 'before', why: "the market's schedule" },
  active: { role: 'after', why: STATE },
  closed: { role: 'after', why: STATE },
  uma_resolution_status: { role: 'after', why: STATE },
  is_resolved: { role: 'label', why: 'whether the market ended' },
  resolved_outcome: { role: 'label', why: 'how the market ended' },
  settle_price: { role: 'label', why: 'how the market ended' },
  realized_pnl: { role: 'label', why: 'from settle_price' },
  tob_captured_at: { role: 'after', why: BOOK },
  tob_known: { role: 'after', why: BOOK },
  tob_lag_millis: { role: 'after', why: BOOK },
  best_bid_price: { role: 'after', why: BOOK },
  best_bid_size: { role: 'after', why: BOOK },
  best_ask_price: { role: 'after', why: BOOK },
  best_ask_size: { role: 'after', why: BOOK },
  mid: { role: 'after', why: BOOK },
  spread: { role: 'after', why: BOOK },
  price_minus_mid: { role: 'after', why: FROM_BOOK },
  tob_imbalance: { role: 'after', why: FROM_BOOK },
  exec_type: { role: 'after', why: FROM_BOOK },
  edge_vs_mid: { role: 'after', why: FROM_BOOK },
  effective_spread: { role: 'after', why: FROM_BOOK },
  effective_spread_ratio: { role: 'after', why: FROM_BOOK },
};

const UNKNOWN: ColumnRole = { role: 'unknown', why: 'not a column of the recorder' };

/** Labels of a safe output are named with this before their own name. */
export const LABEL_PREFIX = 'label_';

/** The name of a label in a safe output; one that has it already keeps it. */
export function labelName(name: string): string {
  return name.startsWith(LABEL_PREFIX) ? name : `${LABEL_PREFIX}${name}`;
}

/**
 * What is known of a column of `trades` by its name. A label that a safe output renamed is one still; any other name
 * that is not in {@link COLUMN_ROLES} is `unknown`.
 */
export function columnRole(name: string): ColumnRole {
  const label = name.startsWith(LABEL_PREFIX) ? find(name.slice(LABEL_PREFIX.length)) : undefined;
  return find(name) ?? (label?.role === 'label' ? label : UNKNOWN);
}

function find(name: string): ColumnRole | undefined {
  return Object.hasOwn(COLUMN_ROLES, name) ? COLUMN_ROLES[name] : undefined;
}

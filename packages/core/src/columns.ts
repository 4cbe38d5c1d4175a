/** The columns that a run makes, by name, in the notebook's order. Spec section 2. */
import type { Duration } from './duration.js';

/** A column that a run may make; `tape`: only where there is a tape. */
export interface FeatureColumn {
  readonly name: string;
  readonly tape: boolean;
}

/** The columns of a run with these lags and windows. */
export function featureColumns(returns: readonly Duration[], windows: readonly Duration[]): FeatureColumn[] {
  const columns: FeatureColumn[] = [];
  const add = (name: string, tape: boolean) => columns.push({ name, tape });
  for (const name of ['mt_last_price', 'mt_last_ts', 'mt_last_age_ms']) add(name, true);
  for (const { label } of returns) add(`mt_return_${label}`, true);
  for (const { label } of windows) {
    for (const kind of ['trades', 'volume', 'notional']) add(`mt_${kind}_${label}`, true);
  }
  for (const name of ['bucket', 'complete_set_flag', 'complete_set_shares', 'regime']) add(name, false);
  return columns;
}

/** What `columns: 'features'` keeps of the input. */
export const IDENTITY: readonly string[] = ['ts', 'token_id', 'market_slug', 'event_key'];

/** A column of an output: an input column that passes through, or one that is made. */
export interface OutColumn {
  readonly name: string;
  readonly made: boolean;
}

/** The columns of an output, and input columns that do not get into it as they are. */
export interface ColumnPlan {
  readonly columns: readonly OutColumn[];
  /** Input columns that are made anew, where they stand. */
  readonly replaced: readonly string[];
  /** Input columns of an earlier run that this one does not make. */
  readonly dropped: readonly string[];
}

/**
 * Plans an output: the input columns that `keeps`, in their order, then those that are made. An input column with
 * the name of a feature is replaced where it stands, or left out when this run does not make it (`made: false`).
 */
export function planOutput(
  input: readonly string[],
  keeps: (name: string) => boolean,
  features: readonly { readonly name: string; readonly made: boolean }[],
): ColumnPlan {
  const columns: OutColumn[] = [];
  const replaced: string[] = [];
  const dropped: string[] = [];
  for (const name of input) {
    const feature = features.find((column) => column.name === name);
    if (feature === undefined) {
      if (keeps(name)) columns.push({ name, made: false });
    } else if (feature.made) {
      replaced.push(name);
      columns.push({ name, made: true });
    } else dropped.push(name);
  }
  for (const { name, made } of features) {
    if (made && !replaced.includes(name)) columns.push({ name, made });
  }
  return { columns, replaced, dropped };
}

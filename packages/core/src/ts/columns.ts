/** The columns of the output: which input columns pass through, which are made, and in which order. Spec section 1, 2. */
import type { Duration } from '../duration.js';
import { PolyfeatError } from '../errors.js';
import type { ColumnChoice, Warning } from '../types.js';
import type { Table } from './table.js';

/** A feature, by what it is; `index` is that of its lag or window. */
export type Feature =
  | { kind: 'last_price' | 'last_ts' | 'last_age_ms' | 'bucket' | 'flag' | 'shares' | 'regime' }
  | { kind: 'return'; index: number }
  | { kind: 'trades' | 'volume' | 'notional'; index: number };

/** A column of the output: an input column that passes through, or a feature. */
export interface OutColumn {
  readonly name: string;
  readonly feature: Feature | null;
}

/** What `--columns features` keeps. */
const IDENTITY: readonly string[] = ['ts', 'token_id', 'market_slug', 'event_key'];

/** The features in the notebook's order; `tape`: it needs the tape. */
export function featureColumns(returns: readonly Duration[], windows: readonly Duration[]) {
  const columns: { name: string; feature: Feature; tape: boolean }[] = [];
  const add = (name: string, feature: Feature, tape: boolean) => columns.push({ name, feature, tape });
  add('mt_last_price', { kind: 'last_price' }, true);
  add('mt_last_ts', { kind: 'last_ts' }, true);
  add('mt_last_age_ms', { kind: 'last_age_ms' }, true);
  returns.forEach(({ label }, index) => {
    add(`mt_return_${label}`, { kind: 'return', index }, true);
  });
  windows.forEach(({ label }, index) => {
    for (const kind of ['trades', 'volume', 'notional'] as const)
      add(`mt_${kind}_${label}`, { kind, index }, true);
  });
  add('bucket', { kind: 'bucket' }, false);
  add('complete_set_flag', { kind: 'flag' }, false);
  add('complete_set_shares', { kind: 'shares' }, false);
  add('regime', { kind: 'regime' }, false);
  return columns;
}

/**
 * Plans the output: the input columns that were chosen, in the file's order, then the features. An input column
 * with the name of a feature (a features file fed in again) is replaced where it stands, or left out when this
 * run does not make that feature; both with a warning.
 *
 * @param withTape whether there is a tape to make the `mt_` columns from.
 * @throws PolyfeatError `MISSING_COLUMN` when a chosen column is not in the file.
 */
export function planColumns(
  trades: Table,
  choice: ColumnChoice,
  durations: { returns: readonly Duration[]; windows: readonly Duration[] },
  withTape: boolean,
): { columns: OutColumn[]; warnings: Warning[] } {
  requireChosen(trades, choice);
  const features = featureColumns(durations.returns, durations.windows);
  const columns: OutColumn[] = [];
  const replaced: string[] = [];
  const dropped: string[] = [];
  for (const { name } of trades.fields) {
    const made = features.find((column) => column.name === name);
    if (made === undefined) {
      if (chosen(choice, name)) columns.push({ name, feature: null });
    } else if (withTape || !made.tape) {
      replaced.push(name);
      columns.push({ name, feature: made.feature });
    } else dropped.push(name);
  }
  for (const { name, feature, tape } of features) {
    if ((withTape || !tape) && !replaced.includes(name)) columns.push({ name, feature });
  }
  const warnings: Warning[] = [];
  if (replaced.length > 0) {
    const message = `${trades.path} has columns that this run makes anew: ${replaced.join(', ')}`;
    warnings.push({ code: 'replaced_columns', message });
  }
  if (dropped.length > 0) {
    const message = `${trades.path} has columns of an earlier run that this one does not make; they are left out: ${dropped.join(', ')}`;
    warnings.push({ code: 'dropped_columns', message });
  }
  return { columns, warnings };
}

function chosen(choice: ColumnChoice, name: string): boolean {
  if (choice === 'all') return true;
  return (choice === 'features' ? IDENTITY : choice).includes(name);
}

function requireChosen(trades: Table, choice: ColumnChoice): void {
  if (typeof choice === 'string') return;
  const column = choice.find((name) => trades.field(name) === undefined);
  if (column === undefined) return;
  const names = trades.fields.map((field) => field.name).join(', ');
  const message = `${trades.path} has no column ${column} to pass through; it has ${names}`;
  throw new PolyfeatError('MISSING_COLUMN', message, { file: trades.path, column });
}

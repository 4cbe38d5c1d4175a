/** The columns of the output file: which input columns pass through, which are made, and in which order. */
import { featureColumns, IDENTITY, type OutColumn, planOutput } from '../columns.js';
import type { Duration } from '../duration.js';
import { PolyfeatError } from '../errors.js';
import type { ColumnChoice, Warning } from '../types.js';
import type { Table } from './table.js';

export type { OutColumn };

/**
 * Plans the output; see {@link planOutput}. What is replaced and left out is told by warnings.
 *
 * @param makes whether there is a tape to make the `mt_` columns from, and whether rows are proven by it.
 * @throws PolyfeatError `MISSING_COLUMN` when a chosen column is not in the file.
 */
export function planColumns(
  trades: Table,
  choice: ColumnChoice,
  durations: { returns: readonly Duration[]; windows: readonly Duration[] },
  makes: { readonly tape: boolean; readonly proof: boolean },
): { columns: readonly OutColumn[]; warnings: Warning[] } {
  requireChosen(trades, choice);
  const { columns, replaced, dropped } = planOutput(
    trades.fields.map(({ name }) => name),
    (name) => chosen(choice, name),
    featureColumns(durations.returns, durations.windows),
    ({ tape, kind }) => (!tape || makes.tape) && (kind !== 'proof' || makes.proof),
  );
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

/** The columns of the output file: which input columns pass through, which are made, and in which order. */
import { columnRole, labelName, type Role } from '../column-roles.js';
import {
  type FeatureColumn,
  featureColumns,
  IDENTITY,
  LABEL_AVAILABLE,
  LOOKAHEAD,
  LOOKS_BACK,
  type LookaheadRules,
  lookaheadOf,
  planOutput,
} from '../columns.js';
import { PolyfeatError } from '../errors.js';
import type { BuildRequest, SnapshotColumns, Warning } from '../types.js';
import type { Table } from './table.js';

/** A column of the output. */
export interface OutColumn {
  readonly name: string;
  readonly made: boolean;
  /** The name of the input column or feature that it is. */
  readonly from: string;
  /** When its values are known; a feature that looks ahead is a label. */
  readonly role: Role;
  /** What its field says of itself, beside what the input column's says. */
  readonly metadata: ReadonlyMap<string, string>;
}

/**
 * Plans the output; see {@link planOutput}. What is replaced and left out is told by warnings.
 *
 * @param makes whether there is a tape to make the `mt_` columns from, and whether rows are proven by it.
 * @throws PolyfeatError `MISSING_COLUMN` when a chosen column is not in the file; `NAME_CLASH`.
 */
export function planColumns(
  trades: Table,
  request: Pick<BuildRequest, 'columns' | 'returns' | 'windows' | 'labelAvailableAt'>,
  rules: LookaheadRules,
  makes: { readonly tape: boolean; readonly proof: boolean },
): { columns: readonly OutColumn[]; warnings: Warning[] } {
  const { columns: choice, labelAvailableAt = false } = request;
  const safe = choice === 'safe';
  requireChosen(trades, choice);
  const features = featureColumns(request.returns, request.windows);
  // Before those of the proof, as the native engine has it.
  features.splice(
    features.findIndex(({ kind }) => kind === 'proof'),
    0,
    LABEL_AVAILABLE,
  );
  const made = features.map((feature) => ({ ...feature, ...featureOf(feature, rules, safe) }));
  const plan = planOutput(
    trades.fields.map(({ name }) => name),
    (name) => chosen(choice, name),
    made,
    ({ tape, kind }) =>
      (!tape || makes.tape) && (kind !== 'proof' || makes.proof) && (kind !== 'known' || labelAvailableAt),
  );
  const columns = plan.columns.map(({ name, made: isMade }) =>
    isMade ? made.find((column) => column.name === name)! : passed(trades, name, safe),
  );
  const warnings: Warning[] = [];
  const warn = (code: string, names: readonly string[], told: (names: string) => string) => {
    if (names.length > 0) warnings.push({ code, message: told(names.join(', ')) });
  };
  if (safe) {
    const unknown = trades.fields
      .map(({ name }) => name)
      .filter((name) => columnRole(name).role === 'unknown' && !made.some((column) => column.name === name));
    const ahead = columns.filter((column) => column.made && column.role === 'label');
    warn(
      'unknown_columns',
      unknown,
      (names) =>
        `${trades.path} has columns of which it is not known whether they tell the future; --columns safe leaves them out: ${names}`,
    );
    warn(
      'lookahead_labels',
      ahead.map(({ name }) => name),
      (names) =>
        `by these rules columns look ahead, and are labels therefore: ${names}; --preset strict looks back only`,
    );
  }
  warn(
    'replaced_columns',
    plan.replaced,
    (names) => `${trades.path} has columns that this run makes anew: ${names}`,
  );
  warn(
    'dropped_columns',
    plan.dropped,
    (names) =>
      `${trades.path} has columns of an earlier run that this one does not make; they are left out: ${names}`,
  );
  return { columns, warnings };
}

function featureOf({ name, kind }: FeatureColumn, rules: LookaheadRules, safe: boolean): OutColumn {
  const ahead = lookaheadOf(kind, rules);
  const role: Role = ahead === LOOKS_BACK ? 'before' : 'label';
  return {
    name: safe && role === 'label' ? labelName(name) : name,
    made: true,
    from: name,
    role,
    metadata: new Map([[LOOKAHEAD, ahead]]),
  };
}

function passed(trades: Table, name: string, safe: boolean): OutColumn {
  const { role } = columnRole(name);
  if (!safe || role !== 'label') return { name, made: false, from: name, role, metadata: new Map() };
  const label = labelName(name);
  if (label !== name && trades.field(label) !== undefined) {
    const message = `${trades.path} has both ${name} and ${label}, which is what --columns safe calls ${name}; rename or drop one of them`;
    throw new PolyfeatError('NAME_CLASH', message, { file: trades.path, column: label });
  }
  return { name: label, made: false, from: name, role, metadata: new Map([['polyfeat:role', role]]) };
}

function chosen(choice: SnapshotColumns, name: string): boolean {
  if (choice === 'all') return true;
  if (choice === 'safe') return ['before', 'trade', 'label'].includes(columnRole(name).role);
  return (choice === 'features' ? IDENTITY : choice).includes(name);
}

function requireChosen(trades: Table, choice: SnapshotColumns): void {
  if (typeof choice === 'string') return;
  const column = choice.find((name) => trades.field(name) === undefined);
  if (column === undefined) return;
  const names = trades.fields.map((field) => field.name).join(', ');
  const message = `${trades.path} has no column ${column} to pass through; it has ${names}`;
  throw new PolyfeatError('MISSING_COLUMN', message, { file: trades.path, column });
}

/** The columns of the output file: which input columns pass through, which are made, and in which order. */
import { columnRole, labelName, type Role } from '../column-roles.js';
import { featureColumns, IDENTITY, planOutput } from '../columns.js';
import { PolyfeatError } from '../errors.js';
import { LOOKS_BACK, lookahead } from '../lookahead.js';
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
 * @param withTape whether there is a tape to make the `mt_` columns from.
 * @throws PolyfeatError `MISSING_COLUMN` when a chosen column is not in the file; `NAME_CLASH`.
 */
export function planColumns(
  trades: Table,
  request: Pick<BuildRequest, 'columns' | 'returns' | 'windows' | 'rules' | 'labelAvailableAt'>,
  withTape: boolean,
): { columns: readonly OutColumn[]; warnings: Warning[] } {
  const { columns: choice, rules } = request;
  const safe = choice === 'safe';
  requireChosen(trades, choice);
  const made = featureColumns(request.returns, request.windows).map(({ name, tape }) => ({
    column: featureOf(name, rules, safe),
    made: withTape || !tape,
  }));
  made.push({ column: featureOf(LABEL_AVAILABLE, rules, safe), made: request.labelAvailableAt === true });
  const plan = planOutput(
    trades.fields.map(({ name }) => name),
    (name) => chosen(choice, name),
    made.map(({ column: { name }, made }) => ({ name, made })),
  );
  const columns = plan.columns.map(({ name, made: isMade }) =>
    isMade ? made.find(({ column }) => column.name === name)!.column : passed(trades, name, safe),
  );
  const warnings: Warning[] = [];
  const warn = (code: string, names: readonly string[], told: (names: string) => string) => {
    if (names.length > 0) warnings.push({ code, message: told(names.join(', ')) });
  };
  if (safe) {
    const unknown = trades.fields
      .map(({ name }) => name)
      .filter(
        (name) => columnRole(name).role === 'unknown' && !made.some(({ column }) => column.name === name),
      );
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

/** From when on the complete sets of a row are known; made only where it is asked for. */
export const LABEL_AVAILABLE = 'label_available_at';

function featureOf(name: string, rules: BuildRequest['rules'], safe: boolean): OutColumn {
  const ahead = lookahead(name, rules);
  const role: Role = ahead === LOOKS_BACK ? 'before' : 'label';
  return {
    name: safe && role === 'label' ? labelName(name) : name,
    made: true,
    from: name,
    role,
    metadata: new Map([['polyfeat:lookahead', ahead]]),
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

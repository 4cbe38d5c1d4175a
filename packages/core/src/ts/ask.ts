/** What rules ask of the files of a snapshot: their columns found, what is left to the files decided. Spec section 4. */
import { NANOS } from '@polyfeat/reference';
import { type DataType, Type } from 'apache-arrow';
import { isText, typeText, valueType } from '../arrow/type-text.js';
import { viewOf } from '../arrow/view.js';
import { PolyfeatError } from '../errors.js';
import { hasValue } from '../kernels/codes.js';
import {
  lookaheadWarnings,
  NO_SELF_COLUMN,
  requireSum,
  SELF_COLUMNS,
  type SettledRules,
} from '../settled-rules.js';
import type { BuildRequest, TsUnit } from '../types.js';
import { requireTimes, timeUnitOf, wrongType } from './coerce.js';
import type { Job } from './job.js';
import { finerUnit } from './rows.js';
import type { Table } from './table.js';

/** Rules, and the columns of both files that tell own prints. */
export interface AskedRules {
  readonly rules: SettledRules;
  readonly own: readonly string[];
}

/**
 * Finds the columns that rules name, refuses what does not fit together, and warns of what looks ahead.
 *
 * @throws PolyfeatError `MISSING_COLUMN`, `WRONG_TYPE`, `INVALID_OPTION`; those of reading, for columns that are to be
 *   found out.
 */
export async function ask(
  job: Job,
  rules: SettledRules,
  { sum, tsUnit }: Pick<BuildRequest, 'sum' | 'tsUnit'>,
  trades: Table,
  tape: Table | null,
): Promise<AskedRules> {
  let own: readonly string[] = [];
  if (tape !== null) {
    own = await ownColumns(job, rules, trades, tape);
    for (const name of own) requirePair([trades, name], [tape, name], 'excludeSelf');
    const { sequence, availability } = rules;
    if (sequence !== null) {
      const kind = requirePair([trades, sequence.trades], [tape, sequence.tape], 'sequence');
      // Booleans tell what is the same, but nothing of an order.
      if (kind === 'bool') {
        const place = { file: tape.path, column: sequence.tape };
        wrongType(place, typeOf(tape, sequence.tape, 'sequence'), 'integers, times or text for sequence');
      }
    }
    if (availability !== null) {
      const type = typeOf(tape, availability, 'availability');
      requireTimes(type, tsUnit, { file: tape.path, column: availability });
    }
  }
  requireSum('', rules, own, sum);
  job.warnings.push(...lookaheadWarnings(rules));
  return { rules, own };
}

async function ownColumns(
  job: Job,
  { excludeSelf }: SettledRules,
  trades: Table,
  tape: Table,
): Promise<readonly string[]> {
  if (excludeSelf !== 'auto') return excludeSelf;
  for (const name of SELF_COLUMNS) {
    if ((await hasValues(trades, name)) && (await hasValues(tape, name))) return [name];
  }
  job.warnings.push(NO_SELF_COLUMN);
  return [];
}

async function hasValues(table: Table, name: string): Promise<boolean> {
  if (table.field(name) === undefined) return false;
  const vector = await table.readColumn(name);
  const view = viewOf(name, vector);
  // A type that no view has is refused later; what it holds does not matter.
  return view === null ? vector.nullCount < vector.length : hasValue(view);
}

type Kind = 'integer' | 'text' | 'bool' | 'time' | null;

/** Checks that two columns can be compared, and tells of what kind they are. */
function requirePair(a: readonly [Table, string], b: readonly [Table, string], rule: string): Kind {
  const [kindA, kindB] = [kindOf(a, rule), kindOf(b, rule)];
  if (kindA !== null && kindB !== null && kindA !== kindB) {
    const other = typeText(typeOf(...a, rule));
    wrongType(
      { file: b[0].path, column: b[1] },
      typeOf(...b, rule),
      `the kind of ${a[1]} in trades (${other}) for ${rule}`,
    );
  }
  return kindA ?? kindB;
}

function kindOf([table, column]: readonly [Table, string], rule: string): Kind {
  const type = typeOf(table, column, rule);
  const plain = valueType(type);
  if (isText(plain)) return 'text';
  switch (plain.typeId) {
    case Type.Int:
      return 'integer';
    case Type.Bool:
      return 'bool';
    case Type.Null:
      return null;
    case Type.Timestamp:
    case Type.Date:
      return 'time';
    default:
      return wrongType({ file: table.path, column }, type, `integers, text, booleans or times for ${rule}`);
  }
}

function typeOf(table: Table, column: string, rule: string): DataType {
  const field = table.field(column);
  if (field !== undefined) return field.type;
  throw new PolyfeatError(
    'MISSING_COLUMN',
    `${table.path} has no column ${column}, which ${rule} names; name another or switch the rule off`,
    { file: table.path, column },
  );
}

/** A unit in which all stamps can be compared and every length that has to be a whole number of them is one. */
export function comparisonUnit(
  { rules }: AskedRules,
  tape: Table,
  tsUnit: TsUnit | null,
  stamps: TsUnit,
): TsUnit {
  const { availability, embargo, resolution, ties, proof } = rules;
  let unit = stamps;
  if (availability !== null) {
    const { type } = tape.field(availability)!;
    // Nulls are as fine as any unit.
    const own = valueType(type).typeId === Type.Null ? 's' : (timeUnitOf(type, tsUnit) ?? 'ns');
    unit = finerUnit(unit, own);
  }
  const tick = ties === 'exclude' || proof ? (resolution ?? 0n) : 0n;
  const fine = (['s', 'ms', 'us', 'ns'] as const).find(
    (one) => embargo % NANOS[one] === 0n && tick % NANOS[one] === 0n,
  );
  return finerUnit(unit, fine ?? 'ns');
}

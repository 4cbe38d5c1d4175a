/** Rules of visibility among the options of the functions on tables, and the columns that they name. */
import type { Input } from '../arrow/input.js';
import { PolyfeatError } from '../errors.js';
import { hasValue } from '../kernels/codes.js';
import type { ColumnView } from '../kernels/view.js';
import { RULES, type RuleOptions, type Rules, readRules } from '../rules.js';
import {
  lookaheadWarnings,
  NO_SELF_COLUMN,
  requireSum,
  SELF_COLUMNS,
  type SettledRules,
  settleRules,
} from '../settled-rules.js';
import type { SumMode, TsUnit, Warning } from '../types.js';

/** The rules among options, read. */
export function givenRules(what: string, options: RuleOptions): Rules {
  const given = RULES.filter((name) => options[name] !== undefined).map((name) => [name, options[name]]);
  return readRules(what, Object.fromEntries(given));
}

/** Rules for a call, with the columns that tell own prints and what the caller should hear of them. */
export interface CallRules {
  readonly rules: SettledRules;
  readonly own: readonly string[];
  readonly warnings: readonly Warning[];
}

/**
 * Settles rules for two tables; without a tape they name no columns.
 *
 * @throws PolyfeatError `INVALID_OPTION`; `MISSING_COLUMN` for a column that a rule names and a table lacks.
 */
export function callRules(
  what: string,
  given: Rules,
  sum: SumMode,
  trades: Input,
  tape: Pick<TapeColumns, 'own'> | null,
): CallRules {
  const rules = settleRules(what, given);
  const own = tape === null ? [] : tape.own(rules, trades);
  requireSum(what, rules, own ?? [], sum);
  return {
    rules,
    own: own ?? [],
    warnings: [...(own === null ? [NO_SELF_COLUMN] : []), ...lookaheadWarnings(rules)],
  };
}

/** What the rules of a call may name of a tape. */
export interface TapeColumns {
  /** The columns that tell own prints; null when they were to be found and none is there. */
  own(rules: SettledRules, trades: Input): readonly string[] | null;
}

/** The columns of a tape that is a table. */
export function columnsOfTable(tape: Input): TapeColumns {
  return {
    own: ({ excludeSelf }, trades) => {
      if (excludeSelf !== 'auto') return excludeSelf;
      const found = SELF_COLUMNS.find((name) => hasValues(trades, name) && hasValues(tape, name));
      return found === undefined ? null : [found];
    },
  };
}

/** Whether a table has a column with a value in it. */
export function hasValues(input: Input, name: string): boolean {
  return input.has(name) && hasValue(input.view(name));
}

/** Views of the columns that rules name, beside those that are always needed. */
export interface MoreViews {
  readonly availability?: ColumnView;
  readonly sequence?: ColumnView;
  readonly self?: readonly ColumnView[];
}

/** The trades' columns that rules name. */
export function moreOfTrades(input: Input, { rules, own }: Pick<CallRules, 'rules' | 'own'>): MoreViews {
  return {
    ...(rules.sequence !== null && { sequence: named(input, rules.sequence.trades, 'sequence') }),
    ...(own.length > 0 && { self: own.map((name) => named(input, name, 'excludeSelf')) }),
  };
}

/** The tape's columns that rules name. */
export function moreOfTape(
  input: Input,
  { rules, own }: Pick<CallRules, 'rules' | 'own'>,
  tsUnit: TsUnit | null,
): MoreViews {
  const { availability, sequence } = rules;
  return {
    ...(availability !== null && { availability: named(input, availability, 'availability', tsUnit) }),
    ...(sequence !== null && { sequence: named(input, sequence.tape, 'sequence') }),
    ...(own.length > 0 && { self: own.map((name) => named(input, name, 'excludeSelf')) }),
  };
}

function named(input: Input, name: string, rule: string, tsUnit?: TsUnit | null): ColumnView {
  if (!input.has(name)) {
    throw new PolyfeatError(
      'MISSING_COLUMN',
      `${input.table} has no column ${name}, which ${rule} names; name another or switch the rule off`,
      { column: name },
    );
  }
  return tsUnit === undefined ? input.view(name) : input.view(name, 'time', tsUnit);
}

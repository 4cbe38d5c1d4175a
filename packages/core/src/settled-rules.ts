/** Rules of visibility as they hold for a run: the preset's, with single ones in their place. Spec section 4. */
import {
  checkRules,
  checkSum,
  type Rules as DefinedRules,
  DefinitionError,
  lookingAhead,
  PRESETS,
  SELF_COLUMNS,
} from '@polyfeat/reference';
import type { Duration } from './duration.js';
import { PolyfeatError } from './errors.js';
import type { RegimeMode } from './kernels/sets.js';
import type { Visibility } from './kernels/visible/rules.js';
import type { Rules } from './rules.js';
import type { SumMode, Warning } from './types.js';

/** Rules, but for what the files tell: the resolution where it is left out, and the columns that tell own prints. */
export interface SettledRules extends Omit<Visibility, 'availability' | 'excludeSelf'> {
  readonly preset: NonNullable<Rules['preset']>;
  readonly sequence: { readonly trades: string; readonly tape: string } | null;
  /** Time column of the tape. */
  readonly availability: string | null;
  /** `auto`: the first of {@link SELF_COLUMNS} that both tables have with values. Empty: own prints are seen. */
  readonly excludeSelf: 'auto' | readonly string[];
  readonly regime: RegimeMode;
}

/**
 * The rules that are asked for.
 *
 * @param what begins every message.
 * @throws PolyfeatError `INVALID_OPTION` for rules that contradict each other, or that look ahead without leave.
 */
export function settleRules(what: string, rules: Rules = {}): SettledRules {
  const { preset = 'notebook', direction = 'backward' } = rules;
  const single = Object.fromEntries(
    Object.entries(rules).filter(([, value]) => value !== undefined),
  ) as Rules;
  const asked = { ...PRESETS[preset], ...single };
  if (direction !== 'backward' && rules.allowLookahead !== true) {
    refuse(what, `direction ${direction} looks ahead; say allowLookahead if that is meant`);
  }
  // Columns of a sequence without a word on ties can only mean that they decide them.
  const ties = rules.ties ?? (rules.sequence === undefined ? asked.ties : 'sequence') ?? 'include';
  const { excludeSelf = 'none', availability = 'none' } = asked;
  const settled: SettledRules = {
    preset,
    ties,
    sequence: rules.sequence ?? null,
    resolution: nanosOf(rules.resolution),
    availability: availability === 'none' ? null : availability,
    embargo: nanosOf(rules.embargo) ?? 0n,
    excludeSelf: excludeSelf === 'none' ? [] : excludeSelf,
    maxAge: nanosOf(rules.maxAge),
    tie: rules.tie ?? null,
    direction,
    closed: rules.closed ?? (ties === 'exclude' ? 'left' : 'right'),
    unknownToken: asked.unknownToken ?? 'null',
    regime: asked.regime ?? 'bucket',
    proof: rules.proof ?? false,
  };
  defined(what, () => checkRules(definition(settled, [])));
  return settled;
}

function nanosOf(length: Duration | 'auto' | 'none' | undefined): bigint | null {
  return typeof length === 'object' ? length.nanos : null;
}

/**
 * Refuses rules that the notebook's sums cannot express.
 *
 * @param own the columns that tell own prints.
 * @throws PolyfeatError `INVALID_OPTION`.
 */
export function requireSum(what: string, rules: SettledRules, own: readonly string[], sum: SumMode): void {
  defined(what, () => checkSum(definition(rules, own), sum));
}

/** What the caller should know: rules that bring lookahead back where the preset has none. */
export function lookaheadWarnings(rules: SettledRules): Warning[] {
  if (rules.preset === 'notebook') return [];
  return lookingAhead(definition(rules, [])).map((rule) => ({
    code: 'lookahead',
    message: `${rule} looks ahead, which the preset ${rules.preset} does not`,
  }));
}

/** The warning when own prints were to be told by a column and none does. */
export const NO_SELF_COLUMN: Warning = {
  code: 'no_self_column',
  message: `no column of ${SELF_COLUMNS.join(', ')} has values in both tables: a trade's own prints are not left out`,
};

export { SELF_COLUMNS };

/** The rules as the kernels take them. `own`: the columns that tell own prints. */
export function visibilityOf(rules: SettledRules, own: readonly string[]): Visibility {
  const { ties, resolution, embargo, maxAge, tie, direction, closed, unknownToken, proof } = rules;
  return {
    ...{ ties, resolution, embargo, maxAge, tie, direction, closed, unknownToken, proof },
    availability: rules.availability !== null,
    excludeSelf: own.length > 0,
  };
}

function definition(rules: SettledRules, own: readonly string[]): DefinedRules {
  const { preset: _, proof: __, ...others } = rules;
  return { ...others, resolution: rules.resolution ?? 1n, excludeSelf: own };
}

function defined(what: string, check: () => void): void {
  try {
    check();
  } catch (error) {
    if (error instanceof DefinitionError) refuse(what, error.message);
    throw error;
  }
}

function refuse(what: string, why: string): never {
  throw new PolyfeatError('INVALID_OPTION', what === '' ? why : `${what}: ${why}`);
}

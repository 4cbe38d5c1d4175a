/** The rules of visibility that a build takes: which prints a trade may see. Spec section 4. */
import { type Duration, requireDurations, requireLength } from './duration.js';
import { PolyfeatError } from './errors.js';
import { isNames, refuseUnknown, requireBoolean, requireOneOf, requireText } from './options.js';
import { shown } from './show.js';

export const PRESETS = ['notebook', 'strict', 'live'] as const;
export const TIES = ['include', 'exclude', 'sequence'] as const;
export const TIE = ['last', 'first', 'error'] as const;
export const DIRECTIONS = ['backward', 'forward', 'nearest'] as const;
export const CLOSED = ['right', 'left', 'both', 'neither'] as const;
export const UNKNOWN_TOKEN = ['null', 'causal', 'zero'] as const;
export const REGIME_MODES = ['bucket', 'bucket-asof', 'trailing', 'prev-bucket'] as const;

/** A length, `L`, or no such rule. */
type Length<L> = L | 'none';

/** Rules whose lengths are of type `L`. Whatever is left out is the preset's. */
interface RulesOf<L> {
  /** `notebook` (default) reproduces the notebook; `strict` sees only what had happened before the trade; `live` only what had been recorded too. */
  readonly preset?: (typeof PRESETS)[number] | undefined;
  /** Prints at the trade's own stamp: all of them, none (by `resolution`), or those before it by `sequence`. */
  readonly ties?: (typeof TIES)[number] | undefined;
  /** The columns that order rows of equal stamps, under `ties: 'sequence'`. */
  readonly sequence?: { readonly trades: string; readonly tape: string } | undefined;
  /** The tick of the stamps under `ties: 'exclude'`; `auto` (default): the coarser of both files'. */
  readonly resolution?: L | 'auto' | undefined;
  /** Time column of the tape: a print counts only from then on. `none`: no such rule. */
  readonly availability?: string | undefined;
  /** A safety gap between what is seen and the trade. */
  readonly embargo?: Length<L> | undefined;
  /** Columns of both files: a print equal in all of them is the trade itself and is not seen. */
  readonly excludeSelf?: 'auto' | 'none' | readonly string[] | undefined;
  /** The oldest last print accepted, itself included. */
  readonly maxAge?: Length<L> | undefined;
  /** Which of equal stamps is the last print. */
  readonly tie?: (typeof TIE)[number] | undefined;
  /** Where the last print is looked for; anything but `backward` needs `allowLookahead`. */
  readonly direction?: (typeof DIRECTIONS)[number] | undefined;
  readonly allowLookahead?: boolean | undefined;
  /** Which ends a flow window holds. Default `right`, with `ties: 'exclude'` `left`. */
  readonly closed?: (typeof CLOSED)[number] | undefined;
  /** Flow of a token without prints. */
  readonly unknownToken?: (typeof UNKNOWN_TOKEN)[number] | undefined;
  /** How complete sets are found. */
  readonly regime?: (typeof REGIME_MODES)[number] | undefined;
  /** Adds columns by which each row can be checked by hand. */
  readonly proof?: boolean | undefined;
}

/** Rules as a caller gives them: lengths as durations or their texts. */
export type RuleOptions = RulesOf<string | Duration>;

/** Rules with their lengths read. */
export type Rules = RulesOf<Duration>;

const WORDS = {
  preset: PRESETS,
  ties: TIES,
  tie: TIE,
  direction: DIRECTIONS,
  closed: CLOSED,
  unknownToken: UNKNOWN_TOKEN,
  regime: REGIME_MODES,
} as const;

/** The names of all rules. */
export const RULES = [
  ...(Object.keys(WORDS) as (keyof typeof WORDS)[]),
  'sequence',
  'resolution',
  'availability',
  'embargo',
  'excludeSelf',
  'maxAge',
  'allowLookahead',
  'proof',
] as readonly (keyof RuleOptions)[];

/**
 * Reads rules.
 *
 * @param what begins every message.
 * @throws PolyfeatError `INVALID_OPTION` for a rule that there is not, or a value that it cannot have. What depends on
 *   the files (columns, units) is refused by the build.
 */
export function readRules(what: string, given: RuleOptions): Rules {
  refuseUnknown(what, given, RULES);
  const rules: Record<string, unknown> = {};
  for (const [name, words] of Object.entries(WORDS)) {
    const value = given[name as keyof typeof WORDS];
    if (value !== undefined) rules[name] = requireOneOf<string>(what, name, value, words);
  }
  for (const [name, word] of [
    ['resolution', 'auto'],
    ['embargo', 'none'],
    ['maxAge', 'none'],
  ] as const) {
    const value = given[name];
    if (value !== undefined) {
      rules[name] = value === word ? word : lengthOf(`${what}: ${name}`, value, name === 'resolution');
    }
  }
  for (const name of ['allowLookahead', 'proof'] as const) {
    const value = given[name];
    if (value === undefined) continue;
    requireBoolean(what, name, value);
    rules[name] = value;
  }
  if (given.availability !== undefined) {
    requireText(what, 'availability', given.availability);
    rules['availability'] = given.availability;
  }
  if (given.excludeSelf !== undefined) rules['excludeSelf'] = selfOf(what, given.excludeSelf);
  if (given.sequence !== undefined) rules['sequence'] = sequenceOf(what, given.sequence);
  return rules;
}

function lengthOf(where: string, given: unknown, positive: boolean): Duration | undefined {
  return positive ? requireDurations(where, [given])[0] : requireLength(where, given);
}

function selfOf(what: string, given: unknown): Rules['excludeSelf'] {
  if (given === 'auto' || given === 'none' || (isNames(given) && given.length > 0)) return given;
  throw new PolyfeatError(
    'INVALID_OPTION',
    `${what}: excludeSelf is ${shown(given)}, and must be auto, none or a list of column names`,
  );
}

function sequenceOf(what: string, given: unknown): Rules['sequence'] {
  const { trades, tape } = (given ?? {}) as { trades?: unknown; tape?: unknown };
  if (typeof trades === 'string' && typeof tape === 'string') return { trades, tape };
  throw new PolyfeatError(
    'INVALID_OPTION',
    `${what}: sequence is ${shown(given)}, and must name a column of each file, as in { trades: 'seq', tape: 'seq' }`,
  );
}

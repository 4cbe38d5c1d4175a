/** The columns that a run makes, by name, in the notebook's order. Spec section 2. */
import type { Duration } from './duration.js';
import type { SettledRules } from './settled-rules.js';

/** What a column is about, on which it depends whether it looks ahead. */
export type ColumnKind = 'last' | 'flow' | 'bucket' | 'set' | 'known' | 'proof';

/** A column that a run may make; `tape`: only where there is a tape. */
export interface FeatureColumn {
  readonly name: string;
  readonly kind: ColumnKind;
  readonly tape: boolean;
}

const SETS: readonly FeatureColumn[] = [
  { name: 'bucket', kind: 'bucket', tape: false },
  ...['complete_set_flag', 'complete_set_shares', 'regime'].map((name) => ({
    name,
    kind: 'set' as const,
    tape: false,
  })),
];

const PROOF: readonly FeatureColumn[] = [
  'proof_newest_event',
  'proof_newest_availability',
  'proof_same_stamp_prints',
  'proof_own_prints',
  'proof_own_prints_seen',
  'proof_censored_windows',
].map((name) => ({ name, kind: 'proof', tape: true }));

/** The columns of a run with these lags and windows; those of the proof come last. */
export function featureColumns(returns: readonly Duration[], windows: readonly Duration[]): FeatureColumn[] {
  const columns: FeatureColumn[] = [];
  const add = (name: string, kind: ColumnKind) => columns.push({ name, kind, tape: true });
  for (const name of ['mt_last_price', 'mt_last_ts', 'mt_last_age_ms']) add(name, 'last');
  for (const { label } of returns) add(`mt_return_${label}`, 'last');
  for (const { label } of windows) {
    for (const kind of ['trades', 'volume', 'notional']) add(`mt_${kind}_${label}`, 'flow');
  }
  return [...columns, ...SETS, ...PROOF];
}

/** From when on the complete sets of a row are known; made only where it is asked for. Spec section 4. */
export const LABEL_AVAILABLE: FeatureColumn = { name: 'label_available_at', kind: 'known', tape: false };

/** Key of the field metadata that says whether a column looks ahead. */
export const LOOKAHEAD = 'polyfeat:lookahead';
/** Of a column that does not. */
export const LOOKS_BACK = 'none';

/** The rules on which lookahead depends. */
export type LookaheadRules = Pick<SettledRules, 'ties' | 'direction' | 'unknownToken' | 'regime'>;

/**
 * The field metadata of the made columns, by name: `polyfeat:lookahead` is `none`, or words joined by commas. `bucket`:
 * to the end of its bucket. `ties`: to prints of its own stamp. `unknown-token`: to whether the token ever prints.
 * `forward`, `nearest`: to the next print. `proof`: the column is about what the row must not see.
 */
export function lookaheadMetadata(
  columns: readonly FeatureColumn[],
  rules: LookaheadRules,
): ReadonlyMap<string, ReadonlyMap<string, string>> {
  return new Map(
    columns.map(({ name, kind }) => [name, new Map([[LOOKAHEAD, lookaheadOf(kind, rules)]])] as const),
  );
}

/** What a made column tells of the time after its row; see {@link lookaheadMetadata}. */
export function lookaheadOf(
  kind: ColumnKind,
  { ties, direction, unknownToken, regime }: LookaheadRules,
): string {
  const byTies = ties === 'include' ? ['ties'] : [];
  const words = {
    last: [...byTies, ...(direction === 'backward' ? [] : [direction])],
    flow: [...byTies, ...(unknownToken === 'null' ? ['unknown-token'] : [])],
    bucket: [],
    known: [],
    set: regime === 'bucket' ? ['bucket'] : [],
    proof: ['proof'],
  }[kind];
  return words.length === 0 ? LOOKS_BACK : words.join(',');
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
 * the name of a feature is replaced where it stands, or left out when this run does not make it.
 *
 * @param isMade which of the features this run makes.
 */
export function planOutput(
  input: readonly string[],
  keeps: (name: string) => boolean,
  features: readonly FeatureColumn[],
  isMade: (column: FeatureColumn) => boolean,
): ColumnPlan {
  const columns: OutColumn[] = [];
  const replaced: string[] = [];
  const dropped: string[] = [];
  for (const name of input) {
    const feature = features.find((column) => column.name === name);
    if (feature === undefined) {
      if (keeps(name)) columns.push({ name, made: false });
    } else if (isMade(feature)) {
      replaced.push(name);
      columns.push({ name, made: true });
    } else dropped.push(name);
  }
  for (const feature of features) {
    const { name } = feature;
    if (isMade(feature) && !replaced.includes(name)) columns.push({ name, made: true });
  }
  return { columns, replaced, dropped };
}

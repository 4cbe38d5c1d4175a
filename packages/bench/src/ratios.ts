import type { ArmResult } from './arm.js';
import type { SnapshotResult } from './results.js';
import { median, type Ratio, ratioOf } from './stats.js';

/** A ratio that a table shows, and how to read it. */
export interface NamedRatio extends Ratio {
  readonly what: string;
  /** Whether more is better for us: what a peer takes against ours. */
  readonly higherIsBetter: boolean;
}

/** Seconds of an arm's runs. */
const secondsOf = (arm: ArmResult | undefined): number[] => (arm?.runs ?? []).map(({ seconds }) => seconds);

/** Of several arms the one whose median is the least; undefined when none was run. */
export function bestOf(arms: readonly ArmResult[]): ArmResult | undefined {
  const ran = arms.filter(({ runs }) => runs.length > 0);
  return ran.sort((a, b) => median(secondsOf(a)) - median(secondsOf(b)))[0];
}

/** Peers of a library, by the beginning of their ids; those that may give wrong rows do not count as its best. */
export const LIBRARIES = [
  ['Polars', 'polars'],
  ['DuckDB', 'duckdb'],
  ['ClickHouse', 'chdb'],
  ['the notebook', 'notebook'],
] as const;

/**
 * The ratios that say what a snapshot's measurements mean, most wanted first; those with an arm that was not run are
 * left out.
 */
export function ratiosOf({ arms }: SnapshotResult): NamedRatio[] {
  const arm = (id: string) => arms.find((other) => other.id === id);
  const ratio = (what: string, above?: ArmResult, below?: ArmResult, higherIsBetter = true) => {
    const found = ratioOf(secondsOf(above), secondsOf(below));
    return found === null ? [] : [{ what, ...found, higherIsBetter }];
  };
  const [token, input] = [arm('token'), arm('input')];
  const most = token?.threads;
  const peers = LIBRARIES.flatMap(([name, prefix]) => {
    const own = arms.filter(
      ({ id, group, check }) => group === 'peer' && id.startsWith(prefix) && (check?.wrong_rows ?? 0) === 0,
    );
    const best = bestOf(own);
    const title = own.length > 1 ? `best of ${name} (${best?.title})` : name;
    return [
      ...ratio(`${title} ÷ native, token order`, best, token),
      ...ratio(`${title} ÷ native, input order`, best, input),
    ];
  });
  return [
    ...peers,
    ...ratio('typed arrays ÷ native, files', arm('typed-arrays'), token),
    ...ratio('row objects ÷ native, files, input order', arm('row-objects'), input),
    ...ratio('typed arrays ÷ native, in memory', arm('compute-ts'), arm('compute-native')),
    ...ratio('row objects ÷ native, in memory', arm('compute-rows'), arm('compute-native')),
    ...ratio('native ÷ roofline, token order', token, arm('roofline-token'), false),
    ...ratio('native ÷ roofline, input order', input, arm('roofline-input'), false),
    ...arms
      .filter(({ id }) => /^(token|input)-\d+$/.test(id))
      .flatMap((one) => {
        const [order, threads] = one.id.split('-');
        const what = `${threads} ÷ ${most} threads, ${order} order`;
        return ratio(what, one, order === 'token' ? token : input);
      }),
    ...ratio('exact ÷ notebook sums', token, arm('token-notebook'), false),
    ...arms
      .filter(({ id }) => id.startsWith('memory-'))
      .flatMap((bounded) => ratio(`${bounded.title.split(', ').at(-1)} ÷ no bound`, bounded, token, false)),
    ...ratio('DuckDB’s rewrite ÷ roofline, token order', arm('rewrite-duckdb'), arm('roofline-token')),
    ...ratio('pyarrow’s rewrite ÷ roofline, token order', arm('rewrite-pyarrow'), arm('roofline-token')),
  ];
}

/** Peers that are faster than ours in token order: what they are, and by how much. */
export function winners(snapshot: SnapshotResult): { title: string; ratio: Ratio }[] {
  const token = secondsOf(snapshot.arms.find(({ id }) => id === 'token'));
  return snapshot.arms
    .filter(({ group }) => group === 'peer')
    .flatMap((peer) => {
      const ratio = ratioOf(secondsOf(peer), token);
      return ratio !== null && ratio.ratio < 1 ? [{ title: peer.title, ratio }] : [];
    });
}

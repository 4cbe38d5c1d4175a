/** Aborting: beforehand, in the middle, by a timeout; with the signal's own reason, and nothing left behind. */
import { getEventListeners } from 'node:events';
import { vectorFromArray } from 'apache-arrow';
import { describe, expect, it } from 'vitest';
import {
  asofJoinAsync,
  buildSnapshot,
  completeSetsAsync,
  computeFeaturesAsync,
  prepare,
  prepareAsync,
  regimesAsync,
  windowFlowAsync,
} from '../../src/index.js';
import { engines, golden } from './support.js';

const { trades, tape } = golden;
const rows = 200_000;
const strings = (n: number) => vectorFromArray(Array.from({ length: rows }, (_, i) => `t${(i * 7919) % n}`));
const large = {
  ts: BigInt64Array.from({ length: rows }, (_, i) => BigInt((i * 7919) % rows)),
  token_id: strings(20_000),
  market_slug: strings(500),
  side: vectorFromArray(Array(rows).fill('BUY')),
  outcome: strings(2),
  size: new Float64Array(rows).fill(2),
  price: new Float64Array(rows).fill(0.5),
};

describe.each(engines)('by %s', (engine) => {
  const calls = (left: object, right: object, options: object): Record<string, () => Promise<unknown>> => {
    const [l, r, o] = [left as typeof trades, right as typeof tape, { engine, ...options }];
    const keyed = { ...o, by: ['token_id'] } as const;
    return {
      computeFeatures: () => computeFeaturesAsync(l, r, o),
      prepare: () => prepareAsync(r, o),
      asofJoin: () => asofJoinAsync(l, r, keyed),
      windowFlow: () => windowFlowAsync(l, r, { ...keyed, windows: ['60s'] }),
      completeSets: () => completeSetsAsync(l, o),
      regimes: () => regimesAsync(l, o),
    };
  };
  const listeners = (signal: AbortSignal) => getEventListeners(signal, 'abort').length;

  it('beforehand, nothing is even looked at', async () => {
    const reason = { any: 'value' };
    const signal = AbortSignal.abort(reason);
    for (const call of Object.values(calls({}, {}, { signal }))) await expect(call()).rejects.toBe(reason);
    await expect(buildSnapshot('no/such', { engine, signal })).rejects.toBe(reason);
    using handle = prepare(tape, { engine });
    await expect(handle.computeFeaturesAsync(trades, { signal })).rejects.toBe(reason);
  });

  it('in the middle, at the first news of the work', async () => {
    for (const name of Object.keys(calls(large, large, {}))) {
      const controller = new AbortController();
      const reason = new Error(name);
      const onProgress = () => controller.abort(reason);
      const all = calls(large, large, { signal: controller.signal, onProgress, tsUnit: 's' });
      await expect(all[name]!()).rejects.toBe(reason);
      expect([name, listeners(controller.signal)]).toEqual([name, 0]);
    }
  });

  it('by a timeout that has passed', async () => {
    const signal = AbortSignal.timeout(0);
    // The native work of a while cannot be done in the turn in which the timer fires.
    const outcome = await computeFeaturesAsync(large, large, { engine, tsUnit: 's', signal }).catch(
      (error: unknown) => error,
    );
    expect(outcome).toMatchObject({ name: 'TimeoutError' });
    expect(outcome).toBe(signal.reason);
  });

  it('no listener stays at a signal that lives on, however the call ends', async () => {
    const { signal } = new AbortController();
    for (const call of Object.values(calls(trades, tape, { signal }))) await call();
    const bad = { signal, bucket: '1ns' };
    await expect(computeFeaturesAsync(trades, tape, { engine, ...bad })).rejects.toMatchObject({
      code: 'BUCKET_UNIT',
    });
    expect(listeners(signal)).toBe(0);
  });

  it('after the end changes nothing', async () => {
    const controller = new AbortController();
    const result = await computeFeaturesAsync(trades, tape, { engine, signal: controller.signal });
    controller.abort();
    expect(result.numRows).toBe(4);
  });
});

import { computeFeatures } from '@polyfeat/core';
import { describe, expect, it } from 'vitest';
import { bytesOf, makeTables } from '../tables.js';
import { withTimer } from './lag.js';

const size = { trades: 10, prints: 200_000, tokens: 3 };

describe('the tables that calls are measured with', () => {
  const { trades, tape } = makeTables(size);

  it('are the same each time, in chunks, and ascend', () => {
    const again = makeTables(size);
    expect(trades.toString()).toBe(again.trades.toString());
    expect([trades.numRows, tape.numRows, tape.batches.length]).toEqual([10, 200_000, 2]);
    const times = trades.getChild('ts')?.toJSON() ?? [];
    expect(times).toEqual([...times].sort());
  });

  it('are what the library takes, and find their tokens', () => {
    const features = computeFeatures(trades, tape, { engine: 'ts' });
    expect(features.getChild('mt_last_price')?.nullCount).toBeLessThan(10);
    expect(new Set(trades.getChild('token_id')?.toJSON()).size).toBeLessThanOrEqual(3);
  });

  it('have their buffers counted, a shared dictionary once', () => {
    expect(bytesOf(tape, ['price'])).toBe(8 * 200_000);
    // Codes, and once three tokens of 77 digits with four offsets, all padded as Arrow has it.
    const tokens = bytesOf(tape, ['token_id']) - 4 * 200_000;
    expect(tokens).toBeGreaterThanOrEqual(3 * 77 + 4 * 4);
    expect(tokens).toBeLessThan(2 * (3 * 77 + 4 * 4));
    expect(bytesOf(tape, ['token_id', 'token_id'])).toBe(bytesOf(tape, ['token_id']));
    expect(bytesOf(tape, ['nowhere'])).toBe(0);
  });
});

it('a timer sees how long the event loop stood still', async () => {
  const block = (ms: number) => {
    const end = performance.now() + ms;
    while (performance.now() < end);
  };
  const { wall, first, worst } = await withTimer(async () => {
    block(20);
    await new Promise((resolve) => setTimeout(resolve, 5));
    block(40);
  });
  expect(first).toBeGreaterThanOrEqual(20);
  expect(worst).toBeGreaterThanOrEqual(38);
  expect(wall).toBeGreaterThanOrEqual(60);
});

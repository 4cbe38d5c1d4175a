import { describe, expect, it } from 'vitest';
import { instructionsOf } from '../lib/instructions/count.mjs';
import { compareCounts, tableOf } from '../lib/instructions/table.mjs';
import { readJson, readText } from './repository.mjs';

describe('counts of instructions', () => {
  it('fail where a kernel grew too much, or is on one side only', () => {
    const rows = compareCounts({ a: 1000, b: 1000, c: 1000, gone: 1 }, { a: 1030, b: 1031, c: 10, fresh: 1 });
    expect(rows.filter(({ failed }) => failed).map(({ name }) => name)).toEqual(['b', 'gone', 'fresh']);
    expect(tableOf(rows)).toContain('| b | 1,000 | 1,031 | 1.0310 | no |');
    expect(tableOf(rows)).toContain('| gone | 1 | - | - | no |');
  });

  it('are read from the file of the instrument', () => {
    expect(instructionsOf('events: Ir\nfn=x\n1 2\nsummary: 12345\n')).toBe(12345);
    expect(instructionsOf('totals: 7\n')).toBe(7);
    expect(instructionsOf('summary: 0\n')).toBeNull();
    expect(instructionsOf('')).toBeNull();
  });

  it('are kept for every kernel', () => {
    const { made_with, instructions } = readJson('crates/polyfeat/benches/instructions.json');
    expect(Object.keys(made_with)).toEqual(['rustc', 'target', 'profile', 'instrument']);
    const cases = readText('crates/polyfeat/benches/support/cases.rs').matchAll(/^ {4}case\(\s*"(\w+)"/gm);
    expect(Object.keys(instructions)).toEqual([...cases].map(([, name]) => name));
  });
});

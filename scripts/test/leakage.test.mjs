import { describe, expect, it } from 'vitest';
import { hasNativeModule } from '../lib/build.mjs';
import { cents, milliseconds, percent } from '../lib/leakage/format.mjs';
import { filled, line, placesOf } from '../lib/leakage/page.mjs';
import { Snapshot, snapshotsIn } from '../lib/leakage/snapshot.mjs';
import { difference, quantile } from '../lib/leakage/statistics.mjs';
import { TABLES } from '../lib/leakage/tables.mjs';
import { inRoot } from '../lib/paths.mjs';
import { readText } from './repository.mjs';

const page = readText('docs/leakage.md');

/** The lines of a table of the page. @param {string} name */
function linesOf(name) {
  const begin = `<!-- table: ${name} -->\n`;
  return (page.split(begin)[1] ?? '').split('<!-- end -->')[0]?.split('\n') ?? [];
}

describe('docs/leakage.md', () => {
  it('has a place for every table that is measured, and for no other', () => {
    expect(placesOf(page).sort()).toEqual([...TABLES.map(({ name }) => name), 'cost'].sort());
  });

  // The audit is the native engine's alone.
  describe.runIf(hasNativeModule())('of the bundled snapshots', () => {
    const [resolved, recorded] = snapshotsIn(inRoot('test-data/snapshots')).map((path) => new Snapshot(path));

    it.each(TABLES)('says in the table $name what is measured now', async ({ name, head, row }) => {
      const lines = linesOf(name);
      expect(lines[0]).toBe(line(head));
      if (recorded) expect(lines).toContain(line(await row(recorded)));
      // The other one differs by labels alone, which no feature sees: one table is enough.
      if (resolved && name === 'audit-strict') expect(lines).toContain(line(await row(resolved)));
    });
  });

  it('is not filled where it has no place', () => {
    expect(() => filled('# Page\n', [{ name: 'a', head: ['x'], rows: [] }])).toThrow(
      'no place for the table a',
    );
    const text = '<!-- table: a -->\nold\n<!-- end -->\nrest\n';
    expect(filled(text, [{ name: 'a', head: ['x', 'y'], rows: [['s', '1']] }])).toBe(
      '<!-- table: a -->\n| x | y |\n| --- | --: |\n| s | 1 |\n<!-- end -->\nrest\n',
    );
  });
});

describe('the statistics', () => {
  it('count rows that differ, rows that lost their value, and sizes where both have one', () => {
    const made = difference([1, 2, 3, 4, null, null], [1, 4, 4, null, 5, null]);
    expect(made).toEqual({ differs: 4 / 6, lost: 1 / 6, median: 1, high: 2 });
    expect(difference([true], [true])).toEqual({ differs: 0, lost: 0, median: null, high: null });
    expect(() => difference([1], [])).toThrow('1 rows beside 0');
  });

  it('take a value that is there as a quantile, and none of nothing', () => {
    expect(quantile([3, 1, 2], 0.5)).toBe(2);
    expect(quantile([3, 1, 2, 4], 0.5)).toBe(2);
    expect(quantile([3, 1], 1)).toBe(3);
    expect(quantile([], 0.5)).toBeNull();
  });

  it('are written so that only nothing is 0 and only everything is 100', () => {
    expect([0, 0.0001, 0.4789, 0.9999, 1].map(percent)).toEqual([
      '0 %',
      '< 0.1 %',
      '47.9 %',
      '> 99.9 %',
      '100 %',
    ]);
    expect([cents(0.015), milliseconds(250), milliseconds(12_500), percent(null)]).toEqual([
      '1.5 ¢',
      '250 ms',
      '12.5 s',
      '–',
    ]);
  });
});

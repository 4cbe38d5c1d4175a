import { describe, expect, it } from 'vitest';
import { arm, results, snapshot } from '../../test/support/sample.js';
import { benchmarkPage } from './page.js';
import { phasesReport } from './phases.js';
import { runReport } from './run.js';
import { snapshotReport } from './snapshot.js';
import { tableOf } from './table.js';

const peer = { group: 'peer', codec: 'SNAPPY' } as const;
const wrong = { rows: 1_000, wrong_rows: 25, columns: ['mt_last_price'] };
const arms = [
  arm('token', [2, 1, 9]),
  arm('roofline-token', [1, 1, 1], { group: 'limit' }),
  arm('polars', [1, 1, 1], peer),
  arm('duckdb-any', [4, 4, 4], { ...peer, check: wrong }),
  arm('chdb', [], { ...peer, unavailable: 'no Python with chdb' }),
  arm('compute-native', [0.5], { group: 'compute', timed: 'job' }),
];
const command = 'npx polyfeat-fast bench --size S';

describe('tables', () => {
  it('put numbers to the right and keep bars out of cells', () => {
    expect(tableOf([['a', 'b'], ['x|y', '1.5']])).toBe('| a | b |\n| --- | ---: |\n| x\\|y | 1.5 |'); // biome-ignore format: short
  });
});

describe('the report of a snapshot', () => {
  const text = snapshotReport(snapshot(arms), command);

  it('begins with ratios and their spread', () => {
    expect(text).toContain('## S: 1,000 trades × 10,000 prints, 50 tokens');
    expect(text).toContain('| Polars ÷ native, token order | 0.50 | 0.11 to 1.00 |');
    expect(text.indexOf('ratio of medians')).toBeLessThan(text.indexOf('| arm |'));
  });

  it('says where a peer wins', () => {
    expect(text).toContain('**the polars wins here**: it takes 0.50 of our time.');
  });

  it('has seconds, memory, wrong rows and the limit of each arm, and the command below', () => {
    expect(text).toContain(
      '| the token | 2 | zstd | 2.00 | 1.00 | 3 | 1.00 | 4.00 | 5 | 1.0 | – | 1.00 | 2.00 |',
    );
    expect(text).toContain(
      '| the duckdb-any | 2 | snappy | 4.00 | 4.00 | 3 | 2.00 | 8.00 | 5 | 1.0 | 2.5 % | 2.00 | 4.00 |',
    );
    expect(text.split(`Measured by \`${command}\`.`)).toHaveLength(3);
  });

  it('lists what was not measured, with the reason', () => {
    expect(text).toContain('Not measured:\n\n- the chdb: no Python with chdb');
  });
});

describe('the report of phases', () => {
  it('has medians by arm and phase', () => {
    expect(phasesReport(snapshot(arms), command)).toContain('| the token | 200 | 800 |');
  });
});

describe('the report of a run', () => {
  it('has growth as slopes, and the start of a process', () => {
    const points = [1, 10, 100].map((amount) => ({ amount, seconds: [amount], cpu: [2 * amount] }));
    const scaling = [{ of: 'prints', fixed: '5 tokens', points }] as const;
    const start_up = { node: [0.04], build: [0.1, 0.12, 0.11] };
    const text = runReport(results([], { scaling, start_up }), 'scaling');
    expect(text).toContain('| prints | 1.00 | 1.00 | 5 tokens |');
    expect(text).toContain('| build of the bundled snapshot | 110 | 2.75 |');
    expect(text).toContain('2 × a processor, 8 GiB, Linux 6; polyfeat-fast 0.1.0, Node 20.0.0.');
  });
});

describe('the page', () => {
  const small = results([snapshot(arms)], { command });
  const large = results([snapshot(arms, { name: 'M', prints: 100_000 })], { command: `${command} --size M` });
  const { text, charts } = benchmarkPage([large, small]);

  it('has snapshots from small to large, each with its command, and says what is unfair', () => {
    expect(text.indexOf('## S: ')).toBeGreaterThan(0);
    expect(text.indexOf('## M: ')).toBeGreaterThan(text.indexOf('## S: '));
    expect(text).toContain('| ratio of medians | S | M |');
    expect(text).toContain('Measured by `npx polyfeat-fast bench --size S --size M`.');
    expect(text).toContain('## What is unfair, and to whom');
  });

  it('sets libraries side by side whatever was run of them', () => {
    const two = [...arms, arm('polars-streaming', [9, 9, 9], peer)];
    const page = benchmarkPage([small, results([snapshot(two, { name: 'M', prints: 100_000 })])]).text;
    expect(page).toContain('| Polars ÷ native, token order | 0.50 | 0.50 |');
  });

  it('tells the start of a process once', () => {
    const start_up = { node: [0.05], build: [0.1] };
    const page = benchmarkPage([
      { ...large, start_up },
      { ...small, start_up },
    ]).text;
    expect(page.split('## A small snapshot, whole process')).toHaveLength(2);
    expect(page).toContain('| build of the bundled snapshot | 100 | 2.00 |');
  });

  it('shows its charts, which are SVG with a legend', () => {
    const names = charts.map(({ name }) => name);
    expect(names).toEqual(['time', 'memory', 'phases-S', 'phases-M']);
    for (const name of names) expect(text).toContain(`](benchmarks/${name}.svg)`);
    const [time, , phases] = charts;
    expect(time?.svg).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
    expect(time?.svg).toContain('>native, token order</text>');
    expect(time?.svg).toContain('>Polars</text>');
    expect(phases?.svg).toContain('>write</text>');
  });
});

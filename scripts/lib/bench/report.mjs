/** @typedef {import('./rounds.mjs').Result} Result */

/**
 * The median; of an even number of values the mean of the middle two.
 * @param {readonly number[]} values at least one
 */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const half = Math.floor(sorted.length / 2);
  const high = sorted[half] ?? Number.NaN;
  return sorted.length % 2 === 1 ? high : ((sorted[half - 1] ?? Number.NaN) + high) / 2;
}

/** @param {readonly Result[]} results @param {string} id @returns {number | null} seconds */
function wallOf(results, id) {
  const runs = results.find(({ arm }) => arm.id === id)?.runs ?? [];
  return runs.length > 0 ? median(runs.map(({ wall }) => wall)) : null;
}

/** The shortest of several arms' medians. @param {readonly Result[]} results @param {string[]} ids */
function best(results, ids) {
  const walls = ids.map((id) => wallOf(results, id)).filter((wall) => wall !== null);
  return walls.length > 0 ? Math.min(...walls) : null;
}

/**
 * The ratios of medians that the targets speak of; null where an arm is missing.
 * @param {readonly Result[]} results
 * @param {import('./options.mjs').Options} options
 * @returns {{ what: string, ratio: number | null }[]}
 */
export function ratiosOf(results, { threads, memory }) {
  /** @param {string} what @param {number | null} above @param {number | null} below */
  const ratio = (what, above, below) => ({
    what,
    ratio: above === null || below === null ? null : above / below,
  });
  const [token, input] = [wallOf(results, 'token'), wallOf(results, 'input')];
  const polars = best(results, ['polars-memory', 'polars-streaming']);
  const duckdb = best(results, ['duckdb-code']);
  const most = threads.at(-1);
  return [
    ratio('best Polars ÷ build, token order', polars, token),
    ratio('best Polars ÷ build, input order', polars, input),
    ratio('best DuckDB ÷ build, token order', duckdb, token),
    ratio('best DuckDB ÷ build, input order', duckdb, input),
    ratio('build ÷ roofline, token order', token, wallOf(results, 'roofline-token')),
    ratio('build ÷ roofline, input order', input, wallOf(results, 'roofline-input')),
    ...threads
      .slice(0, -1)
      .flatMap((n) => [
        ratio(`${n} ÷ ${most} threads, token order`, wallOf(results, `token-${n}`), token),
        ratio(`${n} ÷ ${most} threads, input order`, wallOf(results, `input-${n}`), input),
      ]),
    ratio('exact ÷ notebook sums', token, wallOf(results, 'token-notebook')),
    ...memory.map((size) => ratio(`--memory ${size} ÷ default`, wallOf(results, `token-${size}`), token)),
  ];
}

/** @param {number | null} value @param {number} digits */
const number = (value, digits) => (value === null ? '–' : value.toFixed(digits));

/** A table in Markdown. @param {string[]} head @param {string[][]} rows */
function table(head, rows) {
  const line = (/** @type {string[]} */ cells) => `| ${cells.join(' | ')} |`;
  return [line(head), `|${head.map(() => '---').join('|')}|`, ...rows.map(line)].join('\n');
}

/**
 * What was measured on one snapshot, in Markdown: ratios, arms, phases, what could not be run.
 * @param {string} title
 * @param {readonly Result[]} results
 * @param {import('./options.mjs').Options} options
 */
export function snapshotReport(title, results, options) {
  const measured = results.filter(({ runs }) => runs.length > 0);
  const [trades, prints] = measured.flatMap(({ runs }) => runs.flatMap((run) => run.rows ?? []));
  const shape = trades === undefined ? '' : `: ${count(trades)} trades × ${count(prints ?? 0)} prints`;
  const missing = results.filter(({ unavailable }) => unavailable !== undefined);
  return [
    `## ${title}${shape}`,
    table(
      ['ratio of medians', ''],
      ratiosOf(results, options).map(({ what, ratio }) => [what, number(ratio, 2)]),
    ),
    table(
      ['arm', 'codec', 'wall s, median', 'least', 'CPU s', 'peak MB', 'output MB', 'trades and prints/s'],
      measured.map((result) => armRow(result, (trades ?? 0) + (prints ?? 0))),
    ),
    table(['phases of the median run, ms', ''], phaseRows(measured)),
    ...(missing.length > 0
      ? [
          `Not measured:\n${missing.map(({ arm, unavailable }) => `- ${arm.title}: ${unavailable}`).join('\n')}`,
        ]
      : []),
  ].join('\n\n');
}

/** @param {number} n */
const count = (n) => n.toLocaleString('en-US');

/** @param {Result} result @param {number} rows @returns {string[]} */
function armRow({ arm, runs }, rows) {
  const walls = runs.map(({ wall }) => wall);
  /** @param {(number | null)[]} values @param {number} unit @param {number} digits */
  const middle = (values, unit, digits) => {
    const known = values.filter((value) => value !== null);
    return known.length > 0 ? number(median(known) / unit, digits) : '–';
  };
  return [
    arm.title,
    arm.codec,
    number(median(walls), 2),
    number(Math.min(...walls), 2),
    middle(
      runs.map(({ cpu }) => cpu),
      1,
      2,
    ),
    middle(
      runs.map(({ rss }) => rss),
      1e6,
      0,
    ),
    middle(
      runs.map(({ bytes }) => bytes),
      1e6,
      1,
    ),
    rows > 0 ? count(Math.round(rows / median(walls) / 1000) * 1000) : '–',
  ];
}

/** @param {readonly Result[]} results @returns {string[][]} */
function phaseRows(results) {
  return results
    .filter(({ runs }) => Object.keys(runs[0]?.phases ?? {}).length > 0)
    .map(({ arm, runs }) => {
      const sorted = [...runs].sort((a, b) => a.wall - b.wall);
      const phases = sorted[Math.floor((sorted.length - 1) / 2)]?.phases ?? {};
      return [
        arm.title,
        Object.entries(phases)
          .map(([name, ms]) => `${name} ${ms.toFixed(0)}`)
          .join(', '),
      ];
    });
}

/**
 * How long the smallest case takes, whole processes.
 * @param {{ node: number, build: number }} seconds medians
 */
export function startUpReport({ node, build }) {
  const rows = [
    ['node -e 0', (node * 1000).toFixed(0), '1.00'],
    ['build of the bundled snapshot', (build * 1000).toFixed(0), (build / node).toFixed(2)],
  ];
  return ['## A small snapshot, whole process', table(['', 'ms, median', '÷ node -e 0'], rows)].join('\n\n');
}

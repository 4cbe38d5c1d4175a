import { cents, count, milliseconds, percent, short } from './format.mjs';
import { audited, column, effect } from './kinds.mjs';
import { difference, numbers, quantile, share } from './statistics.mjs';

/** @typedef {import('./kinds.mjs').Measured} Measured */

/** @type {Measured} */
const snapshots = {
  name: 'snapshots',
  head: ['snapshot', 'trades', 'prints', 'tick', 'own column found'],
  row: async (snapshot) => {
    const { rows, rules } = await snapshot.audit('strict');
    const { ts } = await snapshot.input('market_trades', ['ts']);
    const self = /** @type {string[] | null} */ (rules['excludeSelf'] ?? null);
    return [
      `\`${snapshot.name}\``,
      count(rows),
      count(ts?.length),
      String(rules['resolution']),
      self?.map((name) => `\`${name}\``).join(', ') ?? '–',
    ];
  },
};

/** @type {Measured} */
const echo = {
  name: 'echo',
  head: ['snapshot', 'notebook', 'only ties', 'only exclude-self', 'strict', 'live'],
  row: async (snapshot) => {
    const shares = [];
    for (const rule of /** @type {const} */ (['notebook', 'ties', 'self', 'strict', 'live'])) {
      const features = await snapshot.features(rule);
      const [own, last] = [column(features, 'price'), column(features, 'mt_last_price')];
      const same = last.filter((price, row) => price !== null && price === own[row]).length;
      shares.push(percent(share(same, last.length)));
    }
    return [short(snapshot), ...shares];
  },
};

/** @type {Measured} */
const regimes = {
  name: 'regimes',
  head: [
    'snapshot',
    'bucket',
    'bucket-asof',
    'trailing',
    'prev-bucket',
    'flag differs, bucket to bucket-asof',
    'shares differ',
  ],
  row: async (snapshot) => {
    const whole = await snapshot.features('notebook');
    const asof = await snapshot.features('bucketAsof');
    const rates = [];
    for (const rule of /** @type {const} */ (['notebook', 'bucketAsof', 'trailing', 'prevBucket'])) {
      const flags = column(await snapshot.features(rule), 'complete_set_flag');
      rates.push(percent(share(flags.filter((flag) => flag === true).length, flags.length)));
    }
    const differs = (/** @type {string} */ at) =>
      percent(difference(column(whole, at), column(asof, at)).differs);
    return [short(snapshot), ...rates, differs('complete_set_flag'), differs('complete_set_shares')];
  },
};

/** @type {Measured} */
const unknown = {
  name: 'unknown',
  head: ['snapshot', 'flow null: notebook', 'only causal', 'strict'],
  row: async (snapshot) => {
    const shares = [];
    for (const rule of /** @type {const} */ (['notebook', 'causal', 'strict'])) {
      const flow = column(await snapshot.features(rule), 'mt_trades_60s');
      shares.push(percent(share(flow.filter((value) => value === null).length, flow.length)));
    }
    return [short(snapshot), ...shares];
  },
};

/** @type {Measured} */
const precision = {
  name: 'precision',
  head: ['snapshot', 'tick', 'last price differs at 1 s', 'by, median', 'by, 95 %', 'age, median', 'at 1 s'],
  row: async (snapshot) => {
    const [exact, coarse] = [await snapshot.features('ties'), await snapshot.features('tiesBySecond')];
    const price = difference(column(exact, 'mt_last_price'), column(coarse, 'mt_last_price'));
    const { rules } = await snapshot.audit('strict');
    const ages = [exact, coarse].map((made) => quantile(numbers(column(made, 'mt_last_age_ms')), 0.5));
    return [
      short(snapshot),
      String(rules['resolution']),
      percent(price.differs),
      cents(price.median),
      cents(price.high),
      ...ages.map(milliseconds),
    ];
  },
};

/** @type {Measured} */
const embargo = {
  name: 'embargo',
  head: [
    'snapshot',
    '1 s: last price differs',
    'by, median',
    'lost',
    '5 s: last price differs',
    'by, median',
    'lost',
  ],
  row: async (snapshot) => {
    const before = column(await snapshot.features('strict'), 'mt_last_price');
    const cells = [];
    for (const rule of /** @type {const} */ (['strictEmbargo1s', 'strictEmbargo5s'])) {
      const price = difference(before, column(await snapshot.features(rule), 'mt_last_price'));
      cells.push(percent(price.differs), cents(price.median), percent(price.lost));
    }
    return [short(snapshot), ...cells];
  },
};

/** @type {Measured} */
const age = {
  name: 'age',
  head: ['snapshot', 'age, median', '95 %', 'greatest', 'lost at 60 s', 'lost at 10 s'],
  row: async (snapshot) => {
    const strict = await snapshot.features('strict');
    const ages = numbers(column(strict, 'mt_last_age_ms'));
    const cells = [];
    for (const rule of /** @type {const} */ (['strictAge60s', 'strictAge10s'])) {
      const kept = column(await snapshot.features(rule), 'mt_last_price');
      cells.push(percent(difference(column(strict, 'mt_last_price'), kept).lost));
    }
    return [short(snapshot), ...[0.5, 0.95, 1].map((at) => milliseconds(quantile(ages, at))), ...cells];
  },
};

/** @type {Measured} */
const late = {
  name: 'late',
  head: ['snapshot', 'captured after their stamp', 'by, median', '95 %', 'greatest'],
  row: async (snapshot) => {
    const tape = await snapshot.input('market_trades', ['ts', 'captured_at']);
    const stamps = column(tape, 'ts');
    const waits = column(tape, 'captured_at').flatMap((at, row) =>
      at === null || stamps[row] === null ? [] : [Number(at) - Number(stamps[row])],
    );
    const after = waits.filter((wait) => wait > 0).length;
    return [
      short(snapshot),
      percent(share(after, waits.length)),
      ...[0.5, 0.95, 1].map((at) => milliseconds(quantile(waits, at))),
    ];
  },
};

/** @type {Measured} */
const book = {
  name: 'book',
  head: ['snapshot', 'trades with a book', 'book after the trade', 'by, median of these', '95 %', 'greatest'],
  row: async (snapshot) => {
    const lags = column(await snapshot.input('trades', ['tob_lag_millis']), 'tob_lag_millis');
    const known = lags.flatMap((lag) => (lag === null ? [] : [Number(lag)]));
    const after = known.filter((lag) => lag > 0);
    return [
      short(snapshot),
      percent(share(known.length, lags.length)),
      known.length === 0 ? '–' : percent(share(after.length, known.length)),
      ...[0.5, 0.95, 1].map((at) => milliseconds(quantile(after, at))),
    ];
  },
};

/** @type {Measured} */
const censored = {
  name: 'censored',
  head: ['snapshot', '`--windows 60s`', '`5m`', '`1h`'],
  row: async (snapshot) => {
    const shares = [];
    for (const window of ['60s', '5m', '1h']) {
      const report = await snapshot.audit('strict', ['--windows', window, '--cuts', '1']);
      shares.push(percent(report.censored_window_share));
    }
    return [short(snapshot), ...shares];
  },
};

/** Everything that is measured on every snapshot, in the order of the page. @type {readonly Measured[]} */
export const TABLES = [
  snapshots,
  audited('audit-notebook', 'notebook'),
  audited('audit-strict', 'strict'),
  effect('strict', 'notebook', 'strict'),
  echo,
  effect('self', 'notebook', 'self'),
  effect('ties', 'notebook', 'ties'),
  precision,
  late,
  effect('availability', 'notebook', 'availability'),
  effect('live', 'strict', 'live'),
  book,
  regimes,
  unknown,
  embargo,
  age,
  censored,
];

import { cents, count, percent, short } from './format.mjs';
import { difference } from './statistics.mjs';

/** @typedef {import('./snapshot.mjs').Snapshot} Snapshot */
/** @typedef {import('./rules.mjs').Rule} Rule */

/**
 * A table that is measured: a row for each snapshot.
 * @typedef {object} Measured
 * @property {string} name
 * @property {readonly string[]} head
 * @property {(snapshot: Snapshot) => Promise<string[]>} row
 */

/** A column; empty where there are no rows. @param {import('./snapshot.mjs').Columns} columns @param {string} name */
export const column = (columns, name) => columns[name] ?? [];

/**
 * What changes when rules are put in the place of others.
 * @param {string} name
 * @param {Rule} from
 * @param {Rule} to
 * @returns {Measured}
 */
export function effect(name, from, to) {
  return {
    name,
    head: [
      'snapshot',
      'last price differs',
      'by, median',
      'by, 95 %',
      'lost',
      'return 30 s differs',
      'by, median',
      'lost',
      'prints 60 s differ',
      'by, median',
      'lost',
    ],
    row: async (snapshot) => {
      const [before, after] = [await snapshot.features(from), await snapshot.features(to)];
      const of = (/** @type {string} */ at) => difference(column(before, at), column(after, at));
      const [price, back, prints] = [of('mt_last_price'), of('mt_return_30s'), of('mt_trades_60s')];
      return [
        short(snapshot),
        percent(price.differs),
        cents(price.median),
        cents(price.high),
        percent(price.lost),
        percent(back.differs),
        cents(back.median),
        percent(back.lost),
        percent(prints.differs),
        count(prints.median),
        percent(prints.lost),
      ];
    },
  };
}

/**
 * The audit of some rules, judged by the strict preset.
 * @param {string} name
 * @param {Rule} rule
 * @returns {Measured}
 */
export function audited(name, rule) {
  return {
    name,
    head: [
      'snapshot',
      'same tick',
      'own print',
      'captured after',
      'bucket ahead',
      'token never prints',
      'window censored',
      'book after',
      'cuts that change nothing',
      'broken rules',
    ],
    row: async (snapshot) => {
      const report = await snapshot.audit(rule);
      return [
        short(snapshot),
        percent(report.same_tick_share),
        percent(report.self_print_share),
        percent(report.availability_after_trade_share),
        percent(report.bucket_lookahead_share),
        percent(report.unknown_token_share),
        percent(report.censored_window_share),
        percent(report.tob_after_trade_share),
        report.prefix_invariant ? `all ${report.prefix_cuts_tried}` : 'not all',
        report.leaks.map((leak) => leak.rule).join(', ') || 'none',
      ];
    },
  };
}

import type { Input } from '../arrow/input.js';
import { PolyfeatError } from '../errors.js';
import type { Rules } from '../rules.js';
import { SELF_COLUMNS, type SettledRules, settleRules } from '../settled-rules.js';
import type { TsUnit } from '../types.js';
import { hasValues, type MoreViews, moreOfTape, type TapeColumns } from './rules.js';

/** The rules that a tape was prepared for, and the columns that it holds for them. */
export class PreparedRules {
  readonly given: Rules;
  readonly #settled: SettledRules;
  readonly #own: readonly string[];
  /** Views of these columns. */
  readonly views: MoreViews;

  constructor(what: string, given: Rules, tape: Input, tsUnit: TsUnit | null) {
    this.given = given;
    this.#settled = settleRules(what, given);
    const { excludeSelf } = this.#settled;
    this.#own =
      excludeSelf === 'auto' ? SELF_COLUMNS.filter((name) => hasValues(tape, name)).slice(0, 1) : excludeSelf;
    this.views = moreOfTape(tape, { rules: this.#settled, own: this.#own }, tsUnit);
  }

  /** What a question may name. */
  columns(what: string): TapeColumns {
    const refuse = (rule: string, asked: string): never => {
      throw new PolyfeatError(
        'INVALID_OPTION',
        `${what}: the tape was not prepared for ${rule} ${asked}; give that rule to prepare`,
      );
    };
    return {
      own: (rules, trades) => {
        const { availability, sequence, excludeSelf } = rules;
        if (availability !== null && availability !== this.#settled.availability)
          refuse('availability', availability);
        if (sequence !== null && sequence.tape !== this.#settled.sequence?.tape)
          refuse('sequence', sequence.tape);
        if (excludeSelf !== 'auto') {
          if (excludeSelf.length > 0 && excludeSelf.join() !== this.#own.join())
            refuse('excludeSelf', excludeSelf.join());
          return excludeSelf;
        }
        if (this.#settled.excludeSelf !== 'auto' && this.#own.length === 0) refuse('excludeSelf', 'auto');
        return this.#own.length > 0 && this.#own.every((name) => hasValues(trades, name)) ? this.#own : null;
      },
    };
  }
}

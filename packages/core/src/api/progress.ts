import { PolyfeatError } from '../errors.js';
import type { Progress } from '../types.js';

/** Milliseconds between two events of a phase. */
const INTERVAL_MS = 50;

/** Progress in order and at a bounded rate; the last event of every phase comes, with `done` = `total`. */
export class ProgressReporter {
  readonly #listener: ((progress: Progress) => void) | undefined;
  #last: Progress | null = null;
  #told = Number.NEGATIVE_INFINITY;

  constructor(listener: ((progress: Progress) => void) | undefined) {
    this.#listener = listener;
  }

  /** Takes note of how far the work is. */
  report(progress: Progress): void {
    if (this.#listener === undefined) return;
    if (this.#last !== null && this.#last.phase !== progress.phase) this.finish();
    const first = this.#last === null;
    // A phase may look at its rows more than once: what was told is not taken back.
    const done = Math.max(progress.done, this.#last?.done ?? 0);
    this.#last = { ...progress, done };
    const now = performance.now();
    if (!first && now - this.#told < INTERVAL_MS) return;
    this.#told = now;
    this.#tell(this.#last);
  }

  /** Tells that the phase is done. */
  finish(): void {
    if (this.#last === null) return;
    const { total } = this.#last;
    this.#tell({ ...this.#last, done: total });
    this.#last = null;
  }

  #tell(progress: Progress): void {
    try {
      this.#listener?.(progress);
    } catch (cause) {
      throw new PolyfeatError('INTERNAL', 'the progress listener threw an exception', { cause });
    }
  }
}

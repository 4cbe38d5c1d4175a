import { setImmediate } from 'node:timers/promises';
import { PolyfeatError } from '../errors.js';
import type { Hooks, Progress, Warning } from '../types.js';

/** A running job: cancelling, progress, timings and warnings in one place. */
export class Job {
  readonly warnings: Warning[] = [];
  readonly #hooks: Hooks;
  readonly #started = performance.now();
  readonly #timings: Record<string, number> = {};
  #phase: { name: string; since: number; total: number; unit: Progress['unit'] } | null = null;

  constructor(hooks: Hooks = {}) {
    this.#hooks = hooks;
  }

  /** Begins a phase, which ends the one before. */
  async begin(name: string, total: number, unit: Progress['unit']): Promise<void> {
    this.#endPhase();
    this.#phase = { name, since: performance.now(), total, unit };
    await this.step(0);
  }

  /**
   * Reports how far the phase is, and lets the event loop run, so that an abort can arrive at all.
   *
   * @throws PolyfeatError `CANCELLED` when the job has been aborted.
   */
  async step(done: number): Promise<void> {
    this.#report(done);
    await setImmediate();
    this.check();
  }

  /** Reports how far a kernel is, and throws `CANCELLED` when the job has been aborted. */
  advance({ phase, done }: Progress): void {
    // Kernels have steps of their own: only those of the phase count.
    if (phase === this.#phase?.name) this.#report(done);
    this.check();
  }

  /** Throws `CANCELLED` when the job has been aborted. */
  check(): void {
    if (this.#hooks.signal?.aborted)
      throw new PolyfeatError('CANCELLED', 'stopped before it was done; nothing was written');
  }

  warn(code: string, message: string): void {
    this.warnings.push({ code, message });
  }

  /** Ends the last phase and gives the wall time of each, and of all, in milliseconds. */
  finish(): Record<string, number> {
    this.#endPhase();
    return { ...this.#timings, total: performance.now() - this.#started };
  }

  #endPhase(): void {
    if (this.#phase === null) return;
    this.#report(this.#phase.total);
    this.#timings[this.#phase.name] =
      (this.#timings[this.#phase.name] ?? 0) + performance.now() - this.#phase.since;
    this.#phase = null;
  }

  #report(done: number): void {
    if (this.#phase === null) return;
    const { name: phase, total, unit } = this.#phase;
    try {
      this.#hooks.onProgress?.({ phase, done: Math.min(done, total), total, unit });
    } catch (cause) {
      throw new PolyfeatError('INTERNAL', 'the progress listener threw an exception', { cause });
    }
  }
}

import type { Progress } from '@polyfeat/core';
import type { Io } from '../io.js';
import { bytes, count, elapsed } from './numbers.js';

/** When to show progress: on a terminal, always (a line now and then where there is none), never. */
export type ProgressMode = 'auto' | 'always' | 'never';

/** A listener for a job's progress, and how to end the display. */
export interface ProgressDisplay {
  readonly listener: ((progress: Progress) => void) | undefined;
  /** Clears the bar, or writes the last line; nothing is shown afterwards. */
  stop(): Promise<void>;
}

/** A job that ends sooner shows no bar on a terminal: it would only flicker. */
const PATIENCE_MS = 250;
const LINE_EVERY_MS = 500;
const BAR_WIDTH = 24;

/** Shows the progress of one job on standard error. The library behind it is loaded at the first need. */
export function showProgress(mode: ProgressMode, io: Pick<Io, 'stderr'>): ProgressDisplay {
  const terminal = io.stderr.isTTY === true;
  if (mode === 'never' || (mode === 'auto' && !terminal))
    return { listener: undefined, stop: async () => {} };
  const bar = new LazyBar(io, terminal);
  return { listener: (progress) => bar.show(progress), stop: () => bar.stop() };
}

/** One phase at work: when it began, and how far it is. */
interface Phase {
  progress: Progress;
  began: number;
}

class LazyBar {
  readonly #io: Pick<Io, 'stderr'>;
  readonly #terminal: boolean;
  readonly #started = performance.now();
  #phase: Phase | undefined;
  #bar:
    | { update(value: number, payload: object): void; stop(): void; setTotal(total: number): void }
    | undefined;
  #loading: Promise<void> | undefined;
  #stopped = false;

  constructor(io: Pick<Io, 'stderr'>, terminal: boolean) {
    this.#io = io;
    this.#terminal = terminal;
  }

  show(progress: Progress): void {
    if (this.#stopped) return;
    const now = performance.now();
    const before = this.#phase;
    const began = before?.progress.phase === progress.phase ? before.began : now;
    this.#phase = { progress, began };
    if (this.#bar === undefined) {
      const due = !this.#terminal || now - this.#started >= PATIENCE_MS;
      if (due) this.#loading ??= this.#load(this.#phase);
      return;
    }
    this.#bar.setTotal(progress.total);
    this.#bar.update(progress.done, this.#phase);
  }

  async stop(): Promise<void> {
    // Where lines are written, even the quickest job gets one; a bar is not worth waiting for.
    if (!this.#terminal) await this.#loading;
    this.#stopped = true;
    this.#bar?.stop();
  }

  async #load(first: Phase): Promise<void> {
    const { default: cliProgress } = await import('cli-progress');
    if (this.#stopped) return;
    const bar = new cliProgress.SingleBar({
      stream: this.#io.stderr,
      format: (_options, { maxWidth }, payload) =>
        cut(progressLine(payload as unknown as Phase, performance.now()), maxWidth),
      clearOnComplete: true,
      // Ctrl-C is handled by the command, which stops the bar; a hidden cursor would outlive a kill.
      // The same goes for line wrapping switched off: lines are cut instead.
      hideCursor: false,
      linewrap: true,
      gracefulExit: false,
      noTTYOutput: !this.#terminal,
      notTTYSchedule: LINE_EVERY_MS,
    });
    const { progress, began } = this.#phase ?? first;
    bar.start(progress.total, progress.done, { progress, began });
    this.#bar = bar;
  }
}

/** A line short enough not to wrap, which would leave its first part behind at the next redraw. */
function cut(line: string, width: number): string {
  return width > 0 && line.length >= width ? line.slice(0, width - 1) : line;
}

/** One line: phase, bar, share, done of total, rate, time left. */
export function progressLine({ progress, began }: Phase, now: number): string {
  const { phase, done, total, unit } = progress;
  const share = total > 0 ? Math.min(1, done / total) : 1;
  const filled = Math.round(share * BAR_WIDTH);
  const amount = unit === 'bytes' ? bytes : count;
  const suffix = unit === 'bytes' ? '' : ` ${unit}`;
  const parts = [
    `${phase.padEnd(16)} ${'█'.repeat(filled)}${'░'.repeat(BAR_WIDTH - filled)} ${String(Math.floor(share * 100)).padStart(3)} %`,
    `${amount(done)} / ${amount(total)}${suffix}`,
  ];
  const ms = now - began;
  // A rate from a few milliseconds is noise.
  if (ms >= 100 && done > 0) {
    const perSecond = (1000 * done) / ms;
    parts.push(`${amount(Math.round(perSecond))}${suffix}/s`);
    if (done < total) parts.push(`${elapsed((ms * (total - done)) / done)} left`);
  }
  return parts.join('  ');
}

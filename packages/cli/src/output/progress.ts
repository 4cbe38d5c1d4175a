import type { Progress } from '@polyfeat/core/snapshot';
import type { SingleBar } from 'cli-progress';
import type { Io } from '../io.js';
import type { PhaseText } from './progress-bar.js';

/** When to show progress: on a terminal, always (a line now and then where there is none), never. */
export type ProgressMode = 'auto' | 'always' | 'never';

/** A listener for a job's progress, and how to end the display. */
export interface ProgressDisplay {
  readonly listener: ((progress: Progress) => void) | undefined;
  /** Clears the bar; nothing is shown afterwards. */
  stop(): void;
}

/** A job that ends sooner shows no bar on a terminal: it would only flicker. */
const PATIENCE_MS = 250;

/** Shows the progress of one job on standard error. The library behind it is loaded when something is to be shown. */
export async function showProgress(mode: ProgressMode, io: Pick<Io, 'stderr'>): Promise<ProgressDisplay> {
  const terminal = io.stderr.isTTY === true;
  if (mode === 'never' || (mode === 'auto' && !terminal)) return { listener: undefined, stop: () => {} };
  const display = new Display(io.stderr);
  // A log has a line for every phase, of a short job too.
  if (!terminal) await display.open();
  const timer = terminal ? setTimeout(() => void display.open(), PATIENCE_MS).unref() : undefined;
  return {
    listener: (progress) => display.show(progress),
    stop: () => {
      clearTimeout(timer);
      display.stop();
    },
  };
}

/** One bar of cli-progress, started anew for each phase and stopped at its end, which draws that end. */
class Display {
  readonly #out: Io['stderr'];
  readonly #passes = new Map<string, number>();
  #bar: SingleBar<PhaseText> | undefined;
  #last: Progress | undefined;
  #stopped = false;

  constructor(out: Io['stderr']) {
    this.#out = out;
  }

  /** Shows what is at work, and from now on all that is told. */
  async open(): Promise<void> {
    const { progressBar } = await import('./progress-bar.js');
    if (this.#stopped) return;
    this.#bar = progressBar(this.#out);
    if (this.#last !== undefined && !ended(this.#last)) this.#start(this.#last);
  }

  show(progress: Progress): void {
    if (this.#stopped) return;
    const { phase, done, total } = progress;
    const last = this.#last;
    this.#last = progress;
    // With little memory phases take turns, or one begins again.
    if (last?.phase !== phase || done < last.done) {
      this.#passes.set(phase, (this.#passes.get(phase) ?? 0) + 1);
      this.#start(progress);
    } else {
      this.#bar?.setTotal(total);
      this.#bar?.update(done);
    }
    // Its end is drawn at once, for the next one begins at once; the bar then heeds no event of this phase any more.
    if (ended(progress)) this.#bar?.stop();
  }

  stop(): void {
    this.#stopped = true;
    this.#bar?.stop();
  }

  #start({ phase, done, total, unit }: Progress): void {
    const pass = this.#passes.get(phase) ?? 1;
    this.#bar?.start(total, done, { name: pass > 1 ? `${phase} (pass ${pass})` : phase, unit, from: done });
  }
}

/** Whether a phase is done. One without a known amount of work says the same at its beginning: it stays until the next. */
function ended({ done, total }: Progress): boolean {
  return done >= total && total > 0;
}

import type { Progress } from '@polyfeat/core';
import type { Io } from '../io.js';
import { type Phase, progressLine } from './progress-line.js';

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
/** How often the bar is drawn: often enough to seem alive, seldom enough to be read. */
const FRAME_MS = 200;
/** How often a phase at work writes a line where there is no terminal. */
const LINE_EVERY_MS = 500;
/** The width of a terminal that does not tell it. */
const WIDTH = 80;

/** Shows the progress of one job on standard error. */
export function showProgress(mode: ProgressMode, io: Pick<Io, 'stderr'>): ProgressDisplay {
  const terminal = io.stderr.isTTY === true;
  if (mode === 'never' || (mode === 'auto' && !terminal)) return { listener: undefined, stop: () => {} };
  const phases = new Phases();
  const screen = terminal ? new Bar(io.stderr) : new Lines(io.stderr);
  return {
    listener: (progress) => screen.show(phases.next(progress)),
    stop: () => screen.stop(),
  };
}

/** Tells when a phase begins, and for the how-manieth time: with little memory they take turns. */
class Phases {
  readonly #passes = new Map<string, number>();
  #current: Phase | undefined;

  next(progress: Progress): Phase {
    const before = this.#current;
    const goesOn = before?.progress.phase === progress.phase && progress.done >= before.progress.done;
    const passes = this.#passes.get(progress.phase) ?? 0;
    if (!goesOn) this.#passes.set(progress.phase, passes + 1);
    this.#current = goesOn
      ? { ...before, progress }
      : { progress, began: performance.now(), pass: passes + 1 };
    return this.#current;
  }
}

/** One line of a terminal, drawn over itself. */
class Bar {
  readonly #out: Io['stderr'];
  readonly #started = performance.now();
  readonly #timer: NodeJS.Timeout;
  #phase: Phase | undefined;
  #drawn = '';

  constructor(out: Io['stderr']) {
    this.#out = out;
    // Drawn by the clock and not by the events: a phase that says nothing for a while shows its falling rate.
    this.#timer = setInterval(() => this.#draw(), FRAME_MS);
    this.#timer.unref();
  }

  show(phase: Phase): void {
    this.#phase = phase;
    // The end of a phase would be lost between two frames: the next one begins at once.
    if (phase.progress.done >= phase.progress.total) this.#draw();
  }

  stop(): void {
    clearInterval(this.#timer);
    if (this.#drawn !== '') this.#out.write('\r\u001b[K');
    this.#drawn = '';
    this.#phase = undefined;
  }

  #draw(): void {
    const now = performance.now();
    if (this.#phase === undefined || now - this.#started < PATIENCE_MS) return;
    const width = this.#out.columns || WIDTH;
    // A line that wraps would leave its first part behind at the next drawing.
    const line = [...progressLine(this.#phase, now)].slice(0, width - 1).join('');
    if (line === this.#drawn) return;
    // One write, and the old line is written over before the rest of it is cleared: nothing flickers. The
    // cursor stays visible, for a hidden one would outlive a kill.
    this.#out.write(`\r${line}\u001b[K`);
    this.#drawn = line;
  }
}

/** Lines for a log: one for each phase that ends, and one now and then while it is at work. */
class Lines {
  readonly #out: Io['stderr'];
  #next = performance.now() + LINE_EVERY_MS;
  #stopped = false;
  #last: Phase | undefined;

  constructor(out: Io['stderr']) {
    this.#out = out;
  }

  show(phase: Phase): void {
    const { done, total } = phase.progress;
    const now = performance.now();
    const ended = done >= total;
    // A phase without work begins as it ends: both events say that it is done.
    const last = this.#last;
    const said =
      last?.progress.phase === phase.progress.phase &&
      last.pass === phase.pass &&
      last.progress.done >= total;
    this.#last = phase;
    if (this.#stopped || (ended ? said : now < this.#next)) return;
    this.#out.write(`${progressLine(phase, now)}\n`);
    this.#next = now + LINE_EVERY_MS;
  }

  stop(): void {
    this.#stopped = true;
  }
}

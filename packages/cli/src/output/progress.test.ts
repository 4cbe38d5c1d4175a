import type { Progress } from '@polyfeat/core/snapshot';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { showProgress } from './progress.js';

const at = (phase: string, done: number, total: number, unit: Progress['unit'] = 'rows'): Progress => ({
  phase,
  done,
  total,
  unit,
});

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout'] });
});
afterEach(() => {
  vi.useRealTimers();
});

/** A display, and what it has drawn: the texts without what moves the cursor. */
const shown = async (mode: 'auto' | 'always', stream: { isTTY?: boolean; columns?: number }) => {
  const written: string[] = [];
  const stderr = { ...stream, write: (text: string) => written.push(text) };
  const display = await showProgress(mode, { stderr });
  const pass = async (ms: number) => {
    vi.advanceTimersByTime(ms);
    await vi.dynamicImportSettled();
  };
  const drawn = () => written.filter((text) => text.includes(' %'));
  return { written, drawn, pass, say: display.listener as (progress: Progress) => void, stop: display.stop };
};

const terminal = { isTTY: true, columns: 100 };
/** Longer than a job may take without a bar. */
const PATIENCE = 300;

describe('a line', () => {
  const lines = async (unit: Progress['unit'], total: number, done: number, ms: number) => {
    const { drawn, pass, say } = await shown('always', {});
    say(at('tape', 0, total, unit));
    await pass(ms);
    say(at('tape', done, total, unit));
    await pass(500);
    return drawn();
  };

  it('shows share, amounts, rate and time left', async () => {
    const { drawn, pass, say } = await shown('always', {});
    say(at('tape', 0, 100_000));
    await pass(900);
    say(at('tape', 25_000, 100_000));
    await pass(100);
    expect(drawn().at(-1)).toMatch(
      /^tape {13}█{6}░{18} {2}25 % {2}25,000 \/ 100,000 rows {2}25,000 rows\/s {2}3\.0 s left$/,
    );
  });

  it('shows bytes in short', async () => {
    expect((await lines('bytes', 1e9, 25e6, 9500)).at(-1)).toMatch(
      / {3}2 % {2}25\.0 MB \/ 1\.0 GB {2}2\.5 MB\/s {2}6 min \d+ s left$/,
    );
  });

  it('has no rate at the beginning and is full without work', async () => {
    const { drawn, say } = await shown('always', {});
    say(at('p', 0, 9));
    say(at('empty', 0, 0));
    expect(drawn()[0]).toMatch(/ 0 % {2}0 \/ 9 rows$/);
    expect(drawn()[1]).toMatch(/ 100 % {2}0 \/ 0 rows$/);
  });

  it('does not say 100 % before the end', async () => {
    expect((await lines('rows', 1_000_000, 999_999, 500)).at(-1)).toContain(' 99 %');
  });

  it('ends with the rate it had and no time left', async () => {
    expect((await lines('rows', 9, 9, 1000)).at(-1)).toMatch(/100 % {2}9 \/ 9 rows {2}9 rows\/s$/);
  });
});

describe('the bar of a terminal', () => {
  it('shows nothing of a short job', async () => {
    const { written, pass, say, stop } = await shown('auto', terminal);
    say(at('open', 1, 2));
    await pass(200);
    say(at('open', 2, 2));
    stop();
    await pass(1000);
    expect(written).toEqual([]);
  });

  it('is one line, drawn over itself and cleared at the end', async () => {
    const { written, drawn, pass, say, stop } = await shown('auto', terminal);
    say(at('tape', 1, 4));
    await pass(PATIENCE);
    say(at('tape', 2, 4));
    await pass(200);
    expect(drawn()[0]).toMatch(/^tape .* 25 % /);
    expect(drawn().at(-1)).toMatch(/^tape .* 50 % .*left$/);
    stop();
    expect(written.at(-1)).toBe('\u001b[2K');
    expect(written.join('')).not.toContain('\n');
    const { length } = written;
    say(at('tape', 3, 4));
    await pass(1000);
    expect(written).toHaveLength(length);
  });

  it('leaves the cursor visible and wrapping on, for a kill', async () => {
    const { written, pass, say } = await shown('auto', terminal);
    say(at('tape', 1, 4));
    await pass(PATIENCE);
    expect(written.join('')).not.toContain('\u001b[?');
  });

  it('is not drawn again when nothing has changed', async () => {
    const { drawn, pass, say } = await shown('auto', terminal);
    say(at('tape', 0, 4));
    await pass(PATIENCE);
    await pass(5000);
    expect(drawn()).toHaveLength(1);
  });

  it('shows the end of each phase, however soon the next begins', async () => {
    const { drawn, pass, say } = await shown('auto', terminal);
    say(at('tape', 1, 4));
    await pass(PATIENCE);
    say(at('tape', 4, 4));
    say(at('features', 0, 9));
    await pass(200);
    expect(drawn().map((line) => /^(\w+) .* (\d+) %/.exec(line)?.slice(1))).toEqual([
      ['tape', '25'],
      ['tape', '100'],
      ['features', '0'],
    ]);
  });

  it('counts the passes of phases that take turns, each with its own rate', async () => {
    const { drawn, pass, say } = await shown('auto', terminal);
    await pass(PATIENCE);
    for (const _pass of [1, 2]) {
      for (const name of ['tape', 'features']) {
        say(at(name, 0, 100));
        await pass(1000);
        say(at(name, 100, 100));
      }
    }
    const ends = drawn().filter((line) => line.includes('100 %'));
    expect(ends.map((line) => line.slice(0, 17).trimEnd())).toEqual([
      'tape',
      'features',
      'tape (pass 2)',
      'features (pass 2)',
    ]);
    for (const line of ends) expect(line).toContain(' 100 rows/s');
  });

  it('counts the passes before it was shown', async () => {
    const { drawn, pass, say } = await shown('auto', terminal);
    for (const name of ['tape', 'features', 'tape']) say(at(name, 1, 9));
    await pass(PATIENCE);
    expect(drawn().map((line) => line.slice(0, 17).trimEnd())).toEqual(['tape (pass 2)']);
  });

  it('takes a phase that falls back for its next pass', async () => {
    const { drawn, pass, say } = await shown('auto', terminal);
    say(at('tape', 9, 10));
    await pass(PATIENCE);
    say(at('tape', 1, 10));
    expect(drawn().at(-1)).toContain('tape (pass 2)');
  });

  it('never wraps', async () => {
    const { written, pass, say } = await shown('auto', { isTTY: true, columns: 30 });
    say(at('native: features', 123_456, 1_234_567));
    await pass(PATIENCE);
    expect(written.find((text) => text.startsWith('native'))).toHaveLength(29);
  });
});

describe('the lines of a log', () => {
  it('are one for each phase that begins and one for its end, also of a short job', async () => {
    const { written, drawn, say, stop } = await shown('always', {});
    say(at('open', 0, 0));
    say(at('open', 0, 0));
    for (const name of ['tape', 'features', 'tape', 'features']) {
      say(at(name, 0, 2));
      say(at(name, 2, 2));
    }
    stop();
    say(at('late', 2, 2));
    expect(drawn().map((line) => /^(.+?) +[█░]+ +(\d+) %/.exec(line)?.slice(1))).toEqual([
      ['open', '100'],
      ['tape', '0'],
      ['tape', '100'],
      ['features', '0'],
      ['features', '100'],
      ['tape (pass 2)', '0'],
      ['tape (pass 2)', '100'],
      ['features (pass 2)', '0'],
      ['features (pass 2)', '100'],
    ]);
    const text = written.join('');
    expect(text.split('\n')).toEqual([...drawn(), '']);
    expect(text).not.toContain('\u001b');
    expect(text).not.toContain('\r');
  });

  it('come now and then while a phase is at work', async () => {
    const { drawn, pass, say } = await shown('always', {});
    for (let done = 0; done < 100; done++) {
      say(at('tape', done, 1000));
      await pass(50);
    }
    expect(drawn().length).toBeGreaterThanOrEqual(10);
    expect(drawn().length).toBeLessThanOrEqual(12);
  });
});

describe('showProgress', () => {
  it('is for terminals, unless it is wanted always or never', async () => {
    const out = { write: () => true };
    const listens = async (mode: 'auto' | 'always' | 'never', isTTY: boolean) => {
      const { listener, stop } = await showProgress(mode, { stderr: { ...out, isTTY } });
      stop();
      return listener !== undefined;
    };
    expect(await listens('auto', false)).toBe(false);
    expect(await listens('never', true)).toBe(false);
    expect(await listens('auto', true)).toBe(true);
    expect(await listens('always', false)).toBe(true);
  });
});

import type { Progress } from '@polyfeat/core';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { showProgress } from './progress.js';
import { progressLine } from './progress-line.js';

const at = (phase: string, done: number, total: number, unit: Progress['unit'] = 'rows'): Progress => ({
  phase,
  done,
  total,
  unit,
});
const phase = (progress: Progress, began = 0, pass = 1) => ({ progress, began, pass });

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance', 'setInterval', 'clearInterval'] });
});
afterEach(() => {
  vi.useRealTimers();
});

const shown = (mode: 'auto' | 'always', stream: { isTTY?: boolean; columns?: number }) => {
  const written: string[] = [];
  const display = showProgress(mode, { stderr: { ...stream, write: (text: string) => written.push(text) } });
  return { written, say: display.listener as (progress: Progress) => void, stop: display.stop };
};

describe('progressLine', () => {
  it('shows share, amounts, rate and time left', () => {
    const line = progressLine(phase(at('tape', 25_000, 100_000), 1000), 2000);
    expect(line).toMatch(
      /^tape {13}█{6}░{18} {2}25 % {2}25,000 \/ 100,000 rows {2}25,000 rows\/s {2}3\.0 s left$/,
    );
  });

  it('shows bytes in short', () => {
    const line = progressLine(phase(at('write', 25e6, 1e9, 'bytes')), 10_000);
    expect(line).toContain('  2 %  25.0 MB / 1.0 GB  2.5 MB/s  6 min 30 s left');
  });

  it('has no rate at the beginning and is full without work', () => {
    expect(progressLine(phase(at('p', 0, 9)), 9000)).not.toContain('/s');
    expect(progressLine(phase(at('p', 8, 9)), 99)).not.toContain('/s');
    expect(progressLine(phase(at('p', 0, 0)), 1)).toContain('100 %');
  });

  it('is never full before the end', () => {
    const line = progressLine(phase(at('p', 999_999, 1_000_000)), 1000);
    expect(line).toContain(' 99 %');
    expect(line).toContain('░');
  });

  it('ends with the rate it had and no time left', () => {
    expect(progressLine(phase(at('p', 9, 9)), 1000)).toMatch(/100 % {2}9 \/ 9 rows {2}9 rows\/s$/);
  });

  it('says which pass it is from the second on', () => {
    expect(progressLine(phase(at('tape', 1, 9), 0, 2), 0)).toMatch(/^tape \(pass 2\) {4}█/);
  });
});

describe('the bar of a terminal', () => {
  const terminal = { isTTY: true, columns: 100 };

  it('shows nothing of a short job', () => {
    const { written, say, stop } = shown('auto', terminal);
    say(at('open', 1, 2));
    vi.advanceTimersByTime(200);
    say(at('open', 2, 2));
    stop();
    vi.advanceTimersByTime(1000);
    expect(written).toEqual([]);
  });

  it('is one line, drawn over itself in one write and cleared at the end', () => {
    const { written, say, stop } = shown('auto', terminal);
    say(at('tape', 1, 4));
    vi.advanceTimersByTime(400);
    say(at('tape', 2, 4));
    vi.advanceTimersByTime(200);
    stop();
    expect(written).toHaveLength(3);
    expect(written[0]).toMatch(/^\rtape .* 25 % /);
    expect(written[1]).toMatch(/^\rtape .* 50 % .*left/);
    for (const line of written) expect(line.endsWith('\u001b[K')).toBe(true);
    expect(written[2]).toBe('\r\u001b[K');
    say(at('tape', 3, 4));
    vi.advanceTimersByTime(1000);
    expect(written).toHaveLength(3);
  });

  it('is not drawn again when nothing has changed', () => {
    const { written, say } = shown('auto', terminal);
    say(at('tape', 0, 4));
    vi.advanceTimersByTime(5000);
    expect(written).toHaveLength(1);
  });

  it('shows the end of each phase, however soon the next begins', () => {
    const { written, say } = shown('auto', terminal);
    say(at('tape', 1, 4));
    vi.advanceTimersByTime(400);
    say(at('tape', 4, 4));
    say(at('features', 0, 9));
    vi.advanceTimersByTime(200);
    expect(written.map((line) => /(\w+) .* (\d+) %/.exec(line)?.slice(1))).toEqual([
      ['tape', '25'],
      ['tape', '100'],
      ['features', '0'],
    ]);
  });

  it('counts the passes of phases that take turns, each with its own rate', () => {
    const { written, say } = shown('auto', terminal);
    for (const _pass of [1, 2]) {
      for (const name of ['tape', 'features']) {
        say(at(name, 0, 100));
        vi.advanceTimersByTime(1000);
        say(at(name, 100, 100));
      }
    }
    const ends = written.filter((line) => line.includes('100 %'));
    expect(ends.map((line) => line.slice(1, 18).trimEnd())).toEqual([
      'tape',
      'features',
      'tape (pass 2)',
      'features (pass 2)',
    ]);
    for (const line of ends) expect(line).toContain(' 100 rows/s');
  });

  it('takes a phase that falls back for its next pass', () => {
    const { written, say } = shown('auto', terminal);
    say(at('tape', 9, 10));
    vi.advanceTimersByTime(400);
    say(at('tape', 1, 10));
    vi.advanceTimersByTime(200);
    expect(written.at(-1)).toContain('tape (pass 2)');
  });

  it('never wraps', () => {
    const { written, say } = shown('auto', { isTTY: true, columns: 30 });
    say(at('native: features', 123_456, 1_234_567));
    vi.advanceTimersByTime(400);
    expect([...(written[0] as string)].length).toBe('\r'.length + 29 + '\u001b[K'.length);
  });
});

describe('the lines of a log', () => {
  it('are one for each phase that ends, also of a short job', () => {
    const { written, say, stop } = shown('always', {});
    for (const name of ['open', 'tape', 'features', 'tape', 'features']) {
      say(at(name, 0, 2));
      say(at(name, 2, 2));
    }
    say(at('empty', 0, 0));
    say(at('empty', 0, 0));
    stop();
    say(at('late', 2, 2));
    expect(written.map((line) => line.slice(0, 17).trimEnd())).toEqual([
      'open',
      'tape',
      'features',
      'tape (pass 2)',
      'features (pass 2)',
      'empty',
    ]);
    for (const line of written) {
      expect(line).toMatch(/^.*100 %.*\n$/);
      expect(line).not.toContain('\u001b');
      expect(line).not.toContain('\r');
    }
  });

  it('come now and then while a phase is at work', () => {
    const { written, say } = shown('always', {});
    for (let done = 0; done < 100; done++) {
      say(at('tape', done, 1000));
      vi.advanceTimersByTime(50);
    }
    expect(written.length).toBeGreaterThanOrEqual(8);
    expect(written.length).toBeLessThanOrEqual(10);
  });
});

describe('showProgress', () => {
  it('is for terminals, unless it is wanted always or never', () => {
    const out = { write: () => true };
    expect(showProgress('auto', { stderr: out }).listener).toBeUndefined();
    expect(showProgress('never', { stderr: { ...out, isTTY: true } }).listener).toBeUndefined();
    expect(showProgress('auto', { stderr: { ...out, isTTY: true } }).listener).toBeDefined();
    expect(showProgress('always', { stderr: out }).listener).toBeDefined();
  });
});

import { PolyfeatError } from '@polyfeat/core/snapshot';
import { describe, expect, it } from 'vitest';
import { exitCodeOf, type FailureStyle, reportFailure } from './failure.js';
import { UsageError } from './usage-error.js';

const shown = (error: unknown, style: Partial<FailureStyle> = {}): string => {
  const written: string[] = [];
  const stderr = { write: (text: string) => written.push(text) };
  reportFailure(error, { stderr }, { json: false, debug: false, ...style });
  return written.join('');
};

describe('exitCodeOf', () => {
  it.each([
    [new UsageError('x'), 2],
    [new PolyfeatError('INVALID_OPTION', 'x'), 2],
    [new PolyfeatError('CANCELLED', 'x'), 130],
    [new PolyfeatError('NOT_FOUND', 'x'), 1],
    [new PolyfeatError('INTERNAL', 'x'), 1],
    [new TypeError('x'), 1],
    ['x', 1],
  ])('%s is %d', (error, code) => {
    expect(exitCodeOf(error)).toBe(code);
  });
});

describe('reportFailure', () => {
  const error = new PolyfeatError('WRONG_TYPE', 'token_id is a double', {
    file: 'f',
    column: 'token_id',
    row: 7,
  });

  it('is one line that names every place once', () => {
    const full = new PolyfeatError('WRONG_TYPE', 'd/f.parquet: token_id is a double in row 7', {
      file: 'd/f.parquet',
      column: 'token_id',
      row: 7,
    });
    expect(shown(full)).toBe('polyfeat-fast: error: d/f.parquet: token_id is a double in row 7\n');
    const alike = new PolyfeatError('WRONG_TYPE', 'counts in row 77', { column: 'ts', row: 7 });
    expect(shown(alike)).toBe('polyfeat-fast: error: counts in row 77 (column ts, row 7)\n');
  });

  it('adds the places that the message lacks', () => {
    const bare = new PolyfeatError('WRONG_TYPE', 'no', { file: '/a/b.parquet', column: 'size', row: 7 });
    expect(shown(bare)).toBe('polyfeat-fast: error: no (file /a/b.parquet, column size, row 7)\n');
  });

  it('stays one line whatever a name contains', () => {
    expect(shown(new PolyfeatError('IO', 'a\nb\u001b[31m\u0000'))).toBe(
      'polyfeat-fast: error: a\\x0ab\\x1b[31m\\x00\n',
    );
  });

  it('has a stack only with debug, causes included', () => {
    const deep = new PolyfeatError('IO', 'no', { cause: new Error('below') });
    expect(shown(deep)).not.toContain('    at ');
    expect(shown(new TypeError('x'))).toBe('polyfeat-fast: error: an internal error: x\n');
    const debug = shown(deep, { debug: true });
    expect(debug).toContain('    at ');
    expect(debug).toContain('Caused by: Error: below');
  });

  it('is one object with json', () => {
    expect(JSON.parse(shown(error, { json: true }))).toEqual({ error: error.toJSON() });
    expect(JSON.parse(shown(new UsageError('x'), { json: true }))).toEqual({
      error: { code: 'USAGE', message: 'x', file: null, column: null, row: null },
    });
    expect(JSON.parse(shown(error, { json: true, debug: true })).error.stack).toContain('    at ');
  });
});

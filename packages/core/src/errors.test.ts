import { describe, expect, it } from 'vitest';
import { ERROR_CODES, isPolyfeatError, PolyfeatError, unwrapAnswer } from './errors.js';

const thrown = (read: () => unknown): PolyfeatError => {
  try {
    read();
  } catch (error) {
    if (error instanceof PolyfeatError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
};

describe('isPolyfeatError', () => {
  it('knows the errors of another copy of the module', () => {
    const foreign = Object.assign(new Error('no'), { name: 'PolyfeatError', code: 'IO' });
    expect(foreign instanceof PolyfeatError).toBe(false);
    expect([new PolyfeatError('IO', 'no'), foreign].map(isPolyfeatError)).toEqual([true, true]);
  });

  it.each([
    [null],
    ['IO'],
    [new Error('no')],
    [Object.assign(new Error('no'), { code: 'IO' })],
    [Object.assign(new Error('no'), { name: 'PolyfeatError', code: 'ENOENT' })],
    [{ name: 'PolyfeatError', code: 'IO', message: 'no' }],
  ])('takes nothing else for one: %s', (error) => {
    expect(isPolyfeatError(error)).toBe(false);
  });
});

describe('PolyfeatError', () => {
  it('survives the way through JSON', () => {
    const error = new PolyfeatError('WRONG_TYPE', 'no', { file: 'f', column: 'c', row: 0 });
    const data = JSON.parse(JSON.stringify(error));
    expect(data).toEqual({ code: 'WRONG_TYPE', message: 'no', file: 'f', column: 'c', row: 0 });
    expect(PolyfeatError.fromData(data)).toEqual(error);
  });

  it('leaves out absent places, null ones included', () => {
    const error = PolyfeatError.fromData({ code: 'IO', message: 'no', file: null, column: null, row: null });
    expect(Object.keys(error.toJSON())).toEqual(['code', 'message']);
    expect('file' in error).toBe(false);
  });

  it('keeps a code it does not know readable', () => {
    const error = PolyfeatError.fromData({ code: 'NEW_CODE', message: 'no' });
    expect(error.code).toBe('INTERNAL');
    expect(error.message).toContain('NEW_CODE');
  });

  it('has a closed list of codes without repeats', () => {
    expect(new Set(ERROR_CODES).size).toBe(ERROR_CODES.length);
  });
});

describe('unwrapAnswer', () => {
  it('gives the value of ok, null included', () => {
    expect(unwrapAnswer('{"ok":{"rows":1}}')).toEqual({ rows: 1 });
    expect(unwrapAnswer('{"ok":null}')).toBeNull();
  });

  it('throws the error', () => {
    const error = thrown(() =>
      unwrapAnswer('{"error":{"code":"NO_TRADES","message":"none","file":"d","row":null}}'),
    );
    expect(error.toJSON()).toEqual({ code: 'NO_TRADES', message: 'none', file: 'd' });
  });

  it.each(['', 'null', '[]', '{}', '1', '{"ok":', '"ok"'])('calls %j an internal error', (json) => {
    expect(thrown(() => unwrapAnswer(json)).code).toBe('INTERNAL');
  });
});

import { describe, expect, it } from 'vitest';
import { UsageError } from '../usage-error.js';
import { BUILD_OPTIONS, COMPARE_OPTIONS } from './options.js';
import { parseCommandArgs } from './parse.js';

const parse = (...args: string[]) => parseCommandArgs(args, BUILD_OPTIONS);
const refusal = (...args: string[]): string => {
  try {
    parse(...args);
  } catch (error) {
    if (error instanceof UsageError) return error.message;
    throw error;
  }
  throw new Error('it was accepted');
};

describe('parseCommandArgs', () => {
  it.each([[['--out', 'f']], [['--out=f']], [['-o', 'f']], [['-of']], [['--out', 'f', '-o', 'f']]])(
    'reads %j as one value',
    (args) => {
      expect(parse(...args)).toEqual({ values: { out: 'f' }, positionals: [] });
    },
  );

  it('reads every kind of option', () => {
    const { values, positionals } = parse(
      'snap',
      '--order',
      'input',
      '--returns=30s,5m',
      '--bucket',
      '250ms',
      '--columns',
      'b,a',
      '--ts-unit',
      'ms',
      '--threads',
      '2',
      '--memory',
      '800MB',
      '--json',
    );
    expect(positionals).toEqual(['snap']);
    expect(values).toEqual({
      order: 'input',
      returns: [
        { nanos: 30_000_000_000n, label: '30s' },
        { nanos: 300_000_000_000n, label: '300s' },
      ],
      bucket: { nanos: 250_000_000n, label: '250ms' },
      columns: ['b', 'a'],
      tsUnit: 'ms',
      threads: 2,
      memory: 800_000_000,
      json: true,
    });
  });

  it('takes everything after -- as it is', () => {
    expect(parse('--', '--json', '-o').positionals).toEqual(['--json', '-o']);
  });

  it('takes a value that begins with a dash after =', () => {
    expect(parse('--out=-f').values.out).toBe('-f');
  });

  it('takes - as a value and as an argument', () => {
    expect(parse('-', '--out', '-')).toEqual({ values: { out: '-' }, positionals: ['-'] });
  });

  it.each([
    ['--label-column', 'x'],
    ['--feature-set=strict'],
    ['--lookback', '1s'],
    ['--shuffled'],
    ['--no-json'],
    ['-x'],
    ['--__proto__', 'x'],
    ['--constructor=1'],
    ['--snapshotsRoot', 'x'],
  ])('refuses %s as unknown', (...args) => {
    expect(refusal(...args)).toMatch(/^unknown option -/);
  });

  it('says what was meant', () => {
    expect(refusal('--window', '60s')).toContain('did you mean --windows?');
  });

  it.each([
    [['--out'], /--out needs a value: --out FILE/],
    [['--out', '--json'], /--out needs a value/],
    [['--out='], /--out needs a value that is not empty/],
    [['--engine='], /--engine needs a value that is not empty/],
    [['--engine', 'rust'], /--engine: it must be one of auto, native, ts, not "rust"/],
    [['--json=yes'], /--json takes no value/],
    [['--returns', '60s,1m'], /--returns: .*60s and 1m/],
    [['--windows', '0s'], /--windows: /],
    [['--bucket', '10'], /--bucket: /],
    [['--bucket', '10s,20s'], /--bucket: /],
    [['--columns', 'safe,ts'], /"safe" cannot stand among names/],
    [['--columns', 'ts,all'], /"all" cannot stand among names/],
    [['--columns', 'ts,,a'], /empty entry/],
    [['--columns', 'ts,ts'], /names ts twice/],
    [['--order', 'input', '--order', 'token'], /--order is given twice, as "input" and as "token"/],
    [['--ts-unit', 'S'], /must be one of s, ms, us, ns/],
    [['--threads', '0'], /--threads: "0" is no number of threads: write a whole number from 1 to 1024/],
    [['--threads', '1e9'], /--threads: "1e9" is no number/],
    [['--threads=1000000000'], /from 1 to 1024/],
    [['--threads=-1'], /--threads: "-1" is no number/],
    [['--memory', '0'], /--memory: "0" is less than one byte/],
    [['--memory=-1G'], /--memory: "-1G" is not a size of memory: write a positive number and a unit/],
    [['--memory', 'much'], /such as 512M, 1.5G or 800MB/],
    [[''], /an argument is empty/],
  ])('refuses %j', (args, message) => {
    const text = refusal(...args);
    expect(text).toMatch(message);
    expect(text).not.toContain('\n');
  });

  it.each(['-1', 'x', '', ' ', 'Infinity', 'NaN', '1,5'])('refuses "%s" as a tolerance', (value) => {
    expect(() => parseCommandArgs([`--rtol=${value}`], COMPARE_OPTIONS)).toThrow(UsageError);
  });

  it('reads tolerances', () => {
    const { values } = parseCommandArgs(
      ['--rtol', '1e-9', '--atol', '0', '--key', 'ts,token_id'],
      COMPARE_OPTIONS,
    );
    expect(values).toEqual({ rtol: 1e-9, atol: 0, key: ['ts', 'token_id'] });
  });
});

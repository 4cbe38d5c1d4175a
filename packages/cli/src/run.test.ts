import { describe, expect, it } from 'vitest';
import { COMMANDS } from './commands/index.js';
import { FIRST_CALLS } from './help.js';
import { run } from './run.js';

const call = async (...args: string[]) => {
  const out: string[] = [];
  const err: string[] = [];
  const code = await run(args, {
    stdout: { write: (text) => out.push(text) },
    stderr: { write: (text) => err.push(text) },
    env: {},
    cwd: '/',
    signal: new AbortController().signal,
  });
  return { code, out: out.join(''), err: err.join('') };
};

describe('run', () => {
  it.each([[[]], [['--help']], [['-h']]])('shows the help for %j', async (args) => {
    const { code, out, err } = await call(...args);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    for (const { name } of COMMANDS) expect(out).toContain(`\n  ${name} `);
    for (const { call } of FIRST_CALLS) expect(out).toContain(`\n  polyfeat-fast ${call} `);
  });

  it('lists the commands that work, and no others', () => {
    expect(COMMANDS.map(({ name }) => name)).toEqual([
      'build',
      'inspect',
      'audit',
      'summary',
      'explain',
      'verify',
      'compare',
      'bench',
      'bench generate',
      'doctor',
      'completions',
    ]);
  });

  it.each(COMMANDS.map(({ name }) => name))('shows the help of %s, whatever else is wrong', async (name) => {
    const { code, out } = await call(...name.split(' '), '--nonsense', '--help');
    expect(code).toBe(0);
    expect(out).toContain(`Usage: polyfeat-fast ${name} `);
    if (name !== 'completions') expect(out).toContain('--json');
  });

  it.each(COMMANDS.map(({ name, options }) => [name, options] as const))(
    'has every option of %s in its help, under its config name in the table',
    async (name, options) => {
      const { out } = await call(...name.split(' '), '--help');
      for (const [key, option] of Object.entries(options)) {
        expect(out).toContain(`--${option.name}`);
        expect(key).toBe(option.name.replace(/-(.)/g, (_all, letter: string) => letter.toUpperCase()));
      }
    },
  );

  it('does not take --help after -- as help', async () => {
    expect((await call('compare', '--', '--help')).code).toBe(2);
  });

  it.each(['--version', '-V'])('shows version, engine, platform and Node for %s', async (flag) => {
    const out = expect.stringMatching(
      /^polyfeat-fast \d+\.\d+\.\d+ \((native|TypeScript) engine, \w+-\w+, Node \d+\.\d+\.\d+\)\n$/,
    );
    expect(await call(flag)).toEqual({ code: 0, out, err: '' });
  });

  it.each([
    [['biuld'], 'unknown command "biuld": did you mean build?'],
    [['sort'], 'unknown command "sort": the commands are build, '],
    [['--out', 'build'], 'a command comes first'],
    [['build', 'a', 'b'], 'unexpected argument "b": build takes [SNAPSHOT]'],
    [['compare', 'a'], 'compare needs A B'],
    [['bench', 'genrate', 'x'], 'unexpected argument "genrate": did you mean bench generate?'],
    [['bnch'], 'unknown command "bnch": did you mean bench?'],
    [['bench', 'generate'], 'bench generate needs OUT'],
    [['bench', 'generate', 'x', '--trades', '1.5'], '--trades: "1.5" is no count'],
    [['bench', 'generate', 'x', '--own=-1'], '--own: "-1" is no number'],
    [['bench', 'generate', 'x', '--stamps', 'us'], 'see polyfeat-fast bench generate --help'],
    [['summary'], 'summary needs FEATURES'],
    [['build', '--label-column', 'x'], 'unknown option --label-column (see polyfeat-fast build --help)'],
    [['summary', 'f', '--order', 'input'], 'unknown option --order'],
    [['verify', '--out', 'f'], 'unknown option --out'],
  ])('refuses %j with exit code 2', async (args, message) => {
    const { code, out, err } = await call(...args);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err.startsWith('polyfeat-fast: error: ')).toBe(true);
    expect(err).toContain(message);
    expect(err.trimEnd()).not.toContain('\n');
  });

  it('reports a wrong call as JSON too', async () => {
    const { code, err } = await call('build', '--label-column', '2s', '--json');
    expect(code).toBe(2);
    expect(JSON.parse(err).error.code).toBe('USAGE');
  });
});

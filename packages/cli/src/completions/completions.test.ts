import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { COMMANDS } from '../commands/index.js';
import { bashCompletions } from './bash.js';
import { fishCompletions } from './fish.js';
import { zshCompletions } from './zsh.js';

const has = (shell: string) => spawnSync(shell, ['-c', 'exit 0']).status === 0;
for (const shell of ['bash', 'zsh', 'fish']) {
  if (!has(shell)) console.warn(`no ${shell} here: its completions are not run`);
}

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'polyfeat-completions-'));
  writeFileSync(join(folder, 'bash'), bashCompletions(COMMANDS));
  writeFileSync(join(folder, 'zsh'), zshCompletions(COMMANDS));
  writeFileSync(join(folder, 'fish'), fishCompletions(COMMANDS));
  writeFileSync(join(folder, 'some features.parquet'), '');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function lines(command: string, args: readonly string[]): string[] {
  const { stdout, stderr, status } = spawnSync(command, args, { cwd: folder, encoding: 'utf8' });
  expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
  return stdout.split('\n').filter(Boolean);
}

const commands = [...new Set(COMMANDS.map(({ name }) => name.split(' ')[0] ?? ''))];
const generateOptions = Object.keys(COMMANDS.find(({ name }) => name === 'bench generate')?.options ?? {});
const buildOptions = Object.values(COMMANDS.find(({ name }) => name === 'build')?.options ?? {}).map(
  ({ name }) => `--${name}`,
);

describe.runIf(has('bash'))('in bash', () => {
  /** What is offered for a line whose last word is being typed; `=` is a word of its own there. */
  const offered = (...words: string[]) =>
    lines('bash', [
      '-c',
      `source ./bash; COMP_WORDS=(polyfeat-fast "$@"); COMP_CWORD=$#; _polyfeat_fast; printf '%s\\n' "\${COMPREPLY[@]}"`,
      'bash',
      ...words,
    ]);

  it('offers commands', () => {
    expect(offered('')).toEqual([...commands, '--help', '--version']);
    expect(offered('in')).toEqual(['inspect']);
  });

  it('offers every option of a command', () => {
    expect(offered('build', '--')).toEqual(buildOptions);
    expect(offered('build', 'x', '--wi')).toEqual(['--windows']);
  });

  it('offers the second word of a command, and then its options', () => {
    expect(offered('bench', '')).toContain('generate');
    expect(offered('bench', 'generate', '--')).toHaveLength(generateOptions.length);
    expect(offered('bench', 'generate', '--size', '')).toEqual(['S', 'M', 'L']);
    expect(offered('bench', 'generate', '--size', '=', 'L')).toEqual(['L']);
  });

  it('offers the words that an option takes', () => {
    expect(offered('build', '--order', '')).toEqual(['token', 'input']);
    expect(offered('build', '--order', '=', 'in')).toEqual(['input']);
    expect(offered('build', '--order', '=')).toEqual(['token', 'input']);
    expect(offered('completions', '')).toEqual(['bash', 'zsh', 'fish']);
  });

  it('offers files where files are wanted', () => {
    expect(offered('build', '-o', 'so')).toEqual(['some features.parquet']);
    expect(offered('summary', 'so')).toEqual(['some features.parquet']);
    expect(offered('build', 'so')).toEqual([]);
    expect(offered('doctor', 'so')).toEqual([]);
    expect(offered('build', '--windows', '')).toEqual([]);
  });

  it('is registered for the command', () => {
    expect(lines('bash', ['-c', 'eval "$(cat bash)"; complete -p polyfeat-fast'])).toEqual([
      'complete -o filenames -F _polyfeat_fast polyfeat-fast',
    ]);
  });
});

describe.runIf(has('fish'))('in fish', () => {
  const offered = (line: string) =>
    lines('fish', ['--no-config', '-c', `source ./fish; complete -C '${line}'`]).map(
      (found) => found.split('\t')[0],
    );

  it('offers commands, options and words', () => {
    expect(offered('polyfeat-fast ').sort()).toEqual([...commands].sort());
    expect(offered('polyfeat-fast build --').sort()).toEqual([...buildOptions].sort());
    expect(offered('polyfeat-fast build --order ')).toEqual(['input', 'token']);
    expect(offered('polyfeat-fast summary some')).toEqual(['some features.parquet']);
    expect(offered('polyfeat-fast bench g')).toEqual(['generate']);
    expect(offered('polyfeat-fast bench generate --')).toHaveLength(generateOptions.length);
  });
});

describe.runIf(has('zsh'))('in zsh', () => {
  it('is a script without errors that registers itself', () => {
    const script = 'autoload -U compinit; compinit -u -D; source ./zsh; print $_comps[polyfeat-fast]';
    expect(lines('zsh', ['-f', '-c', script])).toEqual(['_polyfeat-fast']);
  });
});

it.each([bashCompletions, zshCompletions, fishCompletions])('names every command and option', (make) => {
  const script = make(COMMANDS);
  for (const { name, options } of COMMANDS) {
    for (const word of name.split(' ')) expect(script).toContain(word);
    for (const option of Object.values(options)) expect(script).toContain(option.name);
  }
});

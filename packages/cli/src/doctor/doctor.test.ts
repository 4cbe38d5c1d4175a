import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ENGINE_VARIABLE } from '@polyfeat/core/snapshot';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { run } from '../run.js';
import { type Facts, isAtLeast } from './facts.js';

const native = vi.hoisted(() => vi.fn());
vi.mock('@polyfeat/core/snapshot', async (original) => {
  const core = await original<typeof import('@polyfeat/core/snapshot')>();
  return { ...core, engineState: native };
});

const loaded = { state: 'loaded', file: '/secret/place/polyfeat.linux-x64-gnu.node', packageName: null };
const missing = { state: 'missing', reason: 'the package is not installed' };

let cwd: string;
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'polyfeat-doctor-'));
  native.mockResolvedValue({ choice: 'auto', engine: 'native', native: loaded });
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(cwd, { recursive: true, force: true });
});

async function call(...args: string[]) {
  let [out, err] = ['', ''];
  const code = await run(['doctor', ...args], {
    stdout: { write: (text) => (out += text) },
    stderr: { write: (text) => (err += text) },
    env: {},
    cwd,
    signal: new AbortController().signal,
  });
  return { code, out, err };
}

const facts = async (...args: string[]) => {
  const { code, out } = await call(...args, '--json');
  return { code, found: JSON.parse(out) as Facts };
};

describe('doctor', () => {
  it('finds nothing wrong where nothing is', async () => {
    const { code, found } = await facts();
    expect(found.problems).toEqual([]);
    expect(code).toBe(0);
    expect(found).toMatchObject({
      platform: `${process.platform}-${process.arch}`,
      engine: {
        engine: 'native',
        native: { file: 'polyfeat.linux-x64-gnu.node', package: '@polyfeat/native' },
      },
      node: { version: process.versions.node },
      cores: expect.any(Number),
    });
    expect(Object.keys(found.packages)).toEqual(expect.arrayContaining(['@polyfeat/core', 'apache-arrow']));
    expect(Object.values(found.packages)).not.toContain(null);
    expect(found.memory.build_bytes).toBeLessThan(found.memory.total_bytes);
    expect(found.free_bytes.here).toBeGreaterThan(0);
  });

  it('tells it in lines, without where the binary is', async () => {
    const { code, out, err } = await call();
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(
      /^polyfeat-fast \d+\.\d+\.\d+\n\nengine {6}native, the Rust core: its binary loads\n/,
    );
    expect(out).toMatch(/\nall is well\n$/);
    expect(out).not.toContain('/secret');
  });

  it('warns of a missing binary, which is no harm', async () => {
    native.mockResolvedValue({ choice: 'auto', engine: 'ts', native: missing });
    const { code, out } = await call();
    expect(code).toBe(0);
    expect(out).toContain('ts, the TypeScript engine: no native binary loads');
    expect(out).toMatch(
      /\nwarning: the native engine does not load: the package is not installed;.*\nit works\n$/,
    );
  });

  it.each([
    ['missing, and asked for', { choice: 'native', engine: null, native: missing }],
    ['there, and does not load', { choice: 'auto', engine: 'ts', native: { ...missing, state: 'broken' } }],
  ])('is broken when the binary is %s', async (_what, state) => {
    native.mockResolvedValue(state);
    const { code, out } = await call();
    expect(code).toBe(1);
    expect(out).toMatch(/\nproblem: the native engine does not load: .*\none thing is broken\n$/);
  });

  it('is broken when the environment names no engine', async () => {
    const core = await vi.importActual<typeof import('@polyfeat/core/snapshot')>('@polyfeat/core/snapshot');
    native.mockImplementation(core.engineState);
    vi.stubEnv(ENGINE_VARIABLE, 'rust');
    const { code, found } = await facts();
    expect(code).toBe(1);
    expect(found.problems).toEqual([expect.stringContaining('POLYFEAT_ENGINE is "rust"')]);
  });

  it('is broken by a config file that is wrong', async () => {
    await writeFile(join(cwd, 'polyfeat.config.json'), '{"window": "60s"}');
    const { code, found } = await facts();
    expect(code).toBe(1);
    expect(found.config.error).toContain('did you mean "windows"?');
    expect(found.problems).toEqual([found.config.error]);
  });

  it('finds the newest snapshot where the config file says to look', async () => {
    await mkdir(join(cwd, 'root', 'ann-1', 'trades.parquet'), { recursive: true });
    await writeFile(join(cwd, 'polyfeat.config.json'), '{"snapshotsRoot": "root"}');
    const { found } = await facts();
    expect(found.snapshots).toEqual({ root: join(cwd, 'root'), newest: 'ann-1', error: null });
    expect((await facts('--username', 'bob')).found.snapshots.error).toContain('bob-*');
  });
});

describe('isAtLeast', () => {
  it.each([
    ['20.17.0', true],
    ['20.16.9', false],
    ['18.99.0', false],
    ['22.0.0', true],
    ['100.1.0', true],
  ])('%s: %s', (version, expected) => {
    expect(isAtLeast(version, '>=20.17')).toBe(expected);
  });
});

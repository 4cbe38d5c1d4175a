import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ENGINE_VARIABLE, engineState, loadEngine } from './engine.js';

const loadNativeBinary = vi.hoisted(() => vi.fn());
const createTsEngine = vi.hoisted(() => vi.fn(() => ({ name: 'ts' })));
const NoBinary = vi.hoisted(() => class extends Error {});
const loadBinding = () => loadNativeBinary().binding;
vi.mock('./native-binding.js', () => ({ loadNativeBinary, loadBinding, NoBinary }));
vi.mock('./ts/index.js', () => ({ createTsEngine }));

beforeEach(() => {
  vi.stubEnv(ENGINE_VARIABLE, '');
  loadNativeBinary.mockReset().mockReturnValue({ binding: {} });
  createTsEngine.mockClear();
});
afterEach(() => {
  vi.unstubAllEnvs();
});

const noBinary = () =>
  loadNativeBinary.mockImplementation(() => {
    throw new Error('Cannot find module.\nRequire stack:\n- /a/b/c');
  });

describe('loadEngine', () => {
  it('prefers the native engine', async () => {
    const { engine, warning } = await loadEngine('auto');
    expect(engine.name).toBe('native');
    expect(warning).toBeUndefined();
    expect(createTsEngine).not.toHaveBeenCalled();
  });

  it('falls back to the TypeScript engine with a warning of one line', async () => {
    noBinary();
    const { engine, warning } = await loadEngine('auto');
    expect(engine.name).toBe('ts');
    expect(warning?.code).toBe('native_unavailable');
    expect(warning?.message).toContain('Cannot find module');
    expect(warning?.message).not.toMatch(/\n|\/a\/b/);
  });

  it('refuses to fall back when native is asked for', async () => {
    noBinary();
    await expect(loadEngine('native')).rejects.toMatchObject({ code: 'NATIVE_UNAVAILABLE' });
  });

  it('does not touch the native package for ts', async () => {
    expect((await loadEngine('ts')).engine.name).toBe('ts');
    expect(loadNativeBinary).not.toHaveBeenCalled();
  });

  it.each(['native', 'ts'] as const)('takes auto from the environment: %s', async (name) => {
    vi.stubEnv(ENGINE_VARIABLE, name);
    const { engine, warning } = await loadEngine('auto');
    expect(engine.name).toBe(name);
    expect(warning).toBeUndefined();
  });

  it('lets an explicit choice win over the environment', async () => {
    vi.stubEnv(ENGINE_VARIABLE, 'ts');
    expect((await loadEngine('native')).engine.name).toBe('native');
  });

  it('makes a missing binary an error when the environment asks for native', async () => {
    noBinary();
    vi.stubEnv(ENGINE_VARIABLE, 'native');
    await expect(loadEngine('auto')).rejects.toMatchObject({ code: 'NATIVE_UNAVAILABLE' });
  });

  it('refuses another name in the environment', async () => {
    vi.stubEnv(ENGINE_VARIABLE, 'rust');
    await expect(loadEngine('auto')).rejects.toMatchObject({ code: 'INVALID_OPTION' });
  });
});

describe('engineState', () => {
  const missing = () =>
    loadNativeBinary.mockImplementation(() => {
      throw new NoBinary('the package is not installed');
    });

  it('tells of the binary that loads', async () => {
    loadNativeBinary.mockReturnValue({ binding: {}, file: 'a.node', packageName: 'p' });
    const native = { state: 'loaded', file: 'a.node', packageName: 'p' };
    expect(await engineState('auto')).toEqual({ choice: 'auto', engine: 'native', native });
    expect(await engineState('ts')).toEqual({ choice: 'ts', engine: 'ts', native });
  });

  it('tells one that is missing from one that does not load', async () => {
    missing();
    const native = { state: 'missing', reason: 'the package is not installed' };
    expect(await engineState('auto')).toEqual({ choice: 'auto', engine: 'ts', native });
    expect(await engineState('native')).toEqual({ choice: 'native', engine: null, native });
    noBinary();
    expect((await engineState('auto')).native).toEqual({ state: 'broken', reason: 'Cannot find module' });
  });

  it('heeds the environment', async () => {
    missing();
    vi.stubEnv(ENGINE_VARIABLE, 'native');
    expect(await engineState('auto')).toMatchObject({ choice: 'native', engine: null });
  });
});

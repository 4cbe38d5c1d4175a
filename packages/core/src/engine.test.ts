import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ENGINE_VARIABLE, loadEngine } from './engine.js';

const loadBinding = vi.hoisted(() => vi.fn());
const createTsEngine = vi.hoisted(() => vi.fn(() => ({ name: 'ts' })));
vi.mock('./native-binding.js', () => ({ loadBinding }));
vi.mock('./ts/index.js', () => ({ createTsEngine }));

beforeEach(() => {
  vi.stubEnv(ENGINE_VARIABLE, '');
  loadBinding.mockReset().mockResolvedValue({});
  createTsEngine.mockClear();
});
afterEach(() => {
  vi.unstubAllEnvs();
});

const noBinary = () =>
  loadBinding.mockRejectedValue(new Error('Cannot find native binding.\n  tried: /a/b/c'));

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
    expect(warning?.message).toContain('Cannot find native binding');
    expect(warning?.message).not.toMatch(/\n|\/a\/b/);
  });

  it('refuses to fall back when native is asked for', async () => {
    noBinary();
    await expect(loadEngine('native')).rejects.toMatchObject({ code: 'NATIVE_UNAVAILABLE' });
  });

  it('does not touch the native package for ts', async () => {
    expect((await loadEngine('ts')).engine.name).toBe('ts');
    expect(loadBinding).not.toHaveBeenCalled();
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

/** The entry for browsers: bundled as for one, it loads and works where there is nothing of Node. */
import { fileURLToPath } from 'node:url';
import vm from 'node:vm';
import { type OutputChunk, rolldown } from 'rolldown';
import { beforeAll, describe, expect, it } from 'vitest';

const entry = fileURLToPath(new URL('../src/browser.ts', import.meta.url));
const reference = fileURLToPath(new URL('../../reference/src/index.ts', import.meta.url));

/** What a browser has, and this library may use; there is no `process`, `Buffer`, `require` or `setImmediate`. */
const browser = {
  TextEncoder,
  TextDecoder,
  MessageChannel,
  performance,
  queueMicrotask,
  AbortController,
  AbortSignal,
  console,
  URL,
};

/** Bundles a program that imports the entry as `polyfeat` and apache-arrow as `arrow`. */
async function bundled(): Promise<OutputChunk> {
  const program = `import * as polyfeat from ${JSON.stringify(entry)};
    import { tableFromArrays } from 'apache-arrow';
    globalThis.library = { polyfeat, tableFromArrays };`;
  const bundle = await rolldown({
    input: 'program.js',
    platform: 'browser',
    cwd: fileURLToPath(new URL('..', import.meta.url)),
    plugins: [
      {
        name: 'program',
        resolveId: (id) =>
          id === 'program.js' ? '\0program' : id === '@polyfeat/reference' ? reference : null,
        load: (id) => (id === '\0program' ? program : null),
      },
    ],
  });
  const { output } = await bundle.generate({ format: 'iife' });
  await bundle.close();
  expect(output).toHaveLength(1);
  return output[0];
}

describe('the entry for browsers', () => {
  let chunk: OutputChunk;
  beforeAll(async () => {
    chunk = await bundled();
  });

  it('imports no module of Node, no binary, and not parquet-wasm', () => {
    expect([...chunk.imports, ...chunk.dynamicImports]).toEqual([]);
    const modules = Object.keys(chunk.modules).map((id) => id.replaceAll('\\', '/'));
    expect(modules.filter((id) => /^node:|packages\/(native|parquet)\/|parquet-wasm/.test(id))).toEqual([]);
    expect(modules.some((id) => id.endsWith('/src/browser.ts'))).toBe(true);
    expect(chunk.code).not.toMatch(/\brequire\(|from ['"]node:/);
  });

  it('computes where there is nothing of Node', async () => {
    const global: Record<string, unknown> = { ...browser };
    const context = vm.createContext(global);
    vm.runInContext(chunk.code, context);
    const result = vm.runInContext(
      `(async () => {
        const { polyfeat, tableFromArrays } = library;
        const trades = tableFromArrays({
          ts: new BigInt64Array([100n, 400n]), token_id: ['A', 'A'], market_slug: ['m', 'm'],
          side: ['BUY', 'BUY'], outcome: ['Up', 'Down'], size: new Float64Array([1, 2]),
        });
        const tape = {
          ts: new BigInt64Array([40n, 41n, 70n, 100n, 100n]), token_id: ['A', 'A', 'A', 'A', 'A'],
          price: new Float64Array([0.4, 0.41, 0.45, 0.5, 0.52]), size: new Float64Array([1, 2, 16, 4, 8]),
        };
        const features = polyfeat.computeFeatures(trades, tape, { tsUnit: 's' });
        const later = await polyfeat.computeFeaturesAsync(trades, tape, { tsUnit: 's' });
        let code = null;
        try { polyfeat.computeFeatures(trades, tape, { tsUnit: 's', engine: 'native' }); } catch (error) { code = error.code; }
        const values = (table, name) => Array.from(table.getChild(name));
        return JSON.stringify({
          price: values(features, 'mt_last_price'), notional: values(features, 'mt_notional_60s'),
          later: values(later, 'mt_volume_60s'), regime: values(features, 'regime'), code,
        });
      })()`,
      context,
    ) as Promise<string>;
    expect(JSON.parse(await result)).toEqual({
      price: [0.52, 0.52],
      notional: [14.18, 0],
      later: [30, 0],
      regime: ['DIRECTIONAL', 'DIRECTIONAL'],
      code: 'NATIVE_UNAVAILABLE',
    });
  });
});

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { loadNativeBinary, type NativeBinary, targetsOf } from './native-binding.js';

function found(): NativeBinary | undefined {
  try {
    return loadNativeBinary();
  } catch {
    console.warn('no native binary: the test that it is loaded is skipped');
    return undefined;
  }
}
const binary = found();

const made: string[] = [];
afterEach(() => {
  vi.unstubAllEnvs();
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** Names a binary that is a JavaScript file: what matters is how it is loaded. */
function name(text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'polyfeat-binding-'));
  made.push(folder);
  const file = join(folder, 'binary.cjs');
  writeFileSync(file, text);
  vi.stubEnv('NAPI_RS_NATIVE_LIBRARY_PATH', file);
  return file;
}

const { version } = JSON.parse(
  readFileSync(new URL('../../native/package.json', import.meta.url), 'utf8'),
) as { version: string };

describe('loadNativeBinary', () => {
  it.runIf(binary)('gives the binary beside the package', () => {
    for (const job of [
      'buildSnapshot',
      'inspectSnapshot',
      'summarizeFeatures',
      'compareFeatures',
      'auditSnapshot',
    ] as const) {
      expect(binary?.binding[job]).toBeTypeOf('function');
    }
    expect(new (binary as NativeBinary).binding.CancelToken().cancel).toBeTypeOf('function');
    expect(binary?.file).toMatch(/[\\/]packages[\\/]native[\\/]polyfeat\.[\w-]+\.node$/);
  });

  it('takes the one that a variable names', () => {
    const file = name(`exports.version = () => '${version}';`);
    expect(loadNativeBinary()).toMatchObject({ file });
  });

  it('says that a named one is not there', () => {
    vi.stubEnv('NAPI_RS_NATIVE_LIBRARY_PATH', '/no/such/binary.node');
    expect(() => loadNativeBinary()).toThrow(/Cannot find module '\/no\/such\/binary\.node'/);
  });

  it('refuses one of another version', () => {
    name(`exports.version = () => '0.0.9';`);
    expect(() => loadNativeBinary()).toThrow(
      `it is of version 0.0.9, and @polyfeat/native of version ${version}`,
    );
  });
});

describe('targetsOf', () => {
  it.each<[NodeJS.Platform, NodeJS.Architecture, string[]]>([
    ['linux', 'x64', ['linux-x64-gnu', 'linux-x64-musl']],
    ['linux', 'arm64', ['linux-arm64-gnu', 'linux-arm64-musl']],
    ['darwin', 'arm64', ['darwin-arm64']],
    ['win32', 'x64', ['win32-x64-msvc']],
    ['aix', 'ppc64', []],
  ])('names the binaries for %s-%s', (platform, arch, targets) => {
    expect(targetsOf({ platform, arch })).toEqual(targets);
  });
});

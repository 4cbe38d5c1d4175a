import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CONFIG_FILE, readConfig } from './config.js';
import { BUILD_OPTIONS, INSPECT_OPTIONS } from './options.js';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'polyfeat-config-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const write = (content: unknown, file = CONFIG_FILE) =>
  writeFile(join(directory, file), typeof content === 'string' ? content : JSON.stringify(content));
const read = () => readConfig(undefined, directory, BUILD_OPTIONS);

describe('readConfig', () => {
  it('sets nothing without a file', async () => {
    expect(await read()).toEqual({});
  });

  it('reads options by their camelCase names', async () => {
    await write({
      order: 'input',
      returns: ['30s', '5m'],
      windows: '60s',
      columns: ['a,b', 'c'],
      tsUnit: 'ns',
      json: false,
      quiet: true,
    });
    expect(await read()).toEqual({
      order: 'input',
      returns: [
        { nanos: 30_000_000_000n, label: '30s' },
        { nanos: 300_000_000_000n, label: '300s' },
      ],
      windows: [{ nanos: 60_000_000_000n, label: '60s' }],
      columns: ['a,b', 'c'],
      tsUnit: 'ns',
      json: false,
      quiet: true,
    });
  });

  it.each([
    { threads: 4, memory: 1073741824 },
    { threads: '4', memory: '1G' },
  ])('reads numbers as %j', async (content) => {
    await write(content);
    expect(await read()).toEqual({ threads: 4, memory: 2 ** 30 });
  });

  it('counts paths from the directory of the file', async () => {
    await mkdir(join(directory, 'sub'));
    await write({ out: 'f.parquet', snapshotsRoot: '../root', username: 'ann' }, 'sub/c.json');
    expect(await readConfig('sub/c.json', directory, BUILD_OPTIONS)).toEqual({
      out: join(directory, 'sub', 'f.parquet'),
      snapshotsRoot: join(directory, 'root'),
      username: 'ann',
    });
  });

  it('gives a command with fewer options only its own', async () => {
    await write({ out: 'f', tsUnit: 's', windows: '60s' });
    expect(await readConfig(undefined, directory, INSPECT_OPTIONS)).toEqual({ tsUnit: 's' });
  });

  it('lets a file name its schema', async () => {
    await write({ $schema: './node_modules/polyfeat-fast/schema/config.json', order: 'input' });
    expect(await read()).toEqual({ order: 'input' });
  });

  it('reads a file with a byte order mark', async () => {
    await write('\uFEFF{"order": "input"}');
    expect(await read()).toEqual({ order: 'input' });
  });

  it.each<[string, unknown, RegExp]>([
    ['bad JSON', '{', /is not JSON/],
    ['an array', [], /one JSON object/],
    ['null', 'null', /one JSON object/],
    ['an unknown name', { labelColumn: 'x' }, /unknown name "labelColumn"/],
    ['no thread', { threads: 0 }, /threads: "0" is no number of threads/],
    ['half a thread', { threads: 1.5 }, /threads: "1.5" is no number of threads/],
    ['a flag for threads', { threads: true }, /threads must be a text or a number/],
    ['a bad size', { memory: 'lots' }, /memory: "lots" is not a size of memory/],
    ['a negative size', { memory: -1 }, /memory: "-1" is not a size of memory/],
    ['a name of Object.prototype', '{"toString": 1, "__proto__": 2}', /unknown name "toString"/],
    ['a near name', { window: '60s' }, /did you mean "windows"\?/],
    ['a dashed name', { 'ts-unit': 's' }, /did you mean "tsUnit"\?/],
    ['an option of the command line only', { config: 'x' }, /unknown name "config"/],
    ['a number', { bucket: 10 }, /bucket must be a text/],
    ['a number in a list', { windows: [60] }, /windows must be a text or a list of texts/],
    ['an empty list', { windows: [] }, /windows must be a text or a list/],
    ['a list where there is none', { order: ['token'] }, /order must be a text/],
    ['a text for a flag', { json: 'true' }, /json must be true or false/],
    ['a bad duration', { windows: ['60s', '1m'] }, /windows: .*same length/],
    ['a bad choice', { engine: 'rust' }, /engine: it must be one of auto, native, ts, not "rust"/],
    ['null for a value', { out: null }, /out must be a text/],
  ])('refuses %s', async (_what, content, message) => {
    await write(content);
    await expect(read()).rejects.toMatchObject({
      name: 'UsageError',
      message: expect.stringMatching(message),
    });
  });

  it('names the file in the message', async () => {
    await write({ bucket: 10 });
    await expect(read()).rejects.toThrow(/^polyfeat\.config\.json: bucket/);
  });

  it('says when a named file does not exist or cannot be read', async () => {
    await expect(readConfig('no.json', directory, BUILD_OPTIONS)).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
    await expect(readConfig('.', directory, BUILD_OPTIONS)).rejects.toMatchObject({ code: 'IO' });
  });
});

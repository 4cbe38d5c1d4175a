import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cli, SNAPSHOT, start } from './support/cli.js';
import { nativeAvailable } from './support/engines.js';
import { contents, folder } from './support/folder.js';

const SMALL = ['--trades', '300', '--prints', '3k', '--tokens', '20'];
const generate = (...args: string[]) => cli(['bench', 'generate', ...args]);

describe.runIf(nativeAvailable)('bench generate', () => {
  it('writes a snapshot that can be built, and tells what is in it', async () => {
    const out = join(await folder(), 'made');
    const { code, stdout, stderr } = await generate(out, ...SMALL);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^trades +300 +44 +1 +[\d.]+ [kM]?B$/m);
    expect(stdout).toMatch(/^market_trades +3,000 +17 +1 /m);
    expect(await contents(out)).toEqual(['manifest.json', 'market_trades.parquet', 'trades.parquet']);
    expect((await cli(['verify', out])).code).toBe(0);
  });

  it('gives the same bytes for the same call, with any number of threads', async () => {
    const place = await folder();
    const bytes = async (name: string, ...args: string[]) => {
      const out = join(place, name);
      expect((await generate(out, ...SMALL, ...args)).code).toBe(0);
      return Promise.all((await contents(out)).map((file) => readFile(join(out, file), 'base64')));
    };
    const one = await bytes('one', '--threads', '1');
    expect(await bytes('two', '--threads', '2')).toEqual(one);
    expect(await bytes('other', '--seed', '2')).not.toEqual(one);
  });

  it('prints one object with --json, with what the manifest says', async () => {
    const out = join(await folder(), 'made');
    const shape = ['--hot', '0.5', '--sorted', '--stamps', 's', '--parts', '2', '--compression', 'snappy'];
    const { code, stdout } = await generate(out, ...SMALL, ...shape, '--json');
    expect(code).toBe(0);
    const report = JSON.parse(stdout);
    expect(report).toMatchObject({
      out,
      tables: { trades: { rows: 300, files: 2 }, market_trades: { rows: 3000 }, clob_tob: null },
      options: { hot: 0.5, sorted: true, stamps: 's', parts: 2, compression: 'snappy', seed: 1, days: 7 },
    });
    const manifest = JSON.parse(await readFile(join(out, 'manifest.json'), 'utf8'));
    expect(manifest).toEqual({ made_by: `polyfeat-fast ${report.version}`, options: report.options });
  });

  it('repeats a real snapshot', async () => {
    const out = join(await folder(), 'made');
    const tiles = ['--from', SNAPSHOT, '--tile-time', '2', '--tile-tokens', '3'];
    const { tables } = JSON.parse((await generate(out, ...tiles, '--json')).stdout);
    const { stdout } = await cli(['inspect', SNAPSHOT, '--json']);
    for (const { table, rows } of JSON.parse(stdout).tables) expect(tables[table].rows).toBe(6 * rows);
  });

  it('refuses what does not fit, and leaves everything as it was', async () => {
    const place = await folder();
    await writeFile(join(place, 'note'), 'mine');
    for (const [code, args] of [
      ['OUT_NOT_WRITABLE', [place]],
      ['OUT_DIR_MISSING', [join(place, 'no', 'where')]],
      ['INVALID_OPTION', [join(place, 'new'), '--own', '2']],
      ['INVALID_OPTION', [join(place, 'new'), '--from', SNAPSHOT, '--hot', '1']],
      ['NOT_FOUND', [join(place, 'new'), '--from', join(place, 'none')]],
    ] as const) {
      const ended = await generate(...args, '--json');
      expect(ended.code).toBe(code === 'INVALID_OPTION' ? 2 : 1);
      expect(JSON.parse(ended.stderr).error.code).toBe(code);
    }
    expect(await contents(place)).toEqual(['note']);
  });

  it('leaves nothing behind after Ctrl-C', async () => {
    const place = await folder();
    const running = start(['bench', 'generate', join(place, 'made'), '--size', 'M', '--progress', 'always']);
    await running.says('%');
    running.child.kill('SIGINT');
    expect((await running.ended).code).toBe(130);
    expect(await contents(place)).toEqual([]);
  });
});

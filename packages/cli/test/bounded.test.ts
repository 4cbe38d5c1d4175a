import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cli } from './support/cli.js';
import { nativeAvailable } from './support/engines.js';
import { contents } from './support/folder.js';
import { largeSnapshot } from './support/large.js';

if (!nativeAvailable) console.warn('no native binary: the tests of bounded memory are skipped');

const MIB = 2 ** 20;
/** So little that tape and texts are read in several passes. */
const LITTLE = 410;

describe.runIf(nativeAvailable)('a budget of memory', () => {
  let home: string;
  let many: string;
  let hot: string;

  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'polyfeat-bounded-'));
    many = await largeSnapshot(home, { trades: 600_000, prints: 3_000_000, tokens: 5_000 });
    hot = await largeSnapshot(home, { trades: 20_000, prints: 3_000_000, tokens: 1 });
  });

  afterAll(() => rm(home, { recursive: true, force: true }));

  const build = async (snapshot: string, memory: string, ...more: string[]) => {
    const out = join(home, `features-${memory}.parquet`);
    const args = ['build', snapshot, '-o', out, '--engine', 'native', '--json'];
    const { code, stdout, stderr } = await cli([...args, '--memory', memory, ...more]);
    if (code !== 0) return { code, ...JSON.parse(stderr) };
    const file = await readFile(out);
    await rm(out);
    return { code, ...JSON.parse(stdout), file };
  };

  it.each(['token', 'input'])('is kept in %s order, and gives the same bytes', async (order) => {
    const plenty = await build(many, '16G', '--order', order);
    const little = await build(many, `${LITTLE}M`, '--order', order, '--threads', '2');
    expect([plenty.code, little.code]).toEqual([0, 0]);
    expect(little.peak_rss_bytes / MIB).toBeLessThanOrEqual(1.2 * LITTLE);
    expect(little.file.equals(plenty.file)).toBe(true);
    const alone = await build(many, `${LITTLE}M`, '--order', order, '--threads', '1');
    expect(alone.file.equals(plenty.file)).toBe(true);
    expect((await contents(home)).filter((name) => !name.startsWith('snapshot-'))).toEqual([]);
  });

  it('matters here: with plenty, more is taken', async () => {
    const plenty = await build(many, '16G');
    const little = await build(many, `${LITTLE}M`);
    expect(plenty.peak_rss_bytes).toBeGreaterThan(little.peak_rss_bytes);
  });

  it('is refused with what is needed at least, and that suffices for one token with all prints', async () => {
    const { code, error } = await build(hot, '1M', '--threads', '2');
    expect({ code, error }).toMatchObject({ code: 1, error: { code: 'OUT_OF_MEMORY' } });
    let needed = Number(/needs (\d+)M at least/.exec(error.message)?.[1]);
    // How many prints one token has is known only once the tape was looked at.
    const first = await build(hot, `${needed}M`, '--threads', '2');
    if (first.code !== 0) needed += Number(/give (\d+)M more/.exec(first.error.message)?.[1]);
    const enough = await build(hot, `${needed}M`, '--threads', '2');
    expect(enough.code).toBe(0);
    expect(enough.peak_rss_bytes / MIB).toBeLessThanOrEqual(1.2 * needed);
    expect(enough.file.equals((await build(hot, '16G')).file)).toBe(true);
  });
});

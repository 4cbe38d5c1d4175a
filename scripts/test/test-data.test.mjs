import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { inRoot } from '../lib/paths.mjs';
import { filesUnder } from '../lib/stamps.mjs';
import { readJson } from './repository.mjs';

/** @typedef {{ path: string, bytes: number, sha256: string }} DataFile */
/** @typedef {{ name: string, kind: string, derived_from: string | null, how: string, files: DataFile[] }} DataSet */

const manifest = readJson('test-data/manifest.json');
/** @type {DataSet[]} */
const sets = manifest.sets;
const files = sets.flatMap((set) => set.files);

describe('test-data/manifest.json', () => {
  it('lists exactly the data files that are there', () => {
    const present = ['snapshots', 'golden', 'streams'].flatMap((folder) =>
      filesUnder(inRoot('test-data', folder)),
    );
    const paths = present.map((file) => relative(inRoot('test-data'), file).replaceAll('\\', '/'));
    expect(files.map((file) => file.path).sort()).toEqual(paths.sort());
  });

  it.each(files)('$path is unchanged', ({ path, bytes, sha256 }) => {
    const content = readFileSync(inRoot('test-data', path));
    expect(content.byteLength).toBe(bytes);
    expect(createHash('sha256').update(content).digest('hex')).toBe(sha256);
  });

  it('says where the data comes from and how each set was made', () => {
    expect(manifest.source).toMatchObject({
      licence: 'MIT',
      commit: expect.stringMatching(/^[0-9a-f]{7,40}$/),
    });
    const snapshots = sets.filter((set) => set.kind === 'snapshot').map((set) => set.name);
    for (const set of sets) {
      expect(set.how.length).toBeGreaterThan(40);
      if (set.derived_from !== null) expect(snapshots).toContain(set.derived_from);
    }
  });
});

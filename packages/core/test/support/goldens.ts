/** Real snapshots that have a golden file, which is what the notebook itself wrote for them. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url));
const BUNDLED = { data: join(ROOT, 'test-data/snapshots'), golden: join(ROOT, 'test-data/golden') };
const SHARED = { data: join(ROOT, '../shared/data'), golden: join(ROOT, '../shared/golden') };
const SUFFIX = '.features.parquet';

/** A snapshot directory and its golden file. */
export interface Golden {
  readonly name: string;
  readonly snapshot: string;
  readonly golden: string;
}

function goldensOf({ data, golden }: typeof BUNDLED): Golden[] {
  if (!existsSync(data) || !existsSync(golden)) return [];
  return readdirSync(golden)
    .filter((name) => name.endsWith(SUFFIX) && existsSync(join(data, name.slice(0, -SUFFIX.length))))
    .map((file) => {
      const name = file.slice(0, -SUFFIX.length);
      return { name, snapshot: join(data, name), golden: join(golden, file) };
    });
}

/** The snapshots that come with the repository. */
export const bundled: readonly Golden[] = goldensOf(BUNDLED);

const beside = goldensOf(SHARED);
if (beside.length === 0)
  console.warn('skipped: the goldens of ../shared, which is not beside the repository');

/** The bundled snapshots, and those beside the repository that are not among them. */
export const goldens: readonly Golden[] = [
  ...bundled,
  ...beside.filter(({ name }) => !bundled.some((known) => known.name === name)),
];

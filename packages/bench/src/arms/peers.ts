import { createRequire } from 'node:module';
import type { Arm } from '../arm.js';
import { measure } from '../measure.js';
import { peerFile } from '../paths.js';
import type { Snapshot } from '../snapshot.js';

/** A library: its version, or why it cannot be used. */
export interface Library {
  readonly version?: string;
  readonly missing?: string;
}

const PYTHON_LIBRARIES = ['polars', 'duckdb', 'pandas', 'pyarrow', 'chdb'] as const;
type PythonLibrary = (typeof PYTHON_LIBRARIES)[number];

/** What peers there are. */
export interface Peers {
  readonly node: Readonly<Record<'duckdb' | 'polars', Library>>;
  readonly python: Readonly<Record<PythonLibrary, Library>> & { readonly command: string };
}

/** Looks for the peers' libraries: those of Node in this package's dependencies, those of a Python by asking it. */
export async function findPeers(python: string): Promise<Peers> {
  const libraries = await Promise.all(PYTHON_LIBRARIES.map((name) => ofPython(python, name)));
  const found = Object.fromEntries(PYTHON_LIBRARIES.map((name, i) => [name, libraries[i]!]));
  return {
    node: { duckdb: ofNode('@duckdb/node-api'), polars: ofNode('nodejs-polars') },
    python: { ...(found as Record<PythonLibrary, Library>), command: python },
  };
}

/** A Node library counts as there only when it loads: its binary is a package of its own. */
function ofNode(name: string): Library {
  const require = createRequire(import.meta.url);
  try {
    require(name);
    return { version: require(`${name}/package.json`).version };
  } catch (error) {
    const why = error instanceof Error ? error.message.split('\n')[0] : String(error);
    return { missing: `${name} does not load (${why}): npm install ${name}` };
  }
}

async function ofPython(python: string, name: string): Promise<Library> {
  const script = `import ${name}; print(${name}.__version__)`;
  const { code, stdout } = await measure({ command: python, args: ['-c', script] });
  if (code === 0) return { version: stdout.trim() };
  return { missing: `no Python with ${name}: name one by --python or --venv, or --install-python-peers` };
}

/** The largest tape that the notebook's method is tried on: it looks at every trade once for each token. */
const MOST_FOR_PANDAS = 2_000_000;

/** Each peer as its best users would write it; `peers/` has them side by side. */
export function peerArms(snapshot: Snapshot, threads: number, { node, python }: Peers): Arm[] {
  const { tables, prints } = snapshot;
  const inParts = tables === null ? 'peers read single files, and this snapshot is in parts' : undefined;
  const env = { POLARS_MAX_THREADS: String(threads) };
  const arm = (
    id: string,
    title: string,
    program: [command: string, file: string],
    library: Library,
    more: Partial<Pick<Arm, 'arbitraryTies' | 'onDemand' | 'unavailable'>> & {
      job?: object;
      threads?: number;
    } = {},
  ): Arm => {
    const missing = library.missing ?? inParts ?? more.unavailable;
    return {
      ...{ id, title, group: 'peer', threads: more.threads ?? threads, timed: 'process', family: 'token' },
      ...(more.arbitraryTies && { arbitraryTies: true }),
      ...(more.onDemand !== undefined && { onDemand: more.onDemand }),
      ...(missing !== undefined && { unavailable: missing }),
      call: (out) => ({
        command: program[0],
        args: [peerFile(program[1]), JSON.stringify({ ...tables, out, threads, ...more.job })],
        env,
      }),
    };
  };
  const js = (file: string): [string, string] => [process.execPath, file];
  const py = (file: string): [string, string] => [python.command, file];
  const sql = (ties: 'last' | 'any') => ({ job: { sql: 'duckdb.sql', ties }, arbitraryTies: ties === 'any' });
  const tooSlow = 'it looks at all trades once for each token, which takes tens of minutes at this size';
  return [
    arm('duckdb-node', 'DuckDB for Node', js('duckdb.mjs'), node.duckdb, sql('last')),
    arm('duckdb-any', 'DuckDB for Node, plain ASOF', js('duckdb.mjs'), node.duckdb, sql('any')),
    arm('polars-node', 'Polars for Node', js('nodejs-polars.mjs'), node.polars),
    arm('polars', 'Polars for Python, in memory', py('polars.py'), python.polars, {
      job: { engine: 'memory' },
    }),
    arm('polars-streaming', 'Polars for Python, streaming', py('polars.py'), python.polars, {
      job: { engine: 'streaming' },
    }),
    arm('duckdb', 'DuckDB for Python', py('duckdb.py'), python.duckdb, sql('last')),
    arm('chdb', 'ClickHouse in Python (chdb)', py('chdb.py'), python.chdb),
    arm('notebook', 'the notebook (pandas)', py('notebook.py'), notebookLibrary(python.pandas), {
      ...{ threads: 1, onDemand: 'it takes a minute or so: name it by --arms to run it' },
      ...{ unavailable: prints > MOST_FOR_PANDAS ? tooSlow : undefined },
    }),
  ];
}

/** The notebook was run with pandas 2; later ones may give other results. */
function notebookLibrary(pandas: Library): Library {
  const major = Number(pandas.version?.split('.')[0] ?? 0);
  return major >= 3
    ? { missing: `pandas ${pandas.version} is there, and the notebook needs pandas < 3` }
    : pandas;
}

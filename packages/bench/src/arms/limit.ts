import type { Arm } from '../arm.js';
import { peerFile } from '../paths.js';
import type { Snapshot } from '../snapshot.js';
import { child } from './ours.js';
import type { Peers } from './peers.js';

/**
 * What the machine needs for the bytes alone: the roofline in both row orders, what other libraries take for the same
 * reading and writing, and a plain copy.
 */
export function limitArms(snapshot: Snapshot, threads: number, peers: Peers): Arm[] {
  const { folder, tables, files } = snapshot;
  const limit = { group: 'limit', timed: 'process', family: null } as const;
  const roofline = (order: 'token' | 'input'): Arm => ({
    ...{ ...limit, id: `roofline-${order}`, title: `roofline, ${order} order`, threads },
    call: (out) => child('roofline', { snapshot: folder, out, order, threads }),
  });
  const inParts = tables === null ? 'trades or tape are in parts' : undefined;
  const codec = files.find(({ name }) => name.startsWith('trades'))?.codec.split(', ')[0] ?? 'ZSTD';
  const rewrite = (id: string, title: string, missing: string | undefined, call: Arm['call']): Arm => ({
    ...{ ...limit, id, title, threads, call },
    ...((missing ?? inParts) !== undefined && { unavailable: missing ?? inParts! }),
  });
  const job = (out: string) => JSON.stringify({ ...tables, sql: 'rewrite.sql', out, threads, codec });
  return [
    roofline('token'),
    roofline('input'),
    rewrite('rewrite-duckdb', 'DuckDB: the same read, sorted, written', peers.node.duckdb.missing, (out) => ({
      command: process.execPath,
      args: [peerFile('duckdb.mjs'), job(out)],
    })),
    rewrite(
      'rewrite-pyarrow',
      'pyarrow: the same read, sorted, written',
      peers.python.pyarrow.missing,
      (out) => ({
        command: peers.python.command,
        args: [peerFile('rewrite.py'), job(out)],
      }),
    ),
    {
      ...{ ...limit, id: 'copy', title: 'plain copy of trades.parquet', threads: 1 },
      ...(inParts !== undefined && { unavailable: inParts }),
      call: (out) => ({
        command: process.execPath,
        args: child('copy', 0).args.slice(0, 1).concat(tables!.trades, out),
      }),
    },
  ];
}

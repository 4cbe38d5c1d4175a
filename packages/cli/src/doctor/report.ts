import { colorsOf, type Io, printable } from '../io.js';
import { bytes } from '../output/numbers.js';
import type { Facts } from './facts.js';

const ENGINES = { native: 'native, the Rust core', ts: 'ts, the TypeScript engine' };

/** What was found, as lines for a reader; the last one says whether something is broken. */
export function doctorText(facts: Facts, io: Io): string {
  const { bold } = colorsOf(io.stdout, io.env);
  const lines = rowsOf(facts).map(([name, value]) => `${name.padEnd(WIDTH)}${printable(value)}`);
  const found = [
    ...facts.problems.map((text) => `problem: ${printable(text)}`),
    ...facts.warnings.map((text) => `warning: ${printable(text)}`),
  ];
  return [`${bold(`polyfeat-fast ${facts.version}`)}\n`, ...lines, '', ...found, verdict(facts)].join('\n');
}

const WIDTH = 12;

function rowsOf(facts: Facts): [string, string][] {
  const { engine, node, memory, config, snapshots, free_bytes: free } = facts;
  const packages = Object.entries(facts.packages).map(([name, version]) => `${name} ${version ?? 'missing'}`);
  return [
    ['engine', engineAndWhy(engine)],
    ['binary', binary(engine.native)],
    ['Node', `${node.version} (${node.needed} is needed)`],
    ['platform', facts.platform],
    ['packages', packages.join(', ')],
    ['cores', String(facts.cores)],
    [
      'memory',
      `${bytes(memory.total_bytes)}${limit(memory)}; a build takes up to ${bytes(memory.build_bytes)}`,
    ],
    ['config', config.error ?? `${config.file}, where there is one`],
    ['snapshots', snapshots.error ?? `${snapshots.newest} is the newest in ${snapshots.root}`],
    ['free space', `${space(free.here)} here, ${space(free.temporary)} for temporary files`],
  ];
}

function engineAndWhy({ choice, engine, native }: Facts['engine']): string {
  if (engine === null) return 'none';
  const why = native.state === 'loaded' ? 'its binary loads' : 'no native binary loads';
  return `${ENGINES[engine]}: ${choice === 'auto' ? why : 'it was asked for'}`;
}

function binary({ file, package: name, reason }: Facts['engine']['native']): string {
  return file === null ? `none: ${reason ?? 'not looked for'}` : `${file} of ${name}`;
}

function limit({ limit_bytes: limited }: Facts['memory']): string {
  return limited === null ? '' : `, limited to ${bytes(limited)} by the control group`;
}

function space(value: number | null): string {
  return value === null ? 'unknown' : bytes(value);
}

function verdict({ problems, warnings }: Facts): string {
  if (problems.length > 0) return `${problems.length === 1 ? 'one thing is' : 'some things are'} broken`;
  return warnings.length > 0 ? 'it works' : 'all is well';
}

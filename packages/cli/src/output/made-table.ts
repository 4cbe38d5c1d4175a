import type { Made } from '@polyfeat/core/snapshot';
import { printable } from '../io.js';
import { bytes } from './numbers.js';

/** The notebook's rules: what is not said of a file where it is so. */
const NOTEBOOK: Readonly<Record<string, unknown>> = {
  ties: 'include',
  direction: 'backward',
  closed: 'right',
  unknownToken: 'null',
  regime: 'bucket',
  resolution: 'auto',
  tie: 'last',
  proof: false,
};

/** The rules that differ from the notebook's, as `ties exclude, regime bucket-asof`. */
export function rulesText(rules: Readonly<Record<string, unknown>>): string {
  const differing = Object.entries(rules).filter(
    ([name, value]) => name !== 'preset' && value !== null && value !== NOTEBOOK[name],
  );
  const texts = differing.map(([name, value]) => (value === true ? name : `${name} ${valueText(value)}`));
  return texts.length === 0 ? "the notebook's" : texts.join(', ');
}

/** How a features file was made, a line for each thing that it says of itself. */
export function madeText(made: Made): string {
  const { version, preset, rules, options, inputs } = made;
  const lines: [string, string][] = [];
  if (version !== undefined) lines.push(['version', version]);
  if (preset !== undefined) lines.push(['preset', preset]);
  if (rules !== undefined) lines.push(['rules', rulesText(rules)]);
  if (options !== undefined) {
    const given = Object.entries(options).filter(([, value]) => value !== null && value !== false);
    lines.push(['options', given.map(([name, value]) => `${name} ${valueText(value)}`).join(', ')]);
  }
  for (const { file, bytes: size } of inputs ?? []) lines.push(['input', `${file} (${bytes(size)})`]);
  const text = lines.map(([name, value]) => `  ${name.padEnd(7)}  ${printable(value)}`);
  return ['made by polyfeat-fast', ...text].join('\n');
}

function valueText(value: unknown): string {
  if (value === true) return 'on';
  if (Array.isArray(value)) return value.length === 0 ? '(none)' : value.join(',');
  if (typeof value !== 'object' || value === null) return String(value);
  const { trades, tape } = value as { trades?: unknown; tape?: unknown };
  return trades === undefined ? JSON.stringify(value) : `${String(trades)}=${String(tape)}`;
}

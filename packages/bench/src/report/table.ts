/**
 * A table in Markdown, numbers to the right.
 *
 * @param rows the first one is the head; a cell counts as a number when its column's first value begins like one
 * @example
 * ```ts
 * tableOf([['arm', 's'], ['ours', '1.5']]); // '| arm | s |\n| --- | ---: |\n| ours | 1.5 |'
 * ```
 */
export function tableOf(rows: readonly (readonly string[])[]): string {
  const [head = [], ...body] = rows;
  const aligned = head.map((_, i) => (body.some((cells) => /^[\d.]/.test(cells[i] ?? '')) ? '---:' : '---'));
  const cell = (text: string) => text.replaceAll('|', '\\|');
  return [head, aligned, ...body].map((cells) => `| ${cells.map(cell).join(' | ')} |`).join('\n');
}

/** A number with so many digits after the point; a dash where there is none. */
export const fixed = (value: number | null, digits: number): string =>
  value === null || Number.isNaN(value) ? '–' : value.toFixed(digits);

/** A count with commas. */
export const count = (value: number): string => value.toLocaleString('en-US');

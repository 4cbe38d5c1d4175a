/**
 * A table in Markdown, numbers to the right; the first column is what rows are called.
 *
 * @param rows the first one is the head; a column is one of numbers when some cell of it begins like one
 * @example
 * ```ts
 * tableOf([['arm', 's'], ['ours', '1.5']]); // '| arm | s |\n| --- | ---: |\n| ours | 1.5 |'
 * ```
 */
export function tableOf(rows: readonly (readonly string[])[]): string {
  const [head = [], ...body] = rows;
  const aligned = head.map((_, i) =>
    i > 0 && body.some((cells) => /^[\d.]/.test(cells[i] ?? '')) ? '---:' : '---',
  );
  const cell = (text: string) => text.replaceAll('|', '\\|');
  return [head, aligned, ...body].map((cells) => `| ${cells.map(cell).join(' | ')} |`).join('\n');
}

/** A number with so many digits after the point; a dash where there is none. */
export const fixed = (value: number | null, digits: number): string =>
  value === null || Number.isNaN(value) ? '–' : value.toFixed(digits);

/** A count with commas. */
export const count = (value: number): string => value.toLocaleString('en-US');

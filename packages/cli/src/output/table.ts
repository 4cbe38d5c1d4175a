import { printable } from '../io.js';
import { displayWidth } from './width.js';

/** A column of a table: its title, and whether it holds numbers. */
export interface TableColumn {
  title: string;
  right?: boolean;
}

/** Between two columns. There is no frame: what is left when a table is copied, or cut by `awk`, is the data. */
const GAP = '  ';

/** Lays out rows under titles, right-aligned where a column holds numbers. Ends without a line feed. */
export function table(columns: readonly TableColumn[], rows: readonly (readonly string[])[]): string {
  const lines = [columns.map(({ title }) => title), ...rows.map((row) => row.map(printable))];
  const widths = columns.map((_column, at) =>
    lines.reduce((widest, line) => Math.max(widest, displayWidth(line[at] ?? '')), 0),
  );
  return lines
    .map((line) =>
      columns
        .map(({ right }, at) => {
          const cell = line[at] ?? '';
          const space = ' '.repeat((widths[at] ?? 0) - displayWidth(cell));
          return right ? space + cell : cell + space;
        })
        .join(GAP)
        .trimEnd(),
    )
    .join('\n');
}

import Table from 'cli-table3';
import { printable } from '../io.js';

/** A column of a table: its title, and whether it holds numbers. */
export interface TableColumn {
  title: string;
  right?: boolean;
}

// No frame: what is left when a table is copied, or cut by `awk`, is the data.
const BARE = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '  ',
};

/** Lays out rows under titles, right-aligned where a column holds numbers. Ends without a line feed. */
export function table(columns: readonly TableColumn[], rows: readonly (readonly string[])[]): string {
  const laid = new Table({
    head: columns.map(({ title }) => title),
    colAligns: columns.map(({ right }) => (right ? 'right' : 'left')),
    chars: BARE,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
  });
  laid.push(...rows.map((row) => row.map(printable)));
  // The last column is padded too, which would wrap in a narrow terminal for nothing.
  return laid.toString().replace(/ +$/gm, '');
}

import { neutralized } from './columns.ts';

/** Spreadsheets read a file as UTF-8 only if it begins with this. */
export const byteOrderMark = '\uFEFF';

/** One line of a CSV file (RFC 4180). No spreadsheet takes a cell for a formula. */
export const csvLine = (cells: readonly string[]) => `${cells.map(written).join(',')}\r\n`;

const written = (cell: string) => {
  const safe = neutralized(cell);
  return /[",;\r\n]|^\s|\s$/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
};

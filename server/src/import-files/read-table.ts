import { readCsv } from './read-csv.ts';
import { readXlsx } from './read-xlsx.ts';
import { UnreadableFile } from './table.ts';
import type { Table } from './table.ts';

/** Reads a file by its content; its name does not matter. */
export async function readTable(bytes: Buffer): Promise<Table> {
  if (bytes.subarray(0, 4).toString('hex') === 'd0cf11e0') {
    throw new UnreadableFile(
      'This is an old Excel file (XLS), or one with a password. Save it as XLSX or CSV.',
    );
  }
  return bytes.subarray(0, 2).toString('latin1') === 'PK' ? readXlsx(bytes) : readCsv(bytes);
}

import { importLimits } from '@slate/shared/contract/imports';
import { restored } from '@slate/shared/lists/columns';

export type Row = { readonly line: number; readonly cells: string[] };
/** A file as a table of texts. Its first row with a cell has the headings. */
export type Table = { readonly headings: string[]; readonly rows: Row[]; readonly notes: string[] };

/** Why a whole file is refused, as a sentence. */
export class UnreadableFile extends Error {}

/** PostgreSQL stores neither NUL nor half of a character. */
const storable = (text: string) => text.replaceAll('\0', '\uFFFD').toWellFormed();

/** Collects the rows of a file within the limits. */
export function createTable(notes: string[]) {
  const rows: Row[] = [];
  let size = 0;
  return {
    add(line: number, cells: string[]) {
      // A longer cell is too long for every column, and is refused with its line.
      const texts = cells.map((cell) => restored(storable(cell.slice(0, importLimits.cell)).trim()));
      while (texts.at(-1) === '') texts.pop();
      if (texts.length === 0) return;
      if (texts.length > importLimits.columns)
        throw new UnreadableFile(
          `Line ${line} has more than ${importLimits.columns} cells. Check the separators.`,
        );
      if (rows.length > importLimits.lines) {
        throw new UnreadableFile(
          `The file has more than ${importLimits.lines.toLocaleString('en')} lines. Cut it into several files.`,
        );
      }
      // Cells of a workbook can share one long text, and the table is copied when it leaves the thread.
      size += texts.reduce((sum, { length }) => sum + length, 0);
      if (size > importLimits.bytes)
        throw new UnreadableFile('The file has too much text. Cut it into several files.');
      rows.push({ line, cells: texts });
    },
    finish(): Table {
      const [first, ...rest] = rows;
      if (!first) throw new UnreadableFile('The file is empty.');
      if (rest.length === 0) throw new UnreadableFile('The file has headings, but no lines below them.');
      return { headings: first.cells, rows: rest, notes };
    },
  };
}

import { decodeText } from './decode-text.ts';
import { createTable, UnreadableFile } from './table.ts';
import type { Table } from './table.ts';

const separators = { ',': 'commas', ';': 'semicolons', '\t': 'tabs', '|': 'bars' } as const;
type Separator = keyof typeof separators;

/** The separator that is most frequent in the headings, outside of quotes. */
function separatorOf(text: string): Separator {
  const [headings = ''] = /^\s*(?:"(?:[^"]|"")*"|[^"\r\n])*/.exec(text.slice(0, 50_000)) ?? [];
  const unquoted = headings.replaceAll(/"(?:[^"]|"")*"/g, '');
  const counts = (Object.keys(separators) as Separator[]).map(
    (separator) => [separator, unquoted.split(separator).length] as const,
  );
  return counts.reduce((best, each) => (each[1] > best[1] ? each : best))[0];
}

const lineBreak = /\r\n|\r|\n/y;
const lineBreaks = (text: string) => text.match(/\r\n|\r|\n/g)?.length ?? 0;

/** The records of a text (RFC 4180), each with the line in which it begins. A quote inside of a cell is a character. */
function* recordsOf(text: string, separator: Separator): Generator<{ line: number; cells: string[] }> {
  const plain = new RegExp(`[^${separator}\\r\\n]*`, 'y');
  let at = 0;
  let line = 1;
  const take = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    const [found] = pattern.exec(text) ?? [];
    at += found?.length ?? 0;
    return found;
  };
  const takeQuoted = (): string => {
    let end = text.indexOf('"', at + 1);
    while (end !== -1 && text[end + 1] === '"') end = text.indexOf('"', end + 2);
    if (end === -1) {
      throw new UnreadableFile(
        `The quote that begins in line ${line} is never closed. Close it, or remove it.`,
      );
    }
    const quoted = text.slice(at + 1, end);
    const begins = line;
    at = end + 1;
    line += lineBreaks(quoted);
    if ((take(plain) ?? '').trim() !== '') {
      throw new UnreadableFile(
        `Line ${begins}: text follows after a closing quote. Double the quotes inside of a quoted cell.`,
      );
    }
    return quoted.replaceAll('""', '"');
  };
  while (at < text.length) {
    const record = { line, cells: [] as string[] };
    do record.cells.push(text[at] === '"' ? takeQuoted() : (take(plain) ?? ''));
    while (text[at] === separator && ++at);
    if (take(lineBreak) !== undefined) line++;
    yield record;
  }
}

export function readCsv(bytes: Uint8Array): Table {
  const { text, notes } = decodeText(bytes);
  const separator = separatorOf(text);
  const table = createTable(
    separator === ',' ? notes : [...notes, `The cells are separated by ${separators[separator]}.`],
  );
  for (const { line, cells } of recordsOf(text, separator)) table.add(line, cells);
  return table.finish();
}

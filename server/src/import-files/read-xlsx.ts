import { Transform } from 'node:stream';
import type { Readable } from 'node:stream';
import { importLimits } from '@slate/shared/contract/imports';
import sax from 'sax';
import type { QualifiedTag, Tag } from 'sax';
import yauzl from 'yauzl';
import type { Entry, ZipFile } from 'yauzl';
import { meaningOf, textOfNumber } from './excel-numbers.ts';
import type { Meaning } from './excel-numbers.ts';
import { createTable, UnreadableFile } from './table.ts';
import type { Table } from './table.ts';

// Only what a table of values needs is read. Formulas are not evaluated: their stored values count.

/** Of all parts together, uncompressed. A zip bomb is larger. */
const mostBytes = 100_000_000;
const mostParts = 2_000;
/** Of a sheet in Excel. */
const mostRows = 1_048_576;

type Part = (name: string) => Promise<Readable | null>;

/** Opens the parts of the file. What they contain is counted while it is read, because a zip can lie about its sizes. */
async function openParts(bytes: Buffer): Promise<Part> {
  const zip = await new Promise<ZipFile>((resolve, reject) => {
    yauzl.fromBuffer(bytes, { lazyEntries: true }, (error, opened) =>
      error ? reject(error) : resolve(opened),
    );
  });
  const entries = new Map<string, Entry>();
  await new Promise<void>((resolve, reject) => {
    zip.on('entry', (entry: Entry) => {
      if (entries.size >= mostParts) {
        reject(new UnreadableFile('The file has too many parts for a workbook.'));
        return;
      }
      entries.set(entry.fileName, entry);
      zip.readEntry();
    });
    zip.once('end', resolve);
    zip.once('error', reject);
    zip.readEntry();
  });
  let read = 0;
  return async (name) => {
    const entry = entries.get(name);
    if (!entry) return null;
    const stream = await new Promise<Readable>((resolve, reject) => {
      zip.openReadStream(entry, (error, opened) => (error ? reject(error) : resolve(opened)));
    });
    const counted = new Transform({
      transform(chunk: Buffer, _encoding, done) {
        read += chunk.length;
        if (read > mostBytes) done(new UnreadableFile('The file is too large when it is unpacked.'));
        else done(null, chunk);
      },
    });
    stream.once('error', (error) => counted.destroy(error));
    counted.once('close', () => stream.destroy());
    return stream.pipe(counted);
  };
}

type Handlers = {
  open?: (name: string, attributes: Record<string, string>) => void;
  text?: (text: string) => void;
  close?: (name: string) => void;
};
const localName = (name: string) => name.slice(name.indexOf(':') + 1);

/** Parses XML as it arrives. Entities that a document defines are refused by the parser. */
async function parseXml(stream: Readable, { open, text, close }: Handlers): Promise<void> {
  const parser = Object.assign(sax.parser(true), {
    onerror: (error: Error) => {
      throw error;
    },
    onopentag: ({ name, attributes }: Tag | QualifiedTag) =>
      open?.(localName(name), attributes as Record<string, string>),
    ontext: (content: string) => text?.(content),
    oncdata: (content: string) => text?.(content),
    onclosetag: (name: string) => close?.(localName(name)),
  });
  const decoder = new TextDecoder();
  for await (const chunk of stream as AsyncIterable<Buffer>)
    parser.write(decoder.decode(chunk, { stream: true }));
  parser.close();
}

async function collect<Item>(
  part: Part,
  name: string,
  of: (add: (item: Item) => void) => Handlers,
): Promise<Item[]> {
  const stream = await part(name);
  const items: Item[] = [];
  if (stream)
    await parseXml(
      stream,
      of((item) => items.push(item)),
    );
  return items;
}

const folder = 'xl/';

async function readWorkbook(part: Part) {
  const sheets: { name: string; relation: string; isHidden: boolean }[] = [];
  let is1904 = false;
  const workbook = await part(`${folder}workbook.xml`);
  if (!workbook) throw new UnreadableFile('The file is a zip archive, but not an Excel workbook (XLSX).');
  await parseXml(workbook, {
    open(name, attributes) {
      if (name === 'workbookPr') is1904 = ['1', 'true'].includes(attributes.date1904 ?? '');
      if (name !== 'sheet') return;
      const relation = attributes['r:id'] ?? '';
      sheets.push({
        name: attributes.name ?? '',
        relation,
        isHidden: (attributes.state ?? 'visible') !== 'visible',
      });
    },
  });
  const targets = await collect<[string, string]>(part, `${folder}_rels/workbook.xml.rels`, (add) => ({
    open: (name, { Id = '', Target = '' }) => name === 'Relationship' && add([Id, Target]),
  }));
  const sheet = sheets.find(({ isHidden }) => !isHidden);
  const target = new Map(targets).get(sheet?.relation ?? '');
  if (!sheet || target === undefined) throw new UnreadableFile('The workbook has no visible sheet.');
  const path = target.startsWith('/') ? target.slice(1) : `${folder}${target}`;
  const others = sheets.filter((each) => each !== sheet && !each.isHidden).length;
  return { path, is1904, notes: others > 0 ? [`Only the first sheet, “${sheet.name}”, was read.`] : [] };
}

/** The meaning of numbers, by cell style. */
async function readStyles(part: Part): Promise<Meaning[]> {
  const codes = new Map<number, string>();
  let isInCells = false;
  return collect<Meaning>(part, `${folder}styles.xml`, (add) => ({
    open(name, { numFmtId = '0', formatCode = '' }) {
      const format = Number(numFmtId);
      if (name === 'numFmt') codes.set(format, formatCode);
      if (name === 'cellXfs') isInCells = true;
      if (name === 'xf' && isInCells) add(meaningOf(format, codes.get(format)));
    },
    close(name) {
      if (name === 'cellXfs') isInCells = false;
    },
  }));
}

function readSharedStrings(part: Part): Promise<string[]> {
  let current = '';
  let isText = false;
  // Phonetic hints are not part of the value.
  let isHint = false;
  return collect<string>(part, `${folder}sharedStrings.xml`, (add) => ({
    open(name) {
      if (name === 'si') current = '';
      if (name === 't') isText = !isHint;
      if (name === 'rPh') isHint = true;
    },
    text(text) {
      if (isText && current.length <= importLimits.cell) current += text;
    },
    close(name) {
      if (name === 't') isText = false;
      if (name === 'rPh') isHint = false;
      if (name === 'si') add(current);
    },
  }));
}

function columnOf(reference: string): number {
  const letters = /^[A-Z]{1,3}/.exec(reference)?.[0] ?? '';
  return Array.from(letters).reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1;
}

export async function readXlsx(bytes: Buffer): Promise<Table> {
  const part = await openParts(bytes).catch((error: unknown) => {
    throw error instanceof UnreadableFile
      ? error
      : new UnreadableFile('The file is damaged: it is not a whole zip archive.');
  });
  try {
    const { path, is1904, notes } = await readWorkbook(part);
    const [styles, strings] = [await readStyles(part), await readSharedStrings(part)];
    const sheet = await part(path);
    if (!sheet) throw new UnreadableFile('The workbook has no sheet with cells.');
    const table = createTable(notes);
    let [row, column, type, style, value, isValue] = [0, 0, '', 0, '', false];
    let cells: string[] = [];
    const textOf = () => {
      if (type === 's') return strings[Number(value)] ?? '';
      if (type === 'b') return value === '1' ? 'yes' : 'no';
      if (type !== '' && type !== 'n') return value;
      return value === '' ? '' : textOfNumber(Number(value), styles[style] ?? 'number', is1904);
    };
    await parseXml(sheet, {
      open(name, attributes) {
        if (name === 'row') {
          const next = Number(attributes.r ?? row + 1);
          if (!Number.isInteger(next) || next <= row || next > mostRows)
            throw new Error('The numbers of the rows do not rise.');
          row = next;
          cells = [];
          column = -1;
        }
        if (name === 'c') {
          column = attributes.r === undefined ? column + 1 : columnOf(attributes.r);
          [type, style, value] = [attributes.t ?? '', Number(attributes.s ?? 0), ''];
        }
        isValue = name === 'v' || name === 't';
      },
      text(text) {
        if (isValue && value.length <= importLimits.cell) value += text;
      },
      close(name) {
        isValue = false;
        if (name === 'c' && column >= 0 && column <= importLimits.columns) {
          while (cells.length < column) cells.push('');
          cells[column] = textOf();
        }
        if (name === 'row') table.add(row, cells);
      },
    });
    return table.finish();
  } catch (error) {
    if (error instanceof UnreadableFile) throw error;
    throw new UnreadableFile('The workbook can’t be read. Save it again as XLSX or CSV.');
  }
}

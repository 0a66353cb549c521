import type { Worker } from 'node:worker_threads';
import { expect, test } from 'vitest';
import { xlsx, zip } from '../../test/xlsx.ts';
import { readFile } from './read-file.ts';
import { readTable } from './read-table.ts';

const read = (file: string | Buffer) => readTable(Buffer.from(file));
const rowsOf = async (file: string | Buffer) => (await read(file)).rows;
const problemOf = (file: string | Buffer) =>
  read(file).then(
    () => 'read',
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );

test('IM3 a file is read in its encoding, and a note says what was guessed', async () => {
  const text = 'ID,Name\n1,Dr. Müller\n';
  const utf16 = Buffer.from(text, 'utf16le');
  for (const [bytes, notes] of [
    [Buffer.from(text), []],
    [Buffer.from(`\uFEFF${text}`), []],
    [
      Buffer.from(text, 'latin1'),
      ['The file is not UTF-8 and was read as Windows-1252. Check the letters with accents.'],
    ],
    [Buffer.concat([Buffer.from([0xff, 0xfe]), utf16]), ['The file was read as UTF-16.']],
    [
      Buffer.concat([Buffer.from([0xfe, 0xff]), Buffer.from(utf16).swap16()]),
      ['The file was read as UTF-16.'],
    ],
    [utf16, ['The file was read as UTF-16.']],
  ] as const) {
    expect(await read(bytes)).toEqual({
      headings: ['ID', 'Name'],
      rows: [{ line: 2, cells: ['1', 'Dr. Müller'] }],
      notes,
    });
  }
});

test('IM3 separators are recognized outside of quotes', async () => {
  for (const [separator, name] of [
    [';', 'semicolons'],
    ['\t', 'tabs'],
    ['|', 'bars'],
  ] as const) {
    expect(await read(`ID${separator}"Name, as shown, or not, or so"\n1${separator}OR 1`)).toEqual({
      headings: ['ID', 'Name, as shown, or not, or so'],
      rows: [{ line: 2, cells: ['1', 'OR 1'] }],
      notes: [`The cells are separated by ${name}.`],
    });
  }
});

test('IM3 quotes may contain separators, quotes and line breaks; lines are those of the file', async () => {
  const rows = await rowsOf('\nID,Name\r\n\r\n1,"a, ""b""\r\nc"\r\n2,5" drain\r\n, ,\r\n3,\'=x\r\n');
  expect(rows).toEqual([
    { line: 4, cells: ['1', 'a, "b"\r\nc'] },
    { line: 6, cells: ['2', '5" drain'] },
    { line: 8, cells: ['3', '=x'] },
  ]);
});

test('IM3 a file that cannot be read is refused with the line and what to do', async () => {
  expect(await problemOf('ID,Name\n1,OR 1\n2,"OR 2\n3,OR 3\n')).toBe(
    'The quote that begins in line 3 is never closed. Close it, or remove it.',
  );
  expect(await problemOf('ID,Name\n1,"OR 1" x\n')).toBe(
    'Line 2: text follows after a closing quote. Double the quotes inside of a quoted cell.',
  );
  expect(await problemOf('')).toBe('The file is empty.');
  expect(await problemOf('\n\n')).toBe('The file is empty.');
  expect(await problemOf('ID,Name\n')).toBe('The file has headings, but no lines below them.');
  expect(await problemOf(`ID\n${'1\n'.repeat(50_001)}`)).toBe(
    'The file has more than 50,000 lines. Cut it into several files.',
  );
  expect(await problemOf(`ID\n${','.repeat(200)}1\n`)).toBe(
    'Line 2 has more than 100 cells. Check the separators.',
  );
  expect(await problemOf(Buffer.from('d0cf11e0a1b11ae1', 'hex'))).toBe(
    'This is an old Excel file (XLS), or one with a password. Save it as XLSX or CSV.',
  );
  expect(await problemOf('PK but not a zip')).toBe('The file is damaged: it is not a whole zip archive.');
  expect(await problemOf(zip([{ name: 'word/document.xml', content: '<w/>' }]))).toBe(
    'The file is a zip archive, but not an Excel workbook (XLSX).',
  );
});

test('IM4 a workbook is read as texts: stored values of formulas, dates and times by number format', async () => {
  const rows = `<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="inlineStr"><is><t>When</t></is></c></row>
    <row r="3"><c r="A3"><f>1+1</f><v>2</v></c><c r="B3" s="1"><v>46357</v></c><c r="D3" s="2"><v>0.3125</v></c></row>
    <row><c t="str"><f>A1</f><v>text &amp; more</v></c><c s="3"><v>46357.3125</v></c><c t="b"><v>1</v></c><c t="e"><v>#REF!</v></c></row>
    <row r="5"><c r="A5"><v>0.30000000000000004</v></c><c r="B5"><v>90</v></c></row>`;
  const options = {
    strings: '<si><r><t>I</t></r><r><t>D</t></r><rPh><t>aidee</t></rPh></si>',
    formats: ['dd.mm.yyyy', 'h:mm AM/PM', '[$-409]m/d/yy h:mm'],
  };
  expect(await read(xlsx(rows, options))).toEqual({
    headings: ['ID', 'When'],
    rows: [
      { line: 3, cells: ['2', '2026-12-01', '', '07:30'] },
      { line: 4, cells: ['text & more', '2026-12-01 07:30', 'yes', '#REF!'] },
      { line: 5, cells: ['0.3', '90'] },
    ],
    notes: [],
  });
  const since1904 = await read(xlsx(rows, { ...options, workbookPr: '<workbookPr date1904="1"/>' }));
  expect(since1904.rows[0]?.cells[1]).toBe('2030-12-02');
});

test('IM4 a zip bomb, a lying size and entities of a document are refused', async () => {
  const bomb = '<row r="1"><c r="A1"><v>1</v></c></row>'.padEnd(101_000_000, ' ');
  expect(await problemOf(xlsx(bomb))).toBe('The file is too large when it is unpacked.');
  expect(await problemOf(xlsx(' '.repeat(1_000_000), { size: 10 }))).toBe(
    'The workbook can’t be read. Save it again as XLSX or CSV.',
  );
  const entity = '<row r="1"><c r="A1" t="str"><v>&lol;</v></c></row>';
  expect(await problemOf(xlsx(entity))).toBe('The workbook can’t be read. Save it again as XLSX or CSV.');
});

const sheetOf = (lines: number, row: (line: number) => string) =>
  Array.from({ length: lines }, (_, index) => row(index + 1)).join('');

test('IM4 a long text that many cells share is refused, and so are rows whose numbers do not rise', async () => {
  const shared = '<c t="s"><v>0</v></c>'.repeat(100);
  const strings = `<si><t>${'x'.repeat(4_000)}</t></si>`;
  expect(
    await problemOf(
      xlsx(
        sheetOf(60, (line) => `<row r="${line}">${shared}</row>`),
        { strings },
      ),
    ),
  ).toBe('The file has too much text. Cut it into several files.');
  for (const wrong of ['1', 'two', '2.5', '5000000000']) {
    const rows = `<row r="1">${shared}</row><row r="${wrong}">${shared}</row>`;
    expect(await problemOf(xlsx(rows, { strings }))).toBe(
      'The workbook can’t be read. Save it again as XLSX or CSV.',
    );
  }
});

test('IM3 characters that cannot be stored are replaced, also half of one at the end of a long cell', async () => {
  const [row] = await rowsOf(`ID,Name,Note\n1,a\0b,${'x'.repeat(3_999)}\u{1F600}\n`);
  expect(row?.cells).toEqual(['1', 'a\uFFFDb', `${'x'.repeat(3_999)}\uFFFD`]);
});

test('IM3 a file is read in a thread of its own, which passes on the rows or the reason', async () => {
  expect((await readFile(Buffer.from('ID,Name\n1,OR 1\n'))).rows).toEqual([
    { line: 2, cells: ['1', 'OR 1'] },
  ]);
  await expect(readFile(Buffer.from(''))).rejects.toThrow('The file is empty.');
});

test('IM3 two files are read at once, and others wait', async () => {
  let [running, most] = [0, 0];
  const count = (worker: Worker) => {
    most = Math.max(most, ++running);
    worker.once('exit', () => running--);
  };
  process.on('worker', count);
  const tables = await Promise.all(
    Array.from({ length: 5 }, () => readFile(Buffer.from('ID,Name\n1,OR 1\n'))),
  );
  process.off('worker', count);
  expect(tables.map(({ rows }) => rows.length)).toEqual([1, 1, 1, 1, 1]);
  expect(most).toBe(2);
});

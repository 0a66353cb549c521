// Values that the server must refuse.

/** JSON text that JSON.stringify never produces. */
const literally = (json: string) => `literally ${json}`;
export const write = (body: unknown) =>
  JSON.stringify(body).replaceAll(
    /"literally ((?:[^"\\]|\\.)*)"/g,
    (_, json: string) => JSON.parse(`"${json}"`) as string,
  );

/** The Sunday of the year, counted in its month from 1. */
function sunday(year: number, month: number, nth: number): string {
  const first = new Date(Date.UTC(year, month - 1, 1)).getUTCDay();
  return new Date(Date.UTC(year, month - 1, 1 + ((7 - first) % 7) + (nth - 1) * 7))
    .toISOString()
    .slice(0, 10);
}
const nextYear = new Date().getUTCFullYear() + 1;
const skipped = `${sunday(nextYear, 3, 2)}T02:30`;
const twice = `${sunday(nextYear, 11, 1)}T01:30`;

export const invalidTimes = [
  skipped,
  twice,
  '2027-02-30T10:00',
  '2027-06-01T24:30',
  '2027-06-01T10:60',
  '2027-06-01 10:00',
  '10:00',
  'now',
  'infinity',
  '-infinity',
  'Infinity',
  '1999-12-31T23:00:00Z',
  '9999-12-31T00:00:00Z',
  '+275760-09-13T00:00:00.000Z',
  '-000001-01-01T00:00:00Z',
  '2027-06-01T10:00:30Z',
  '2027-06-01T10:00:00.001Z',
  '2027-06-01T10:00:00+25:00',
  '',
  ' ',
  '2027-06-01T10:00\0',
  1e15,
  -1,
  true,
  [],
  {},
  ['2027-06-01T10:00'],
  literally('1e999'),
];
export const invalidInstants = [
  '2027-06-01T10:00',
  'infinity',
  '1999-12-31T23:59:59Z',
  '2100-01-01T00:00:00Z',
  '2027-02-30T10:00:00Z',
  '',
  5,
];
export const invalidDates = [
  '2027-02-30',
  '2027-13-01',
  '0000-00-00',
  'tomorrow',
  '',
  '2027-06-01T00:00',
  '99999-01-01',
  '1999-12-31',
  'infinity',
];
export const invalidCounts = [
  0,
  -1,
  1.5,
  1e9,
  1e308,
  '2',
  true,
  [],
  {},
  literally('1e999'),
  literally('-1e999'),
  literally('-0'),
];
/** Query values. JavaScript reads some of them as numbers: an empty text, other bases, exponents, spaces. */
const invalidNumbers = [
  '',
  ' ',
  ' 2',
  '+2',
  '0x2',
  '0b10',
  '2e0',
  '1e9',
  '2.',
  '.5',
  '2n',
  'NaN',
  'Infinity',
  'true',
  'x',
];
export const invalidIndexes = [...invalidNumbers, '-1', '1.5', '1e30'];
export const invalidPages = [...invalidNumbers, '0', '-1', '1.5', '99999999999999999999'];
export const invalidTexts = [
  'a\0b',
  'a\u0007b',
  '\u001B[31mred',
  'a\u007Fb',
  'a\u0085b',
  '\uD800',
  'x\uDC00',
  '\uDC00\uD800',
  'abc\u202Ecba',
  '\u2066x\u2069',
  '\u200B',
  '\u200Fx',
  'x\uFEFFy',
  'x'.repeat(10_000),
  '\u{1F600}'.repeat(5_000),
  '',
  '   ',
  '\n',
  5,
  true,
  [],
  {},
  ['x'],
];
export const invalidLines = [...invalidTexts, 'two\nlines', 'two\u2028lines'];
export const invalidVersions = [0, -1, 1.5, 1e30, '1', null, literally('1e999')];

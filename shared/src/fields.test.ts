import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { line, paragraph } from './fields.ts';

const refusalsOf = (schema: typeof line extends (most: number) => infer S ? S : never, value: string) =>
  schema.safeParse(value).error?.issues.map(({ message }) => message);

describe('a typed line', () => {
  test.each([
    ['Total knee', 'Total knee'],
    ['  left knee \n', 'left knee'],
    ['Z\u0065\u0301le\u0301', 'Z\u00e9l\u00e9'],
    ['田中 🦴 👩‍⚕️', '田中 🦴 👩‍⚕️'],
    ['می\u200cخواهم', 'می\u200cخواهم'],
    ['क्\u200dष', 'क्\u200dष'],
  ])('%j is parsed as %j', (typed, parsed) => {
    expect(line(20).parse(typed)).toBe(parsed);
  });

  test.each([
    ['nothing', '', 'Must not be empty.'],
    ['only blanks', ' \t ', 'Must not be empty.'],
    ['several lines', 'left\nknee', 'Must be a single line.'],
    ['a line separator', 'left\u2028knee', 'Must be a single line.'],
    ['a tab', 'left\tknee', 'Must be a single line.'],
    ['NUL', 'left\u0000knee', 'Contains characters that can’t be displayed.'],
    ['an escape', 'left\u001b[31mknee', 'Contains characters that can’t be displayed.'],
    ['half a surrogate pair', 'knee \ud83e', 'Contains characters that can’t be displayed.'],
    ['a right-to-left override', 'knee \u202eeenk', 'Contains characters that can’t be displayed.'],
    ['a zero-width space', 'kn\u200bee', 'Contains characters that can’t be displayed.'],
    ['a word joiner', 'kn\u2060ee', 'Contains characters that can’t be displayed.'],
    ['an Arabic letter mark', 'knee\u061cx', 'Contains characters that can’t be displayed.'],
    ['a soft hyphen', 'kn\u00adee', 'Contains characters that can’t be displayed.'],
    ['a joiner in a Latin name', 'Sm\u200dith', 'Contains characters that can’t be displayed.'],
    ['a variation selector', 'Smith\ufe0f', 'Contains characters that can’t be displayed.'],
    ['a filler', 'Smith\u3164', 'Contains characters that can’t be displayed.'],
    ['a tag', 'Smith\u{e0041}', 'Contains characters that can’t be displayed.'],
    ['a private-use character', 'Smith\ue000', 'Contains characters that can’t be displayed.'],
    ['a byte order mark', 'kn\ufeffee', 'Contains characters that can’t be displayed.'],
    ['a text that is too long', 'x'.repeat(21), 'Must be at most 20 characters.'],
  ])('%s is refused', (_, typed, refusal) => {
    expect(refusalsOf(line(20), typed)).toContain(refusal);
  });

  test('PE6 no hidden character can make two names differ that look the same', () => {
    const hidden = /[\p{Cf}\p{Default_Ignorable_Code_Point}]/u;
    const passed: string[] = [];
    for (let code = 0; code <= 0x10ffff; code++) {
      const character = String.fromCodePoint(code);
      if (hidden.test(character) && line(20).safeParse(`Sm${character}ith`).success) {
        passed.push(code.toString(16));
      }
    }
    expect(passed).toEqual([]);
  });

  test('has a limit that does not count the blanks around it', () => {
    expect(line(4).parse('    knee    ')).toBe('knee');
  });

  test('a parsed line parses to itself, so everything stored can be read back', () => {
    const any = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: 'grapheme' }),
      fc.string({ unit: hebrewAndHindi }),
    );
    fc.assert(
      fc.property(any, (typed) => {
        for (const schema of [line(12), paragraph(12)]) {
          const { data } = schema.safeParse(typed);
          if (data === undefined) continue;
          expect(schema.safeParse(data)).toEqual({ success: true, data });
          expect([data.trim() === data, data.isWellFormed()]).toEqual([true, true]);
        }
      }),
      { numRuns: 3000 },
    );
  });
});

// Letters that NFC decomposes and does not compose again: they grow when they are normalized.
const hebrewAndHindi = fc.constantFrom('\u0958', '\u095f', '\ufb1d', '\ufb4e', ' ', 'x');

test('a typed paragraph keeps its line breaks', () => {
  expect(paragraph(40).parse(' first\n\n\tsecond\r\n')).toBe('first\n\n\tsecond');
  expect(refusalsOf(paragraph(40), ' \n ')).toContain('Must not be empty.');
  expect(refusalsOf(paragraph(40), 'a\u0007b')).toContain('Contains characters that can’t be displayed.');
});

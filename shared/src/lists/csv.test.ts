import { expect, test } from 'vitest';
import { csvLine } from './csv.ts';

test('AA27 a line of CSV is quoted where it must be, and contains no formula', () => {
  expect(csvLine(['a', 'b c', '1,5', 'say "no"', 'two\nlines', ' indented', 'a;b', ''])).toBe(
    'a,b c,"1,5","say ""no""","two\nlines"," indented","a;b",\r\n',
  );
  expect(csvLine(['=1+1', '+1', '-1', '@x', '\tx', '=HYPERLINK("x")', "'=1"])).toBe(
    `'=1+1,'+1,'-1,'@x,'\tx,"'=HYPERLINK(""x"")",''=1\r\n`,
  );
});

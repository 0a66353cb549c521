import pino from 'pino';
import { expect, test } from 'vitest';
import { loggableError } from './loggable-error.ts';

/** What a log with our serializer says of an error. */
function logged(err: unknown): string {
  const lines: string[] = [];
  const log = pino(
    { serializers: { err: loggableError } },
    { write: (line: string) => void lines.push(line) },
  );
  log.error({ err }, 'request failed');
  return lines.join('');
}
const fromPostgres = (message: string, parts: object) =>
  Object.assign(new Error(message), { severity: 'ERROR', length: 300, file: 'execMain.c', ...parts });

test('of a refused row the rule that refused it is logged, and not the row', () => {
  const line = logged(
    fromPostgres('new row for relation "cases" violates check constraint "cases_check"', {
      code: '23514',
      table: 'cases',
      constraint: 'cases_check',
      detail: 'Failing row contains (20001, DEMO-SECRET, 2026-11-21).',
      where: 'SQL statement "INSERT INTO cases … DEMO-SECRET"',
    }),
  );
  expect(line).toContain('"code":"23514"');
  expect(line).toContain('"constraint":"cases_check"');
  expect(line).toContain('loggable-error.test.ts');
  expect(line).not.toContain('DEMO-SECRET');
});

test('of a value that cannot be read not the value', () => {
  const error = fromPostgres('invalid input syntax for type uuid: "DEMO-SECRET"', { code: '22P02' });
  expect(logged(error)).toContain('22P02');
  expect(logged(error)).not.toContain('DEMO-SECRET');
});

test('what caused it is told the same way', () => {
  const cause = fromPostgres('could not', {
    code: '23505',
    detail: 'Key (patient_ref)=(DEMO-SECRET) exists.',
  });
  expect(logged(new Error('Not saved', { cause }))).toMatch(/Not saved.*"cause":\{.*23505/);
  expect(logged(new AggregateError([cause], 'All failed'))).toMatch(/All failed.*"errors":\[\{.*23505/);
  expect(logged(new Error('Not saved', { cause }))).not.toContain('DEMO-SECRET');
  expect(logged(new AggregateError([cause], 'All failed'))).not.toContain('DEMO-SECRET');
});

test('what is no error is not told at all', () => {
  expect(logged('DEMO-SECRET')).not.toContain('DEMO-SECRET');
});

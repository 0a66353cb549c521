import pino from 'pino';
import { expect, test } from 'vitest';
import { loggableError } from './loggable-error.ts';

/** The log line for an error with our serializer. */
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

test('the log names the constraint that refused a row, not the row', () => {
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

test('the log has no invalid value', () => {
  const error = fromPostgres('invalid input syntax for type uuid: "DEMO-SECRET"', { code: '22P02' });
  expect(logged(error)).toContain('22P02');
  expect(logged(error)).not.toContain('DEMO-SECRET');
});

test('the log treats causes the same way', () => {
  const cause = fromPostgres('could not', {
    code: '23505',
    detail: 'Key (patient_ref)=(DEMO-SECRET) exists.',
  });
  expect(logged(new Error('Not saved', { cause }))).toMatch(/Not saved.*"cause":\{.*23505/);
  expect(logged(new AggregateError([cause], 'All failed'))).toMatch(/All failed.*"errors":\[\{.*23505/);
  expect(logged(new Error('Not saved', { cause }))).not.toContain('DEMO-SECRET');
  expect(logged(new AggregateError([cause], 'All failed'))).not.toContain('DEMO-SECRET');
});

test('the log has no thrown value that is not an error', () => {
  expect(logged('DEMO-SECRET')).not.toContain('DEMO-SECRET');
});

/** Parts of an error that say what went wrong and where, and never with what. */
const telling = [
  'code',
  'severity',
  'schema',
  'table',
  'column',
  'constraint',
  'routine',
  'errno',
  'syscall',
  'address',
  'port',
];

/**
 * What of an error may stand in a log. PostgreSQL quotes what it refuses: the whole row in its detail, the
 * value in the message of a data exception, the statement around it. Any of these may name a patient.
 */
export function loggableError(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { type: typeof error };
  const parts = error as Error & Record<string, unknown>;
  const frames = error.stack?.split('\n').filter((line) => /^\s+at /.test(line)) ?? [];
  return {
    type: error.constructor.name,
    message: quotesValues(parts) ? 'A value that the database does not take.' : error.message,
    ...Object.fromEntries(
      telling.filter((name) => parts[name] !== undefined).map((name) => [name, parts[name]]),
    ),
    stack: frames.join('\n'),
    ...(error.cause !== undefined && { cause: loggableError(error.cause) }),
    ...(error instanceof AggregateError && { errors: error.errors.map(loggableError) }),
  };
}

/** Class 22 of SQLSTATE: what could not be read as a date, a number, a UUID or JSON. */
const quotesValues = ({ code, severity }: Record<string, unknown>) =>
  typeof severity === 'string' && typeof code === 'string' && /^22.{3}$/.test(code);

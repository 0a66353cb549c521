/** Properties that say what went wrong and where, but contain no data. */
const safeProperties = [
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
 * The parts of an error that may be logged. PostgreSQL quotes data: the row in `detail`, the value in the message of a
 * data exception, the statement in `where`. Any of these can contain a patient.
 */
export function loggableError(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { type: typeof error };
  const parts = error as Error & Record<string, unknown>;
  const frames = error.stack?.split('\n').filter((line) => /^\s+at /.test(line)) ?? [];
  return {
    type: error.constructor.name,
    message: quotesValues(parts) ? 'The database refused a value.' : error.message,
    ...Object.fromEntries(
      safeProperties.filter((name) => parts[name] !== undefined).map((name) => [name, parts[name]]),
    ),
    stack: frames.join('\n'),
    ...(error.cause !== undefined && { cause: loggableError(error.cause) }),
    ...(error instanceof AggregateError && { errors: error.errors.map(loggableError) }),
  };
}

/** SQLSTATE class 22: a value that is not a valid date, number, UUID or JSON. */
const quotesValues = ({ code, severity }: Record<string, unknown>) =>
  typeof severity === 'string' && typeof code === 'string' && /^22.{3}$/.test(code);

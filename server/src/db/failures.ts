/** The database could not be reached or did not answer in time; nothing was decided. */
export class Unavailable extends Error {
  override name = 'Unavailable';
}

/** Data changed between reading and locking it: the transaction is retried. */
export class Outdated extends Error {
  override name = 'Outdated';
}

const sqlState = (error: unknown) => {
  const code: unknown = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : undefined;
};

/** A conflict with another transaction: a retry may succeed. */
export const isTransient = (error: unknown) =>
  error instanceof Outdated ||
  // Serialization failure, deadlock, exclusion constraint: a retry sees what the other transaction committed.
  ['40001', '40P01', '23P01'].includes(sqlState(error) ?? '');

/** The data breaks a constraint, or is no valid value of its column. */
export const breaksConstraint = (error: unknown) => /^2[23]/.test(sqlState(error) ?? '');

/** Raised by `finish_command`. */
export const isTooManyHolds = (error: unknown) => sqlState(error) === 'SL001';

export const isLockTimeout = (error: unknown) => sqlState(error) === '55P03';

/** Messages of the driver, which have no code, about a failed connection. */
const connectionLost =
  /^(Connection terminated|Query read timeout|timeout exceeded when trying to connect|Client (has encountered a connection error|was closed))/;

/** Nothing was decided: the connection failed, or conflicts outlasted all retries. */
export function isUnavailable(error: unknown): boolean {
  if (error instanceof Unavailable || isTransient(error)) return true;
  const state = sqlState(error);
  if (state === undefined) return error instanceof Error && connectionLost.test(error.message);
  return (
    /^(08|53|57|58)/.test(state) || ['55P03', '25P03', '25P02'].includes(state) || /^E[A-Z]+$/.test(state)
  );
}

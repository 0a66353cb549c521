import { statusOf } from '@slate/shared/errors';
import type { Alternative, Blocker, ErrorCode, FieldError } from '@slate/shared/errors';

export type RefusalParts = {
  errors?: FieldError[];
  blockers?: Blocker[];
  alternatives?: Alternative[];
  retryAfter?: number;
};

/** A refusal with its reason. Thrown anywhere below HTTP; the transaction is rolled back and the caller gets the reason. */
export class Refusal extends Error {
  override name = 'Refusal';
  readonly code: ErrorCode;
  readonly parts: RefusalParts;
  /** The position of the device, if this refusal or an earlier command has used the queued command's position. */
  position: number | undefined;

  constructor(code: ErrorCode, detail: string, parts: RefusalParts = {}) {
    super(detail);
    this.code = code;
    this.parts = parts;
  }

  get status() {
    return statusOf[this.code];
  }
}

export const invalid = (field: string, reason: string, more: Pick<FieldError, 'readings'> = {}) =>
  new Refusal('validation', `${field}: ${reason}`, { errors: [{ field, reason, ...more }] });

export const notFound = (kind: string) =>
  new Refusal(
    'not_found',
    `There is no such ${kind} here. It may be at another site, or the address is wrong.`,
  );

import { surgicalCase } from '@slate/shared/cases';
import type { Case } from '@slate/shared/cases';
import type { ChangeBody } from '@slate/shared/changes';
import { id } from '@slate/shared/fields';
import type { Actor } from '@slate/shared/fields';
import { role } from '@slate/shared/permissions';
import { siteSettings } from '@slate/shared/sites';
import { instant } from '@slate/shared/time';
import { z } from 'zod';
import { storedCase } from './cases.sql.ts';
import { bigint, timestamp } from './query.ts';
import type { Statement } from './query.ts';
import { shape } from './stored/shape.ts';

// The round trips of a command. The functions are in migrations/functions.

const storedReply = {
  stored_fingerprint: z.instanceof(Buffer).nullable(),
  stored_status: z.int().nullable(),
  stored_body: z.record(z.string(), z.unknown()).nullable(),
  stored_shape: z.int().nullable(),
  /** For a queued command: the position of its device before it. Null: this person has no such device in use. */
  position: bigint.nullable(),
};
/** The reply stored under a key; null fields: none yet. */
export type StoredReply = z.infer<z.ZodObject<typeof storedReply>>;

const commandStart = z.object({
  ...storedReply,
  at: timestamp,
  name: z.string(),
  role,
  surgeon_ids: z.array(id),
  time_zone: z.string(),
  settings: siteSettings,
});
export type CommandStart = z.infer<typeof commandStart>;

/** $1 site, $2 user, $3 key, $4 fingerprint, $5 device, $6 position (both null: not queued) */
export const beginCommand: Statement<CommandStart> = {
  name: 'begin-command',
  text: 'SELECT *, clock_timestamp() AS at FROM begin_command($1, $2, $3, $4, $5, $6)',
  row: commandStart,
};

const inWay = z.object({
  /** The full resource; null: the patient is in another case at that time. */
  resource: id.nullable(),
  capacity: z.int().optional(),
  /** The requesting case; in an import, also a closure. */
  for: id,
  /** The claim already there; null: the requested quantity alone exceeds the capacity. */
  claim: z
    .object({ start: instant, end: instant, quantity: z.int(), case: id.nullable(), closure: id.nullable() })
    .nullable(),
});
export type InWay = z.infer<typeof inWay>;

const claimResult = z.object({
  at: timestamp,
  /** The number for a new case, drawn only if everything fits; otherwise 0. */
  number: bigint,
  versions: z.record(id, z.int()),
  expired: z.array(surgicalCase),
  inactive: z.array(id),
  in_way: z.array(inWay),
});
export type ClaimResult = z.infer<typeof claimResult>;

/** $1 site, $2 cases, $3 their claims, $4 patients, $5 whether to draw a number for a new case, $6 whether partial claims are accepted */
export const claim: Statement<ClaimResult> = {
  name: 'claim',
  text: `SELECT c.*, CASE WHEN $5 AND c.versions = '{}' AND c.inactive = '{}' AND c.in_way = '[]'
      THEN nextval('case_numbers') ELSE 0 END AS number
    FROM claim($1, $2, $3, $4, $6) c`,
  row: claimResult,
};

/** The result of a command or a job that changes a site. A job has no actor, no key and no reply. */
export type CommandResult = {
  actor: Actor | null;
  key: string | null;
  cases: readonly Case[];
  changes: readonly ChangeBody[];
  /** For the audit. */
  action: string;
  detail: Record<string, unknown>;
  reply: { status: number; body: Record<string, unknown> } | null;
};

/** The parameters of `finishCommand`. */
export const finishArguments = (siteId: string, { reply, cases, ...result }: CommandResult) => [
  siteId,
  { ...result, cases: cases.map(storedCase), ...reply, shape },
];

/** $1 site, $2 the result: `finishArguments` */
export const finishCommand: Statement<{ revision: number; at: string }> = {
  name: 'finish-command',
  text: 'SELECT * FROM finish_command($1, $2)',
  row: z.object({ revision: bigint, at: timestamp }),
};

/** $1 site, $2 user, $3 key, $4 fingerprint, $5 device, $6 position, $7 status, $8 body, $9 shape */
export const storeRefusal: Statement<StoredReply & { is_new: boolean }> = {
  name: 'store-refusal',
  text: 'SELECT * FROM store_refusal($1, $2, $3, $4, $5, $6, $7, $8, $9)',
  row: z.object({ is_new: z.boolean(), ...storedReply }),
};

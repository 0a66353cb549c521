import { randomUUID } from 'node:crypto';
import { claim } from '../src/db/commands.sql.ts';
import { one } from '../src/db/query.ts';
import type { Queryable } from '../src/db/query.ts';
import { at } from './hospital.ts';

type ClaimRequest = { resource: string; from: string; to: string; quantity?: number; case?: string };
type More = {
  cases?: string[];
  partly?: boolean;
  patients?: { case: string; patient: string; from: string; to: string }[];
};
/** Calls `claim` for tomorrow, with times of day. */
export const requestClaims =
  (db: Queryable, siteId: string) =>
  (requests: ClaimRequest[], { cases = [], patients = [], partly = false }: More = {}) =>
    one(db, claim, [
      siteId,
      cases,
      JSON.stringify(
        requests.map(({ from, to, ...each }) => ({
          quantity: 1,
          case: randomUUID(),
          ...each,
          start: at(from),
          end: at(to),
        })),
      ),
      JSON.stringify(patients.map(({ from, to, ...each }) => ({ ...each, start: at(from), end: at(to) }))),
      false,
      partly,
    ]);

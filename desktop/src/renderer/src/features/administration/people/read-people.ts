import type { Member } from '@slate/shared/contract/people';
import { call } from '../../../api/client.ts';
import { readPages } from '../frame/use-polled.ts';

/** Loads all people of the site, or those of one status, page by page. */
const readPeople = (status?: Member['status']) => (site: string, signal: AbortSignal) =>
  readPages<Member>(async (cursor) => {
    const query = { limit: 200, ...(status && { status }), ...(cursor !== null && { cursor }) };
    const outcome = await call('users', { params: { site }, query }, { signal });
    return outcome.kind === 'done'
      ? { ...outcome, reply: { items: outcome.reply.users, next: outcome.reply.next } }
      : outcome;
  });
export const readAll = readPeople();
export const readPending = readPeople('pending');

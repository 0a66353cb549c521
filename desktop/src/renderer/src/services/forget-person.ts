import { forgetPatients, forgetPerson } from '../stores/forget.ts';
import { sessionStore } from '../stores/session.ts';
import type { Session } from '../stores/session.ts';

/** Another role or another site counts as another person: unfinished work may not be allowed any more. */
const identityOf = ({ me, site }: Extract<Session, { status: 'signed_in' }>) =>
  [me.email, site.id, site.role, ...site.surgeonIds].join(' ');

export function forgetOnLeaving(): () => void {
  let last: string | null = null;
  return sessionStore.subscribe((session) => {
    if (session.status === 'locked') forgetPatients();
    if (session.status === 'signed_out') {
      if (last !== null) forgetPerson();
      last = null;
    }
    if (session.status === 'signed_in') {
      const identity = identityOf(session);
      if (last !== null && last !== identity) forgetPerson();
      last = identity;
    }
  });
}

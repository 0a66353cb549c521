import type { Role } from '@slate/shared/permissions';
import { sessionStore } from '../src/renderer/src/stores/session.ts';
import { uuid, zone } from './small-board.ts';

/** The person at the console in tests. */
export const me = { id: uuid(1), name: 'M. Kraus' };

export function signInAs(role: Role, surgeonIds: string[] = []) {
  const site = { id: uuid(2), name: 'Mercy General', timeZone: zone, role, surgeonIds };
  const person = { ...me, email: 'kraus@example.org', sites: [site] };
  sessionStore.setState({ status: 'signed_in', me: person, site }, true);
}

export function lockNow() {
  const session = sessionStore.getState();
  if (session.status === 'signed_in') sessionStore.setState({ status: 'locked', person: session.me }, true);
}

export function someoneElseSignsIn() {
  const session = sessionStore.getState();
  if (session.status !== 'signed_in') return;
  const other = { ...session.me, id: uuid(9), name: 'J. Diaz', email: 'diaz@example.org' };
  sessionStore.setState({ ...session, me: other }, true);
}

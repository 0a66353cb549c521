import { beforeEach, describe, expect, test } from 'vitest';
import { outcomeOf, password } from '../../../test/identity.ts';
import type { Person } from '../../../test/identity.ts';
import { withTwoHospitals } from '../../../test/members.ts';
import type { TwoHospitals } from '../../../test/members.ts';
import { readAccess } from '../../identity/authority.ts';
import { deleteOldSessions } from '../../identity/sessions.ts';
import { endSessions, listSessions } from './sessions.ts';

let setting: TwoHospitals['setting'];
let here: TwoHospitals['here'];
let there: TwoHospitals['there'];
let join: TwoHospitals['join'];
let list: TwoHospitals['list'];
let person: Person;
withTwoHospitals((hospitals) => ({ setting, here, there, join, list } = hospitals));
beforeEach(async () => {
  person = await setting.person();
  await join(here, person.id, 'viewer');
});

const signIn = async () => {
  const { accessToken, refreshToken } = await setting.identity.login(
    { email: person.email, password },
    setting.address(),
  );
  const { sessionId } = await setting.tokens.verifyAccessToken(accessToken);
  return { sessionId, refreshToken };
};
const sessions = async (by = here.users.administrator, sessionId = by) =>
  (await listSessions(setting.pool, { siteId: here.siteId, userId: by, sessionId }, person.id)).sessions;
const end = (session: string | null, by = here.users.administrator) =>
  endSessions(
    setting.deps,
    { ...setting.request('endSessions', { userId: by }), siteId: here.siteId },
    person.id,
    { session },
  );
const isOpen = async (id: string) => (await readAccess(setting.pool, [id])).has(id);
const lastSeen = async () => (await list()).find(({ id }) => id === person.id)?.lastSeenAt;
const refused = (code: string) => expect.objectContaining({ code }) as unknown;

describe('ID34 the sessions of a person', () => {
  test('are listed, the last used one first', async () => {
    const [first, second] = [await signIn(), await signIn()];
    expect((await sessions()).map(({ id }) => id)).toEqual([second.sessionId, first.sessionId]);
    await setting.identity.refresh(first.refreshToken);
    const [latest] = await sessions(undefined, second.sessionId);
    expect(latest).toMatchObject({ id: first.sessionId, isCurrent: false });
    expect(latest?.address).toMatch(/^10\.0\./);
    expect(Date.parse(latest?.seenAt ?? '')).toBeGreaterThan(Date.parse(latest?.startedAt ?? ''));
    expect((await sessions(undefined, second.sessionId))[1]?.isCurrent).toBe(true);
  });

  test('end one by one or all at once, are audited, and notify the consoles', async () => {
    const [first, second, third] = [await signIn(), await signIn(), await signIn()];
    setting.published.length = 0;
    expect((await end(first.sessionId)).body).toMatchObject({ ended: 1 });
    expect(setting.published).toContainEqual({ kind: 'user', userId: person.id });
    expect(setting.published).toContainEqual({ kind: 'people', siteId: here.siteId });
    expect(await isOpen(first.sessionId)).toBe(false);
    expect(await outcomeOf(setting.identity.refresh(first.refreshToken))).toEqual(refused('unauthenticated'));
    expect(await isOpen(second.sessionId)).toBe(true);
    expect((await end(first.sessionId)).body).toMatchObject({ ended: 0 });
    expect((await end(null)).body).toMatchObject({ ended: 2 });
    expect(await sessions()).toEqual([]);
    expect(await isOpen(third.sessionId)).toBe(false);
    const { rows } = await setting.pool.query(
      `SELECT detail - 'cases' AS detail FROM audit WHERE site_id = $1 AND action = 'endSessions' ORDER BY seq`,
      [here.siteId],
    );
    expect(rows.map(({ detail }: { detail: object }) => detail)).toEqual([
      { user: person.id, session: first.sessionId, ended: 1 },
      { user: person.id, session: first.sessionId, ended: 0 },
      { user: person.id, session: null, ended: 2 },
    ]);
  });

  test('cannot be ended as those of another person', async () => {
    const other = await setting.person();
    const { sessionId } = await signIn();
    await join(here, other.id, 'viewer');
    person = other;
    expect((await end(sessionId)).body).toMatchObject({ ended: 0 });
    expect(await isOpen(sessionId)).toBe(true);
  });

  test('need an administrator of all sites of the person', async () => {
    const { sessionId } = await signIn();
    expect(await outcomeOf(end(null, here.users.coordinator))).toEqual(refused('forbidden'));
    await join(there, person.id, 'viewer');
    expect(await outcomeOf(end(null))).toEqual(refused('forbidden'));
    expect(await outcomeOf(sessions())).toEqual(refused('forbidden'));
    expect(await isOpen(sessionId)).toBe(true);
    await join(there, here.users.administrator, 'administrator');
    expect(await sessions()).toHaveLength(1);
    person = await setting.person();
    await join(there, person.id, 'viewer');
    await setting.pool.query('DELETE FROM memberships WHERE site_id = $1 AND user_id = $2', [
      there.siteId,
      here.users.administrator,
    ]);
    expect(await outcomeOf(end(null))).toEqual(refused('not_found'));
    expect(await outcomeOf(sessions())).toEqual(refused('not_found'));
  });
});

describe('ID35 when a person was last seen', () => {
  test('is the last sign-in or refresh, and stays known when the session is deleted', async () => {
    expect(await lastSeen()).toBeNull();
    const { refreshToken } = await signIn();
    const atSignIn = await lastSeen();
    expect(atSignIn).toEqual(expect.any(String));
    await setting.identity.refresh(refreshToken);
    const atRefresh = (await lastSeen()) ?? '';
    expect(Date.parse(atRefresh)).toBeGreaterThan(Date.parse(atSignIn ?? ''));
    await setting.pool.query(
      `UPDATE sessions SET ended_at = clock_timestamp() - interval '1 year' WHERE user_id = $1`,
      [person.id],
    );
    await deleteOldSessions(setting.pool);
    expect(await lastSeen()).toBe(atRefresh);
  });
});

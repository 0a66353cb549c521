import { randomUUID } from 'node:crypto';
import type { CreateInvitation, Invitation } from '@slate/shared/contract/invitations';
import { describe, expect, test } from 'vitest';
import { queryDirectly } from '../../../test/administer.ts';
import { connected, untilBlocked } from '../../../test/database.ts';
import { outcomeOf, password, wrongPassword } from '../../../test/identity.ts';
import { withTwoHospitals } from '../../../test/members.ts';
import type { TwoHospitals } from '../../../test/members.ts';
import { deleteOldInvitations } from '../../identity/accept-invitation.ts';
import { hashOf } from '../../identity/tokens.ts';
import { listInvitations, revokeInvitation } from './invitations.ts';

let setting: TwoHospitals['setting'];
let here: TwoHospitals['here'];
let there: TwoHospitals['there'];
let change: TwoHospitals['change'];
let join: TwoHospitals['join'];
let list: TwoHospitals['list'];
withTwoHospitals((hospitals) => ({ setting, here, there, change, join, list } = hospitals));

const request = (by = here.users.administrator) => ({
  ...setting.request('createInvitation', { userId: by }),
  siteId: here.siteId,
});
const invite = async (more: Partial<CreateInvitation> = {}, command = request()) => {
  const { body } = await setting.identity.createInvitation(command, {
    email: `${randomUUID()}@example.test`,
    role: 'viewer',
    ...more,
  });
  return body as { invitation: Invitation; secret: string };
};
const accept = (secret: string, more: { name?: string; password?: string } = {}) =>
  setting.identity.acceptInvitation({ secret, name: 'Ada Lang', password, ...more }, setting.address());
const revoke = (id: string) =>
  revokeInvitation(
    setting.deps,
    { ...setting.request('revokeInvitation', { userId: here.users.administrator }), siteId: here.siteId },
    id,
  );
/** Lets an invitation expire, some days ago. */
const expire = (id: string, days = 0) =>
  queryDirectly(
    setting.database.ownerUrl,
    'UPDATE invitations SET expires_at = clock_timestamp() - make_interval(days => $2) WHERE id = $1',
    [id, days],
  );
const memberOf = async (email: string) => (await list()).find((each) => each.email === email);
const refused = (code: string) => expect.objectContaining({ code }) as unknown;
const doesNotWork = expect.objectContaining({
  code: 'not_found',
  detail: expect.stringMatching(/^This invitation doesn’t work/) as unknown,
}) as unknown;

describe('IV1 an invitation', () => {
  test('has a link for 7 days; a repeated request gets the same link, and only its hash is stored', async () => {
    const command = request();
    const email = `${randomUUID()}@example.test`;
    const first = await invite({ email }, command);
    const again = await invite({ email }, command);
    expect(again).toEqual({ ...first, revision: expect.any(Number) as unknown });
    expect(first.secret).toMatch(/^[\w-]{43}$/);
    expect((await invite()).secret).not.toBe(first.secret);
    const { createdAt, expiresAt } = first.invitation;
    expect(Date.parse(expiresAt) - Date.parse(createdAt)).toBeCloseTo(7 * 24 * 3_600_000, -2);
    const { rows } = await setting.pool.query<{ found: boolean }>(
      ['invitations', 'commands', 'audit', 'changes', 'users']
        .map((table) => `SELECT bool_or(t::text LIKE $1) AS found FROM ${table} t`)
        .join(' UNION ALL '),
      [`%${first.secret}%`],
    );
    expect(rows.filter(({ found }) => found)).toEqual([]);
    const { rows: stored } = await setting.pool.query('SELECT FROM invitations WHERE secret_hash = $1', [
      hashOf(first.secret),
    ]);
    expect(stored).toHaveLength(1);
  });

  test('needs an administrator, surgeons of this site for an office, and a person without a role here', async () => {
    expect(await outcomeOf(invite({}, request(here.users.coordinator)))).toEqual(refused('forbidden'));
    expect(await outcomeOf(invite({ role: 'office' }))).toEqual(refused('validation'));
    expect(await outcomeOf(invite({ role: 'office', surgeonIds: [there.surgeons[0]] }))).toEqual(
      refused('validation'),
    );
    const { invitation } = await invite({ role: 'office', surgeonIds: [here.surgeons[1], here.surgeons[1]] });
    expect(invitation.surgeonIds).toEqual([here.surgeons[1]]);
    const person = await setting.person();
    await join(here, person.id, 'viewer');
    expect(await outcomeOf(invite({ email: person.email }))).toMatchObject({
      code: 'validation',
      errors: [{ field: 'email' }],
    });
  });
});

test('AD2 an invitation under the key of another one is refused', async () => {
  const first = request();
  await invite({}, first);
  const person = await setting.person();
  await join(here, person.id, 'administrator');
  const second = { ...request(person.id), key: first.key };
  expect(await outcomeOf(invite({}, second))).toEqual(refused('key_reused'));
});

describe('IV2 accepting', () => {
  test('creates the account with its role and signs in, once', async () => {
    const { invitation, secret } = await invite({ role: 'office', surgeonIds: [here.surgeons[1]] });
    const { email } = invitation;
    expect(await setting.identity.readInvitation(secret, setting.address())).toEqual({
      email,
      site: 'Test Hospital',
    });
    expect(setting.published).toContainEqual({ kind: 'people', siteId: here.siteId });
    setting.published.length = 0;
    const { refreshToken } = await accept(secret);
    expect(setting.published).toContainEqual({ kind: 'people', siteId: null });
    await setting.identity.refresh(refreshToken);
    expect(await memberOf(email)).toMatchObject({
      name: 'Ada Lang',
      status: 'active',
      role: 'office',
      surgeonIds: [here.surgeons[1]],
    });
    await setting.identity.login({ email, password }, setting.address());
    expect(await outcomeOf(accept(secret))).toEqual(doesNotWork);
    const [entry] = (await setting.audit('invitation.accepted')).filter(
      ({ detail }) => detail['site'] === here.siteId,
    );
    expect(entry?.actor?.name).toBe('Ada Lang');
  });

  test('succeeds once for ten at the same time', async () => {
    const { invitation, secret } = await invite();
    const { email } = invitation;
    const outcomes = await Promise.all(Array.from({ length: 10 }, () => outcomeOf(accept(secret))));
    expect(outcomes.filter((outcome) => outcome === 'done')).toHaveLength(1);
    expect((await list()).filter((each) => each.email === email)).toHaveLength(1);
    const { rows } = await setting.pool.query(
      'SELECT FROM sessions s JOIN users u ON u.id = s.user_id WHERE u.email = $1',
      [email],
    );
    expect(rows).toHaveLength(1);
  });

  test('takes a requested account, and refuses a password that is easy to guess without using the link up', async () => {
    const person = await setting.person('pending');
    const { secret } = await invite({ email: person.email });
    expect(await outcomeOf(accept(secret, { password: 'adalang12345' }))).toMatchObject({
      code: 'validation',
      errors: [{ field: 'password' }],
    });
    await accept(secret);
    expect(await memberOf(person.email)).toMatchObject({ id: person.id, name: 'Ada Lang', status: 'active' });
  });
});

describe('IV3 an address with an account', () => {
  test('needs the password of the account, and keeps its name', async () => {
    const person = await setting.person();
    await join(there, person.id, 'viewer');
    const { secret } = await invite({ email: person.email, role: 'coordinator' });
    expect(await outcomeOf(accept(secret, { password: wrongPassword }))).toEqual(refused('unauthenticated'));
    expect(await memberOf(person.email)).toBeUndefined();
    await accept(secret);
    expect(await memberOf(person.email)).toMatchObject({
      id: person.id,
      name: person.name,
      role: 'coordinator',
    });
  });

  test('has a new version with its role, so that nobody removes the role unseen', async () => {
    const person = await setting.person();
    await join(there, person.id, 'viewer');
    const [before] = (await list(there)).filter(({ id }) => id === person.id);
    const { secret } = await invite({ email: person.email });
    await accept(secret);
    expect((await memberOf(person.email))?.version).toBe((before?.version ?? 0) + 1);
  });

  test('keeps a role that it has got meanwhile; a disabled account gets none', async () => {
    const [person, disabled] = [await setting.person(), await setting.person('disabled')];
    const [first, second] = [await invite({ email: person.email }), await invite({ email: disabled.email })];
    await join(here, person.id, 'coordinator');
    await accept(first.secret);
    expect(await memberOf(person.email)).toMatchObject({ role: 'coordinator' });
    expect(await outcomeOf(accept(second.secret))).toEqual(refused('unauthenticated'));
  });

  test('gets no role, and uses no link up, if the account is disabled meanwhile', async () => {
    const person = await setting.person();
    const { invitation, secret } = await invite({ email: person.email });
    await connected(setting.database.ownerUrl, async (owner) => {
      await owner.query('BEGIN');
      await owner.query('SELECT FROM invitations WHERE id = $1 FOR UPDATE', [invitation.id]);
      const outcome = outcomeOf(accept(secret));
      await untilBlocked(owner);
      await owner.query(`UPDATE users SET status = 'disabled' WHERE id = $1`, [person.id]);
      await owner.query('COMMIT');
      expect(await outcome).toEqual(refused('unauthenticated'));
    });
    const { rows } = await setting.pool.query('SELECT FROM memberships WHERE user_id = $1', [person.id]);
    expect(rows).toEqual([]);
    const { invitations } = await listInvitations(setting.pool, here.siteId);
    expect(invitations).toContainEqual(invitation);
  });

  test('with a temporary password has to choose its own first', async () => {
    const person = await setting.person('pending');
    const { body } = await setting.identity.changeMember(
      { ...setting.request('changeUser', { userId: here.users.administrator }), siteId: here.siteId },
      person.id,
      { version: 1, status: 'active', role: 'viewer' },
    );
    await change(person.id, { version: 2, role: null });
    const { secret } = await invite({ email: person.email });
    const temporary = String(body.temporaryPassword);
    expect(await outcomeOf(accept(secret, { password: temporary }))).toEqual(refused('forbidden'));
    expect(await memberOf(person.email)).toMatchObject({ role: null });
  });
});

describe('IV4 a link', () => {
  test('does not work if it is wrong, revoked or expired, and each attempt is recorded', async () => {
    const failures = async () => (await setting.audit('invitation.failed')).length;
    const before = await failures();
    expect(await outcomeOf(accept('x'.repeat(43)))).toEqual(doesNotWork);
    const { secret, invitation } = await invite();
    await revoke(invitation.id);
    expect(await outcomeOf(accept(secret))).toEqual(doesNotWork);
    expect(await outcomeOf(revoke(invitation.id))).toEqual(refused('not_found'));
    const late = await invite();
    await expire(late.invitation.id);
    expect(await outcomeOf(accept(late.secret))).toEqual(doesNotWork);
    expect(await outcomeOf(setting.identity.readInvitation(late.secret, setting.address()))).toEqual(
      doesNotWork,
    );
    expect(await failures()).toBe(before + 4);
  });

  test('does not work once its author no longer administers the site', async () => {
    const other = await setting.person();
    await join(here, other.id, 'administrator');
    const { secret } = await invite({}, request(other.id));
    await change(other.id, { version: 1, role: 'viewer' });
    expect(await outcomeOf(accept(secret))).toEqual(doesNotWork);
  });
});

describe('IV5 the list of invitations', () => {
  test('has those of this site that were not used, the latest first, without secrets', async () => {
    const [first, second] = [await invite(), await invite()];
    const { secret } = await invite();
    await accept(secret);
    const { invitations } = await listInvitations(setting.pool, here.siteId);
    expect(invitations.map(({ id }) => id)).toEqual([second.invitation.id, first.invitation.id]);
    expect(invitations[0]).toEqual(second.invitation);
    expect((await listInvitations(setting.pool, there.siteId)).invitations).toEqual([]);
    await expire(first.invitation.id);
    await deleteOldInvitations(setting.pool);
    expect((await listInvitations(setting.pool, here.siteId)).invitations).toHaveLength(2);
    await expire(first.invitation.id, 31);
    await deleteOldInvitations(setting.pool);
    expect((await listInvitations(setting.pool, here.siteId)).invitations).toHaveLength(1);
    const { rows } = await setting.pool.query(
      `SELECT action FROM audit WHERE site_id = $1 AND chain = 'commands' AND action LIKE '%nvitation' ORDER BY seq`,
      [here.siteId],
    );
    expect(rows).toEqual([
      { action: 'createInvitation' },
      { action: 'createInvitation' },
      { action: 'createInvitation' },
    ]);
  });
});

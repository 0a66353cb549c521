import { expect, test, describe } from 'vitest';
import { deafWakeUps, headOf, untilListening, signIn, startSocketServer } from '../../test/consoles.ts';
import { holdInput, caseOf } from '../../test/hospital.ts';
import { connect, cutListeners, never, open, withTwoServers } from '../../test/two-servers.ts';
import type { TwoServers } from '../../test/two-servers.ts';
import type { CommandDeps } from '../commands/context.ts';
import { createAuthority } from '../identity/authority.ts';
import { placeHold } from '../use-cases/cases/place-hold.ts';
import { releaseHold } from '../use-cases/cases/holds.ts';

// Everything that must reach consoles within a second.

let hospital: TwoServers['hospital'];
let a: TwoServers['a'];
let b: TwoServers['b'];
withTwoServers((servers) => ({ hospital, a, b } = servers), never);

async function change(deps: CommandDeps) {
  const held = await placeHold(deps, hospital.request(), holdInput(hospital));
  await releaseHold(deps, hospital.request(), caseOf(held).id);
}

describe('PU5 a lost wake-up costs at most a second', () => {
  test('without any wake-up, the poll delivers', async () => {
    const deaf = await startSocketServer(hospital, { wakeUps: deafWakeUps() });
    const console = await open(deaf, hospital, hospital.users.coordinator);
    await change(deaf.deps);
    const committed = performance.now();
    await console.untilRevision(2);
    expect(performance.now() - committed).toBeLessThan(1_000);
    await deaf.close();
  });

  test('mutant: without the poll, nothing arrives', async () => {
    const deaf = await startSocketServer(hospital, { wakeUps: deafWakeUps(), ...never });
    const console = await open(deaf, hospital, hospital.users.coordinator);
    await change(deaf.deps);
    expect(await console.happensWithin(1_500, ({ revision }) => revision === 2)).toBe(false);
    await deaf.close();
  });

  test('a console stays up to date when the listening connection is cut', async () => {
    const console = await open(b, hospital, hospital.users.coordinator);
    await cutListeners(hospital);
    await change(a.deps);
    const committed = performance.now();
    await console.untilRevision(2);
    expect(performance.now() - committed).toBeLessThan(1_000);
    expect(console.gaps).toEqual([]);
  });
});

/** Everything that ends or changes access, and the goodbye that consoles get. */
const accessChanges: Record<string, { text: string; values: () => string[]; reason: string }> = {
  disabled: {
    text: `UPDATE users SET status = 'disabled' WHERE id = $1`,
    values: () => [hospital.users.office],
    reason: 'revoked',
  },
  'signed out': {
    text: 'UPDATE sessions SET ended_at = clock_timestamp() WHERE user_id = $1',
    values: () => [hospital.users.office],
    reason: 'revoked',
  },
  'past the end of the session': {
    text: 'UPDATE sessions SET expires_at = clock_timestamp() WHERE user_id = $1',
    values: () => [hospital.users.office],
    reason: 'revoked',
  },
  'given another role': {
    text: `UPDATE memberships SET role = 'viewer' WHERE user_id = $1`,
    values: () => [hospital.users.office],
    reason: 'role_changed',
  },
  'given other surgeons': {
    text: 'UPDATE memberships SET surgeon_ids = ARRAY[$2::uuid] WHERE user_id = $1',
    values: () => [hospital.users.office, hospital.surgeons[1]],
    reason: 'role_changed',
  },
  'removed from the site': {
    text: 'DELETE FROM memberships WHERE user_id = $1',
    values: () => [hospital.users.office],
    reason: 'role_changed',
  },
};

describe('PU7 a person whose access ended or changed is disconnected on every server within a second', () => {
  test.each(Object.entries(accessChanges))('%s, on another server', async (_, { text, values, reason }) => {
    const server = await startSocketServer(hospital, never);
    await Promise.all([untilListening(a), untilListening(server)]);
    const office = await open(server, hospital, hospital.users.office);
    const another = await open(server, hospital, hospital.users.coordinator);
    await hospital.pool.query(text, values());
    const done = performance.now();
    a.deps.publish({ kind: 'user', userId: hospital.users.office });
    await office.untilDisconnected();
    expect(performance.now() - done).toBeLessThan(1_000);
    expect(office.goodbye).toBe(reason);
    expect(another.socket.connected).toBe(true);
    await server.close();
  });

  test.each(Object.entries(accessChanges))('%s, without a wake-up', async (_, { text, values, reason }) => {
    const deaf = await startSocketServer(hospital, { wakeUps: deafWakeUps() });
    const office = await open(deaf, hospital, hospital.users.office);
    await hospital.pool.query(text, values());
    const done = performance.now();
    await office.untilDisconnected();
    expect(performance.now() - done).toBeLessThan(1_000);
    expect(office.goodbye).toBe(reason);
    await deaf.close();
  });

  test('mutant: without wake-ups and sweeps, the connection stays', async () => {
    const deaf = await startSocketServer(hospital, { wakeUps: deafWakeUps(), ...never });
    const office = await open(deaf, hospital, hospital.users.office);
    await hospital.pool.query(`UPDATE users SET status = 'disabled' WHERE id = $1`, [hospital.users.office]);
    expect(await office.happensWithin(1_500, ({ socket }) => socket.disconnected)).toBe(false);
    await deaf.close();
  });

  test('a follow that was in progress when the role changed does not outlast the sweep', async () => {
    const { pool, users } = hospital;
    const cachingAuthority = createAuthority(pool);
    const { userId, sessionId, token } = await signIn(pool, users.coordinator);
    const before = await cachingAuthority.accessOf(userId, sessionId);
    let lookups = 0;
    const authority = {
      // The handshake is accepted; the follow gets the role from before the change.
      accessOf: async () => {
        if (++lookups === 2) {
          await pool.query(`UPDATE memberships SET role = 'wall' WHERE user_id = $1`, [userId]);
        }
        return before;
      },
      forget: () => {},
    };
    const server = await startSocketServer(hospital, { authority });
    const console = connect(server.url, token);
    expect(await console.follow(await headOf(hospital))).toMatchObject({ status: 'following' });
    const following = performance.now();
    await console.untilDisconnected();
    expect(performance.now() - following).toBeLessThan(1_000);
    expect(console.goodbye).toBe('role_changed');
    await server.close();
  });
});

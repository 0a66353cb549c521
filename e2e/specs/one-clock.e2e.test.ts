import { join } from 'node:path';
import type { Opening } from '@slate/shared/contract/reads';
import type { Case } from '@slate/shared/cases';
import { addMinutes } from '@slate/shared/time';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { signIn } from '../../scripts/api.ts';
import type { Api } from '../../scripts/api.ts';
import { hashPassword } from '../../server/src/identity/passwords.ts';
import { openDeployment } from '../helpers/deployment.ts';
import type { Deployment } from '../helpers/deployment.ts';

const otherClock = join(import.meta.dirname, '..', '..', 'scripts', 'other-clock.mjs');
const password = 'not-the-usual-one-9';

let deployment: Deployment;
beforeAll(async () => {
  deployment = await openDeployment({ servers: 0 });
  await deployment.owner.query('UPDATE users SET password_hash = $2 WHERE id = $1', [
    deployment.users.coordinator,
    await hashPassword(password),
  ]);
});
afterAll(() => deployment.end());

/** The database and this test use the machine's clock; the server has another one. */
const inMinutes = (minutes: number) =>
  `${addMinutes(new Date().toISOString(), minutes).slice(0, 16)}:00.000Z`;

describe.each([
  ['an hour ahead', 3_600_000],
  ['an hour behind', -3_600_000],
])('CK1 with a server whose clock is %s', (_, ahead) => {
  let desk: Api;
  let holds: string;
  beforeAll(async () => {
    const { url } = await deployment.startServer({
      NODE_OPTIONS: `--import=${otherClock}`,
      CLOCK_AHEAD_MS: String(ahead),
    });
    const email = `coordinator-${deployment.users.coordinator}@example.test`;
    desk = await signIn(url, email, password);
    holds = `/sites/${deployment.siteId}/holds`;
  });

  test('the first opening offered can be held', async () => {
    const search = {
      date: new Date().toISOString().slice(0, 10),
      days: 2,
      minutes: 30,
      urgency: 'immediate',
    };
    const { body } = await desk.post(`/sites/${deployment.siteId}/openings`, search);
    const [first] = body.openings as Opening[];
    expect(first?.start).toBeDefined();
    expect(Date.parse(first?.start ?? '') - Date.now()).toBeLessThan(10 * 60_000);
    const { roomId, start } = first as Opening;
    const held = await desk.post(holds, { roomId, start, minutes: 30, title: 'Knee' });
    expect([held.status, held.body.detail]).toEqual([201, undefined]);
    await desk.post(`/sites/${deployment.siteId}/cases/${(held.body.case as Case).id}/release`, {});
  });

  test('a past time is refused', async () => {
    const past = { roomId: deployment.rooms[0], start: inMinutes(-40), minutes: 30, title: 'Knee' };
    const { status, body } = await desk.post(holds, past);
    expect([status, body.errors]).toEqual([
      400,
      [{ field: 'start', reason: 'This time has passed. Choose a later one.' }],
    ]);
  });

  test('a milestone from just now is accepted, and one in half an hour is refused', async () => {
    const added = await desk.post(`/sites/${deployment.siteId}/cases`, { title: 'Knee' });
    const path = `/sites/${deployment.siteId}/cases/${(added.body.case as Case).id}/milestones`;
    const record = (at: string) => desk.post(path, { milestone: 'in_holding', at });
    expect((await record(inMinutes(0))).status).toBe(200);
    expect((await record(inMinutes(30))).status).toBe(400);
  });
});

import type { Case } from '@slate/shared/cases';
import { addMinutes } from '@slate/shared/time';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { stubWindow } from '../../desktop/test/window.ts';
import type { Api } from '../../scripts/api.ts';
import { hashPassword } from '../../server/src/identity/passwords.ts';
import { at } from '../../server/test/hospital.ts';
import { layCable } from '../helpers/network/cable.ts';
import type { Cable } from '../helpers/network/cable.ts';
import { untilOf } from '../helpers/console/until.ts';
import { openDeployment } from '../helpers/deployment.ts';
import type { Deployment } from '../helpers/deployment.ts';

// The console's session and feed together, between real servers, while the server changes the account.

const date = at('00:00', 20).slice(0, 10);
const password = 'correct horse battery staple';

let deployment: Deployment;
let desk: Api;
let administrator: Api;
let cable: Cable;

async function openConsole(user: 'second' | 'office', typed = password) {
  vi.resetModules();
  vi.unstubAllGlobals();
  stubWindow();
  const [client, session, feed, boards, connections, view] = await Promise.all([
    import('../../desktop/src/renderer/src/api/client.ts'),
    import('../../desktop/src/renderer/src/stores/session.ts'),
    import('../../desktop/src/renderer/src/realtime/current-feed.ts'),
    import('../../desktop/src/renderer/src/stores/board.ts'),
    import('../../desktop/src/renderer/src/stores/connection.ts'),
    import('../../desktop/src/renderer/src/stores/view.ts'),
  ]);
  client.connectClient({ server: cable.url, token: session.accessToken, tokenRefused: session.expireToken });
  // Set only now: with a document, axios would assume a browser page.
  vi.stubGlobal('document', { addEventListener: () => {}, hidden: false });
  feed.followSite();
  view.goToDate(date);
  const email = `${user}-${deployment.users[user]}@example.test`;
  const signInResult = await session.signIn(email, typed);
  const board = () => {
    const { view: shown, isStale } = boards.boardStore.getState();
    return shown && !isStale ? shown.board : null;
  };
  return {
    email,
    signInResult,
    session: session.sessionStore,
    changePassword: session.changePassword,
    signOut: session.signOut,
    board,
    status: () => connections.connectionStore.getState().connection.status,
    until: untilOf([boards.boardStore, connections.connectionStore, session.sessionStore], () => [
      connections.connectionStore.getState(),
      session.sessionStore.getState().status,
      board()?.revision,
    ]),
  };
}
type Console = Awaited<ReturnType<typeof openConsole>>;
let console: Console;

let slot = 0;
async function hold(): Promise<Case> {
  const { status, body } = await desk.post(`/sites/${deployment.siteId}/holds`, {
    roomId: deployment.rooms[0],
    start: addMinutes(at('00:00', 20), slot++ * 10),
    minutes: 10,
    setupMinutes: 0,
    cleanupMinutes: 0,
    title: 'SECRET-TITLE',
    overrideReason: 'Session',
  });
  expect(status).toBe(201);
  return body.case as Case;
}

async function change(userId: string, edit: object) {
  const { body } = await administrator.get(`/sites/${deployment.siteId}/users`);
  const people = body.users as { id: string; version: number }[];
  const version = people.find(({ id }) => id === userId)?.version;
  const { status } = await administrator.patch(`/sites/${deployment.siteId}/users/${userId}`, {
    version,
    ...edit,
  });
  expect(status).toBe(200);
}

const live = () => console.until(() => console.status() === 'live' && console.board() !== null);

describe('the session of a console', () => {
  beforeAll(async () => {
    deployment = await openDeployment({ servers: 1 });
    await deployment.owner.query('UPDATE users SET password_hash = $1', [await hashPassword(password)]);
    desk = await deployment.as(deployment.users.coordinator);
    administrator = await deployment.as(deployment.users.administrator);
    cable = await layCable(deployment.servers[0]?.url ?? '');
  });
  afterEach(async () => {
    await console.signOut();
    vi.unstubAllGlobals();
  });
  afterAll(async () => {
    await cable.end();
    await deployment.end();
  });

  test('of an office shows others’ time as busy, without names', async () => {
    const item = await hold();
    console = await openConsole('office');
    await live();
    expect(console.board()?.cases).toEqual([]);
    expect(console.board()?.busy.map(({ id }) => id)).toContain(item.id);
    const next = await hold();
    await console.until(() => console.board()?.busy.some(({ id }) => id === next.id) === true);
    expect(JSON.stringify(console.board())).not.toContain('SECRET-TITLE');
  });

  test('with a new role hides everything at once, then shows what that role may see', async () => {
    const item = await hold();
    console = await openConsole('second');
    await live();
    expect(console.board()?.cases.map(({ id }) => id)).toContain(item.id);
    const cleared = console.until(() => console.board() === null);
    await change(deployment.users.second, { role: 'office', surgeonIds: [deployment.surgeons[0]] });
    await cleared;
    await live();
    expect(console.session.getState()).toMatchObject({ status: 'signed_in', site: { role: 'office' } });
    expect(console.board()?.cases).toEqual([]);
    expect(console.board()?.busy.map(({ id }) => id)).toContain(item.id);
    await change(deployment.users.second, { role: 'coordinator', surgeonIds: [] });
    await console.until(() => console.board()?.cases.some(({ id }) => id === item.id) === true);
  });

  test('that loses its role while offline learns of it before it shows anything', async () => {
    console = await openConsole('second');
    await live();
    cable.pull();
    await console.until(() => console.status() !== 'live');
    await change(deployment.users.second, { role: null });
    cable.putBack();
    await console.until(() => console.session.getState().status === 'signed_out');
    expect(console.session.getState()).toEqual({ status: 'signed_out', endReason: 'no_site' });
    expect(console.board()).toBeNull();
    await change(deployment.users.second, { role: 'coordinator' });
  });

  test('continues when its password is changed there; every other session ends and shows why', async () => {
    console = await openConsole('second');
    const other = console;
    await live();
    console = await openConsole('second');
    await live();
    const newPassword = `${password} and one more`;
    const wasCut = console.until(() => console.status() !== 'live');
    expect(await console.changePassword(console.email, 'not my password', newPassword)).toMatchObject({
      kind: 'refused',
      problem: { code: 'unauthenticated' },
    });
    expect(await console.changePassword(console.email, password, newPassword)).toEqual({ kind: 'done' });
    await other.until(() => other.session.getState().status === 'signed_out');
    expect(other.session.getState()).toEqual({ status: 'signed_out', endReason: 'revoked' });
    await wasCut;
    await live();
    expect(console.session.getState().status).toBe('signed_in');
    expect(await console.changePassword(console.email, newPassword, password)).toEqual({ kind: 'done' });
  });

  test('does not start with a temporary password, which must be changed first', async () => {
    const { body } = await administrator.get(`/sites/${deployment.siteId}/users`);
    const people = body.users as { id: string; version: number }[];
    const { version } = people.find(({ id }) => id === deployment.users.second) ?? {};
    const reset = `/sites/${deployment.siteId}/users/${deployment.users.second}/password-reset`;
    const temporary = String((await administrator.post(reset, { version })).body.temporaryPassword);
    console = await openConsole('second', temporary);
    expect(console.signInResult).toMatchObject({ kind: 'refused', problem: { code: 'forbidden' } });
    expect(await console.changePassword(console.email, temporary, password)).toEqual({ kind: 'done' });
    await live();
  });

  test('of a disabled person ends, also on the screen, and shows why', async () => {
    console = await openConsole('second');
    await live();
    await change(deployment.users.second, { status: 'disabled' });
    await console.until(() => console.session.getState().status === 'signed_out');
    expect(console.session.getState()).toEqual({ status: 'signed_out', endReason: 'revoked' });
    expect(console.board()).toBeNull();
  });
});

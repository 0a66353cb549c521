/**
 * Conversations of released versions with today's programs. `SLATE_RECORD=0.2 npx vitest run --project e2e
 * e2e/specs/conversations.e2e.test.ts` records a new one (see CONTRIBUTING).
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';
import { boardAfter } from '@slate/shared/board-after';
import { changeBody } from '@slate/shared/changes';
import { routes } from '@slate/shared/contract';
import type { RouteName } from '@slate/shared/contract';
import { board } from '@slate/shared/contract/reads';
import type { Route } from '@slate/shared/contract/route';
import { problem } from '@slate/shared/errors';
import { scopeOf } from '@slate/shared/permissions';
import { protocols } from '@slate/shared/protocol';
import { io } from 'socket.io-client';
import { describe, expect, test } from 'vitest';
import { hashPassword } from '../../server/src/identity/passwords.ts';
import { at } from '../../server/test/hospital.ts';
import { createRecorder, differences, fill, namesOf, withoutSentences } from '../helpers/api/conversation.ts';
import type { Conversation, Exchange, Json, Values } from '../helpers/api/conversation.ts';
import { openDeployment } from '../helpers/deployment.ts';
import type { Deployment } from '../helpers/deployment.ts';
import { createWorld, password, requestOf } from '../helpers/api/requests.ts';
import type { Request } from '../helpers/api/requests.ts';

const folder = join(import.meta.dirname, '..', 'fixtures', 'conversations');
const versions = readdirSync(folder).map((name) => name.replace(/\.json$/, ''));
const read = (version: string) =>
  JSON.parse(readFileSync(join(folder, `${version}.json`), 'utf8')) as Conversation;

/** Not recorded: the replies depend on people and tokens in the database, or on the program of the day. */
const excluded = new Set<string>([
  'setUpState',
  'setUp',
  'login',
  'changePassword',
  'refresh',
  'logout',
  'changeUser',
  'resetPassword',
  'users',
  'sessions',
  'endSessions',
  'invitations',
  'createInvitation',
  'revokeInvitation',
  'readInvitation',
  'acceptInvitation',
  'audit',
  'exportAudit',
  'verifyAudit',
  'updateOffer',
]);
const email = 'recorded@example.test';

/** A hospital with an account that signs in with a password. */
async function openRecordedDeployment(): Promise<Deployment> {
  const deployment = await openDeployment({ servers: 1, hospital: {} });
  await deployment.owner.query(
    `INSERT INTO users (id, email, name, password_hash, status) VALUES ($1, $2, 'Recorded', $3, 'active')`,
    [randomUUID(), email, await hashPassword(password)],
  );
  return deployment;
}

async function listenToFeed(deployment: Deployment, { lowest, highest }: Conversation['protocol']) {
  const { rows } = await deployment.owner.query<{ epoch: string; revision: number }>(
    'SELECT epoch, revision::int FROM sites WHERE id = $1',
    [deployment.siteId],
  );
  const token = await deployment.tokenOf(deployment.users.coordinator);
  const socket = io(deployment.servers[0]?.url ?? '', {
    auth: { token, protocol: highest, lowestProtocol: lowest },
    transports: ['websocket'],
    reconnection: false,
    forceNew: true,
  });
  const changes: Json[] = [];
  socket.on('changes', (batch: { changes: Json[] }) => changes.push(...batch.changes));
  const next = (event: string) => new Promise<Json>((resolve) => socket.once(event, resolve));
  const [heartbeat, presence] = [next('heartbeat'), next('presence')];
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve).once('connect_error', reject);
  });
  const followed = (await socket.emitWithAck('follow', { siteId: deployment.siteId, ...rows[0] })) as Json;
  return {
    followed,
    changes,
    heartbeat,
    presence,
    close: () => void socket.disconnect(),
  };
}

async function exchange(
  deployment: Deployment,
  { method, path, by, key, body }: Omit<Exchange, 'status' | 'reply'>,
) {
  const token =
    by === null ? null : await deployment.tokenOf(deployment.users[by as keyof Deployment['users']]);
  const response = await fetch(`${deployment.servers[0]?.url}/api/v1${path}`, {
    method,
    headers: {
      ...(body !== null && { 'Content-Type': 'application/json' }),
      ...(token !== null && { Authorization: `Bearer ${token}` }),
      ...(key !== null && { 'Idempotency-Key': key }),
    },
    ...(body !== null && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, reply: replyOf(response.status, text) };
}

function replyOf(status: number, text: string): Json {
  const reply = text === '' ? null : (JSON.parse(text) as Json);
  return status < 400 ? reply : withoutSentences(reply);
}

/** Sends a valid request to every route, and requests that are refused. Records all requests and replies. */
async function record(deployment: Deployment): Promise<Conversation> {
  const exchanges: Exchange[] = [];
  const withPlaceholders = createRecorder(namesOf(deployment));
  const server = `${deployment.servers[0]?.url}/api/v1`;
  const roles = new Map(Object.entries(deployment.users).map(([role, id]) => [id, role]));
  const roleOf = (authorization: string | null) => {
    const [, claims = ''] = authorization?.split('.') ?? [];
    const { sub = '' } = claims === '' ? {} : (JSON.parse(atob(claims)) as { sub?: string });
    return roles.get(sub) ?? null;
  };
  const send = globalThis.fetch;
  let last: Promise<unknown> = Promise.resolve();
  /** Sends one request after the other, so that they can be repeated in this order. */
  globalThis.fetch = (input, init) => {
    const response = last.then(async () => {
      const received = await send(input, init);
      const text = await received.clone().text();
      const headers = new Headers(init?.headers);
      exchanges.push({
        method: init?.method ?? 'GET',
        path: withPlaceholders((typeof input === 'string' ? input : '').slice(server.length)) as string,
        by: roleOf(headers.get('Authorization')),
        key: withPlaceholders(headers.get('Idempotency-Key')) as string | null,
        body: withPlaceholders(typeof init?.body === 'string' ? (JSON.parse(init.body) as Json) : null),
        status: received.status,
        reply: withPlaceholders(replyOf(received.status, text)),
      });
      return received;
    });
    last = response;
    return response;
  };
  const feed = await listenToFeed(deployment, protocols);
  try {
    const world = await createWorld(deployment);
    const author = { userId: deployment.users.coordinator, surgeonId: deployment.surgeons[0], words: 'CASE' };
    const desk = await deployment.as(deployment.users.coordinator);
    const boardPath = (await requestOf('board', world, author)).path;
    await desk.get(boardPath);
    for (const [name, { method, access }] of Object.entries(routes) as [RouteName, Route][]) {
      if (excluded.has(name)) continue;
      const isAllowed =
        access === 'public' || access === 'signed-in' || scopeOf('coordinator', access) === 'any';
      const caller = await deployment.as(
        isAllowed ? deployment.users.coordinator : deployment.users.administrator,
      );
      const { path, body }: Request = await requestOf(name, world, author);
      if (method === 'get' || method === 'delete') await caller[method](path);
      else await caller[method](path, body ?? {});
    }
    // Refusals.
    const held = await world.hold(author);
    const sameTime = { roomId: held.roomId, start: held.start, ...world.detailsFor(author) };
    await desk.post(`${world.site}/holds`, sameTime);
    await desk.patch(`${world.site}/cases/${held.id}`, { version: 99, minutes: 40 });
    await desk.patch(`${world.site}/cases/${held.id}`, { version: 1, minutes: -1 });
    await desk.get(`${world.site}/cases/${randomUUID()}`);
    await (await deployment.as(deployment.users.wall)).post(`${world.site}/holds`, sameTime);
    await desk.get(boardPath);
    await last;
  } finally {
    globalThis.fetch = send;
  }
  const account = { method: 'POST', by: null, key: null };
  const signIn = { ...account, path: '/auth/login', body: { email, password } };
  const signedIn = await exchange(deployment, signIn);
  const { refreshToken = null } = signedIn.reply as { refreshToken?: Json };
  const renew = { ...account, path: '/auth/refresh', body: { refreshToken } };
  for (const [request, response] of [
    [signIn, signedIn],
    [renew, await exchange(deployment, renew)],
  ] as const)
    exchanges.push({
      ...request,
      body: withPlaceholders(request.body),
      status: response.status,
      reply: withPlaceholders(response.reply),
    });
  const changes = await untilComplete(deployment, feed.changes);
  const [heartbeat, presence] = [await feed.heartbeat, await feed.presence];
  feed.close();
  return {
    protocol: protocols,
    exchanges,
    feed: {
      followed: withPlaceholders(feed.followed),
      changes: changes.map((change) => withPlaceholders(change)),
      heartbeat: withPlaceholders(heartbeat),
      presence: withPlaceholders(presence),
    },
  };
}

/** Waits for the last change of the site. Returns all changes. */
async function untilComplete(deployment: Deployment, changes: Json[]): Promise<Json[]> {
  const { rows } = await deployment.owner.query<{ revision: number }>(
    'SELECT revision::int FROM sites WHERE id = $1',
    [deployment.siteId],
  );
  await expect
    .poll(() => changes.map((each) => (each as { revision: number }).revision).at(-1))
    .toBe(rows[0]?.revision);
  return changes;
}

const versionToRecord = process.env['SLATE_RECORD'];
test.each(versionToRecord === undefined ? [] : [versionToRecord])(
  'records a conversation of version %s',
  async (version) => {
    const deployment = await openRecordedDeployment();
    const conversation = await record(deployment);
    writeFileSync(join(folder, `${version}.json`), `${JSON.stringify(conversation, null, 2)}\n`);
    await deployment.end();
    expect(conversation.exchanges.length).toBeGreaterThan(80);
  },
);

describe.skipIf(versionToRecord !== undefined).each(versions)(
  'the recorded conversation of version %s',
  (version) => {
    const { protocol, exchanges, feed } = read(version);

    test('PV3 gets the same replies and changes from today’s server', async () => {
      const deployment = await openRecordedDeployment();
      const values: Values = namesOf(deployment);
      const wrong: string[] = [];
      const live = await listenToFeed(deployment, protocol);
      wrong.push(...differences(feed.followed, live.followed, values, 'follow'));
      for (const { status, reply, ...request } of exchanges) {
        const filled = fill(request, values) as unknown as typeof request;
        const response = await exchange(deployment, filled);
        const name = `${request.method} ${request.path}`;
        if (response.status !== status)
          wrong.push(`${name}: ${response.status} instead of ${status}: ${JSON.stringify(response.reply)}`);
        else wrong.push(...differences(reply, response.reply ?? undefined, values, name));
      }
      expect(wrong).toEqual([]);
      const changes = await untilComplete(deployment, live.changes);
      wrong.push(...differences(feed.changes, changes, values, 'changes'));
      wrong.push(...differences(feed.heartbeat, await live.heartbeat, values, 'heartbeat'));
      wrong.push(...differences(feed.presence, await live.presence, values, 'presence'));
      live.close();
      await deployment.end();
      expect(wrong).toEqual([]);
    });

    test('PV3 has replies and changes that today’s console understands', () => {
      const values: Values = new Map();
      const filled = fill({ exchanges, changes: feed.changes }, values) as unknown as {
        exchanges: Exchange[];
        changes: { body: Json }[];
      };
      for (const { status, reply } of filled.exchanges) if (status >= 400) problem.parse(reply);
      const boards = filled.exchanges
        .filter(({ path }) => path.includes('/board?'))
        .map(({ reply }) => board.parse(reply));
      const [first, last] = [boards[0], boards.at(-1)];
      if (!first || !last) throw new Error('There is no board in the conversation.');
      const after = filled.changes
        .map(({ body }) => changeBody.parse(body))
        .reduce((now, change) => boardAfter(now, change), first);
      const casesOf = ({ cases, depot }: typeof after) =>
        [...cases, ...depot].map(({ id, state, version: of }) => `${id} ${state} ${of}`).toSorted();
      expect(casesOf(after)).toEqual(casesOf(last));
      expect(casesOf(after).length).toBeGreaterThan(10);
    });
  },
);

describe('PV3 a change that breaks a recorded conversation is noticed:', () => {
  const recordedReply = {
    id: '<id 1>',
    state: 'held',
    at: '<now>',
    list: [{ n: 1 }, { n: 2 }],
    start: `<day+9 08:00:00.000Z>`,
  };
  const id = randomUUID();
  const reply = {
    id,
    state: 'held',
    at: new Date().toISOString(),
    list: [{ n: 2 }, { n: 1 }],
    start: at('08:00', 8),
  };
  const compare = (received: Json) => differences(recordedReply, received, new Map());

  test('nothing has changed, or only additions', () => {
    expect(compare(reply)).toEqual([]);
    expect(compare({ ...reply, added: 1 })).toEqual([]);
  });

  test.each<[string, Json]>([
    ['a field is gone', { ...reply, state: undefined as unknown as Json }],
    ['another code', { ...reply, state: 'booked' }],
    ['another type', { ...reply, list: 'none' }],
    ['no time', { ...reply, at: 'soon' }],
    ['no id', { ...reply, id: 'case 1' }],
    ['another planned time', { ...reply, start: at('08:30', 8) }],
    ['an element is gone', { ...reply, list: [{ n: 1 }] }],
    ['an element is another one', { ...reply, list: [{ n: 1 }, { n: 3 }] }],
  ])('%s', (_name, received) => {
    expect(compare(received)).toHaveLength(1);
  });

  test('an id stays the same through the conversation', () => {
    const values: Values = new Map();
    expect(differences('<id 1>', id, values)).toEqual([]);
    expect(differences('<id 1>', randomUUID(), values)).toHaveLength(1);
  });
});

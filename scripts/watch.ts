/** `npm run watch`: follows a board like a console and prints its changes in the terminal. */
import { parseArgs } from 'node:util';
import type { Case } from '@slate/shared/cases';
import type { Change, ChangesBatch } from '@slate/shared/changes';
import type { Resource } from '@slate/shared/resources';
import { protocolVersion } from '@slate/shared/protocol';
import type { FollowReply, Heartbeat } from '@slate/shared/socket-events';
import { io } from 'socket.io-client';
import { demoAccounts } from '../server/src/seed/accounts.ts';
import { createApi } from './api.ts';

const { values } = parseArgs({
  options: {
    url: { type: 'string', default: 'http://127.0.0.1:4680' },
    email: { type: 'string', default: 'diaz@demo.example' },
    password: { type: 'string' },
  },
});
const password = values.password ?? demoAccounts.find(({ email }) => email === values.email)?.password ?? '';

const signedIn = await createApi(values.url).post('/auth/login', { email: values.email, password });
if (signedIn.status !== 200) throw new Error(String(signedIn.body.detail));
const token = String(signedIn.body.accessToken);
const api = createApi(values.url, token);
const [site] = (await api.get('/sites')).body.sites as { id: string; name: string; timeZone: string }[];
if (!site) throw new Error(`${values.email} has no role at any site.`);

const today = new Date().toLocaleDateString('en-CA', { timeZone: site.timeZone });
const board = (await api.get(`/sites/${site.id}/board?date=${today}`)).body as unknown as {
  epoch: string;
  revision: number;
  resources: Resource[];
  cases: Case[];
};
const names = new Map(board.resources.map(({ id, name }) => [id, name]));
let { epoch, revision } = board;

const say = (line: string) => process.stdout.write(`${line}\n`);
const clock = (at: string) =>
  new Date(at).toLocaleString('en-GB', { timeZone: site.timeZone, dateStyle: 'short', timeStyle: 'short' });

say(`${site.name}: ${board.cases.length} cases on ${today}, revision ${revision}. Following; Ctrl+C ends.`);

function print({ revision: at, by, body }: Change) {
  const who = by?.name ?? 'Slate';
  if (body.type !== 'case') {
    say(`${at}  ${who}  ${body.type.replace('_', ' ')}`);
    return;
  }
  const { number, title, roomId, start, state } = body.case;
  const where = roomId && start ? `${names.get(roomId) ?? roomId} ${clock(start)}` : 'depot';
  say(`${at}  ${who}  ${body.cause.replace('_', ' ')}  C-${number} ${title ?? ''}  ${where}  (${state})`);
}

function apply(batch: ChangesBatch) {
  if (batch.to <= revision) return;
  for (const change of batch.changes) if (change.revision > revision) print(change);
  revision = batch.to;
}

const socket = io(values.url, { transports: ['websocket'], auth: { token, protocol: protocolVersion } });
socket.on('connect', () => {
  socket.emit('follow', { siteId: site.id, epoch, revision }, (reply: FollowReply) => {
    if (reply.status === 'following') apply(reply.missed);
    else say(`Not following: ${reply.status}`);
  });
});
socket.on('changes', apply);
socket.on('heartbeat', (beat: Heartbeat) => {
  ({ epoch } = beat);
});
socket.on('disconnect', (reason) => say(`Disconnected: ${reason}`));
socket.on('connect_error', (error) => say(`Not connected: ${error.message}`));

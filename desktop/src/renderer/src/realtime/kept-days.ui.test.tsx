import { desks } from '../../../../test/bridge.ts';
import { answerWith } from '../../../../test/answering.ts';
import type { Answer, SentRequest } from '../../../../test/answering.ts';
import { boardAfter } from '@slate/shared/board-after';
import type { Change } from '@slate/shared/changes';
import type { Board } from '@slate/shared/contract/reads';
import { addDays, localDay } from '@slate/shared/time';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { me, signInAs } from '../../../../test/signed-in.ts';
import { aCase, aResource, at, date, loadBoard, uuid, zone } from '../../../../test/small-board.ts';
import { syncClock, serverInstant } from '../stores/clock.ts';
import { forgetConnection, setLastContact, setConnection } from '../stores/connection.ts';
import { boardStore } from '../stores/board.ts';
import type { BoardView } from '../stores/board.ts';
import { dropDesk, setDesk } from '../stores/desk.ts';
import { readLastBoard } from '../stores/last-board.ts';
import { sessionStore } from '../stores/session.ts';
import { createKeptDays } from './kept-days.ts';

const room = aResource('room', 'OR 1');
const knee = aCase(room, '10:00', 90, { patientRef: 'DEMO-1' });
const tomorrow = aCase(room, '10:00', 60, {
  start: at('10:00', addDays(date, 1)),
  end: at('11:00', addDays(date, 1)),
});
const place = { personId: me.id, siteId: uuid(2) };

let board: Board;
let requests: SentRequest[];
let keptDays: ReturnType<typeof createKeptDays>;
let position: { epoch: string; revision: number };
let answer: () => Answer | Promise<Answer>;

const session = () => sessionStore.getState();
let shown: BoardView | null;
const start = () => createKeptDays(place.siteId, { position: () => position, shown: () => shown });
const advance = (ms: number) => vi.advanceTimersByTimeAsync(ms);
const saved = () => readLastBoard(desks.disk.get(`${place.personId} ${place.siteId}`)?.board ?? '');
const savedBoard = () => saved()?.days?.[0]?.board;
const spyOnSaving = () => vi.spyOn(window.slate ?? desks.bridge, 'saveBoard');
const countLoads = () => requests.filter(({ path }) => path.endsWith('/board')).length;

async function openDesk() {
  const device = await desks.bridge.deskDevice(place);
  const names = { email: 'kraus@example.org', name: me.name, siteName: 'Mercy General' };
  const opened = await desks.bridge.openDesk({
    ...place,
    ...names,
    device,
    secret: 's',
    password: null,
    offlineHours: 72,
  });
  if (opened.result === 'opened') setDesk(opened.desk);
}

let revision = 1;
const aChange = (minutes: number): Change => ({
  revision: (revision += 1),
  at: at('06:00'),
  by: null,
  body: { type: 'case', cause: 'changed', case: { ...knee, minutes } },
});

beforeEach(async () => {
  vi.useFakeTimers({ now: new Date(at('06:00')) });
  signInAs('coordinator');
  shown = null;
  const view = loadBoard({ resources: [room], cases: [knee, tomorrow] });
  board = { ...view.board, range: localDay(date, zone, 7) };
  revision = board.revision;
  position = { epoch: board.epoch, revision: board.revision };
  answer = () => ({ status: 200, body: board });
  requests = answerWith(() => answer());
  for (let times = 0; times < 6; times += 1) syncClock(at('06:00'));
  setLastContact(Date.parse(at('06:00')));
  setConnection({ status: 'live', lagMs: 0 });
  desks.clear();
  await openDesk();
  keptDays = start();
});
afterEach(() => {
  keptDays.stop();
  dropDesk();
  forgetConnection();
  vi.useRealTimers();
});

test('DK10 the next seven days are loaded once and saved, with the person and the site', async () => {
  await advance(1_500);
  expect(countLoads()).toBe(1);
  const contents = saved();
  expect(contents?.me).toEqual(session().status === 'signed_in' && (session() as { me: unknown }).me);
  expect(contents?.site.id).toBe(place.siteId);
  expect(contents?.days).toHaveLength(1);
  expect(contents?.days?.[0]).toMatchObject({ date, days: 7 });
  expect({ ...savedBoard(), at: board.at }).toEqual(board);
  await advance(600_000);
  expect(countLoads()).toBe(1);
});

test('DK10 the feed updates the saved board, at most every five seconds', async () => {
  await advance(1_500);
  const save = spyOnSaving();
  let expected = board;
  for (let minutes = 100; minutes < 300; minutes += 1) {
    const change = aChange(minutes);
    expected = boardAfter(expected, change.body);
    keptDays.add([change]);
    await advance(100);
  }
  await advance(5_000);
  expect(countLoads()).toBe(1);
  expect(savedBoard()?.cases).toEqual(expected.cases);
  expect(savedBoard()?.revision).toBe(revision);
  // 20 seconds of changes and five after them.
  expect(save.mock.calls.length).toBeLessThanOrEqual(5);
  expect(save.mock.calls.length).toBeGreaterThanOrEqual(4);
  save.mockRestore();
});

test('DK10 a lost connection saves the board with the time of the last contact', async () => {
  await advance(1_500);
  keptDays.add([aChange(45)]);
  const lastContactAt = Date.parse(serverInstant());
  setLastContact(lastContactAt);
  await advance(20_000);
  keptDays.add([aChange(50)]);
  setConnection({ status: 'reconnecting', since: lastContactAt });
  await advance(0);
  expect(savedBoard()?.cases[0]?.minutes).toBe(50);
  expect(savedBoard()?.at).toBe(new Date(lastContactAt).toISOString());
  // After reconnecting, its time stays until the missed changes have arrived.
  setLastContact(Date.parse(serverInstant()));
  setConnection({ status: 'catching_up' });
  keptDays.stop();
  expect(keptDays.of(date, 1)?.at).toBe(new Date(lastContactAt).toISOString());
});

test('DK10 the shown day is saved if the connection is lost before the week is loaded', async () => {
  shown = boardStore.getState().view;
  setConnection({ status: 'reconnecting', since: Date.parse(at('06:00')) });
  await advance(0);
  expect(saved()?.days).toMatchObject([
    { date, days: 1, board: { cases: [{ id: knee.id }, { id: tomorrow.id }] } },
  ]);
});

test('DK10 the last change is saved when the person leaves', async () => {
  await advance(7_000);
  keptDays.add([aChange(45)]);
  keptDays.stop();
  await advance(0);
  expect(savedBoard()?.cases[0]?.minutes).toBe(45);
});

test('DK10 the next day is loaded after midnight', async () => {
  await advance(1_500);
  vi.setSystemTime(Date.now() + 24 * 3_600_000);
  for (let times = 0; times < 6; times += 1) syncClock(at('06:00', addDays(date, 1)));
  await advance(15_000);
  expect(countLoads()).toBe(2);
  expect(saved()?.days?.[0]?.date).toBe(addDays(date, 1));
});

test('DK10 a board that the feed cannot continue from is discarded and loaded again', async () => {
  const older = board;
  position = { ...position, revision: 5 };
  await advance(1_500);
  expect(keptDays.of(date, 1)).toBeUndefined();
  board = { ...older, revision: 5 };
  await advance(15_000);
  expect(keptDays.of(date, 1)?.revision).toBe(5);
  expect(countLoads()).toBe(2);
});

test('DK10 changes that arrive while the board loads are applied once', async () => {
  const { promise, resolve } = Promise.withResolvers<Answer>();
  answer = () => promise;
  await advance(1_500);
  const [included, later] = [aChange(40), aChange(41)];
  keptDays.add([included, later]);
  const reply = boardAfter(board, included.body);
  resolve({ status: 200, body: { ...reply, revision: included.revision } });
  await advance(1_000);
  expect(keptDays.of(date, 1)?.cases[0]?.minutes).toBe(41);
});

test('DK10 nothing is loaded or saved without a desk', async () => {
  keptDays.stop();
  dropDesk();
  keptDays = start();
  await advance(10_000);
  keptDays.add([aChange(45)]);
  expect(countLoads()).toBe(0);
  expect(keptDays.of(date, 1)).toBeUndefined();
});

test('DK11 each saved day can be shown alone', async () => {
  await advance(1_500);
  const titles = (day: string, days = 1) => keptDays.of(day, days)?.cases.map(({ title }) => title);
  expect(titles(date)).toEqual([knee.title]);
  expect(titles(addDays(date, 1))).toEqual([tomorrow.title]);
  expect(titles(date, 7)).toEqual([knee.title, tomorrow.title]);
  expect(titles(addDays(date, 7))).toBeUndefined();
  expect(titles(addDays(date, 1), 7)).toBeUndefined();
  expect(titles(addDays(date, -1))).toBeUndefined();
});

test('DK12 the board is deleted at the desk when access ends', async () => {
  await advance(1_500);
  expect(savedBoard()?.cases).toHaveLength(2);
  keptDays.clear();
  await advance(0);
  expect(saved()?.days).toEqual([]);
  keptDays.stop();
  await advance(0);
  expect(saved()?.days).toEqual([]);
});

test('DK12 the board is deleted even if it is being saved when access ends', async () => {
  const { promise: disk, resolve: finish } = Promise.withResolvers<void>();
  const { saveBoard } = desks.bridge;
  const slow = spyOnSaving().mockImplementation(async (text) => {
    await disk;
    await saveBoard(text);
  });
  await advance(1_500);
  expect(slow).toHaveBeenCalled();
  keptDays.clear();
  finish();
  await advance(0);
  slow.mockRestore();
  expect(saved()?.days).toEqual([]);
});

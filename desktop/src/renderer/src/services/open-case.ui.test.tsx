import '../../../../test/bridge.ts';
import { answerWith } from '../../../../test/answering.ts';
import { refused } from '../../../../test/refused.ts';
import type { Answer, SentRequest } from '../../../../test/answering.ts';
import type { Case } from '@slate/shared/cases';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { aCase, aResource, at, date, loadBoard } from '../../../../test/small-board.ts';
import { lockNow, signInAs, someoneElseSignsIn } from '../../../../test/signed-in.ts';
import { connectClient } from '../api/client.ts';
import { cursorStore, resetCursor } from '../stores/cursor.ts';
import { sessionStore } from '../stores/session.ts';
import { toastStore } from '../stores/toasts.ts';
import { goToDate, setInspectorOpen, select, showScreen, viewStore } from '../stores/view.ts';
import { openCase, openCasesOnRequest } from './open-case.ts';

const room = aResource('room', 'OR 1');
const knee = aCase(room, '08:00', 60);
const caseOfAnotherDay = aCase(room, '08:00', 60, {
  start: at('08:00', '2026-11-24'),
  end: at('09:00', '2026-11-24'),
});
const depotCase = {
  ...aCase(room, '08:00', 60),
  state: 'depot',
  roomId: null,
  start: null,
  end: null,
} as Case;

let answer: Answer;
let requests: SentRequest[];
let stop: () => void;

beforeEach(() => {
  requests = answerWith(() => answer);
  connectClient({
    server: 'https://slate.example.org',
    token: () => Promise.resolve('t'),
    tokenRefused: () => {},
  });
  signInAs('coordinator');
  loadBoard({ resources: [room], cases: [knee] });
  goToDate(date);
  showScreen('day');
  select(null);
  setInspectorOpen(false);
  resetCursor();
  toastStore.setState({ toasts: [] });
  stop = openCasesOnRequest();
});
afterEach(() => {
  stop();
  sessionStore.setState({ status: 'signed_out', endReason: null }, true);
});
const caseReply = (item: Case) => ({ status: 200, body: { case: item, history: [] } });
const toasts = () => toastStore.getState().toasts.map(({ text }) => text);

test('a case of the displayed day is selected without a request', async () => {
  showScreen('figures');
  await openCase(knee.id);
  expect(viewStore.getState()).toMatchObject({
    screen: 'day',
    date,
    selectedId: knee.id,
    isInspectorOpen: true,
  });
  expect(cursorStore.getState()).toMatchObject({ caseId: knee.id, roomId: room.id });
  expect(requests).toEqual([]);
});

test('a case of another day opens that day, and the cursor follows when it is shown', async () => {
  answer = caseReply(caseOfAnotherDay);
  await openCase(caseOfAnotherDay.id);
  expect(viewStore.getState()).toMatchObject({ date: '2026-11-24', selectedId: caseOfAnotherDay.id });
  expect(cursorStore.getState().caseId).toBeNull();
  loadBoard({ resources: [room], cases: [caseOfAnotherDay] }, '2026-11-24');
  expect(cursorStore.getState()).toMatchObject({ caseId: caseOfAnotherDay.id, at: caseOfAnotherDay.start });
});

test('RE9 a case of the day before that the board has opens its own day', async () => {
  const yesterday = '2026-11-19';
  const afternoon = aCase(room, '15:00', 60, {
    start: at('15:00', yesterday),
    end: at('16:00', yesterday),
  });
  loadBoard({ resources: [room], cases: [afternoon] });
  answer = caseReply(afternoon);
  await openCase(afternoon.id);
  expect(viewStore.getState()).toMatchObject({ date: yesterday, selectedId: afternoon.id });
  expect(cursorStore.getState().caseId).toBeNull();
});

test('a case without a time opens in the depot', async () => {
  answer = caseReply(depotCase);
  viewStore.setState({ isDepotOpen: false });
  await openCase(depotCase.id);
  expect(viewStore.getState()).toMatchObject({ date, selectedId: depotCase.id, isDepotOpen: true });
});

test('a link waits for the sign-in, and opens once', async () => {
  sessionStore.setState({ status: 'signed_out', endReason: null }, true);
  await openCase(knee.id);
  expect(viewStore.getState().selectedId).toBeNull();
  signInAs('coordinator');
  await expect.poll(() => viewStore.getState().selectedId).toBe(knee.id);
  select(null);
  sessionStore.setState({ status: 'signed_out', endReason: null }, true);
  signInAs('coordinator');
  expect(viewStore.getState().selectedId).toBeNull();
});

test.each([
  ['a lock', lockNow],
  ['a switch to another person', someoneElseSignsIn],
])('a case that arrives after %s is not opened', async (_what, happens) => {
  answer = caseReply(caseOfAnotherDay);
  const done = openCase(caseOfAnotherDay.id);
  happens();
  await done;
  expect(viewStore.getState()).toMatchObject({ date, selectedId: null });
});

test.each([
  ['not at this site', refused('not_found', 404), 'isn’t at this site'],
  ['not accessible to me', refused('forbidden', 403), 'don’t have access'],
  ['temporarily unavailable', refused('unavailable', 503), 'again in a moment'],
  ['requested without a reply', 'unreachable', 'No reply'],
] as const)('a toast reports a case that is %s, and the view stays as it is', async (_why, reply, words) => {
  answer = reply;
  await openCase(caseOfAnotherDay.id);
  expect(toasts()).toHaveLength(1);
  expect(toasts()[0]).toContain(words);
  expect(viewStore.getState()).toMatchObject({ date, selectedId: null, isInspectorOpen: false });
});

import '../../../../test/bridge.ts';
import { answerWith } from '../../../../test/answering.ts';
import type { SentRequest } from '../../../../test/answering.ts';
import type { Board } from '@slate/shared/contract/reads';
import { addDays, localDay } from '@slate/shared/time';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { signInAs } from '../../../../test/signed-in.ts';
import { feed } from '../../../../test/silent-feed.ts';
import { aCase, aResource, at, date, loadBoard, zone } from '../../../../test/small-board.ts';
import { boardStore } from '../stores/board.ts';
import { connectionStore } from '../stores/connection.ts';
import { boardAsOf } from '../stores/cut-off.ts';
import { forgetLastBoard, showLastBoard } from '../stores/last-board.ts';
import { enterWithoutServer, sessionStore } from '../stores/session.ts';
import { goToDate } from '../stores/view.ts';
import { followSite } from './current-feed.ts';
import { createBoardLoader } from './board-loader.ts';
import { clearBoard } from './write-board.ts';

vi.mock('./feed.ts', () => import('../../../../test/silent-feed.ts'));

const room = aResource('room', 'OR 1');
const knee = aCase(room, '10:00', 90);

let board: Board;
let requests: SentRequest[];
let stop = () => {};

/** Signs in without the server. Returns a function that signs in with it. */
function enter(days: Parameters<typeof showLastBoard>[0]['days']) {
  signInAs('coordinator');
  const session = sessionStore.getState();
  if (session.status !== 'signed_in') throw new Error('Nobody is signed in.');
  const { me, site } = session;
  sessionStore.setState({ status: 'locked', person: me }, true);
  showLastBoard({ me, site, days });
  enterWithoutServer(me, site);
  return () => sessionStore.setState({ status: 'signed_in', me, site }, true);
}

beforeEach(() => {
  requests = answerWith(() => 'unreachable');
  const view = loadBoard({ resources: [room], cases: [knee] });
  board = { ...view.board, at: at('09:42'), range: localDay(date, zone, 7) };
  clearBoard();
  feed.retry.mockClear();
});
afterEach(() => {
  stop();
  forgetLastBoard();
  sessionStore.setState({ status: 'signed_out', endReason: null }, true);
});

const handlers = { position: () => null, loaded: () => {}, accessDenied: () => {} };
const boardState = () => boardStore.getState();

test('DK11 the saved days are shown without the server and without a request', () => {
  enter([{ date, days: 7, board }]);
  const loader = createBoardLoader(board.site.id, handlers);
  stop = () => loader.stop();
  loader.show(date, 1);
  expect(boardState()).toMatchObject({ isStale: true, failure: null, view: { date, days: 1 } });
  expect(boardState().view?.cases.get(knee.id)).toEqual(knee);
  expect(boardState().view?.board.at).toBe(at('09:42'));
  loader.show(addDays(date, 3), 1);
  expect(boardState().view?.cases.size).toBe(0);
  loader.show(date, 7);
  expect(boardState().view?.days).toBe(7);
  expect(requests).toEqual([]);
});

test.each([
  ['a day that was not saved', addDays(date, 7), 'saved', 'not_saved'],
  ['a saved board that cannot be read', date, 'damaged', 'not_readable'],
] as const)('DK11 the board has a failure for %s', (_what, day, state, failure) => {
  enter(state === 'saved' ? [{ date, days: 7, board }] : null);
  const loader = createBoardLoader(board.site.id, handlers);
  stop = () => loader.stop();
  loader.show(day, 1);
  expect(boardState()).toEqual({ view: null, isStale: false, failure });
  expect(requests).toEqual([]);
});

test('DK3 the session is offline since the time of the saved board', () => {
  stop = followSite();
  goToDate(date);
  const confirm = enter([{ date, days: 7, board }]);
  expect(connectionStore.getState().connection).toEqual({
    status: 'offline',
    since: Date.parse(at('09:42')),
  });
  expect(boardAsOf()).toBeNull();
  // DK6: once the password is accepted, it connects without waiting for the next attempt.
  expect(feed.retry).not.toHaveBeenCalled();
  const { stop: stopFeed } = feed;
  stopFeed.mockClear();
  confirm();
  expect(feed.retry).toHaveBeenCalledOnce();
  expect(stopFeed).not.toHaveBeenCalled();
});

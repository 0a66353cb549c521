// Import this before anything that sends requests.
import { answerWith } from './answering.ts';
import { refused } from './refused.ts';
import type { Answer, SentRequest } from './answering.ts';
import { changeNeeds, draftCase, placedAt } from '@slate/shared/case-draft';
import type { Board } from '@slate/shared/contract/reads';
import { stateAfter } from '@slate/shared/case-state';
import type { Milestone } from '@slate/shared/case-state';
import type { Case, PlacedCase } from '@slate/shared/cases';
import type { Blocker } from '@slate/shared/errors';
import type { CaseCause } from '@slate/shared/changes';
import { act } from '@testing-library/react';
import { addDays, localDay, resolvePlanned } from '@slate/shared/time';
import { applyChanges } from '../src/renderer/src/realtime/write-board.ts';
import { boardStore } from '../src/renderer/src/stores/board.ts';
import { syncClock } from '../src/renderer/src/stores/clock.ts';
import { intentStore } from '../src/renderer/src/stores/intents.ts';
import { forgetUnsavedQueue } from '../src/renderer/src/stores/queue.ts';
import { closeAllDialogs } from '../src/renderer/src/stores/dialogs.ts';
import { forgetDrafts } from '../src/renderer/src/stores/drafts.ts';
import { forgetMessages } from '../src/renderer/src/stores/forget.ts';
import { forgetUndo } from '../src/renderer/src/stores/undo.ts';
import { goToDate, select } from '../src/renderer/src/stores/view.ts';
import { me } from './signed-in.ts';
import { date, loadBoard, setClock, uuid, zone } from './small-board.ts';

const atSite: Record<string, string> = { cases: 'add', holds: 'hold', moves: 'moves', swaps: 'swap' };

type Body = Partial<Case> & { to?: string; milestone?: string; at?: string | null; version?: number };
/** A sent command: its name, its case and its body. */
type Sent = { command: string; caseId: string | undefined; body: Body };

/** A fake server for forms and commands: it executes commands, checks versions and updates the board. */
export function openFakeHospital(board: Partial<Board>) {
  for (const forget of [forgetDrafts, forgetUndo, forgetMessages, closeAllDialogs]) forget();
  intentStore.setState({ intents: [] });
  forgetUnsavedQueue();
  select(null);
  goToDate(date);
  const view = loadBoard(board);
  setClock(view.board.at);
  const { site, procedures, resources } = view.board;
  const cases = new Map([...view.board.cases, ...view.board.depot].map((item) => [item.id, item]));
  const sent: Sent[] = [];
  const answers: Answer[] = [];
  const taken: Blocker[] = [];
  let [lastNumber, revision, now] = [5000, 1, view.board.at];

  /** Applies a change like the feed. */
  const applyChange = (item: Case, cause: CaseCause) => {
    cases.set(item.id, item);
    revision += 1;
    const change = { revision, at: now, by: me, body: { type: 'case', cause, case: item } } as const;
    act(() => applyChanges([change], revision, now));
  };
  const done = (item: Case, cause: CaseCause, status = 200, more: object = {}): Answer => {
    applyChange(item, cause);
    return { status, body: { case: item, revision, ...more } };
  };
  const nowPlus = (seconds: number) => new Date(Date.parse(now) + seconds * 1000).toISOString();
  const asHeld = (item: Case): Case => ({
    ...item,
    state: 'held',
    holder: me,
    heldSince: now,
    expiresAt: nowPlus(site.settings.holdSeconds),
  });
  const asBooked = (item: Case, booking = 'scheduled'): Case => ({
    ...item,
    state: booking === 'confirmed' ? 'confirmed' : 'scheduled',
    holder: null,
    expiresAt: null,
  });
  const placedAs = (item: Case, body: Body) => {
    const resolved = resolvePlanned(body.start ?? '', zone);
    const start = resolved.kind === 'instant' ? resolved.at : null;
    return placedAt({ ...item, minutes: body.minutes ?? item.minutes }, body.roomId ?? null, start);
  };
  const defaultsFor = (body: Body, item: Case | null) => ({
    procedure: procedures.find(({ id }) => id === (body.procedureId ?? item?.procedureId)) ?? null,
    room: resources.find(({ id }) => id === (body.roomId ?? item?.roomId)) ?? null,
    surgeon: null,
    settings: site.settings,
  });

  function hold(body: Body): Answer {
    const id = uuid((lastNumber += 1));
    const draft = { ...draftCase(body, defaultsFor(body, null)), id, number: lastNumber, createdBy: me.id };
    const item: Case = { ...draft, overrideReason: body.overrideReason ?? null };
    return done(asHeld(placedAs(item, body)), 'held', 201);
  }

  function add(body: Body): Answer {
    const id = uuid((lastNumber += 1));
    const draft = { ...draftCase(body, defaultsFor(body, null)), id, number: lastNumber, createdBy: me.id };
    return done({ ...draft, state: 'depot' }, 'added', 201);
  }

  function executeOnCase(item: Case, command: string, body: Body): Answer {
    if (body.version !== undefined && body.version !== item.version) return refused('stale_version', 412);
    const next = { ...item, version: item.version + 1 };
    const free = { roomId: null, start: null, end: null, holder: null, expiresAt: null };
    const overrideReason = body.overrideReason ?? null;
    const { version: _, overrideReason: __, ...fields } = body;
    switch (command) {
      case 'change': {
        const { to: booking, roomId, start, ...needs } = fields;
        const isMoved = start !== undefined;
        const moved = isMoved ? placedAs(next, { roomId: roomId ?? item.roomId, start }) : next;
        const changed = {
          ...changeNeeds(moved, needs, defaultsFor(body, item)),
          ...(isMoved && { overrideReason }),
        };
        if (booking === undefined) return done(changed, isMoved ? 'moved' : 'changed');
        return done(asBooked(changed, booking), 'booked');
      }
      case 'move':
        return done({ ...placedAs(next, body), overrideReason }, 'moved');
      case 'place': {
        const placed = { ...placedAs(next, body), overrideReason };
        if (body.to !== undefined) return done(asBooked(placed, body.to), 'booked');
        return done(asHeld(placed), 'held');
      }
      case 'bump':
        return done({ ...next, ...free, state: 'depot', reason: body.reason ?? null }, 'bumped');
      case 'confirm':
        return done(asBooked(next, body.to), 'booked');
      case 'release':
        return done({ ...next, state: 'released' }, 'released');
      case 'extend':
        return done({ ...next, expiresAt: nowPlus(240) }, 'extended');
      case 'takeover':
        return done(asHeld(next), 'taken_over');
      case 'cancel':
        return done({ ...next, state: 'cancelled', reason: body.reason ?? null }, 'cancelled');
      case 'milestones': {
        const { [body.milestone as Milestone]: before, ...others } = item.milestones;
        if (body.at === null && before === undefined) return refused('validation', 400);
        const facts = body.at ? { ...others, [body.milestone ?? '']: body.at } : others;
        const state = stateAfter(item.state, facts);
        return done({ ...next, milestones: facts, state }, 'milestone', 200, { taken });
      }
      default:
        return refused('internal', 500);
    }
  }

  function move(body: {
    moves: { caseId: string; version: number; roomId: string; start: string }[];
  }): Answer {
    const moved = body.moves.flatMap(({ caseId, ...place }) => {
      const item = cases.get(caseId);
      return item?.version === place.version ? [{ ...placedAs(item, place), version: item.version + 1 }] : [];
    });
    if (moved.length < body.moves.length) return refused('stale_version', 412);
    for (const item of moved) applyChange(item, 'moved');
    return { status: 200, body: { cases: moved, revision } };
  }

  function swap(body: { first: { caseId: string }; second: { caseId: string } }): Answer {
    const pair = [cases.get(body.first.caseId), cases.get(body.second.caseId)] as PlacedCase[];
    const [first, second] = pair;
    if (!first || !second) return refused('not_found', 404);
    const moved = [
      placedAt({ ...first, version: first.version + 1 }, second.roomId, second.start),
      placedAt({ ...second, version: second.version + 1 }, first.roomId, first.start),
    ];
    for (const item of moved) applyChange(item, 'moved');
    return { status: 200, body: { cases: moved, revision } };
  }

  const history = new Map<string, unknown[]>();
  answerWith(({ path, body }: SentRequest): Answer => {
    if (path.endsWith('/board')) {
      const range = localDay(addDays(date, -7), zone, 14);
      return { status: 200, body: { ...view.board, range, at: now, revision, cases: [...cases.values()] } };
    }
    if (path.endsWith('/devices')) {
      const { id } = body as { id: string };
      return { status: 200, body: { id, secret: '', position: sent.length } };
    }
    const [, caseId, name] = /\/cases\/([^/]+)(?:\/(\w+))?$/.exec(path) ?? [];
    const item = caseId === undefined ? undefined : cases.get(caseId);
    if (body === undefined && name === undefined) {
      const prepared = answers.shift();
      return prepared ?? { status: 200, body: { case: item, history: history.get(caseId ?? '') ?? [] } };
    }
    const command = name ?? atSite[path.slice(path.lastIndexOf('/') + 1)] ?? 'change';
    sent.push({ command, caseId, body: body ?? {} });
    const answer = answers.shift();
    if (answer) return answer;
    if (command === 'hold') return hold(body ?? {});
    if (command === 'add') return add(body ?? {});
    if (command === 'moves') return move(body as Parameters<typeof move>[0]);
    if (command === 'swap') return swap(body as Parameters<typeof swap>[0]);
    return item ? executeOnCase(item, command, body ?? {}) : refused('not_found', 404);
  });

  return {
    sent,
    /** Prepared answers for the next requests; they are not executed. */
    answers,
    history,
    /** The `taken` of every answer to a milestone. */
    taken,
    case: (id: string) => cases.get(id),
    /** A change by another person. */
    changeByOthers: (id: string, change: Partial<Case>, cause: CaseCause = 'changed') => {
      const item = cases.get(id);
      if (!item) throw new Error('There is no such case.');
      applyChange({ ...item, version: item.version + 1, ...change }, cause);
    },
    /** Advances the server's clock. */
    advance: (seconds: number) => {
      now = nowPlus(seconds);
      act(() => void syncClock(now));
    },
    isOnBoard: (id: string) => boardStore.getState().view?.cases.has(id),
  };
}

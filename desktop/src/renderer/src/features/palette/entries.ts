import type { CaseState } from '@slate/shared/case-state';
import { isPlaced } from '@slate/shared/cases';
import type { Case, PlacedCase } from '@slate/shared/cases';
import type { Resource } from '@slate/shared/resources';
import type { Action } from '../../actions/action.ts';
import { currentCase, spotNow, focusCase } from '../../board/focus.ts';
import { isCaseAction } from '../../actions/case-actions.ts';
import { nearestCase, spotOnCase } from '../../board/cursor-moves.ts';
import { goTo, goToCase } from '../../actions/cursor.ts';
import { actions } from '../../actions/table.ts';
import { shownCases, shownTime } from '../../preview/collisions.ts';
import { nameIn } from '../../stores/board.ts';
import type { BoardView } from '../../stores/board.ts';
import { onStep, serverInstant } from '../../stores/clock.ts';
import { undoStore } from '../../stores/undo.ts';
import { goToDate, setDepotOpen, showScreen, viewStore } from '../../stores/view.ts';
import { otherNames } from '../../words/actions.ts';
import { nameOfCase, numberOf } from '../../words/cases.ts';
import { paletteWords as words } from '../../words/palette.ts';
import { timeOf } from '../../words/time.ts';
import { dot, plainEntry } from './entry.ts';
import type { Entry, Group } from './entry.ts';
import { best } from './matching.ts';
import { fitsAll } from './phrase/names.ts';
import type { Phrase } from './phrase/phrase.ts';
import { compact, correctionFor, wordsOf } from './phrase/words.ts';

export type WhichCase = Pick<Phrase, 'about' | 'surgeons' | 'rooms' | 'clock' | 'number' | 'rest'>;

const closedStates: readonly CaseState[] = ['completed', 'expired', 'released', 'cancelled', 'voided'];

/**
 * Whether the phrase names a case. Unknown words count too, because they may name one; then the
 * current case is not meant.
 */
export const namesCase = (which: WhichCase) => which.rest.length > 0 || isUnderstood(which);

const isUnderstood = ({ about, surgeons, rooms, clock, number }: WhichCase) =>
  about.length > 0 || surgeons.length > 0 || rooms.length > 0 || clock !== null || number !== null;

/** Returns the time of day at which the board shows a case. */
export const shownClock = (view: BoardView, item: PlacedCase): string =>
  timeOf((shownTime(view, item, onStep(15_000)) ?? item).start, view.board.site.timeZone);

/** Returns the cases that a phrase may mean, sorted by time; depot cases come last. */
export function matchingCases(view: BoardView, which: WhichCase): Case[] {
  const { about, surgeons, rooms, clock, number } = which;
  if (!isUnderstood(which)) return [];
  const isNamed = (all: readonly { id: string }[], id: string | null) =>
    all.length === 0 || all.some((each) => each.id === id);
  const isAt = (item: Case, time: string) => isPlaced(item) && shownClock(view, item) === time;
  return shownCases(view)
    .filter(
      (item) =>
        !closedStates.includes(item.state) &&
        (number === null || item.number === number) &&
        isNamed(surgeons, item.surgeonId) &&
        isNamed(rooms, item.roomId) &&
        (clock === null || isAt(item, clock.time) || (clock.other !== null && isAt(item, clock.other))) &&
        fitsAll(about, nameOfCase(item)),
    )
    .toSorted((a, b) => ((a.start ?? '~') < (b.start ?? '~') ? -1 : 1));
}

function asEntry(action: Action): Entry {
  const { id, name, keys, run, changes } = action;
  const item = isCaseAction(action) ? currentCase() : null;
  const last = id === 'undo' ? undoStore.getState().steps.at(-1) : undefined;
  return {
    ...plainEntry,
    id: `action-${id}`,
    label: [name],
    detail: item ? nameOfCase(item) : (last?.label ?? null),
    keys: keys[0] ?? null,
    ...(changes && { changes }),
    run: () => run(keys[0] ?? ''),
  };
}

/** The most common actions, listed before anything is typed. */
const usual = ['hold', 'openings', 'today', 'now', 'week', 'print', 'undo', 'keys'];
/** Never the first entry, which Enter runs. */
const onlyWhenTyped = ['void', 'paste', 'swap'];

const possibleNow = () => actions.filter((action) => !action.isKeyOnly && action.isPossible?.() !== false);

export const actionEntries = (typed: string): Entry[] =>
  typed.trim() === ''
    ? usual.flatMap((id) => possibleNow().find((action) => action.id === id) ?? []).map(asEntry)
    : best(typed, possibleNow(), ({ name }) => name, 5).map(asEntry);

const idByName = new Map(
  actions.flatMap(({ id, name }) =>
    [name, ...(otherNames[id as keyof typeof otherNames] ?? [])].map((text) => [compact(text), id] as const),
  ),
);
/** Words before the name of an action that do not change its meaning. */
const leadIn = /^(?:(?:please|show me|show|open|go to|turn on|switch to|use|the|my|a)\s+)+/;

/** Returns the action that has the whole text as a name: "log out", "show the wall board". */
export function actionNamed(typed: string): Entry[] {
  const text = wordsOf(typed).join(' ');
  const texts = [text, text.replace(leadIn, '')].map(compact);
  const names = new Set(idByName.keys());
  const id = texts
    .map((each) => idByName.get(each) ?? idByName.get(correctionFor(each, names) ?? ''))
    .find(Boolean);
  return possibleNow()
    .filter((action) => action.id === id)
    .map(asEntry);
}

/** Returns the actions for the current case, in a group with its name. */
export function groupOfCase(): Group | null {
  const item = currentCase();
  if (!item) return null;
  const entries = possibleNow()
    .filter((action) => isCaseAction(action) && !onlyWhenTyped.includes(action.id))
    .map((action) => ({ ...asEntry(action), detail: null }));
  return { id: 'case', name: nameOfCase(item), entries };
}

export function caseEntries(view: BoardView, typed: string, phrase: Phrase): Entry[] {
  const textOf = (item: Case) =>
    [
      nameOfCase(item),
      numberOf(item),
      nameIn(view, item.surgeonId),
      nameIn(view, item.roomId),
      item.patientRef ?? '',
    ].join(' ');
  const byTime = shownCases(view).toSorted((a, b) => ((a.start ?? '~') < (b.start ?? '~') ? -1 : 1));
  const found = best(typed, byTime, textOf, 5);
  const byName = phrase.unknown.length === 0 ? matchingCases(view, phrase) : [];
  return (found.length > 0 ? found : byName).slice(0, 5).map((item) => caseEntry(view, item));
}

function caseEntry(view: BoardView, item: Case): Entry {
  return {
    ...plainEntry,
    id: `case-${item.id}`,
    label: [nameOfCase(item)],
    detail: [
      isPlaced(item) && item.state !== 'depot'
        ? `${nameIn(view, item.roomId)} ${shownClock(view, item)}`
        : words.inDepot,
      nameIn(view, item.surgeonId),
      numberOf(item),
    ]
      .filter((part) => part !== '')
      .join(dot),
    ...(item.state !== 'depot' && { isOnBoard: true }),
    run: () => {
      if (item.state === 'depot') {
        setDepotOpen(true);
        // The palette must close first.
        requestAnimationFrame(() => focusCase(item.id));
      } else showBoard();
      goToCase(item.id);
    },
  };
}

/** Shows the board, unless it is already shown. */
function showBoard() {
  if (!['day', 'week'].includes(viewStore.getState().screen)) showScreen('day');
}

/** Returns days, rooms and surgeons by name. */
export function placeEntries(view: BoardView, typed: string, phrase: Phrase): Entry[] {
  const rooms = phrase.rooms.length > 0 ? phrase.rooms : best(typed, view.rooms, ({ name }) => name, 4);
  const all = [...view.resources.values()].filter(({ kind, active }) => kind === 'surgeon' && active);
  const surgeons = phrase.surgeons.length > 0 ? phrase.surgeons : best(typed, all, ({ name }) => name, 3);
  return [
    ...(phrase.date === null ? [] : [dayEntry(phrase.date)]),
    ...rooms.slice(0, 4).map((room) => roomEntry(view, room)),
    ...surgeons.slice(0, 3).map((surgeon) => surgeonEntry(view, surgeon)),
  ];
}

/** Returns the places of a phrase that only asks to see something. */
export function goEntries(view: BoardView, phrase: Phrase): Entry[] {
  const isCase = phrase.about.length > 0 || phrase.number !== null;
  return [
    ...(phrase.date === null ? [] : [dayEntry(phrase.date)]),
    ...(isCase ? matchingCases(view, phrase).map((item) => caseEntry(view, item)) : []),
    ...(isCase ? [] : phrase.rooms.map((room) => roomEntry(view, room))),
    ...(isCase ? [] : phrase.surgeons.map((surgeon) => surgeonEntry(view, surgeon))),
  ];
}

const dayEntry = (day: string): Entry => ({
  ...plainEntry,
  id: `day-${day}`,
  label: [words.goTo(words.day(day))],
  run: () => goToDate(day),
});

const roomEntry = (view: BoardView, room: Resource): Entry => ({
  ...plainEntry,
  id: `room-${room.id}`,
  label: [words.goTo(room.name)],
  isOnBoard: true,
  run: () => goToRoom(view, room.id),
});

/** Returns an entry that goes to the surgeon's current or next case. */
function surgeonEntry(view: BoardView, surgeon: Resource): Entry {
  const theirs = shownCases(view)
    .filter(({ surgeonId, start }) => surgeonId === surgeon.id && start !== null)
    .toSorted((a, b) => ((a.start ?? '') < (b.start ?? '') ? -1 : 1));
  const now = serverInstant();
  const next = theirs.find(({ end }) => (end ?? '') > now) ?? theirs.at(-1);
  return {
    ...plainEntry,
    id: `surgeon-${surgeon.id}`,
    label: [words.goTo(words.surgeon(surgeon.name))],
    detail: words.casesOfSurgeon(theirs.length),
    isOnBoard: true,
    run:
      next === undefined
        ? null
        : () => {
            showBoard();
            goToCase(next.id);
          },
  };
}

function goToRoom(view: BoardView, roomId: string) {
  showBoard();
  const at = spotNow()?.at ?? view.board.range.start;
  const item = nearestCase(view, roomId, at);
  goTo(item ? spotOnCase(item) : { mode: 'case', caseId: null, roomId, at, minutes: null });
}

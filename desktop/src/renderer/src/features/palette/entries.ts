import { isPlaced } from '@slate/shared/cases';
import type { Case } from '@slate/shared/cases';
import { addMinutes, localDateOf } from '@slate/shared/time';
import type { Opening } from '@slate/shared/board';
import type { Resource } from '@slate/shared/resources';
import { focusCase } from '../../board/board-focus.ts';
import { caseAtHand, spotNow } from '../../board/focus.ts';
import type { Action } from '../../actions/action.ts';
import { isCaseAction } from '../../actions/case-actions.ts';
import { goTo, goToCase } from '../../actions/cursor.ts';
import { nearestCase, onCase } from '../../board/cursor-moves.ts';
import { actions } from '../../actions/table.ts';
import { holdAt } from '../../commands/hold.ts';
import type { Asker } from '../../preview/verdict.ts';
import { nameIn } from '../../stores/board.ts';
import type { BoardView } from '../../stores/board.ts';
import { serverInstant } from '../../stores/clock.ts';
import { undoStore } from '../../stores/undo.ts';
import { goToDate, openDepot, showScreen, viewStore } from '../../stores/view.ts';
import { alsoSaid } from '../../words/actions.ts';
import { nameOfCase, numberOf, urgencyWords } from '../../words/cases.ts';
import { paletteWords as words } from '../../words/palette.ts';
import { timeOf } from '../../words/time.ts';
import { best } from './matching.ts';
import { compact, misspelled, wordsOf } from './phrase/words.ts';
import type { Phrase } from './phrase/phrase.ts';
import { detailsOf, judgedHold } from './intents/proposals.ts';
import type { Proposal } from './intents/proposals.ts';
import { casesSaid } from './phrase/cases-said.ts';
import { dot, plainEntry } from './entry.ts';
import type { Entry, Group } from './entry.ts';

function labelOf(view: BoardView, proposal: Proposal): Entry['label'] {
  const { date, room, start, minutes, procedure, surgeon, equipment, urgency } = proposal;
  const { timeZone } = view.board.site;
  const parts = [
    date === view.date ? null : words.day(date),
    start === null ? words.length(minutes) : words.time(start, addMinutes(start, minutes), timeZone),
    procedure?.name,
    surgeon && words.surgeon(surgeon.name),
    ...equipment.map(({ name }) => name),
    urgency && urgencyWords[urgency],
  ].filter((part) => typeof part === 'string');
  const rest = parts.join(dot);
  return room ? [`${words.verb} — `, { strong: room.name }, `${dot}${rest}`] : [`${words.verb} — ${rest}`];
}

export function holdEntries(view: BoardView, proposals: readonly Proposal[], asker: Asker): Entry[] {
  return proposals.map((proposal, index) => {
    const { place, lacks } = proposal;
    return {
      id: `hold-${index}`,
      label: labelOf(view, proposal),
      detail: lacks,
      judged: judgedHold(view, proposal, asker),
      keys: index === 0 && place ? 'Enter' : null,
      changes: true,
      run: place && (() => void holdAt(place, detailsOf(proposal))),
    };
  });
}

export function slotEntries(view: BoardView, proposal: Proposal, openings: readonly Opening[]): Entry[] {
  const { timeZone } = view.board.site;
  return openings.map(({ roomId, start, end, block, cautions }, index) => {
    const [caution] = cautions;
    const date = localDateOf(start, timeZone);
    const day = date === view.date ? '' : `${words.day(date)}${dot}`;
    return {
      id: `slot-${index}`,
      label: [
        { strong: nameIn(view, roomId) },
        `${dot}${day}${words.time(start, end, timeZone)} (${words.block[block]})`,
      ],
      detail: null,
      judged:
        caution === undefined
          ? { tone: 'good', text: words.free }
          : { tone: 'doubtful', text: words.caution(caution) },
      keys: `Alt+${index + 1}`,
      changes: true,
      run: () => void holdAt({ roomId, start, end }, detailsOf(proposal)),
    };
  });
}

function asEntry(action: Action): Entry {
  const { id, name, keys, run, changes } = action;
  const item = isCaseAction(action) ? caseAtHand() : null;
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

/** Without a word typed: what is asked for most. */
const usual = ['hold', 'openings', 'today', 'now', 'week', 'print', 'undo', 'keys'];
/** Never the first thing that somebody presses Enter on. */
const onlyWhenTyped = ['void', 'paste', 'swap'];

const possibleNow = () => actions.filter((action) => !action.isKeyOnly && action.isPossible?.() !== false);

export const actionEntries = (typed: string): Entry[] =>
  typed.trim() === ''
    ? usual.flatMap((id) => possibleNow().find((action) => action.id === id) ?? []).map(asEntry)
    : best(typed, possibleNow(), ({ name }) => name, 5).map(asEntry);

const saidAs = new Map(
  actions.flatMap(({ id, name }) =>
    [name, ...(alsoSaid[id as keyof typeof alsoSaid] ?? [])].map((text) => [compact(text), id] as const),
  ),
);
/** Before the name of an action, for the flow of the sentence. */
const leadIn = /^(?:(?:please|show me|show|open|go to|turn on|switch to|use|the|my|a)\s+)+/;

/** The action that this is another name of, whole: "log out", "show the wall board". */
export function actionSaid(typed: string): Entry[] {
  const text = wordsOf(typed).join(' ');
  const texts = [text, text.replace(leadIn, '')].map(compact);
  const known = new Set(saidAs.keys());
  const id = texts.map((each) => saidAs.get(each) ?? saidAs.get(misspelled(each, known) ?? '')).find(Boolean);
  return possibleNow()
    .filter((action) => action.id === id)
    .map(asEntry);
}

/** What can be done to the case under the cursor; the name of the group says which that is. */
export function groupOfCase(): Group | null {
  const item = caseAtHand();
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
  const byTime = [...view.cases.values()].toSorted((a, b) => ((a.start ?? '~') < (b.start ?? '~') ? -1 : 1));
  const found = best(typed, byTime, textOf, 5);
  const said = phrase.unknown.length === 0 ? casesSaid(view, phrase) : [];
  return (found.length > 0 ? found : said).slice(0, 5).map((item) => caseEntry(view, item));
}

function caseEntry(view: BoardView, item: Case): Entry {
  const { timeZone } = view.board.site;
  return {
    ...plainEntry,
    id: `case-${item.id}`,
    label: [nameOfCase(item)],
    detail: [
      isPlaced(item) && item.state !== 'depot'
        ? `${nameIn(view, item.roomId)} ${timeOf(item.start, timeZone)}`
        : words.inDepot,
      nameIn(view, item.surgeonId),
      numberOf(item),
    ]
      .filter((part) => part !== '')
      .join(dot),
    ...(item.state !== 'depot' && { isOnBoard: true }),
    run: () => {
      if (item.state === 'depot') {
        openDepot(true);
        // When the palette is gone.
        requestAnimationFrame(() => focusCase(item.id));
      } else showBoard();
      goToCase(item.id);
    },
  };
}

/** The screens without a board do not show a place. */
function showBoard() {
  if (!['day', 'week'].includes(viewStore.getState().screen)) showScreen('day');
}

/** Days, rooms and surgeons by their names. */
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

/** Where a phrase leads that only asks to see something. */
export function goEntries(view: BoardView, phrase: Phrase): Entry[] {
  const isCase = phrase.about.length > 0 || phrase.number !== null;
  return [
    ...(phrase.date === null ? [] : [dayEntry(phrase.date)]),
    ...(isCase ? casesSaid(view, phrase).map((item) => caseEntry(view, item)) : []),
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

/** To the case that is under way, or comes next. */
function surgeonEntry(view: BoardView, surgeon: Resource): Entry {
  const theirs = view.board.cases
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
  goTo(item ? onCase(item) : { mode: 'case', caseId: null, roomId, at, minutes: null });
}

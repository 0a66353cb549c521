import { isPlaced } from '@slate/shared/cases';
import type { Case } from '@slate/shared/cases';
import { addMinutes, localDateOf } from '@slate/shared/time';
import type { Opening } from '@slate/shared/board';
import { focusCase } from '../../actions/board-focus.ts';
import { caseAtHand, spotNow } from '../../actions/at-hand.ts';
import type { Action } from '../../actions/action.ts';
import { isCaseAction } from '../../actions/case-actions.ts';
import { goTo, goToCase } from '../../actions/cursor.ts';
import { nearestCase, onCase } from '../../actions/cursor-moves.ts';
import { actions } from '../../actions/table.ts';
import { holdAt } from '../../flows/hold.ts';
import { nameIn } from '../../stores/board.ts';
import type { BoardView } from '../../stores/board.ts';
import { undoStore } from '../../stores/undo.ts';
import { goToDate, openDepot, showScreen, viewStore } from '../../stores/view.ts';
import { nameOfCase, numberOf } from '../../words/cases.ts';
import { paletteWords as words } from '../../words/palette.ts';
import { timeOf } from '../../words/time.ts';
import { best } from './matching.ts';
import type { Phrase } from './phrase.ts';
import { detailsOf, judgementOf } from './proposals.ts';
import type { Judged, Proposal } from './proposals.ts';

/** One line of the palette. `run` is null where something is missing, and `detail` says what. */
export type Entry = {
  readonly id: string;
  readonly label: readonly (string | { strong: string })[];
  readonly detail: string | null;
  readonly judged: Judged | null;
  /** A key of the table, or of the palette itself. */
  readonly keys: string | null;
  readonly run: (() => void) | null;
  /** It changes what the server has. */
  readonly changes?: true;
  /** Leads to a place on the board, which has the keyboard then. */
  readonly isOnBoard?: true;
};
export type Group = { readonly id: string; readonly name: string; readonly entries: readonly Entry[] };

const plainEntry = { detail: null, judged: null, keys: null } as const;
const dot = ' · ';

function labelOf(view: BoardView, proposal: Proposal): Entry['label'] {
  const { date, room, start, minutes, procedure, surgeon } = proposal;
  const { timeZone } = view.board.site;
  const parts = [
    date === view.date ? null : words.day(date),
    start === null ? words.length(minutes) : words.time(start, addMinutes(start, minutes), timeZone),
    procedure?.name,
    surgeon && words.surgeon(surgeon.name),
  ].filter((part) => typeof part === 'string');
  const rest = parts.join(dot);
  return room ? [`${words.verb} — `, { strong: room.name }, `${dot}${rest}`] : [`${words.verb} — ${rest}`];
}

export function holdEntries(
  view: BoardView,
  phrase: Phrase,
  proposals: readonly Proposal[],
  asker: Parameters<typeof judgementOf>[2],
): Entry[] {
  return proposals.map((proposal, index) => {
    const { place, lacks } = proposal;
    const left = phrase.unknown.length > 0 ? words.unknown(phrase.unknown) : null;
    return {
      id: `hold-${index}`,
      label: labelOf(view, proposal),
      detail: [lacks, index === 0 ? left : null].filter((text) => text !== null).join(' ') || null,
      judged: judgementOf(view, proposal, asker),
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

/** What can be done to the case under the cursor; the name of the group says which that is. */
export function groupOfCase(): Group | null {
  const item = caseAtHand();
  if (!item) return null;
  const entries = possibleNow()
    .filter((action) => isCaseAction(action) && !onlyWhenTyped.includes(action.id))
    .map((action) => ({ ...asEntry(action), detail: null }));
  return { id: 'case', name: nameOfCase(item), entries };
}

export function caseEntries(view: BoardView, typed: string): Entry[] {
  const { timeZone } = view.board.site;
  const textOf = (item: Case) =>
    [
      nameOfCase(item),
      numberOf(item),
      nameIn(view, item.surgeonId),
      nameIn(view, item.roomId),
      item.patientRef ?? '',
    ].join(' ');
  const byTime = [...view.cases.values()].toSorted((a, b) => ((a.start ?? '~') < (b.start ?? '~') ? -1 : 1));
  return best(typed, byTime, textOf, 5).map((item) => ({
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
  }));
}

/** The screens without a board do not show a place. */
function showBoard() {
  if (!['day', 'week'].includes(viewStore.getState().screen)) showScreen('day');
}

/** Rooms, surgeons and days. */
export function placeEntries(view: BoardView, typed: string, phrase: Phrase): Entry[] {
  const rooms = phrase.rooms.length > 0 ? phrase.rooms : best(typed, view.rooms, ({ name }) => name, 4);
  const surgeons = [...view.resources.values()].filter(({ kind, active }) => kind === 'surgeon' && active);
  const day = phrase.date;
  return [
    ...(day === null
      ? []
      : [{ ...plainEntry, id: `day-${day}`, label: [words.goTo(words.day(day))], run: () => goToDate(day) }]),
    ...rooms.slice(0, 4).map((room) => ({
      ...plainEntry,
      id: `room-${room.id}`,
      label: [words.goTo(room.name)],
      isOnBoard: true as const,
      run: () => goToRoom(view, room.id),
    })),
    ...best(typed, surgeons, ({ name }) => name, 3).flatMap((surgeon) => {
      const theirs = view.board.cases
        .filter(({ surgeonId }) => surgeonId === surgeon.id)
        .toSorted((a, b) => ((a.start ?? '') < (b.start ?? '') ? -1 : 1));
      const [first] = theirs;
      if (!first) return [];
      const run = () => {
        showBoard();
        goToCase(first.id);
      };
      return [
        {
          ...plainEntry,
          id: `surgeon-${surgeon.id}`,
          label: [words.goTo(words.surgeon(surgeon.name))],
          detail: words.casesOfSurgeon(theirs.length),
          isOnBoard: true as const,
          run,
        },
      ];
    }),
  ];
}

function goToRoom(view: BoardView, roomId: string) {
  showBoard();
  const at = spotNow()?.at ?? view.board.range.start;
  const item = nearestCase(view, roomId, at);
  goTo(item ? onCase(item) : { mode: 'case', caseId: null, roomId, at, minutes: null });
}

import type { Board } from '@slate/shared/contract/reads';
import { draftCase } from '@slate/shared/case-draft';
import type { Case, PlacedCase } from '@slate/shared/cases';
import type { GivenReason, ListedReason, ReasonKind } from '@slate/shared/reasons';
import type { Procedure, Resource } from '@slate/shared/resources';
import { defaultSettings } from '@slate/shared/sites';
import { addMinutes, instantOf, localDay } from '@slate/shared/time';
import { syncClock } from '../src/renderer/src/stores/clock.ts';
import { showBoard } from '../src/renderer/src/realtime/write-board.ts';
import { boardStore } from '../src/renderer/src/stores/board.ts';
import type { BoardView } from '../src/renderer/src/stores/board.ts';

/** A small hospital for tests: a day in Chicago without a clock change. */
export const zone = 'America/Chicago';
export const date = '2026-11-20';
export const at = (time: string, on = date) => instantOf(on, time, zone);

export const uuid = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;

let nextNumber = 1000;
export const aResource = (kind: Resource['kind'], name: string, more: Partial<Resource> = {}): Resource => ({
  id: uuid(nextNumber++),
  kind,
  name,
  capacity: 1,
  active: true,
  attributes: {},
  version: 1,
  ...more,
});
export const aProcedure = (name: string, minutes: number): Procedure => ({
  id: uuid(nextNumber++),
  name,
  shortName: null,
  service: 'Orthopedics',
  minutes,
  spread: 20,
  setupMinutes: 10,
  cleanupMinutes: 15,
  turnoverByRoom: [],
  capabilities: [],
  equipment: [],
  bed: null,
  active: true,
  version: 1,
});

const listed = (kind: ReasonKind, texts: readonly string[]) =>
  texts.map((text): ListedReason => ({
    kind,
    code: text.toLowerCase().replaceAll(/[^a-z]+/g, '_'),
    text,
    active: true,
  }));
/** The reasons of the site. */
export const reasons: ListedReason[] = [
  ...listed('cancel', ['Patient unwell', 'Patient no-show', 'Patient declined', 'Medical clearance missing']),
  ...listed('bump', ['Emergency needs the room', 'Earlier case ran over', 'Surgeon late']),
  ...listed('void', ['Entered twice', 'Wrong patient', 'Wrong procedure']),
  ...listed('delay', ['Earlier case ran over', 'Surgeon late']),
  ...listed('override', ['Emergency', 'Agreed with the charge nurse', 'Agreed with the block owner']),
  ...listed('release', ['Another time suits better', 'Not needed anymore']),
];

export function aCase(room: Resource, start: string, minutes: number, more: Partial<Case> = {}): PlacedCase {
  const n = nextNumber++;
  return {
    ...draftCase(
      { title: `Case ${n}`, minutes, setupMinutes: 0, cleanupMinutes: 0 },
      { procedure: null, room: null, surgeon: null, settings: defaultSettings },
    ),
    id: uuid(n),
    number: n,
    state: 'scheduled',
    roomId: room.id,
    start: at(start),
    end: addMinutes(at(start), minutes),
    createdBy: uuid(1),
    ...more,
  } as PlacedCase;
}

type Contents = Partial<
  Pick<Board, 'resources' | 'procedures' | 'cases' | 'closures' | 'blocks' | 'depot' | 'busy'>
>;

/** Sets the server's clock. The clock uses the latest of several times, so this overrides the times of earlier tests. */
export function setClock(time: string) {
  for (let times = 0; times < 6; times += 1) syncClock(time);
}

/** Shows this board early in the morning, like the feed, and returns the view of the store. */
export function loadBoard(contents: Contents, on = date, days = 1): BoardView {
  const site: Board['site'] = {
    id: uuid(2),
    name: 'Mercy General',
    timeZone: zone,
    settings: defaultSettings,
    reasons,
    version: 1,
  };
  syncClock(at('06:00'));
  const nothing = { resources: [], procedures: [], blocks: [], closures: [], cases: [], busy: [], depot: [] };
  const range = localDay(on, zone, days);
  showBoard({ epoch: uuid(3), revision: 1, at: at('06:00'), range, site, ...nothing, ...contents }, on, days);
  const { view } = boardStore.getState();
  if (!view) throw new Error('The board shows nothing.');
  return view;
}

/** A reason that a person typed, without a code. */
export const typed = (text: string): GivenReason => ({ text, code: null });

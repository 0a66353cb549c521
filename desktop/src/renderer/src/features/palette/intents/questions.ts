import { Load } from '@slate/shared/capacity';
import { isPlaced } from '@slate/shared/cases';
import { instantAt, minuteOf } from '@slate/shared/minutes';
import type { Resource } from '@slate/shared/resources';
import { goToCase } from '../../../actions/cursor.ts';
import { usesOf } from '../../../preview/claims.ts';
import { expectedUses, shownCase } from '../../../preview/collisions.ts';
import type { Use } from '../../../words/placing.ts';
import { nameIn } from '../../../stores/board.ts';
import type { BoardView } from '../../../stores/board.ts';
import { onStep } from '../../../stores/clock.ts';
import { showScreen, viewStore } from '../../../stores/view.ts';
import { busy, closedFor, nameOfCase } from '../../../words/cases.ts';
import { paletteWords as words } from '../../../words/palette.ts';
import { timeOf } from '../../../words/time.ts';
import { goEntries } from '../entries.ts';
import { plainEntry } from '../entry.ts';
import type { Entry } from '../entry.ts';
import type { Part } from '../phrase/phrase.ts';
import { blocked, withoutSlots } from './intent.ts';
import type { Intent } from './intent.ts';
import { find } from './openings.ts';

const questionParts: readonly Part[] = ['rooms', 'surgeons', 'equipment', 'about', 'number', 'minutes'];

export const who: Intent = {
  uses: questionParts,
  read: (phrase, { view, caller }) => {
    const resources = [...phrase.equipment, ...phrase.rooms, ...phrase.surgeons];
    if (resources.length > 0) {
      return withoutSlots(...resources.flatMap((each) => whoHas(view, each, caller.now)));
    }
    const entries = goEntries(view, phrase);
    return withoutSlots(
      ...(entries.length > 0 ? entries : [blocked('who', words.whoHas, words.needsResource)]),
    );
  },
};

export const when: Intent = {
  uses: [...questionParts, 'date', 'window', 'clock', 'urgency'],
  read: (phrase, world) => {
    if (phrase.procedures.length > 0) return find.read(phrase, world);
    const resources = [...phrase.equipment, ...phrase.rooms, ...phrase.surgeons];
    if (resources.length === 0) return withoutSlots(blocked('when', words.whenFree, words.needsResource));
    const { view, caller } = world;
    return withoutSlots(...resources.map((each) => whenFree(view, each, caller.now, phrase.minutes)));
  },
};

export const go: Intent = {
  uses: ['rooms', 'surgeons', 'date', 'about', 'number'],
  read: (phrase, { view }) => {
    const entries = goEntries(view, phrase);
    return withoutSlots(...(entries.length > 0 ? entries : [blocked('go', words.goTo('…'), words.nowhere)]));
  },
};

/** Returns now, or the start of the day if another day is shown. */
const momentOf = ({ board: { range } }: BoardView, now: string) =>
  now >= range.start && now < range.end ? now : range.start;

const inOrder = (a: Use, b: Use) => (a.start < b.start ? -1 : 1);

/** Answers how many units are in use, by which cases and until when, and by which case next. */
function whoHas(view: BoardView, resource: Resource, now: string): Entry[] {
  const at = momentOf(view, now);
  const uses = usesOf(view, resource.id, now).toSorted(inOrder);
  const current = uses.filter(({ start, end }) => start <= at && at < end);
  const used = current.reduce((sum, { quantity }) => sum + quantity, 0);
  const next = uses.find(({ start }) => start > at);
  const { name, capacity } = resource;
  const answer = current.length === 0 ? words.nobodyHas(name) : words.inUse(name, used, capacity);
  return [
    {
      ...plainEntry,
      id: `who-${resource.id}`,
      label: [answer],
      run: () => showUse(resource, current[0] ?? next),
    },
    ...current.map((use, nth) => useEntry(view, resource, use, `now-${nth}`, words.until)),
    ...(next ? [useEntry(view, resource, next, 'next', words.nextFrom)] : []),
  ];
}

function useEntry(
  view: BoardView,
  resource: Resource,
  use: Use,
  id: string,
  span: (start: string, end: string) => string,
): Entry {
  const { item, closure, start, end } = use;
  const zone = view.board.site.timeZone;
  const where = item && item.roomId !== resource.id ? nameIn(view, item.roomId) : '';
  const by = item && item.surgeonId !== resource.id ? nameIn(view, item.surgeonId) : '';
  return {
    ...plainEntry,
    id: `use-${resource.id}-${id}`,
    label: [item ? nameOfCase(item) : closure ? closedFor(closure.reason) : busy],
    detail: [where, by === '' ? '' : words.surgeon(by), span(timeOf(start, zone), timeOf(end, zone))]
      .filter((part) => part !== '')
      .join(' · '),
    run: () => showUse(resource, use),
  };
}

/** Answers when a unit is free next, for at least `minutes` if typed. */
function whenFree(view: BoardView, resource: Resource, now: string, minutes: number | null): Entry {
  const at = minuteOf(momentOf(view, now));
  const zone = view.board.site.timeZone;
  const { name, capacity } = resource;
  const uses = [...usesOf(view, resource.id, now), ...expectedUses(view, resource.id, onStep(15_000))];
  const load = new Load(
    capacity,
    uses.map((use) => ({ start: minuteOf(use.start), end: minuteOf(use.end), quantity: use.quantity })),
  );
  const gap = load.gaps(1).find(({ start, end }) => end - Math.max(start, at) >= (minutes ?? 1));
  const clock = (minute: number) => timeOf(instantAt(minute), zone);
  const last = minuteOf(view.board.range.end);
  const until = gap === undefined || gap.end >= last ? null : clock(gap.end);
  const from = gap === undefined || gap.start >= last ? null : Math.max(gap.start, at);
  const label =
    from === null
      ? words.notFree(name)
      : from === at
        ? words.freeNow(name, until)
        : words.freeFrom(name, clock(from), until);
  const free = from === null ? 0 : capacity - load.peak({ start: from, end: from + 1 });
  const taken = uses.find(({ start, end }) => minuteOf(start) <= at && at < minuteOf(end));
  return {
    ...plainEntry,
    id: `when-${resource.id}`,
    label: [label],
    detail: capacity > 1 && from !== null ? words.freeOf(free, capacity) : null,
    run: () => showUse(resource, taken),
  };
}

function showUse({ kind }: Resource, use: Use | undefined) {
  if (use?.item && isPlaced(use.item) && shownCase(use.item.id)) {
    if (!['day', 'week'].includes(viewStore.getState().screen)) showScreen('day');
    return goToCase(use.item.id);
  }
  showScreen(kind === 'room' || kind === 'surgeon' ? 'day' : 'pools');
}

import { Load } from '@slate/shared/capacity';
import { isPlaced } from '@slate/shared/cases';
import { instantAt, minuteOf } from '@slate/shared/minutes';
import type { Resource } from '@slate/shared/resources';
import { goToCase } from '../../../actions/cursor.ts';
import { usesOf } from '../../../preview/claims.ts';
import type { Use } from '../../../preview/claims.ts';
import { nameIn } from '../../../stores/board.ts';
import type { BoardView } from '../../../stores/board.ts';
import { showScreen, viewStore } from '../../../stores/view.ts';
import { busy, closedFor, nameOfCase } from '../../../words/cases.ts';
import { paletteWords as words } from '../../../words/palette.ts';
import { timeOf } from '../../../words/time.ts';
import { plainEntry } from '../entry.ts';
import type { Entry } from '../entry.ts';

/** The moment that is asked about: now, or the morning of another day that is shown. */
const momentOf = ({ board: { range } }: BoardView, now: string) =>
  now >= range.start && now < range.end ? now : range.start;

const inOrder = (a: Use, b: Use) => (a.start < b.start ? -1 : 1);

/** How many are in use and by whom, until when; and who is next. */
export function whoHas(view: BoardView, resource: Resource, now: string): Entry[] {
  const at = momentOf(view, now);
  const uses = usesOf(view, resource.id, now).toSorted(inOrder);
  const having = uses.filter(({ start, end }) => start <= at && at < end);
  const used = having.reduce((sum, { quantity }) => sum + quantity, 0);
  const next = uses.find(({ start }) => start > at);
  const { name, capacity } = resource;
  const answer = having.length === 0 ? words.nobodyHas(name) : words.inUse(name, used, capacity);
  return [
    {
      ...plainEntry,
      id: `who-${resource.id}`,
      label: [answer],
      run: () => showUse(view, resource, having[0] ?? next),
    },
    ...having.map((use, nth) => useEntry(view, resource, use, `now-${nth}`, words.until)),
    ...(next ? [useEntry(view, resource, next, 'next', words.nextFrom)] : []),
  ];
}

function useEntry(
  view: BoardView,
  resource: Resource,
  use: Use,
  id: string,
  when: (start: string, end: string) => string,
): Entry {
  const { item, closure, start, end } = use;
  const zone = view.board.site.timeZone;
  const where = item && item.roomId !== resource.id ? nameIn(view, item.roomId) : '';
  const by = item && item.surgeonId !== resource.id ? nameIn(view, item.surgeonId) : '';
  return {
    ...plainEntry,
    id: `use-${resource.id}-${id}`,
    label: [item ? nameOfCase(item) : closure ? closedFor(closure.reason) : busy],
    detail: [where, by === '' ? '' : words.surgeon(by), when(timeOf(start, zone), timeOf(end, zone))]
      .filter((part) => part !== '')
      .join(' · '),
    run: () => showUse(view, resource, use),
  };
}

/** From when on one of them is free, and until when; for so long, where that was said. */
export function whenFree(view: BoardView, resource: Resource, now: string, minutes: number | null): Entry {
  const at = minuteOf(momentOf(view, now));
  const zone = view.board.site.timeZone;
  const { name, capacity } = resource;
  const uses = usesOf(view, resource.id, now);
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
    detail: capacity > 1 && from !== null ? words.soMany(free, capacity) : null,
    run: () => showUse(view, resource, taken),
  };
}

function showUse(view: BoardView, { kind }: Resource, use: Use | undefined) {
  if (use?.item && isPlaced(use.item) && view.cases.has(use.item.id)) {
    if (!['day', 'week'].includes(viewStore.getState().screen)) showScreen('day');
    return goToCase(use.item.id);
  }
  showScreen(kind === 'room' || kind === 'surgeon' ? 'day' : 'pools');
}

import type { Board } from '@slate/shared/contract/reads';
import { isPlaced } from '@slate/shared/cases';
import type { PlacedCase } from '@slate/shared/cases';
import { addMinutes } from '@slate/shared/time';
import { glyphs, lookOf } from '../src/renderer/src/ui/case-look.ts';
import type { Bench } from './bench.ts';
import { fabricatedDay } from './fabricated-day.ts';

/** Shows an OR day: our board or a ready-made calendar. */
export type Subject = {
  mount(): void;
  /** Somebody else has moved this case. */
  move(item: PlacedCase): void;
};

export type Day = {
  board: Board;
  date: string;
  now: string;
  /** The time at the left edge at first. */
  scrollTime: string;
  pixelsPerHour: number;
};

const date = '2026-11-20';
const zone = 'America/Chicago';
const day: Day = {
  board: fabricatedDay({ rooms: 60, cases: 1000, date, now: `${date}T17:23:00.000Z`, zone }),
  date,
  now: `${date}T17:23:00.000Z`,
  scrollTime: '09:53:00',
  pixelsPerHour: 112,
};

/** The site's local time: the other calendars need more packages for time zones. */
export const wallTime = (instant: string) => addMinutes(instant, -6 * 60).slice(0, 19);

const names = new Map(day.board.resources.map(({ id, name }) => [id, name]));
export const surgeonOf = ({ surgeonId }: PlacedCase): string => names.get(surgeonId ?? '') ?? '';

/** The contents of our cards, for calendars that take HTML; the benchmark finds cards by `data-case`. */
export const cardOf = (item: PlacedCase, now: string): string =>
  `<div class="card" data-case="${item.id}"><span>${glyphs[lookOf(item, Date.parse(now))]}</span> <b>${item.title}</b><br>${wallTime(item.start).slice(11, 16)} ${surgeonOf(item)}</div>`;

const nextFrame = () => new Promise<number>((resolve) => requestAnimationFrame(resolve));
/** The second frame starts when the first is on the screen. */
const painted = async () => {
  await nextFrame();
  await nextFrame();
};

/** Cases in the initially visible rooms and hours: changes elsewhere would cost us nothing. */
function casesInSight(): PlacedCase[] {
  const rooms = day.board.resources.filter(({ kind }) => kind === 'room').slice(0, 18);
  const from = addMinutes(day.now, 60);
  const to = addMinutes(day.now, 9 * 60);
  return day.board.cases
    .filter(isPlaced)
    .filter(({ roomId, start }) => rooms.some(({ id }) => id === roomId) && start > from && start < to)
    .filter(({ state }) => state === 'scheduled' || state === 'confirmed');
}

/** Later, into the next room, and back, so that the day stays equally full. */
function* movesOf(items: readonly PlacedCase[]): Generator<PlacedCase, never> {
  const rooms = day.board.resources.filter(({ kind }) => kind === 'room');
  for (let nth = 0; ; nth++) {
    const item = items[(nth * 7) % items.length];
    if (!item) throw new Error('The day has no movable case.');
    const next = rooms[rooms.findIndex(({ id }) => id === item.roomId) + 1];
    const later = { ...item, start: addMinutes(item.start, 10), end: addMinutes(item.end, 10) };
    yield later;
    yield { ...later, roomId: next?.id ?? item.roomId };
    yield { ...item };
  }
}

/** `prepare` is not measured: each subject may convert the day first. */
export function offer(prepare: (day: Day, root: HTMLElement) => Subject): void {
  const root = document.querySelector<HTMLElement>('#root');
  if (!root) throw new Error('The page has no #root.');
  const subject = prepare(day, root);
  const moves = movesOf(casesInSight());
  const moveNext = () => subject.move(moves.next().value);
  let intervals: number[] = [];
  let isRecording = false;

  const bench: Bench = {
    async settled() {
      await new Promise((resolve) => requestIdleCallback(resolve, { timeout: 2_000 }));
      await painted();
    },
    async prepare() {
      await Promise.all(['12px', 'bold 12px'].map((font) => document.fonts.load(`${font} "Inter Variable"`)));
      await bench.settled();
    },
    async mount() {
      const began = performance.now();
      subject.mount();
      while (!document.querySelector('[data-case]')) await nextFrame();
      await painted();
      return performance.now() - began;
    },
    async changes(count, isIdle = false) {
      for (let nth = 0; nth < count; nth++) {
        if (!isIdle) moveNext();
        await painted();
      }
    },
    burst(perSecond, seconds) {
      const began = performance.now();
      let done = 0;
      return new Promise((resolve) => {
        const timer = setInterval(() => {
          const due = Math.floor(((performance.now() - began) / 1000) * perSecond);
          for (; done < Math.min(due, perSecond * seconds); done++) moveNext();
          if (done < perSecond * seconds) return;
          clearInterval(timer);
          resolve();
        }, 1000 / perSecond);
      });
    },
    recordFrames() {
      intervals = [];
      isRecording = true;
      let last = performance.now();
      const note = (at: number) => {
        intervals.push(at - last);
        last = at;
        if (isRecording) requestAnimationFrame(note);
      };
      requestAnimationFrame((at) => {
        last = at;
        requestAnimationFrame(note);
      });
    },
    frames() {
      isRecording = false;
      return intervals;
    },
    handle() {
      const movable = new Set(casesInSight().map(({ id }) => id));
      const places = [...document.querySelectorAll<HTMLElement>('[data-case]')]
        .filter(({ dataset }) => movable.has(dataset['case'] ?? ''))
        .map((card) => {
          const { x, y, width, height } = card.getBoundingClientRect();
          return { x: x + Math.min(30, width / 2), y: y + height / 2 };
        });
      const far = ({ x, y }: { x: number; y: number }) => Math.hypot(x - 960, y - 450);
      return places.toSorted((a, b) => far(a) - far(b))[0] ?? null;
    },
  };
  Object.assign(window, { bench });
}

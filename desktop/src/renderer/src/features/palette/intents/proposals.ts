import type { Urgency } from '@slate/shared/cases';
import type { Procedure, Resource } from '@slate/shared/resources';
import { addMinutes, covers, resolvePlanned } from '@slate/shared/time';
import { ceilToStep } from '../../../board/free-time.ts';
import { newHold } from '../../../preview/as-placed.ts';
import { verdictOf } from '../../../preview/verdict.ts';
import type { Caller, Verdict } from '../../../preview/verdict.ts';
import { nameIn } from '../../../stores/board.ts';
import type { BoardView } from '../../../stores/board.ts';
import type { Place } from '../../../stores/place.ts';
import { paletteWords as words } from '../../../words/palette.ts';
import { obstacleWords } from '../../../words/placing.ts';
import { timeOf } from '../../../words/time.ts';
import type { Judgment } from '../entry.ts';
import type { Phrase } from '../phrase/phrase.ts';
import { minutesFrom } from '../phrase/times.ts';
import type { TimeWindow } from '../phrase/times.ts';

/** A hold that a phrase may ask for, with the details that were typed. */
export type Proposal = {
  readonly date: string;
  readonly room: Resource | null;
  readonly start: string | null;
  readonly minutes: number;
  readonly procedure: Procedure | null;
  readonly surgeon: Resource | null;
  /** In addition to the equipment of the procedure. */
  readonly equipment: readonly Resource[];
  readonly urgency: Urgency | null;
  /** How many days to search, if that was typed. */
  readonly days: number | null;
  readonly window: TimeWindow | null;
  /** Says what is missing before the hold can be requested; null if nothing. */
  readonly missing: string | null;
  readonly place: Place | null;
};

/** The cursor on free time, used as the place if the phrase has none. */
export type Here = { readonly roomId: string; readonly at: string; readonly minutes: number | null };

/** The maximum number of meanings that are proposed. */
const maxProposals = 3;

export function proposalsOf(phrase: Phrase, view: BoardView, here: Here | null, now: string): Proposal[] {
  const { rooms, surgeons, procedures, isNow } = phrase;
  const clock =
    phrase.clock ?? (isNow ? { time: timeOf(ceilToStep(now), view.board.site.timeZone), other: null } : null);
  const times = clock === null ? [null] : clock.other === null ? [clock.time] : [clock.time, clock.other];
  const first = <Item>(items: readonly Item[]) => items[0] ?? null;
  const others = [
    ...times.slice(1).map((time) => ({ time })),
    ...rooms.slice(1).map((room) => ({ room })),
    ...surgeons.slice(1).map((surgeon) => ({ surgeon })),
    ...procedures.slice(1).map((procedure) => ({ procedure })),
  ];
  const reading = {
    time: times[0] ?? null,
    room: first(rooms),
    surgeon: first(surgeons),
    procedure: first(procedures),
  };
  const all = [reading, ...others.map((other) => ({ ...reading, ...other }))].flatMap((each) =>
    proposalsFor(each, phrase, view, here),
  );
  // If something is missing in the first proposal, it is missing in the others too.
  return all[0]?.place ? all.filter(({ place }) => place).slice(0, maxProposals) : all.slice(0, 1);
}

type Reading = {
  time: string | null;
  room: Resource | null;
  surgeon: Resource | null;
  procedure: Procedure | null;
};

function proposalsFor(reading: Reading, phrase: Phrase, view: BoardView, here: Here | null): Proposal[] {
  const { procedure, surgeon, time } = reading;
  const { timeZone, settings } = view.board.site;
  const isHere = reading.room === null && time === null && phrase.date === null && here !== null;
  const room = isHere ? (view.resources.get(here.roomId) ?? null) : reading.room;
  const span = time !== null && phrase.until ? minutesFrom(time, phrase.until.time) : null;
  const minutes =
    phrase.minutes ?? span ?? procedure?.minutes ?? (isHere ? here.minutes : null) ?? settings.caseMinutes;
  const date = phrase.date ?? view.date;
  const { equipment, urgency, window } = phrase;
  const days = phrase.date === null ? null : phrase.days;
  const base = { date, days, room, minutes, procedure, surgeon, equipment, urgency, window };
  if (!isHere && time === null) {
    return [{ ...base, start: null, place: null, missing: room ? words.missing.time : words.missing.both }];
  }
  const resolved = isHere
    ? ({ kind: 'instant', at: here.at } as const)
    : resolvePlanned(`${date}T${time}`, timeZone);
  if (resolved.kind === 'impossible') {
    return [{ ...base, start: null, place: null, missing: words.noSuchTime(time ?? '') }];
  }
  const starts = resolved.kind === 'instant' ? [resolved.at] : [resolved.earlier, resolved.later];
  return starts
    .map((start) => new Date(start).toISOString())
    .map((start) => ({
      ...base,
      start,
      place: room && { roomId: room.id, start, end: addMinutes(start, minutes) },
      missing: room ? null : words.missing.room,
    }));
}

export const detailsOf = ({ procedure, surgeon, equipment, urgency }: Proposal) => ({
  ...(procedure && { procedureId: procedure.id }),
  ...(surgeon && { surgeonId: surgeon.id }),
  ...(equipment.length > 0 && { equipment: equipmentFor(procedure, equipment) }),
  ...(urgency !== null && { urgency }),
});

/** Returns the equipment of the procedure, and one unit of each typed piece. */
export function equipmentFor(procedure: Procedure | null, typed: readonly Resource[]) {
  const usual = procedure?.equipment ?? [];
  const more = typed.filter(({ id }) => !usual.some(({ resourceId }) => resourceId === id));
  return [...usual, ...more.map(({ id }) => ({ resourceId: id, quantity: 1 }))];
}

/** Returns the first conflict or caution, or that there is none. */
export function judgmentOf(view: BoardView, { obstacles, cautions }: Verdict, me: string | null): Judgment {
  const [obstacle] = obstacles;
  if (obstacle) {
    const reason = obstacleWords(obstacle, (id) => nameIn(view, id), view.board.site.timeZone, me);
    return { tone: 'bad', text: words.taken(reason) };
  }
  const [caution] = cautions;
  return caution === undefined
    ? { tone: 'good', text: words.free }
    : { tone: 'doubtful', text: words.caution(caution) };
}

/** Judges a hold by the shown board. Returns null while the proposal is incomplete. */
export function judgedHold(view: BoardView, proposal: Proposal, caller: Caller): Judgment | null {
  const { place } = proposal;
  if (!place) return null;
  if (!covers(view.board.range, place)) return { tone: 'unknown', text: words.otherDay };
  return judgmentOf(view, verdictOf(view, newHold(view, place, detailsOf(proposal)), caller), caller.me);
}

import type { Alternative } from '@slate/shared/errors';
import { instantAt, minuteOf, snapDown } from '@slate/shared/minutes';
import { localDateOf } from '@slate/shared/time';
import { Calendar } from './calendar.ts';
import { findGaps } from './gaps.ts';
import type { Needs, Schedule } from './gaps.ts';
import { RoomTime } from './room-time.ts';
import type { Fit } from './room-time.ts';

type Place = { readonly roomId: string; readonly start: string };

/** Another room at the same time counts as far as the same room half an hour away. */
const minutesPerRoomChange = 30;
const limit = 3;

/**
 * Finds the three places nearest to the requested one on the same day: in its room the last start before and the first
 * after it, in each other room the closest. Never in another service's block unless the requested place is in one too.
 * Places with more cautions than the requested one come last. The case's current place is left out.
 */
export function nearestAlternatives(
  schedule: Schedule,
  needs: Needs,
  requested: Place,
  current: Alternative | null = null,
): Alternative[] {
  const { timeZone } = schedule.site;
  const calendar = new Calendar(timeZone, localDateOf(requested.start, timeZone), 1);
  const target = minuteOf(requested.start);
  // A typed time may be between the five-minute steps; alternatives are on them.
  const nearestStep = snapDown(target + 2);
  const requestedFit = fitOf(schedule, needs, requested, calendar);

  const places = findGaps(schedule, needs, calendar).flatMap(({ room, windows }) =>
    windows
      .filter(({ block }) => block !== 'other' || requestedFit.block === 'other')
      .map(({ first, last, cautions }) => {
        const minute = Math.min(Math.max(nearestStep, first), last);
        const detour = room.id === requested.roomId ? 0 : minutesPerRoomChange;
        const distance = Math.abs(minute - target) + detour;
        return { roomId: room.id, minute, distance, more: cautions > requestedFit.cautions };
      }),
  );
  places.sort((a, b) => Number(a.more) - Number(b.more) || a.distance - b.distance || a.minute - b.minute);

  const nearest = new Map<string, Alternative>();
  for (const { roomId, minute } of places) {
    const side = roomId === requested.roomId && minute > target ? 'after' : 'before';
    const key = `${roomId} ${side}`;
    const place = { roomId, start: instantAt(minute), end: instantAt(minute + needs.minutes) };
    if (nearest.size < limit && !nearest.has(key) && !isSame(place, current)) nearest.set(key, place);
  }
  return [...nearest.values()];
}

const isSame = (place: Alternative, other: Alternative | null) =>
  other !== null && place.roomId === other.roomId && place.start === other.start && place.end === other.end;

function fitOf(
  { resources, blocks, now }: Schedule,
  needs: Needs,
  { roomId, start }: Place,
  calendar: Calendar,
): Fit {
  const room = resources.find(({ id }) => id === roomId);
  if (!room) return { block: 'open', cautions: 0 };
  const inRoom = blocks.filter((block) => block.roomId === roomId);
  return new RoomTime(room, inRoom, needs, now, calendar).fitAt(minuteOf(start));
}

import type { Claim } from '@slate/shared/cases';
import type { Closure } from '@slate/shared/sites';
import { addDays, instantOf, weekdayOf } from '@slate/shared/time';
import { administrator, kraus } from './accounts.ts';
import { idOf } from './identifier.ts';
import { named } from './resources.ts';

/** Days after next Monday, and the time on that day. */
type Moment = [number, string];

/** What is out of use in the days to come: a room, one of a pool, a person. */
export function closuresFrom(today: string, zone: string): Closure[] {
  const monday = addDays(today, 8 - weekdayOf(today));
  const closure = (resource: string, from: Moment, to: Moment, reason: string, by = kraus): Closure => ({
    id: idOf('closure', resource, monday),
    resourceId: named(resource).id,
    start: instantOf(addDays(monday, from[0]), from[1], zone),
    end: instantOf(addDays(monday, to[0]), to[1], zone),
    quantity: 1,
    reason,
    createdBy: { id: by.id, name: by.name },
    version: 1,
  });
  return [
    closure('C-arm', [0, '07:00'], [2, '17:00'], 'Repair: image intensifier'),
    closure('Main OR 10', [1, '13:00'], [1, '15:00'], 'Terminal cleaning'),
    closure('Main OR 7', [5, '08:00'], [5, '16:00'], 'Air handling service', administrator),
    closure('Ferrari L', [7, '00:00'], [12, '00:00'], 'Leave', administrator),
  ];
}

export const claimsOfClosures = (closures: readonly Closure[]): Claim[] =>
  closures.map(({ resourceId, start, end, quantity }) => ({ resourceId, start, end, quantity }));

import type { PlacedCase } from '@slate/shared/cases';
import { stateAfter } from '@slate/shared/case-state';
import type { Milestone } from '@slate/shared/case-state';
import { addDays, addMinutes, localDateOf } from '@slate/shared/time';
import { lognormal, quota } from './random.ts';
import { durationOf } from './new-case.ts';
import { operationNamed } from './operations.ts';
import type { Random } from './random.ts';
import { surgeons } from './resources.ts';

const cancelledAmongPast = 0.09;
const cancelledAhead = 0.045;
const lateFirstCases = 0.3;

const cancelReasons = [
  { reason: 'Patient no-show', reasonCode: 'patient_no_show' },
  { reason: 'Not fasted', reasonCode: 'patient_unwell' },
  { reason: 'Fever', reasonCode: 'patient_unwell' },
  { reason: 'Abnormal blood results', reasonCode: 'no_clearance' },
  { reason: 'Blood pressure not controlled', reasonCode: 'no_clearance' },
  { reason: 'Patient declined', reasonCode: 'patient_declined' },
  { reason: 'Surgeon unavailable', reasonCode: 'no_surgeon' },
  { reason: 'Earlier case ran over', reasonCode: 'earlier_case' },
  { reason: 'No intensive care bed', reasonCode: 'no_bed' },
  { reason: 'Implants not delivered', reasonCode: 'no_equipment' },
];

/** Plays the plan up to now: cancels some cases and records plausible milestones for the others. */
export function playBack(
  plan: readonly PlacedCase[],
  now: string,
  zone: string,
  random: Random,
): PlacedCase[] {
  const today = localDateOf(now, zone);
  const soon = addDays(today, 3);
  const isCancelledPast = quota(cancelledAmongPast, random);
  const isCancelledAhead = quota(cancelledAhead, random);
  const isLate = quota(lateFirstCases, random);
  const freeAt = new Map<string, string>();
  const startedMornings = new Set<string>();

  return plan.toSorted(byStart).map((item) => {
    const isElective = item.urgency === 'elective' || item.urgency === 'expedited';
    if (isElective && (item.start < now ? isCancelledPast() : isCancelledAhead())) {
      return { ...item, state: 'cancelled', ...random.pick(cancelReasons) };
    }
    const date = localDateOf(item.start, zone);
    if (date > today) {
      const isConfirmed = date <= soon && random.chance(0.5);
      return isConfirmed ? { ...item, state: 'confirmed' } : item;
    }

    const morning = `${item.roomId} ${date}`;
    const isFirst = !startedMornings.has(morning);
    startedMornings.add(morning);
    const delay = isFirst ? (isLate() ? lateBy(random) : -random.int(0, 8)) : random.int(-6, 8);
    const inRoom = latest(
      addMinutes(item.start, delay),
      freeAt.get(item.roomId),
      freeAt.get(item.surgeonId ?? ''),
    );
    const facts = courseOf(item, inRoom, random);
    const turnover = (item.setupMinutes + item.cleanupMinutes) * random.between(0.75, 1);
    freeAt.set(item.roomId, addMinutes(facts.out_of_room, Math.round(turnover)));
    if (item.surgeonId) freeAt.set(item.surgeonId, facts.closed);

    const recorded = Object.fromEntries(Object.entries(facts).filter(([, at]) => at <= now));
    return { ...item, milestones: recorded, state: stateAfter('confirmed', recorded) };
  });
}

/** Returns the milestones of a case from arrival to completion, if the patient enters the room at this time. */
function courseOf(item: PlacedCase, inRoom: string, random: Random) {
  const surgeon = surgeons.find(({ id }) => id === item.surgeonId);
  if (!surgeon || !item.title) throw new Error('A planned case has a surgeon and an operation.');
  const duration = durationOf(operationNamed(item.title).procedure, surgeon);
  const minutes = Math.round(lognormal(duration, random.normal()));
  const outOfRoom = addMinutes(inRoom, minutes);
  return {
    in_holding: addMinutes(inRoom, -random.int(25, 55)),
    in_room: inRoom,
    incision: addMinutes(inRoom, Math.ceil(minutes * random.between(0.15, 0.25))),
    closed: addMinutes(outOfRoom, -Math.ceil(minutes * random.between(0.05, 0.1))),
    out_of_room: outOfRoom,
    completed: addMinutes(outOfRoom, random.int(5, 25)),
  } satisfies Record<Milestone, string>;
}

/** A noticeable delay in minutes, mostly short. */
const lateBy = (random: Random) => Math.min(75, 16 + Math.round(-14 * Math.log(1 - random.next())));

const latest = (...times: (string | undefined)[]) =>
  times.reduce<string>((last, at) => (at !== undefined && at > last ? at : last), '');

/** By room if two start at once, so that the order is always the same. */
const byStart = (a: PlacedCase, b: PlacedCase) =>
  a.start < b.start || (a.start === b.start && a.roomId < b.roomId) ? -1 : 1;

import type { Case } from '@slate/shared/cases';
import { addMinutes } from '@slate/shared/time';
import { newCase } from './new-case.ts';
import { operationNamed } from './operations.ts';
import { resourceNamed } from './resources.ts';

type Waiting = {
  operation: string;
  surgeon: string;
  urgency: Case['urgency'];
  dueInHours: number;
  note?: string;
  reason?: string;
};

const waiting: readonly Waiting[] = [
  {
    operation: 'Laparoscopic appendectomy',
    surgeon: 'Okafor N',
    urgency: 'immediate',
    dueInHours: 1,
    note: 'Ruptured appendix, in the emergency department',
  },
  { operation: 'Hip fracture fixation', surgeon: 'Kowalski B', urgency: 'urgent', dueInHours: 19 },
  {
    operation: 'Wound debridement',
    surgeon: 'Iyer R',
    urgency: 'urgent',
    dueInHours: 10,
    note: 'Contact precautions',
  },
  { operation: 'Ankle fracture fixation', surgeon: 'Novak D', urgency: 'expedited', dueInHours: 54 },
  {
    operation: 'Laparoscopic colectomy',
    surgeon: 'Castillo M',
    urgency: 'expedited',
    dueInHours: 5 * 24,
    reason: 'Made way for an emergency laparotomy',
  },
  { operation: 'Total knee arthroplasty', surgeon: 'Haddad A', urgency: 'elective', dueInHours: 24 * 24 },
  { operation: 'Septoplasty', surgeon: 'Costa J', urgency: 'elective', dueInHours: 33 * 24 },
  {
    operation: 'Inguinal hernia repair',
    surgeon: 'Petrov D',
    urgency: 'elective',
    dueInHours: 41 * 24,
    note: 'Can come at short notice',
  },
];

const minute = (at: string) => `${at.slice(0, 16)}:00.000Z`;

/** Cases in the depot, whose due times are already running. */
export const depotAt = (now: string): Case[] =>
  waiting.map(({ operation, surgeon, urgency, dueInHours, note = null, reason = null }) => ({
    ...newCase(`depot ${operation}`, operationNamed(operation), resourceNamed(surgeon)),
    urgency,
    dueBy: addMinutes(minute(now), dueInHours * 60),
    // Cases with more time left have been waiting longer.
    depotSince: addMinutes(minute(now), -dueInHours * 15),
    note,
    reason,
  }));

import { busy, untitled } from './cases.ts';
import { lookWords } from './states.ts';
import { dateWords, rangeOf, spokenCountdown, timeOf } from './time.ts';

export const boardWords = {
  board: (date: string) => `Board, ${dateWords(date)}`,
  week: (date: string) => `Board, week from ${dateWords(date)}`,
  untitled,
  busy,
  requesting: 'Requesting…',
  /** It waits in the queue of this desk, so nothing is held or done yet. */
  requested: 'Requested',
  requestedFor: (title: string) => `Requested: ${title}`,
  /** It expired in the queue of this desk. */
  notSent: 'Too late, not sent',
  notSentFor: (title: string) => `Too late, not sent: ${title}`,
  /** A fact that the server does not know yet. */
  recordedHere: (title: string) => `◷ ${title}`,
  places: (service: string, free: number, capacity: number) =>
    `${service} · ${free} of ${capacity} places left`,
  /** A released block: anyone may book it. */
  released: (service: string) => `${service} · open`,
  empty: 'No cases.',
  emptyHint: 'to hold.',
  loading: 'The board is loading.',
  expired: 'Expired · hold again',
  you: 'You',
  byYou: 'you',
};

type SpokenCase = {
  title: string;
  patient?: string | null;
  surgeon: string;
  room: string;
  start: string;
  end: string;
  zone: string;
  look: keyof typeof lookWords;
  /** The holder of a hold, and the time left. */
  holder: string | null;
  leftMs: number | null;
};

/** Returns the text of a card for screen readers. */
export function spokenCase({
  title,
  patient,
  surgeon,
  room,
  start,
  end,
  zone,
  look,
  holder,
  leftMs,
}: SpokenCase): string {
  const parts = [
    title,
    patient ?? '',
    surgeon,
    room,
    `${timeOf(start, zone)} to ${timeOf(end, zone)}`,
    holder === null ? lookWords[look].toLowerCase() : `held by ${holder}`,
    leftMs === null ? '' : `${spokenCountdown(leftMs)} left`,
  ];
  return parts.filter((part) => part !== '').join(', ');
}

/** Returns the tooltip of a card that is too small for its text. */
export const hintOf = ({
  title,
  surgeon,
  patient,
  time,
}: Record<'title' | 'surgeon' | 'time', string> & { patient: string | null }) =>
  [`${time} ${title}`, surgeon, patient ?? ''].filter((part) => part !== '').join(' · ');

export const spokenBusy = (room: string, start: string, end: string, zone: string) =>
  `${busy}, ${room}, ${timeOf(start, zone)} to ${timeOf(end, zone)}`;

export const spokenFree = (room: string, start: string, until: string, zone: string) =>
  `${room}, ${rangeOf(start, until, zone)}, free`;

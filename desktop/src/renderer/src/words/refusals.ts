import type { Alternative, Blocker, ErrorCode } from '@slate/shared/errors';
import { inTheWaySentence } from '@slate/shared/in-the-way';
import type { ResourceKind } from '@slate/shared/resources';
import { minutesBetween } from '@slate/shared/time';
import { boardWords } from './board.ts';
import { numberOf } from './cases.ts';
import { minutesShort, rangeOf, timeWithSeconds, untilOf } from './time.ts';

type Sentences = { what: string; now: string };

/** What happened and what to do now, by the server's reason; why, the server says itself. */
export const refusalOf: Record<ErrorCode, Sentences> = {
  slot_taken: { what: 'The time is taken.', now: 'Take one of the times below, or choose another.' },
  pool_exhausted: {
    what: 'Not enough is free at that time.',
    now: 'Take one of the times below, or ask for less.',
  },
  resource_inactive: {
    what: 'Something of it is not in use any more.',
    now: 'Choose another instead of it.',
  },
  in_use: { what: 'This is in use.', now: 'Change what stands in the way first.' },
  hold_expired: {
    what: 'The hold has expired.',
    now: 'Hold the time again if it is still free.',
  },
  stale_version: {
    what: 'It was changed in the meantime, so nothing was done.',
    now: 'Look at what is different, then decide whether you still want it.',
  },
  validation: { what: 'Something in it is not right.', now: 'Correct it and try again.' },
  forbidden: { what: 'You may not do this.', now: 'Ask somebody who may, or do it another way.' },
  not_found: {
    what: 'It is not there any more.',
    now: 'Close this and look at the board: it shows what there is.',
  },
  rate_limited: {
    what: 'That was too much at once, so nothing was done.',
    now: 'Wait a moment, then try again.',
  },
  unavailable: {
    what: 'The server could not decide this in time.',
    now: 'Look at the board before you try again: it shows whether it was done.',
  },
  in_progress: {
    what: 'The server is still busy with it.',
    now: 'Look at the board in a moment: it shows whether it was done.',
  },
  unauthenticated: { what: 'Your session has ended.', now: 'Sign in again, then repeat it.' },
  too_large: {
    what: 'This is too long for the server, so nothing was done.',
    now: 'Shorten the note, then try again.',
  },
  headers_too_large: {
    what: 'Slate asked for it in the wrong way, so nothing was done.',
    now: 'Sign in again, then try again.',
  },
  key_reused: { what: 'Slate asked for it in the wrong way, so nothing was done.', now: 'Try again.' },
  resync: { what: 'The board is being loaded anew.', now: 'Try again when it is there.' },
  method_not_allowed: {
    what: 'This server does not know how to do that.',
    now: 'The console and the server differ: restart the console, or call your IT desk.',
  },
  internal: {
    what: 'Something went wrong on the server, so nothing was done.',
    now: 'Try again. If it happens again, call your IT desk.',
  },
};

export const refusalWords = {
  title: (deed: string) => `Not done: ${deed}`,
  /** By which the IT desk finds it in the log. */
  request: (id: string) => `Request ${id}`,
  /** When none of the nearest places would do. */
  elsewhere: 'Choose another time, or something else in place of what is taken.',
  noAlternatives: 'There is no room for it near that time. Choose another day, or less of what is short.',
  inTheWay: 'In the way',
  show: 'Show',
  showCase: (what: string) => `Show ${what}`,
  alternatives: 'Nearest times',
  changed: 'What is different now',
  notSeen: 'The board does not show the difference yet.',
  again: 'Try again',
  againIn: (seconds: number) => `Try again in ${seconds} s`,
  anyway: 'Do it on the case as it is now',
  close: 'Close',
  somebody: 'somebody',
};

type Named = {
  zone: string;
  kind: ResourceKind | 'patient';
  resource: string;
  /** Where the case is that stands in the way, if that is known. */
  room: string | null;
  isMine: boolean;
};

/** Who or what stands in the way, until when: one by one, also of a pool. */
export function blockerWords(blocker: Blocker, { zone, kind, resource, room, isMine }: Named): string {
  const { start, end, by, title, number, expiresAt, reason } = blocker;
  const use = {
    start,
    end,
    quantity: 1,
    title: title ?? (number === undefined ? null : numberOf({ number })),
    room,
    heldBy: blocker.kind === 'hold' ? (isMine ? boardWords.byYou : (by ?? refusalWords.somebody)) : null,
    expiresAt,
    closedFor: blocker.kind === 'closure' ? reason : null,
  };
  return inTheWaySentence(
    { kind, name: resource, capacity: 1, quantity: 1, uses: [use] },
    { until: untilOf(start, zone), ends: (at) => timeWithSeconds(at, zone) },
  );
}

const shortly = (minutes: number) =>
  minutes < 60 ? minutesShort(minutes) : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;

type Asked = { roomId: string; start: string };

/** OR 08 12:30–14:00 · 15 minutes later */
export function alternativeWords({ start, end }: Alternative, room: string, zone: string): string {
  return `${room} ${rangeOf(start, end, zone)}`;
}
export function distanceWords({ roomId, start }: Alternative, asked: Asked | null): string {
  if (!asked) return '';
  const minutes = minutesBetween(asked.start, start);
  const when =
    minutes === 0 ? 'same time' : minutes > 0 ? `${shortly(minutes)} later` : `${shortly(-minutes)} earlier`;
  return roomId === asked.roomId ? `same room, ${when}` : when;
}

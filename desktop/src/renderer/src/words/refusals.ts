import type { Alternative, Blocker, ErrorCode } from '@slate/shared/errors';
import { conflictSentence } from '@slate/shared/conflict-sentence';
import type { ResourceKind } from '@slate/shared/resources';
import { minutesBetween } from '@slate/shared/time';
import { boardWords } from './board.ts';
import { numberOf } from './cases.ts';
import { couldNot } from './outcomes.ts';
import { hoursShort, rangeOf, timeWithSeconds, untilOf } from './time.ts';

type Sentences = { what: string; now: string };

/** For each error code: what happened, and what to do. The server's message says why. */
export const refusalOf: Record<ErrorCode, Sentences> = {
  slot_taken: { what: 'The time is taken.', now: 'Pick a time below or choose another.' },
  pool_exhausted: {
    what: 'Not enough is free at that time.',
    now: 'Pick a time below or ask for less.',
  },
  resource_inactive: {
    what: 'Something it needs is no longer in use.',
    now: 'Choose something else.',
  },
  in_use: { what: 'This is in use.', now: 'Clear what is in the way first.' },
  queue_gap: {
    what: 'The server can’t tell whether this was done.',
    now: 'Check the board before trying again: it shows whether it was done.',
  },
  device_retired: {
    what: 'This desk was retired, so nothing was done.',
    now: 'Ask your administrator, or sign in again to start a new one.',
  },
  hold_expired: {
    what: 'The hold has expired.',
    now: 'Hold the time again if it is still free.',
  },
  stale_version: {
    what: 'Someone changed it first, so nothing was done.',
    now: 'Check what changed, then decide whether to continue.',
  },
  validation: { what: 'Something isn’t filled in correctly.', now: 'Correct it and try again.' },
  forbidden: {
    what: 'You don’t have permission to do this.',
    now: 'Ask someone who does, or do it another way.',
  },
  not_found: {
    what: 'It no longer exists.',
    now: 'Close this and check the board.',
  },
  rate_limited: {
    what: 'Too many requests at once, so nothing was done.',
    now: 'Wait a moment, then try again.',
  },
  unavailable: {
    what: 'The server couldn’t finish this in time.',
    now: 'Check the board before trying again: it shows whether it was done.',
  },
  in_progress: {
    what: 'The server is still working on it.',
    now: 'Check the board in a moment: it shows whether it was done.',
  },
  unauthenticated: { what: 'Your session has ended.', now: 'Sign in again, then try again.' },
  too_large: {
    what: 'This is too long, so nothing was done.',
    now: 'Shorten the note, then try again.',
  },
  headers_too_large: {
    what: 'Slate sent a bad request, so nothing was done.',
    now: 'Sign in again, then try again.',
  },
  key_reused: { what: 'Slate sent a bad request, so nothing was done.', now: 'Try again.' },
  resync: { what: 'The board is reloading.', now: 'Try again when it’s back.' },
  method_not_allowed: {
    what: 'This server can’t do that.',
    now: 'The console and the server are different versions: restart the console, or call your IT desk.',
  },
  internal: {
    what: 'Something went wrong on the server, so nothing was done.',
    now: 'Try again. If it happens again, call your IT desk.',
  },
};

export const refusalWords = {
  title: couldNot,
  /** Helps the IT desk find the request in the log. */
  request: (id: string) => `Request ${id}`,
  /** If none of the nearest times fit. */
  elsewhere: 'Choose another time, or replace what is taken.',
  noAlternatives: 'Nothing fits near that time. Choose another day, or ask for less.',
  inTheWay: 'In the way',
  show: 'Show',
  showCase: (what: string) => `Show ${what}`,
  alternatives: 'Nearest times',
  changed: 'What changed',
  notSeen: 'The board doesn’t show the change yet.',
  again: 'Try again',
  againIn: (seconds: number) => `Try again in ${seconds} s`,
  anyway: 'Apply it to the current case',
  close: 'Close',
  somebody: 'someone',
};

type Named = {
  zone: string;
  kind: ResourceKind | 'patient';
  resource: string;
  /** The place of the case in the way, if known. */
  room: string | null;
  isMine: boolean;
};

/** Describes a blocker and its end, on one line. */
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
  return conflictSentence(
    { kind, name: resource, capacity: 1, quantity: 1, uses: [use] },
    { until: untilOf(start, zone), ends: (at) => timeWithSeconds(at, zone) },
  );
}

type Requested = { roomId: string; start: string };

/** Returns `OR 08 12:30–14:00`. */
export function alternativeWords({ start, end }: Alternative, room: string, zone: string): string {
  return `${room} ${rangeOf(start, end, zone)}`;
}
export function distanceWords({ roomId, start }: Alternative, requested: Requested | null): string {
  if (!requested) return '';
  const minutes = minutesBetween(requested.start, start);
  const when =
    minutes === 0
      ? 'same time'
      : minutes > 0
        ? `${hoursShort(minutes)} later`
        : `${hoursShort(-minutes)} earlier`;
  return roomId === requested.roomId ? `same room, ${when}` : when;
}

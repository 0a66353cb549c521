import type { Actor } from '@slate/shared/fields';
import type { Presence as Message } from '@slate/shared/socket-events';
import type { Notification } from '../db/wake-ups.ts';

type People = Message['people'];
type Sees = 'cases' | 'people';

/** Somebody on another process, as that process last said. */
type Elsewhere = { person: Actor; cases: readonly (string | null)[]; heardAt: number };
type Place = {
  /** By connection. */
  here: Map<string, { person: Actor; caseId: string | null }>;
  /** By process and person. */
  elsewhere: Map<string, Elsewhere>;
  /** What was last sent to whom. */
  sent: Record<Sees, string>;
  quietUntil: number;
};

export type PresenceDeps = {
  processId: string;
  /** To the other processes. */
  publish: (notification: Notification) => void;
  /** To those who follow the site here. */
  emit: (siteId: string, sees: Sees, people: People) => void;
  clock?: () => number;
};

const batchMs = 250;
/** How often a process says again who is on it, and after how long what it said counts no more. */
export const sayAgainMs = 10_000;
const forgetMs = 25_000;
/** Of one person, however many windows they have: a wake-up must hold what is said of them. */
const mostCases = 20;
/**
 * Everyone hears about everyone, which grows with the square of the people. Where it would take more than
 * this, news wait longer: with 150 people they never do, with 1,000 for a few seconds.
 */
const bytesPerMs = 20_000;

const nothing = () => ({ cases: '', people: '' });

/** Who looks at which case, on all processes. Nothing depends on it; it is a courtesy between colleagues. */
export function createPresence({ processId, publish, emit, clock = () => performance.now() }: PresenceDeps) {
  const places = new Map<string, Place>();
  const changed = new Set<string>();
  const toTell = new Map<string, { siteId: string; person: Actor }>();
  let timer: NodeJS.Timeout | undefined;

  const soon = () => (timer ??= setTimeout(flush, batchMs));

  function placeOf(siteId: string): Place {
    const known = places.get(siteId);
    if (known) return known;
    const place = { here: new Map(), elsewhere: new Map(), sent: nothing(), quietUntil: 0 };
    places.set(siteId, place);
    return place;
  }

  function touch(siteId: string, person: Actor) {
    toTell.set(`${siteId} ${person.id}`, { siteId, person });
    changed.add(siteId);
    soon();
  }

  function flush() {
    timer = undefined;
    for (const { siteId, person } of toTell.values()) {
      publish({ kind: 'present', siteId, person, cases: casesHere(siteId, person.id) });
    }
    toTell.clear();
    for (const siteId of changed) {
      const place = places.get(siteId);
      if (place && place.quietUntil > clock()) {
        soon();
        continue;
      }
      changed.delete(siteId);
      if (place) sendIfChanged(siteId, place);
    }
  }

  function sendIfChanged(siteId: string, place: Place) {
    if (place.here.size === 0) {
      place.sent = nothing();
      if (place.elsewhere.size === 0) places.delete(siteId);
      return;
    }
    for (const sees of ['cases', 'people'] as const) {
      const people = peopleAt(place, sees);
      const text = JSON.stringify(people);
      if (text === place.sent[sees]) continue;
      place.sent[sees] = text;
      place.quietUntil = clock() + (text.length * place.here.size) / bytesPerMs;
      emit(siteId, sees, people);
    }
  }

  function casesHere(siteId: string, userId: string): (string | null)[] {
    const cases = new Set<string | null>();
    for (const { person, caseId } of places.get(siteId)?.here.values() ?? []) {
      if (person.id === userId) cases.add(caseId);
    }
    return [...cases].slice(0, mostCases);
  }

  return {
    enter(siteId: string, connectionId: string, person: Actor) {
      const place = placeOf(siteId);
      place.here.set(connectionId, { person, caseId: null });
      // Newcomers need the list even if nothing changed for the others, so everyone gets it.
      place.sent = nothing();
      touch(siteId, person);
    },

    look(siteId: string, connectionId: string, caseId: string | null) {
      const entry = places.get(siteId)?.here.get(connectionId);
      if (!entry || entry.caseId === caseId) return;
      entry.caseId = caseId;
      touch(siteId, entry.person);
    },

    leave(siteId: string, connectionId: string) {
      const { here } = places.get(siteId) ?? {};
      const entry = here?.get(connectionId);
      if (!entry) return;
      here?.delete(connectionId);
      touch(siteId, entry.person);
    },

    /** Another process says who is on it. */
    hear(notification: Extract<Notification, { kind: 'present' }>, from: string) {
      if (from === processId) return;
      const { elsewhere } = placeOf(notification.siteId);
      const key = `${from} ${notification.person.id}`;
      const before = elsewhere.get(key);
      if (notification.cases.length === 0) elsewhere.delete(key);
      else elsewhere.set(key, { person: notification.person, cases: notification.cases, heardAt: clock() });
      if (before?.cases.join() === notification.cases.join()) return;
      changed.add(notification.siteId);
      soon();
    },

    /** Who is on this process, for processes that have just started or missed it. */
    sayAgain() {
      for (const [siteId, { here }] of places) {
        for (const { person } of here.values()) toTell.set(`${siteId} ${person.id}`, { siteId, person });
      }
      if (toTell.size > 0) soon();
    },

    /** Whoever was on a process that has not been heard for long is not there any more. */
    forget() {
      for (const [siteId, { elsewhere }] of places) {
        for (const [key, { heardAt }] of elsewhere) {
          if (clock() - heardAt < forgetMs) continue;
          elsewhere.delete(key);
          changed.add(siteId);
          soon();
        }
      }
    },

    /** Tells the others at once what is pending. */
    close() {
      clearTimeout(timer);
      flush();
      clearTimeout(timer);
    },
  };
}

export type Presence = ReturnType<typeof createPresence>;

/** Each person once for every case they look at; whoever looks at none is there all the same. */
function peopleAt({ here, elsewhere }: Place, sees: Sees): People {
  const people = new Map<string, { person: Actor; cases: Set<string> }>();
  const add = (person: Actor, cases: readonly (string | null)[]) => {
    const entry = people.get(person.id) ?? { person, cases: new Set() };
    people.set(person.id, entry);
    for (const caseId of cases) if (caseId !== null && sees === 'cases') entry.cases.add(caseId);
  };
  for (const { person, caseId } of here.values()) add(person, [caseId]);
  for (const { person, cases } of elsewhere.values()) add(person, cases);
  return [...people.values()]
    .toSorted((a, b) => (a.person.id < b.person.id ? -1 : 1))
    .flatMap(({ person, cases }) =>
      (cases.size === 0 ? [null] : [...cases].slice(0, mostCases).toSorted()).map((caseId) => ({
        person,
        caseId,
      })),
    );
}

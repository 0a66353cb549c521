import type { Actor } from '@slate/shared/fields';
import type { Presence as Message } from '@slate/shared/socket-events';
import type { Notification } from '../db/wake-ups.ts';

type People = Message['people'];
type Sees = 'cases' | 'people';

/** A person on another process, as last reported. */
type RemotePerson = { person: Actor; cases: readonly (string | null)[]; receivedAt: number };
type Place = {
  /** By connection. */
  here: Map<string, { person: Actor; caseId: string | null }>;
  /** By process and person. */
  elsewhere: Map<string, RemotePerson>;
  /** The list last sent to each audience, as text. */
  sent: Record<Sees, string>;
  quietUntil: number;
};

export type PresenceDeps = {
  processId: string;
  /** Sends to the other processes. */
  publish: (notification: Notification) => void;
  /** Sends to the followers on this process. */
  emit: (siteId: string, sees: Sees, people: People) => void;
  clock?: () => number;
};

const batchMs = 250;
/** How often a process repeats who is on it, and when a report expires. */
export const repeatMs = 10_000;
const forgetMs = 25_000;
/** Per person, however many windows are open: a wake-up has a limited size. */
const maxCases = 20;
/**
 * Everyone gets the whole list, so the traffic grows with the square of the number of people. Above this rate, updates
 * wait: never with 150 people, a few seconds with 1,000.
 */
const bytesPerMs = 20_000;

const nothing = () => ({ cases: '', people: '' });

/** Tracks who looks at which case, across processes. Only for information: nothing depends on it. */
export function createPresence({ processId, publish, emit, clock = () => performance.now() }: PresenceDeps) {
  const places = new Map<string, Place>();
  const changedSites = new Set<string>();
  const unpublished = new Map<string, { siteId: string; person: Actor }>();
  let timer: NodeJS.Timeout | undefined;

  const flushSoon = () => (timer ??= setTimeout(flush, batchMs));

  function placeOf(siteId: string): Place {
    const existing = places.get(siteId);
    if (existing) return existing;
    const place = { here: new Map(), elsewhere: new Map(), sent: nothing(), quietUntil: 0 };
    places.set(siteId, place);
    return place;
  }

  function markChanged(siteId: string, person: Actor) {
    unpublished.set(`${siteId} ${person.id}`, { siteId, person });
    changedSites.add(siteId);
    flushSoon();
  }

  function flush() {
    timer = undefined;
    for (const { siteId, person } of unpublished.values()) {
      publish({ kind: 'present', siteId, person, cases: casesHere(siteId, person.id) });
    }
    unpublished.clear();
    for (const siteId of changedSites) {
      const place = places.get(siteId);
      if (place && place.quietUntil > clock()) {
        flushSoon();
        continue;
      }
      changedSites.delete(siteId);
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
    return [...cases].slice(0, maxCases);
  }

  return {
    enter(siteId: string, connectionId: string, person: Actor) {
      const place = placeOf(siteId);
      place.here.set(connectionId, { person, caseId: null });
      // A newcomer needs the list even if nothing changed, so everyone gets it.
      place.sent = nothing();
      markChanged(siteId, person);
    },

    look(siteId: string, connectionId: string, caseId: string | null) {
      const entry = places.get(siteId)?.here.get(connectionId);
      if (!entry || entry.caseId === caseId) return;
      entry.caseId = caseId;
      markChanged(siteId, entry.person);
    },

    leave(siteId: string, connectionId: string) {
      const { here } = places.get(siteId) ?? {};
      const entry = here?.get(connectionId);
      if (!entry) return;
      here?.delete(connectionId);
      markChanged(siteId, entry.person);
    },

    /** Handles the report of another process. */
    receive(notification: Extract<Notification, { kind: 'present' }>, from: string) {
      if (from === processId) return;
      const { elsewhere } = placeOf(notification.siteId);
      const key = `${from} ${notification.person.id}`;
      const before = elsewhere.get(key);
      if (notification.cases.length === 0) elsewhere.delete(key);
      else
        elsewhere.set(key, { person: notification.person, cases: notification.cases, receivedAt: clock() });
      if (before?.cases.join() === notification.cases.join()) return;
      changedSites.add(notification.siteId);
      flushSoon();
    },

    /** Repeats who is on this process, for processes that started later or missed it. */
    repeat() {
      for (const [siteId, { here }] of places) {
        for (const { person } of here.values()) unpublished.set(`${siteId} ${person.id}`, { siteId, person });
      }
      if (unpublished.size > 0) flushSoon();
    },

    /** Removes the people of processes that have not reported for too long. */
    forget() {
      for (const [siteId, { elsewhere }] of places) {
        for (const [key, { receivedAt }] of elsewhere) {
          if (clock() - receivedAt < forgetMs) continue;
          elsewhere.delete(key);
          changedSites.add(siteId);
          flushSoon();
        }
      }
    },

    /** Sends pending reports at once. */
    close() {
      clearTimeout(timer);
      flush();
      clearTimeout(timer);
    },
  };
}

export type Presence = ReturnType<typeof createPresence>;

/** One entry for each case a person looks at, and one without a case for a person who looks at none. */
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
      (cases.size === 0 ? [null] : [...cases].slice(0, maxCases).toSorted()).map((caseId) => ({
        person,
        caseId,
      })),
    );
}

import { z } from 'zod';
import { problem } from './errors.ts';
import { id } from './fields.ts';
import { version } from './resources.ts';
import { instant } from './time.ts';

// The log of a desk: what a person asked for while the server was out of reach, and what became of it. A log is a list of
// records that only grows; the state of every request follows from it. No I/O here.

/** In place of a case's id: the case that another request of the queue creates. */
export const placeholderOf = (requestId: string) => `@${requestId}`;
const caseReference = z.union([id, z.string().regex(/^@[\da-f-]{36}$/)]);

/** A case that a command was given for. */
export const pendingCase = z.strictObject({
  /** Null: a new case. */
  caseId: caseReference.nullable(),
  /** The time that was requested for it. */
  place: z.strictObject({ roomId: id, start: instant, end: instant }).nullable(),
  title: z.string().max(300).nullable(),
});

/** One command of the queue. `id` is its idempotency key. */
export const queuedRequest = z.strictObject({
  id,
  command: z.string().max(40),
  params: z.record(z.string().max(40), z.string().max(80)),
  body: z.json().optional(),
  /** In the person's words: "Move Hip replacement to OR 2 10:00". */
  title: z.string().max(300),
  /** A fact has happened and is never blocked by a refusal. A claim is valid only for what it was made against. */
  kind: z.enum(['fact', 'claim']),
  madeAt: instant,
  /** The time of the board that the person saw. */
  boardAt: instant.nullable(),
  cases: z.array(pendingCase).max(100),
  /** Earlier requests on the same cases. Their results give the case and its version. */
  dependsOn: z.array(id).max(100),
  /** It was sent before it was queued and may have been done. */
  wasSent: z.boolean(),
  /** The request that this one takes the place of, in the same record: never both of them, never neither. */
  replaces: id.nullable(),
});
export type QueuedRequest = z.infer<typeof queuedRequest>;

const result = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('done'), cases: z.array(z.strictObject({ id, version })).max(100) }),
  z.strictObject({ kind: z.literal('refused'), problem }),
  /** `age`: waited longer than the site allows. `past`: its time has passed. `unknown`: the server no longer knows its key. */
  z.strictObject({ kind: z.literal('expired'), why: z.enum(['age', 'past', 'unknown']) }),
]);
export type QueueResult = z.infer<typeof result>;

export const queueRecord = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('asked'), request: queuedRequest }),
  /** Written before the bytes leave: from here on it may have been done. */
  z.strictObject({ type: z.literal('sending'), id, n: z.int().min(1), at: instant }),
  z.strictObject({ type: z.literal('answered'), id, at: instant, result }),
  /** `seen`: the person knows that it was done. `removed`: taken back before it was sent. */
  z.strictObject({ type: z.literal('closed'), id, how: z.enum(['seen', 'removed', 'discarded']) }),
]);
export type QueueRecord = z.infer<typeof queueRecord>;

/** By how much a record changes the number of requests that wait: for counting them without reading the records. */
export function changeOfWaiting(record: QueueRecord): -1 | 0 | 1 {
  if (record.type === 'asked') return record.request.replaces === null ? 1 : 0;
  if (record.type === 'answered') return record.result.kind === 'done' ? -1 : 0;
  return record.type === 'closed' && record.how !== 'seen' ? -1 : 0;
}

export type RequestState = 'queued' | 'sending' | 'done' | 'conflict' | 'blocked' | 'expired';

/** A request with what the log says about it. */
export type Requested = {
  readonly request: QueuedRequest;
  readonly state: RequestState;
  /** Its place in the device's queue when it was sent last. */
  readonly n: number | null;
  /** When it was first sent; null: never. */
  readonly sentAt: string | null;
  readonly result: QueueResult | null;
  readonly closed: 'seen' | 'removed' | 'discarded' | 'replaced' | null;
  /** The requests that must be answered before it is sent. */
  readonly waitsFor: readonly string[];
  /** The requests without which it cannot be sent. */
  readonly blockedBy: readonly string[];
};

/** It may have been done, so it cannot be taken back. */
export const mayBeDone = ({ request, n }: Pick<Requested, 'request' | 'n'>) => request.wasSent || n !== null;

/** Every request of the log, in the order of asking. Records of unknown requests are ignored, and a second answer too. */
export function requestsOf(records: readonly QueueRecord[]): Requested[] {
  const { entries, replacedBy } = entriesOf(records);
  // A replacement is always younger, so this ends.
  const latest = (requestId: string): string => {
    let now = requestId;
    for (let next = replacedBy.get(now); next !== undefined; next = replacedBy.get(now)) now = next;
    return now;
  };
  const resolved = new Map<string, Requested>();
  const underWay = new Set<string>();

  /** Undefined: unknown, or it is being resolved. Requests that wait for each other in a circle are blocked. */
  const resolve = (requestId: string): Requested | undefined => {
    const known = resolved.get(requestId);
    if (known) return known;
    const entry = entries.get(requestId);
    if (!entry || underWay.has(requestId)) return undefined;
    underWay.add(requestId);
    const isFact = entry.request.kind === 'fact';
    const blockedBy: string[] = [];
    const waitsFor: string[] = [];
    for (const dependency of new Set(entry.request.dependsOn)) {
      const before = resolve(latest(dependency));
      if (!before) blockedBy.push(dependency);
      else if (!isHopeless(before)) {
        if (before.result === null) waitsFor.push(before.request.id);
      } else if (
        (!isFact && before.request.kind === 'claim') ||
        isOn(entry.request, placeholderOf(dependency))
      )
        blockedBy.push(before.request.id);
    }
    const requested = { ...entry, state: stateOf(entry, blockedBy.length > 0), waitsFor, blockedBy };
    resolved.set(requestId, requested);
    return requested;
  };
  return [...entries.keys()].flatMap((each) => resolve(each) ?? []);
}

type Entry = Omit<{ -readonly [Key in keyof Requested]: Requested[Key] }, 'state' | 'waitsFor' | 'blockedBy'>;

function entriesOf(records: readonly QueueRecord[]) {
  const entries = new Map<string, Entry>();
  const replacedBy = new Map<string, string>();
  for (const record of records) {
    if (record.type === 'asked') {
      const { request } = record;
      if (entries.has(request.id)) continue;
      entries.set(request.id, { request, n: null, sentAt: null, result: null, closed: null });
      const replaced = request.replaces === null ? undefined : entries.get(request.replaces);
      if (!replaced || replaced.closed !== null || replaced.request === request) continue;
      replaced.closed = 'replaced';
      replacedBy.set(replaced.request.id, request.id);
      continue;
    }
    const entry = entries.get(record.id);
    if (!entry) continue;
    if (record.type === 'sending') {
      entry.n = record.n;
      entry.sentAt ??= record.at;
    } else if (record.type === 'answered') entry.result ??= record.result;
    else entry.closed ??= record.how;
  }
  return { entries, replacedBy };
}

function stateOf(entry: Entry, isBlocked: boolean): RequestState {
  if (entry.result?.kind === 'done') return 'done';
  if (entry.result) return entry.result.kind === 'refused' ? 'conflict' : 'expired';
  if (entry.n !== null) return 'sending';
  return isBlocked ? 'blocked' : 'queued';
}

/** It will not be done any more, unless the person decides so. */
const isHopeless = ({ state, closed }: Requested) =>
  state !== 'done' && (closed !== null || state === 'conflict' || state === 'expired' || state === 'blocked');

/** The records that a shorter log must keep: those of open requests, and of the requests whose results these need. */
export function stillNeeded(records: readonly QueueRecord[]): QueueRecord[] {
  const { entries, replacedBy } = entriesOf(records);
  const needed = new Set<string>();
  for (const { request, closed } of entries.values()) {
    if (closed !== null) continue;
    needed.add(request.id);
    for (const dependency of request.dependsOn) {
      for (let next: string | undefined = dependency; next !== undefined; next = replacedBy.get(next))
        needed.add(next);
    }
  }
  return records.filter((record) => needed.has(record.type === 'asked' ? record.request.id : record.id));
}

type CaseIn = {
  readonly id: string;
  /** The version that the command carries for it; null: the server does not compare one. */
  readonly version: number | null;
};
const versioned = z.looseObject({ caseId: z.string(), version: z.number() });
/** What all commands have in common: where the cases and their versions are. */
const commandBody = z.object({
  version: z.number().optional(),
  moves: z.array(versioned).optional(),
  first: versioned.optional(),
  second: versioned.optional(),
});

const isOn = (request: QueuedRequest, caseId: string) =>
  casesIn(request).some(({ id: each }) => each === caseId);

/** The cases that a command changes, by id or placeholder. */
export function casesIn(request: QueuedRequest): CaseIn[] {
  const { version: ofCase, moves = [], first, second } = commandBody.safeParse(request.body).data ?? {};
  const one = request.params['case'];
  return [
    ...(one === undefined ? [] : [{ id: one, version: ofCase ?? null }]),
    ...[...moves, ...(first ? [first] : []), ...(second ? [second] : [])].map(({ caseId, version: of }) => ({
      id: caseId,
      version: of,
    })),
  ];
}

const caseInReply = z.object({ id, version });
const reply = z.object({ case: caseInReply.optional(), cases: z.array(caseInReply).optional() });

/** The cases in the reply of a command, with their versions. */
export function casesOfReply(value: unknown): { id: string; version: number }[] {
  const { case: item, cases = item ? [item] : [] } = reply.safeParse(value).data ?? {};
  return cases;
}

/** What is sent for a request, after the ones that it depends on. */
export type QueuedInput = {
  readonly params: Readonly<Record<string, string>>;
  readonly body: QueuedRequest['body'];
};

/**
 * The input of a request as it is sent: with the cases that earlier requests have created, and with the versions that they
 * left. A version is taken over only if nobody else can have changed the case since this request was made: then the server
 * would have refused the earlier one (it compares versions), or the version would have grown by more than one.
 */
export function inputOf({ request }: Requested, all: readonly Requested[]): QueuedInput {
  const byId = new Map(all.map((each) => [each.request.id, each]));
  const replacedBy = new Map(
    all.flatMap(({ request: { id: by, replaces } }) => (replaces === null ? [] : [[replaces, by] as const])),
  );
  const doneAt = (requestId: string) => {
    let now = requestId;
    for (let next = replacedBy.get(now); next !== undefined; next = replacedBy.get(now)) now = next;
    const found = byId.get(now);
    return found?.result?.kind === 'done' ? { request: found.request, cases: found.result.cases } : null;
  };
  /** The id of a case in place of a placeholder. */
  const caseOf = (reference: string) => {
    if (!reference.startsWith('@')) return { id: reference, version: 0 };
    return doneAt(reference.slice(1))?.cases[0] ?? { id: reference, version: 0 };
  };
  const earlier = request.dependsOn.flatMap((each) => doneAt(each) ?? []);

  const versionOf = (reference: string, base: number): number => {
    const { id: caseId, version: created } = caseOf(reference);
    const left = earlier.flatMap((each) => {
      const after = each.cases.find((item) => item.id === caseId);
      if (!after) return [];
      const isCompared =
        each.request.kind === 'claim' &&
        casesIn(each.request).every((item) => caseOf(item.id).id !== caseId || item.version !== null);
      return [{ version: after.version, isCompared }];
    });
    let now = created > 0 ? created : base;
    for (const { version: after, isCompared } of left.toSorted((a, b) => a.version - b.version)) {
      if (isCompared ? after > now : after === now + 1) now = after;
    }
    return now;
  };
  const withCase = (part: { caseId: string; version: number }) => ({
    ...part,
    caseId: caseOf(part.caseId).id,
    version: versionOf(part.caseId, part.version),
  });

  const { body } = request;
  const known = commandBody.safeParse(body).data ?? {};
  const one = request.params['case'];
  const params = one === undefined ? request.params : { ...request.params, case: caseOf(one).id };
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return { params, body };
  return {
    params,
    body: {
      ...body,
      ...(one !== undefined && known.version !== undefined && { version: versionOf(one, known.version) }),
      ...(known.moves && { moves: known.moves.map(withCase) }),
      ...(known.first && { first: withCase(known.first) }),
      ...(known.second && { second: withCase(known.second) }),
    },
  };
}

/** The server forgets a key after this time. */
const keyHours = 72;
const hoursSince = (at: string, now: string) => (Date.parse(now) - Date.parse(at)) / 3_600_000;

/**
 * Why a request is not sent any more, or null. `position`: the last position of the device that the server has used: a
 * request that was sent at a later one has certainly not been done.
 */
export function expiryOf(
  { request, n, sentAt }: Requested,
  { now, queueHours, position }: { now: string; queueHours: number; position: number },
): 'age' | 'past' | 'unknown' | null {
  const isTooOld = hoursSince(request.madeAt, now) > queueHours;
  if (request.wasSent && n === null) return isTooOld ? 'unknown' : null;
  if (n !== null && n <= position) {
    // The key is as old as the first attempt, also if that was before it was queued.
    const firstSentAt = request.wasSent ? request.madeAt : (sentAt ?? request.madeAt);
    const isForgotten = hoursSince(firstSentAt, now) > keyHours;
    return isForgotten ? 'unknown' : null;
  }
  if (isTooOld) return request.wasSent ? 'unknown' : 'age';
  const isPast = request.cases.some(({ place }) => place !== null && place.end <= now);
  return request.kind === 'claim' && isPast && !request.wasSent ? 'past' : null;
}

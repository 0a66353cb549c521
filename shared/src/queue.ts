import { z } from 'zod';
import { problem } from './errors.ts';
import { id } from './fields.ts';
import { version } from './resources.ts';
import { instant } from './time.ts';

// The log of a desk: the commands that a person requested while the server was out of reach, and their outcomes. A log is a
// list of records that only grows; the state of every request follows from it. No I/O here.

/** Stands for the id of the case that another request of the queue creates. */
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
  /** A fact has happened and is never blocked by a refusal. A claim is valid only for the state that the person saw. */
  kind: z.enum(['fact', 'claim']),
  madeAt: instant,
  /** The time of the board that the person saw. */
  boardAt: instant.nullable(),
  cases: z.array(pendingCase).max(100),
  /** Earlier requests on the same cases. Their results give the case and its version. */
  dependsOn: z.array(id).max(500),
  /** It was sent before it was queued and may have been done. */
  wasSent: z.boolean(),
  /** The request that this one replaces. One record does both, so never both or neither of them is in the queue. */
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
  /** Written before the request is sent: from then on it may have been done. */
  z.strictObject({ type: z.literal('sending'), id, n: z.int().min(1), at: instant }),
  z.strictObject({ type: z.literal('answered'), id, at: instant, result }),
  /** `seen`: the person knows that it was done. `removed`: taken back before it was sent. */
  z.strictObject({ type: z.literal('closed'), id, how: z.enum(['seen', 'removed', 'discarded']) }),
]);
export type QueueRecord = z.infer<typeof queueRecord>;

/** By how much a record changes the number of waiting requests, to count them without keeping the records. */
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
  /** Its position in the device's queue when it was last sent. */
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

/** The parts of a request that its dependencies follow from. */
type NewRequest = Pick<QueuedRequest, 'params' | 'body' | 'kind' | 'replaces'>;

/** A log and the state of its requests. */
export type Queue = {
  /** The records that were applied. */
  readonly records: readonly QueueRecord[];
  /** All requests, oldest first. */
  readonly requests: ReadonlyMap<string, Requested>;
  /** The requests without an answer that are not closed, oldest first. */
  readonly unanswered: ReadonlyMap<string, Requested>;
  /** How many requests that are not closed are in each state. */
  readonly counts: Readonly<Record<RequestState, number>>;
  /** The requests that are not closed, oldest first. The same array until a record changes one of them. */
  open(): readonly Requested[];
  /** The request itself, or the last one in its chain of replacements. */
  inPlaceOf(requestId: string): Requested | undefined;
  /** The requests that are not closed and cannot be sent without this one, oldest first. */
  dependentsOf(requestId: string): Requested[];
  /** The ids of the requests that a new request depends on. */
  dependenciesOf(request: NewRequest): string[];
  /** Applies the next record of the log. The cost does not depend on the length of the log, only on what changes. */
  apply(record: QueueRecord): void;
};

/** A request, and the ones around it. */
type Node = {
  now: Requested;
  readonly index: number;
  /** The first request of a chain of replacements. */
  readonly root: string;
  /** Without unknown or later requests and without its own dependents: those block it for good. */
  readonly dependencies: ReadonlySet<string>;
  readonly dependents: Node[];
  /** The cases that it changes, under the names that `caseKey` gives them. */
  readonly caseKeys: readonly string[];
  replaces: Node | null;
  replacedBy: Node | null;
};

/** Reads a log. Records of unknown requests change nothing. */
export function createQueue(log: readonly QueueRecord[] = []): Queue {
  const records: QueueRecord[] = [];
  const nodes = new Map<string, Node>();
  const requests = new Map<string, Requested>();
  const unanswered = new Map<string, Requested>();
  const open = new Map<string, Requested>();
  const counts = { queued: 0, sending: 0, done: 0, conflict: 0, blocked: 0, expired: 0 };
  let openNow: readonly Requested[] | null = null;
  /** By case: the requests that change it. The last one has no answer and is not closed. */
  const onCase = new Map<string, Node[]>();
  /** The requests that have created cases. */
  const creators = new Map<string, string>();

  /** The same name for a case that a request creates, under its placeholder and under its id. */
  function caseKey(reference: string): string {
    if (!reference.startsWith('@')) return creators.get(reference) ?? reference;
    const creator = nodes.get(reference.slice(1));
    return creator ? placeholderOf(creator.root) : reference;
  }

  function latest(node: Node): Node {
    let now = node;
    for (let next = now.replacedBy; next; next = now.replacedBy) now = next;
    return now;
  }

  /** The node and all nodes that it replaces. */
  function chainOf(node: Node): Node[] {
    const chain: Node[] = [];
    for (let each: Node | null = node; each; each = each.replaces) chain.push(each);
    return chain;
  }
  const dependentsOfChain = (node: Node) => chainOf(node).flatMap(({ dependents }) => dependents);

  /** Everything that depends on one of these, and these themselves. */
  function reachableFrom(from: readonly Node[]): Set<string> {
    const reached = new Set(from.map(({ now }) => now.request.id));
    const reachedNodes = [...from];
    for (const { dependents } of reachedNodes) {
      for (const each of dependents) {
        if (reached.has(each.now.request.id)) continue;
        reached.add(each.now.request.id);
        reachedNodes.push(each);
      }
    }
    return reached;
  }

  /** Finds the requests that a request waits for and those that block it. Its state follows from them. */
  function resolve(node: Node, facts: Facts): Requested {
    const { request } = facts;
    const blockedBy: string[] = [];
    const waitsFor = new Set<string>();
    for (const dependency of new Set(request.dependsOn)) {
      const dependencyNode = node.dependencies.has(dependency) ? nodes.get(dependency) : undefined;
      if (!dependencyNode) {
        blockedBy.push(dependency);
        continue;
      }
      const before = latest(dependencyNode).now;
      if (!isHopeless(before)) {
        if (before.result === null) waitsFor.add(before.request.id);
      } else if (
        (request.kind === 'claim' && before.request.kind === 'claim') ||
        isOn(request, placeholderOf(dependency))
      )
        blockedBy.push(before.request.id);
      // The dependency is left out, so this request waits for the same requests as it did.
      else for (const each of before.waitsFor) waitsFor.add(each);
    }
    return { ...facts, state: stateOf(facts, blockedBy.length > 0), waitsFor: [...waitsFor], blockedBy };
  }

  /** Returns whether the ones that depend on it must be resolved again. */
  function change(node: Node, facts: Facts): boolean {
    const before = requests.get(facts.request.id);
    const now = resolve(node, facts);
    if (before && isSame(before, now)) return false;
    store(node, before, now);
    return !before || !looksTheSame(before, now);
  }

  /** Resolves requests again, and then the ones that depend on what has changed. */
  function spread(from: readonly Node[]) {
    const pending = new Set(from);
    for (const node of pending) {
      pending.delete(node);
      if (change(node, node.now)) for (const each of dependentsOfChain(node)) pending.add(each);
    }
  }

  function update(node: Node, facts: Facts) {
    if (change(node, facts)) spread(dependentsOfChain(node));
  }

  function store(node: Node, before: Requested | undefined, now: Requested) {
    const { id: requestId } = now.request;
    node.now = now;
    requests.set(requestId, now);
    openNow = null;
    if (before && before.closed === null) counts[before.state] -= 1;
    if (now.closed === null) {
      counts[now.state] += 1;
      open.set(requestId, now);
    } else open.delete(requestId);
    if (now.closed === null && now.result === null) unanswered.set(requestId, now);
    else if (unanswered.delete(requestId)) for (const key of node.caseKeys) trim(key);
    const { result: answer } = now;
    const [created] = answer?.kind === 'done' ? answer.cases : [];
    if (created && node.caseKeys.length === 0) creators.set(created.id, placeholderOf(node.root));
  }

  function trim(key: string) {
    const list = onCase.get(key) ?? [];
    for (let last = list.at(-1); last && !unanswered.has(last.now.request.id); last = list.at(-1)) list.pop();
  }

  function add(request: QueuedRequest) {
    if (nodes.has(request.id)) return;
    const target = request.replaces === null ? undefined : nodes.get(request.replaces);
    const replaced = target?.now.closed === null ? target : null;
    const dependents = replaced ? reachableFrom(chainOf(replaced)) : new Set<string>();
    const facts = { request, n: null, sentAt: null, result: null, closed: null };
    const node: Node = {
      now: { ...facts, state: 'queued', waitsFor: [], blockedBy: [] },
      index: nodes.size,
      root: replaced?.root ?? request.id,
      dependencies: new Set(request.dependsOn.filter((each) => nodes.has(each) && !dependents.has(each))),
      dependents: [],
      caseKeys: [...new Set(casesIn(request).map((item) => caseKey(item.id)))],
      replaces: replaced,
      replacedBy: null,
    };
    nodes.set(request.id, node);
    for (const dependency of node.dependencies) nodes.get(dependency)?.dependents.push(node);
    for (const key of node.caseKeys) {
      const list = onCase.get(key) ?? [];
      onCase.set(key, list);
      list.push(node);
    }
    change(node, facts);
    if (!replaced) return;
    replaced.replacedBy = node;
    change(replaced, { ...replaced.now, closed: 'replaced' });
    spread(dependentsOfChain(node));
  }

  function apply(record: QueueRecord) {
    records.push(record);
    if (record.type === 'asked') return add(record.request);
    const node = nodes.get(record.id);
    if (!node) return;
    const { now } = node;
    if (record.type === 'sending') update(node, { ...now, n: record.n, sentAt: now.sentAt ?? record.at });
    else if (record.type === 'closed') update(node, { ...now, closed: now.closed ?? record.how });
    else update(node, { ...now, result: resultAfter(now.result, record.result) });
  }
  for (const record of log) apply(record);

  return {
    records,
    requests,
    unanswered,
    counts,
    open: () => (openNow ??= [...open.values()]),
    inPlaceOf(requestId) {
      const node = nodes.get(requestId);
      return node && latest(node).now;
    },
    dependentsOf(requestId) {
      const first = nodes.get(requestId);
      const neededIds = new Set([requestId]);
      const dependents: Node[] = [];
      const visited = new Set(first ? [first] : []);
      for (const node of visited) {
        for (const each of dependentsOfChain(node)) {
          const { now } = each;
          if (now.state === 'done') continue;
          const isDependent = [...now.waitsFor, ...now.blockedBy].some((other) => neededIds.has(other));
          // The requests behind a closed one may wait for this one.
          if (now.closed !== null) visited.add(each);
          else if (isDependent && !neededIds.has(now.request.id)) {
            neededIds.add(now.request.id);
            dependents.push(each);
            visited.add(each);
          }
        }
      }
      return dependents.toSorted((a, b) => a.index - b.index).map(({ now }) => now);
    },
    dependenciesOf(request) {
      const replaced = request.replaces === null ? undefined : nodes.get(request.replaces);
      // Never on a dependent of the replaced request: the two would wait for each other.
      const dependents = replaced ? reachableFrom(chainOf(replaced)) : new Set<string>();
      const dependencies = new Set(replaced?.now.request.dependsOn);
      for (const { id: reference } of casesIn(request)) {
        const creator = reference.slice(1);
        if (reference.startsWith('@') && nodes.has(creator) && !dependents.has(creator))
          dependencies.add(creator);
        const list = onCase.get(caseKey(reference)) ?? [];
        const isEarlier = ({ now: { request: other, state } }: Node) =>
          state !== 'blocked' && unanswered.has(other.id) && !dependents.has(other.id);
        // Each of them depends on the one before it, so the last one is enough; for a claim, the last claim too.
        const last = list.findLast(isEarlier);
        const lastClaim =
          request.kind === 'claim' &&
          list.findLast((each) => each.now.request.kind === 'claim' && isEarlier(each));
        for (const each of [last, lastClaim]) if (each) dependencies.add(each.now.request.id);
      }
      return [...dependencies];
    },
    apply,
  };
}

/** Returns all requests of the log, oldest first. */
export const requestsOf = (records: readonly QueueRecord[]): Requested[] => [
  ...createQueue(records).requests.values(),
];

/** The state of a request without its dependencies. */
type Facts = Pick<Requested, 'request' | 'n' | 'sentAt' | 'result' | 'closed'>;

/** The first answer counts. But an answer of the server replaces `expired`. */
const resultAfter = (before: QueueResult | null, next: QueueResult) =>
  before === null || (before.kind === 'expired' && next.kind !== 'expired') ? next : before;

function stateOf({ result: answer, n }: Facts, isBlocked: boolean): RequestState {
  if (answer?.kind === 'done') return 'done';
  if (answer) return answer.kind === 'refused' ? 'conflict' : 'expired';
  if (n !== null) return 'sending';
  return isBlocked ? 'blocked' : 'queued';
}

/** It is not sent any more unless the person decides to. */
const isHopeless = ({ state, closed }: Requested) =>
  state !== 'done' && (closed !== null || state === 'conflict' || state === 'expired' || state === 'blocked');

const isSameList = (one: readonly string[], other: readonly string[]) =>
  one.length === other.length && one.every((each, index) => each === other[index]);

const isSame = (one: Requested, other: Requested) =>
  one.state === other.state &&
  one.n === other.n &&
  one.sentAt === other.sentAt &&
  one.result === other.result &&
  one.closed === other.closed &&
  isSameList(one.waitsFor, other.waitsFor) &&
  isSameList(one.blockedBy, other.blockedBy);

/** Whether the difference does not matter to the requests that depend on it. */
const looksTheSame = (one: Requested, other: Requested) =>
  isHopeless(one) === isHopeless(other) &&
  (one.result === null) === (other.result === null) &&
  isSameList(one.waitsFor, other.waitsFor);

/**
 * Returns the records that a shorter log must keep: those of open requests, and of the requests whose results these need. A
 * done claim whose versions the server compared needs no earlier results.
 */
export function stillNeeded(records: readonly QueueRecord[]): QueueRecord[] {
  const queue = createQueue(records);
  const needed = new Set(queue.open().map(({ request }) => request.id));
  for (const requestId of needed) {
    for (let each = queue.inPlaceOf(requestId); each && each.request.id !== requestId;) {
      needed.add(each.request.id);
      each = queue.requests.get(each.request.replaces ?? '');
    }
    const requested = queue.requests.get(requestId);
    if (!requested) continue;
    const { request, state, closed } = requested;
    if (state === 'done' && closed !== null && isCompared(request)) continue;
    for (const dependency of request.dependsOn) needed.add(dependency);
    for (const { id: reference } of casesIn(request))
      if (reference.startsWith('@')) needed.add(reference.slice(1));
  }
  return records.filter((record) => needed.has(record.type === 'asked' ? record.request.id : record.id));
}

/** Whether the server compares the versions of all cases of a request. */
const isCompared = (request: QueuedRequest) =>
  request.kind === 'claim' && casesIn(request).every((item) => item.version !== null);

type CaseIn = {
  readonly id: string;
  /** The version of it that the command names; null: the server does not compare one. */
  readonly version: number | null;
};
const versioned = z.looseObject({ caseId: z.string(), version: z.number() });
/** The fields of all commands that name cases and their versions. */
export const commandBody = z.object({
  version: z.number().optional(),
  moves: z.array(versioned).optional(),
  first: versioned.optional(),
  second: versioned.optional(),
});

const isOn = (request: QueuedRequest, caseId: string) =>
  casesIn(request).some(({ id: each }) => each === caseId);

/** The cases that a command changes, by id or placeholder. */
export function casesIn(request: Pick<QueuedRequest, 'params' | 'body'>): CaseIn[] {
  const {
    version: versionOfCase,
    moves = [],
    first,
    second,
  } = commandBody.safeParse(request.body).data ?? {};
  const reference = request.params['case'];
  return [
    ...(reference === undefined ? [] : [{ id: reference, version: versionOfCase ?? null }]),
    ...[...moves, ...(first ? [first] : []), ...(second ? [second] : [])].map(
      ({ caseId, version: versionOfPart }) => ({
        id: caseId,
        version: versionOfPart,
      }),
    ),
  ];
}

const caseInReply = z.object({ id, version });
const reply = z.object({ case: caseInReply.optional(), cases: z.array(caseInReply).optional() });

/** The cases in the reply of a command, with their versions. */
export function casesOfReply(value: unknown): { id: string; version: number }[] {
  const { case: item, cases = item ? [item] : [] } = reply.safeParse(value).data ?? {};
  return cases;
}

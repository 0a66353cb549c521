import { isInRoom } from '@slate/shared/case-state';
import { routes } from '@slate/shared/contract';
import type { RouteReply } from '@slate/shared/contract';
import type { ChangeCase } from '@slate/shared/contract/cases';
import type { Case } from '@slate/shared/cases';
import { statusOf } from '@slate/shared/errors';
import { mayBeDone } from '@slate/shared/queue';
import type { QueuedRequest, Requested } from '@slate/shared/queue';
import type { QueuedInput } from '@slate/shared/queue-input';
import { call } from '../api/client.ts';
import type { Input, Outcome } from '../api/client.ts';
import { shell } from '../shell/shell.ts';
import { feedNow } from '../realtime/current-feed.ts';
import { caseName } from '../stores/board.ts';
import { serverInstant } from '../stores/clock.ts';
import { connectionStore, isCutOff } from '../stores/connection.ts';
import { boardAsOf } from '../stores/cut-off.ts';
import { deskNow, deskStore } from '../stores/desk.ts';
import { addIntent, dropIntent } from '../stores/intents.ts';
import type { CommandName, PendingCase } from '../stores/intents.ts';
import {
  appendToQueue,
  isUnanswered,
  isWaiting,
  queueHoursNow,
  queueNow,
  queueStore,
  requestNow,
  setTrouble,
  untilSaved,
} from '../stores/queue.ts';
import { isStillWorking, sessionStore } from '../stores/session.ts';
import {
  rememberCases,
  requestsWithUndo,
  settleUndoOfRequest,
  suspendUndoOfRequest,
} from '../stores/undo.ts';
import { toastTaken } from './outcome-toasts.ts';
import { createReplay } from './replay.ts';

type Receiver = (answer: Outcome<never> | { kind: 'queued' }) => void;
/** By key: the callbacks of the commands whose answers the screen waits for. */
const receivers = new Map<string, Receiver>();

let replay: ReturnType<typeof createReplay> | null = null;

/** Resolves when no attempt to send this request is under way: the answer to it would count. */
export const whenNotSending = (id: string) => replay?.whenNotSending(id) ?? Promise.resolve();

export type ToQueue = {
  /** The idempotency key. */
  readonly key: string;
  readonly name: CommandName;
  readonly params: Readonly<Record<string, string>>;
  readonly body: unknown;
  readonly title: string;
  readonly cases: readonly PendingCase[];
  /** It was sent, and no answer came. */
  readonly wasSent: boolean;
  /** The request that it replaces. */
  readonly replaces?: string | null;
  /** The case as the person saw it. */
  readonly item?: Case | null;
};

/**
 * Puts a command into the queue. Rejects with a sentence if it cannot be saved; then it is not in the queue. Resolves with
 * false if the request that it replaces was answered or closed in the meantime, or may have been done.
 */
export async function enqueue({ key, name, params, item = null, ...command }: ToQueue): Promise<boolean> {
  const madeAt = serverInstant();
  // A body that was sent must not change: its key belongs to it.
  const facts = command.wasSent ? null : factsIn(name, command.body, item, madeAt);
  const body = facts ?? command.body;
  const request: QueuedRequest = {
    id: key,
    command: name,
    params,
    ...(body !== undefined && { body: JSON.parse(JSON.stringify(body)) as QueuedRequest['body'] }),
    title: command.title.slice(0, 300),
    kind: isFact(name, body) ? 'fact' : 'claim',
    madeAt,
    boardAt: boardAsOf() ?? madeAt,
    cases: command.cases.map((each) => ({ ...each, title: each.title?.slice(0, 300) ?? null })),
    dependsOn: [],
    wasSent: command.wasSent,
    replaces: command.replaces ?? null,
  };
  const count = await appendToQueue(() => {
    const replaced = request.replaces === null ? undefined : requestNow(request.replaces);
    if (replaced && !isReplaceable(replaced)) return [];
    return [{ type: 'asked', request: { ...request, dependsOn: queueNow().dependenciesOf(request) } }];
  });
  if (command.wasSent) replay?.later();
  else replay?.run();
  return count > 0;
}

const isFact = (name: CommandName, body: unknown) =>
  name === 'recordMilestone' ||
  (name === 'changeCase' && typeof body === 'object' && body !== null && !('version' in body));

/** It was not done, as far as this desk knows. */
export const isReplaceable = (requested: Requested) =>
  requested.closed === null &&
  (requested.result === null ? !mayBeDone(requested) : requested.result.kind !== 'done');

/**
 * Returns the body of a command that only states facts: without a version, because the server merges facts with the changes of
 * others. Null if the command does more.
 */
function factsIn(name: CommandName, body: unknown, item: Case | null, madeAt: string): object | null {
  if (typeof body !== 'object' || body === null) return null;
  if (name === 'recordMilestone') return { madeAt, ...body };
  const { version: _, note, minutes, ...rest } = body as Partial<ChangeCase>;
  if (name !== 'changeCase' || !item || Object.keys(rest).length > 0) return null;
  if (minutes !== undefined && !isInRoom(item.state)) return null;
  return {
    ...(note !== undefined && { note, noteBefore: item.note }),
    ...(minutes !== undefined && { minutes, madeAt }),
  };
}

/** Resolves with the answer, or with `queued` when it will not come soon: the server is out of reach, or it is blocked. */
export const untilAnswered = (key: string) =>
  new Promise<Parameters<Receiver>[0]>((resolve) => receivers.set(key, resolve));

/** Returns whether the screen waited for this answer. */
function deliver(key: string, answer: Outcome<unknown>): boolean {
  const receiver = receivers.get(key);
  receivers.delete(key);
  receiver?.(answer as Outcome<never>);
  return receiver !== undefined;
}

/** Ends the waiting on the screen. At a desk, the request stays in the queue. */
function stopWaiting(isAffected: (key: string) => boolean = () => true) {
  for (const [key, receiver] of receivers) {
    if (!isAffected(key)) continue;
    receivers.delete(key);
    receiver(deskNow() ? { kind: 'queued' } : { kind: 'unreachable' });
  }
}

/** Whether requests can be sent: the board is up to date, and the person of the queue is signed in. */
function isReady(): boolean {
  const session = sessionStore.getState();
  const desk = deskNow();
  return (
    session.status === 'signed_in' &&
    !session.needs &&
    (!desk || (desk.personId === session.me.id && desk.siteId === session.site.id)) &&
    connectionStore.getState().connection.status === 'live'
  );
}

const isCommand = (name: string): name is CommandName =>
  name in routes && 'command' in routes[name as keyof typeof routes];

/** A refusal by this console itself: another version of it may have written the log. */
const refusedHere = (code: 'method_not_allowed' | 'internal', detail: string): Outcome<unknown> => ({
  kind: 'refused',
  problem: { type: 'about:blank', title: code, status: statusOf[code], code, detail },
});

function createReplayOfDesk() {
  const device = deskNow()?.device ?? null;
  const session = sessionStore.getState();
  const site = session.status === 'signed_in' ? session.site.id : '';
  const mayRepeat = () => {
    const now = sessionStore.getState();
    return now.status === 'signed_in' && session.status === 'signed_in' && now.me.id === session.me.id;
  };
  const send = async (
    { request: { id, command, cases } }: Requested,
    input: QueuedInput,
    n: number | null,
  ) => {
    if (!isCommand(command)) return refusedHere('method_not_allowed', `This console has no ${command}.`);
    const { body } = input;
    const request = { params: { site, ...input.params }, ...(body !== undefined && { body }) };
    const outcome = await call(command, request as unknown as Input<typeof command>, {
      key: id,
      mayRepeat,
      ...(device !== null && n !== null && { queued: { device, n } }),
    }).catch((error: unknown) => refusedHere('internal', String(error)));
    if (outcome.kind !== 'done' || !isStillWorking(session)) return outcome;
    rememberCases(outcome.reply);
    if (!receivers.has(id)) {
      addIntent({ key: id, name: command, cases, sentAt: performance.now(), isSettled: true });
      void showResult(id, outcome.reply);
      settleUndoOfRequest(id, outcome.reply);
      if (command === 'recordMilestone') {
        const { case: item, taken } = outcome.reply as RouteReply<'recordMilestone'>;
        toastTaken(caseName(item), taken);
      }
    }
    return outcome;
  };
  return createReplay({
    device,
    queue: queueNow,
    append: appendToQueue,
    isReady: () => isReady() && mayRepeat(),
    askPosition: async () => {
      const { workstation: name } = await shell.start();
      return call('registerDevice', { params: { site }, body: { id: device ?? '', name } });
    },
    send,
    deliver,
    setTrouble,
    now: serverInstant,
    queueHours: queueHoursNow,
  });
}

/** Removes the intent when the board shows the result. */
export async function showResult(key: string, reply: unknown) {
  const { revision } = reply as { revision?: number };
  const feed = feedNow();
  if (revision !== undefined) {
    feed?.expectRevision(revision);
    await feed?.whenReached(revision);
  }
  dropIntent(key);
}

/** Fetches a case that may be outside the shown days. */
export async function fetchCase(caseId: string): Promise<Case | null> {
  const session = sessionStore.getState();
  if (session.status !== 'signed_in') return null;
  const outcome = await call('case', { params: { site: session.site.id, case: caseId } });
  return outcome.kind === 'done' ? outcome.reply.case : null;
}

/** Replays the queue whenever the desk is open, the server is back and the board is up to date. */
export function replayQueue(): () => void {
  let wasReady = false;
  const checkReadiness = () => {
    const { status } = sessionStore.getState();
    if (status !== 'signed_in') stopWaiting();
    if (isCutOff() && deskNow()) stopWaiting();
    const isNow = isReady();
    if (isNow && !wasReady) replay?.now();
    wasReady = isNow;
  };
  /** Called when the commands without an answer from before the desk was opened are saved, or could not be saved. */
  const resume = () => {
    replay?.run();
    for (const key of receivers.keys()) if (!requestNow(key)) deliver(key, { kind: 'unreachable' });
  };
  let lastOwner = '';
  let lastPerson = '';
  const followOwner = () => {
    const session = sessionStore.getState();
    const person = session.status === 'signed_in' ? `${session.me.id} ${session.site.id}` : '';
    const owner = `${person} ${deskNow()?.device}`;
    if (person !== lastPerson) stopWaiting();
    lastPerson = person;
    if (owner !== lastOwner) {
      lastOwner = owner;
      wasReady = false;
      replay?.stop();
      replay = createReplayOfDesk();
      void untilSaved().then(resume);
    }
    checkReadiness();
  };
  const stops = [
    deskStore.subscribe(followOwner),
    sessionStore.subscribe(followOwner),
    connectionStore.subscribe(checkReadiness),
    queueStore.subscribe(() => {
      for (const id of requestsWithUndo()) {
        const requested = requestNow(id);
        if (requested && isUnanswered(requested)) continue;
        if (requested?.closed === null && requested.state !== 'done') suspendUndoOfRequest(id);
        else settleUndoOfRequest(id);
      }
    }),
    queueStore.subscribe(({ trouble }) =>
      stopWaiting((key) => {
        const requested = requestNow(key);
        return (trouble !== null && deskNow() !== null) || (requested !== undefined && !isWaiting(requested));
      }),
    ),
    () => {
      replay?.stop();
      replay = null;
      stopWaiting();
    },
  ];
  followOwner();
  return () => stops.forEach((stop) => stop());
}

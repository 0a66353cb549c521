import type { GivenReason } from '@slate/shared/reasons';
import { isPlaced } from '@slate/shared/cases';
import type { CaseReply } from '@slate/shared/contract/cases';
import { casesIn, mayBeDone } from '@slate/shared/queue';
import type { QueuedRequest, QueueRecord, Requested } from '@slate/shared/queue';
import { hasFields } from '@slate/shared/queue-input';
import { minutesBetween } from '@slate/shared/time';
import { fittingRequests, placedOn } from '../preview/fitting-requests.ts';
import { callerNow } from '../preview/judge.ts';
import { nextFree } from '../preview/next-free.ts';
import { announceNow } from '../stores/announcements.ts';
import { boardStore, caseName, caseNow, nameOf } from '../stores/board.ts';
import { serverInstant } from '../stores/clock.ts';
import { isCutOff } from '../stores/connection.ts';
import { openDialog } from '../stores/dialogs.ts';
import type { CommandName } from '../stores/intents.ts';
import { mayRun } from '../stores/permissions.ts';
import { placeWords, rangeWords } from '../stores/place.ts';
import type { Place } from '../stores/place.ts';
import { appendToQueue, isUnknown, queueNow, requestNow } from '../stores/queue.ts';
import { toast } from '../stores/toasts.ts';
import { rememberCases, undoOfRequest } from '../stores/undo.ts';
import type { UndoOf } from '../stores/undo.ts';
import { zoneNow } from '../stores/view.ts';
import { wordsOfOutcome } from '../words/outcomes.ts';
import { queueWords } from '../words/queue.ts';
import { alternativeWords } from '../words/refusals.ts';
import { stepOfAdding, stepOfBump } from './depot.ts';
import { toastNotSaved } from './outcome-toasts.ts';
import { cautionsIn, withReason } from './send.ts';
import { enqueue, fetchCase, isReplaceable, whenNotSending } from './queue.ts';
import type { ToQueue } from './queue.ts';
import { offerUndo, takeBack } from './take-back.ts';

const words = queueWords.decide;

/** One way to settle a request that needs a decision. */
export type Choice = {
  readonly kind: 'retry' | 'alternative' | 'depot' | 'discard' | 'take_back' | 'stop';
  readonly label: string;
  /** The effect, as a sentence. */
  readonly does: string;
  readonly run: () => Promise<void>;
};

/** Returns the ways in which a person can settle a request now. */
export function choicesFor(requested: Requested): Choice[] {
  const { request, state, closed } = requested;
  const { title } = request;
  if (closed !== null || state === 'done') return [];
  if (state === 'queued' && !mayBeDone(requested)) {
    const run = () => takeBack(request.id);
    return [{ kind: 'take_back', label: words.takeBack.label, does: words.takeBack.does, run }];
  }
  if (state === 'queued' || state === 'sending') {
    const run = () => settle(() => (isOpen(request.id) ? [stopped(request.id)] : []), title);
    return [{ kind: 'stop', label: words.stop.label, does: words.stop.does, run }];
  }
  // The request that blocks it must be settled first.
  if (state === 'blocked') return [discardOf(requested)];
  if (isPast(requested)) return [...nextFreeOf(requested), ...depotOf(requested), discardOf(requested)];
  return [retryOf(requested), ...alternativesOf(requested), ...depotOf(requested), discardOf(requested)];
}

const isOpen = (id: string) => {
  const now = requestNow(id);
  return now !== undefined && now.closed === null && now.result === null;
};
const stopped = (id: string): QueueRecord => ({
  type: 'answered',
  id,
  at: serverInstant(),
  result: { kind: 'expired', why: 'unknown' },
});

function retryOf(requested: Requested): Choice {
  const { request, result } = requested;
  const isStale = result?.kind === 'refused' && result.problem.code === 'stale_version';
  const cautions = result?.kind === 'refused' ? cautionsIn(result.problem) : null;
  if (cautions !== null) {
    const { label, does } = words.retryWithReason;
    const run = () => Promise.resolve(askForReason(requested, cautions));
    return { kind: 'retry', label, does: does(request.title), run };
  }
  const { label, does } = isUnknown(requested)
    ? words.retryUnknown
    : isStale
      ? words.retryAnyway
      : words.retry;
  return { kind: 'retry', label, does: does(request.title), run: () => retry(requested) };
}

const askForReason = (requested: Requested, cautions: readonly string[]) =>
  openDialog({
    kind: 'reason',
    for: 'override',
    title: requested.request.title,
    caseId: requested.request.params['case'] ?? null,
    cautions,
    placed: [],
    submit: (reason) => void retry(requested, { reason }),
  });

/** Its time has passed, and it was certainly not done. */
const isPast = (requested: Requested) =>
  requested.result?.kind === 'expired' &&
  !isUnknown(requested) &&
  requested.request.kind === 'claim' &&
  requested.request.cases.some(({ place }) => place !== null && place.end <= serverInstant());

/** The next time in the same room that is free on the board of this desk. */
function nextFreeOf(requested: Requested): Choice[] {
  const { request } = requested;
  const { view } = boardStore.getState();
  const [pending, another] = request.cases;
  if (!view || !pending?.place || another || !hasFields(request.body) || !('start' in request.body))
    return [];
  const item = placedOn(view, request, { ...pending, place: pending.place });
  const place = item && nextFree(view, item, callerNow());
  return place ? [alternativeOf(requested, place)] : [];
}

/** The times that the refusal offers instead. */
function alternativesOf(requested: Requested): Choice[] {
  const { request, result } = requested;
  if (result?.kind !== 'refused' || !hasFields(request.body) || !('start' in request.body)) return [];
  return (result.problem.alternatives ?? []).map((place) => alternativeOf(requested, place));
}

function alternativeOf(requested: Requested, place: Place): Choice {
  const title = titleAt(requested.request, place);
  return {
    kind: 'alternative',
    label: words.alternative.label(alternativeWords(place, nameOf(place.roomId), zoneNow())),
    does: words.alternative.does(title),
    run: () => retry(requested, { at: { place, title } }),
  };
}

function titleAt({ command, title, cases }: QueuedRequest, place: Place): string {
  if (command === 'placeHold' || command === 'placeCase')
    return wordsOfOutcome.titles.hold(rangeWords(place));
  const item = caseNow(cases[0]?.caseId ?? '');
  return command === 'moveCase' && item
    ? wordsOfOutcome.titles.move(caseName(item), placeWords(place))
    : title;
}

/** The depot instead of the requested time. */
function depotOf(requested: Requested): Choice[] {
  const { command } = requested.request;
  if (command === 'placeCase') return [leaveInDepotOf(requested)];
  if (command === 'placeHold') return addToDepotOf(requested);
  return command === 'moveCase' ? bumpOf(requested) : [];
}

const leaveInDepotOf = (requested: Requested): Choice => ({
  kind: 'depot',
  label: words.leaveInDepot.label,
  does: words.leaveInDepot.does,
  run: () => discard(requested),
});

function addToDepotOf(requested: Requested): Choice[] {
  const { id, body, title } = requested.request;
  if (!hasFields(body)) return [];
  const {
    roomId: _room,
    start: _start,
    blockId: _block,
    overrideReason: _reason,
    overrideReasonCode: _code,
    ...details
  } = body;
  const isNamed = typeof details['title'] === 'string' || typeof details['procedureId'] === 'string';
  const name = typeof details['title'] === 'string' ? details['title'] : queueWords.fromHold(title);
  const dependents = queueNow().dependentsOf(id);
  const run = async () => {
    const isDone = await replace(
      requested,
      {
        name: 'addToDepot',
        params: {},
        body: isNamed ? details : { ...details, title: name.slice(0, 160) },
        title: wordsOfOutcome.titles.add(name),
        cases: [{ caseId: null, place: null, title: name }],
      },
      (reply) => stepOfAdding(reply as CaseReply),
    );
    // Its dependents need a time, and a depot case has none.
    if (isDone) await close(() => dependents, title);
  };
  const does = words.addToDepot.does(dependents.map((each) => each.request.title));
  return [{ kind: 'depot', label: words.addToDepot.label, does, run }];
}

function bumpOf(requested: Requested): Choice[] {
  const item = caseNow(requested.request.params['case'] ?? '');
  if (!item || !isPlaced(item) || !mayRun('bump', item)) return [];
  const name = caseName(item);
  const run = async () => {
    await replace(
      requested,
      {
        name: 'bumpCase',
        params: { case: item.id },
        body: { version: item.version, reason: queueWords.bumpReason },
        title: wordsOfOutcome.titles.bump(name),
        cases: [{ caseId: item.id, place: null, title: item.title }],
      },
      (reply) => stepOfBump(item, reply as CaseReply),
    );
  };
  return [{ kind: 'depot', label: words.bump.label, does: words.bump.does(name, placeWords(item)), run }];
}

function discardOf(requested: Requested): Choice {
  const titles = blockedWithout(requested).map(({ request }) => request.title);
  return {
    kind: 'discard',
    label: words.discard.label,
    does: (isUnknown(requested) ? words.discard.doesUnknown : words.discard.does)(titles),
    run: () => discard(requested),
  };
}

const blockedWithout = ({ request }: Requested) =>
  queueNow()
    .dependentsOf(request.id)
    .filter(({ state }) => state === 'blocked');

/** Closes a request and the ones that are blocked without it. */
async function discard(requested: Requested): Promise<void> {
  await whenNotSending(requested.request.id);
  await close(() => [requested, ...blockedWithout(requested)], requested.request.title);
}

const close = (requests: () => readonly Requested[], title: string) =>
  settle(
    () =>
      requests().flatMap(({ request: { id } }): QueueRecord[] => {
        const now = requestNow(id);
        return now && isReplaceable(now) ? [{ type: 'closed', id, how: 'discarded' }] : [];
      }),
    title,
  );

async function settle(records: () => readonly QueueRecord[], title: string): Promise<void> {
  try {
    if ((await appendToQueue(records)) === 0) showAndAnnounce(queueWords.settledMeanwhile(title));
  } catch (error) {
    toastNotSaved(title, (error as Error).message);
  }
}

function showAndAnnounce(text: string) {
  announceNow(text);
  toast(text, { stays: true });
}

/** Replaces a request by a new one: for the cases as they are now, and at another time if one is given. */
async function retry(
  requested: Requested,
  { at, reason }: { at?: { place: Place; title: string }; reason?: GivenReason } = {},
): Promise<void> {
  const { request } = requested;
  const bodyThere = at ? bodyAt(request, at.place) : request.body;
  const body = reason === undefined ? bodyThere : withReasonIn(bodyThere, reason);
  await replace(
    requested,
    {
      name: request.command as CommandName,
      params: request.params,
      body: await withVersions(request, body),
      title: at?.title ?? request.title,
      cases: at ? request.cases.map((each) => ({ ...each, place: at.place })) : request.cases,
      item: caseNow(request.params['case'] ?? '') ?? null,
    },
    undoOfRequest(request.id),
  );
}

/** Replaces a request. Returns false if it was settled in the meantime. `undoOf` returns the step that undoes the new one. */
async function replace(
  { request }: Requested,
  by: Omit<ToQueue, 'key' | 'wasSent' | 'replaces'>,
  undoOf: UndoOf | null = null,
): Promise<boolean> {
  const key = crypto.randomUUID();
  await whenNotSending(request.id);
  try {
    const isDone = await enqueue({ ...by, key, wasSent: false, replaces: request.id });
    if (isDone) offerUndo(key, undoOf);
    else showAndAnnounce(queueWords.settledMeanwhile(request.title));
    return isDone;
  } catch (error) {
    toastNotSaved(by.title, (error as Error).message);
    return false;
  }
}

function bodyAt({ body }: QueuedRequest, { roomId, start, end }: Place) {
  if (!hasFields(body)) return body;
  const { blockId: _block, overrideReason: _reason, overrideReasonCode: _code, ...rest } = body;
  return { ...rest, roomId, start, ...('minutes' in rest && { minutes: minutesBetween(start, end) }) };
}

/** Each of several moves has its own reason. */
function withReasonIn(body: unknown, reason: GivenReason): unknown {
  if (!hasFields(body)) return body;
  const { moves } = body;
  return Array.isArray(moves)
    ? { ...body, moves: moves.map((move: object) => ({ ...move, ...withReason(reason) })) }
    : { ...body, ...withReason(reason) };
}

/**
 * Returns the body with the current versions of the cases: the person has seen the cases as they are now, and undo restores
 * them.
 */
async function withVersions(request: QueuedRequest, body: unknown): Promise<unknown> {
  const versions = new Map<string, number>();
  for (const { id, version: oldVersion } of casesIn(request)) {
    if (oldVersion === null || id.startsWith('@')) continue;
    const current = caseNow(id) ?? (isCutOff() ? null : await fetchCase(id));
    if (current) rememberCases({ case: current });
    versions.set(id, current?.version ?? oldVersion);
  }
  if (!hasFields(body)) return body;
  const version = versions.get(request.params['case'] ?? '');
  const withVersion = (part: unknown) =>
    hasFields(part) ? { ...part, version: versions.get(String(part['caseId'])) ?? part['version'] } : part;
  return {
    ...body,
    ...('version' in body && version !== undefined && { version }),
    ...(Array.isArray(body['moves']) && { moves: body['moves'].map(withVersion) }),
    ...('first' in body && { first: withVersion(body['first']) }),
    ...('second' in body && { second: withVersion(body['second']) }),
  };
}

/** Closes the done requests, which the person has seen. If that cannot be saved, they are shown once more. */
export const markSeen = () =>
  appendToQueue(() =>
    queueNow()
      .open()
      .filter(({ state }) => state === 'done')
      .map(({ request: { id } }) => ({ type: 'closed', id, how: 'seen' })),
  ).catch(() => 0);

/** Sends all requests again that fit now. Returns their number. */
export async function retryAllThatFit(): Promise<number> {
  const fitting = fittingNow();
  for (const each of fitting) await retry(each);
  return fitting.length;
}

/** The requests that "Send all that still fit" would send now. */
export function fittingNow(): Requested[] {
  const { view } = boardStore.getState();
  return view ? fittingRequests(view, queueNow().open()) : [];
}

import { requestsOf } from '@slate/shared/queue';
import { createStore } from 'zustand/vanilla';
import { call } from '../api/client.ts';
import { pace } from '../api/pace.ts';
import { isDeskLost, keepsDesks, shell } from '../shell/shell.ts';
import type { Desk, DeskOf, DeskSummary, UnlockDeskResult } from '../shell/shell.ts';
import { deskWords as words } from '../words/desk.ts';
import { boardStore } from './board.ts';
import { deskStore, dropDesk, setDesk } from './desk.ts';
import { forgetLastBoard, readLastBoard, showLastBoard } from './last-board.ts';
import * as session from './session.ts';
import type { Session, SignIn } from './session.ts';
import { toast } from './toasts.ts';

type SignedIn = Extract<Session, { status: 'signed_in' }>;

/** A desk from which the server accepts nothing any more. Its person sees the unsent requests before it is erased. */
export type RefusedDesk = { why: 'role' | 'retired' | 'account' | 'other'; desk: Desk; zone: string };

type State = {
  refused: RefusedDesk | null;
  /** A desk that cannot be read. Work continues without it until it is set aside. */
  unreadable: { place: DeskOf; why: 'key' | 'safe' | 'damaged'; location: string } | null;
  /** The desks of this workstation, also those of other people. */
  desks: readonly DeskSummary[];
};

/** How people open their desk: with the server, or without it. */
export const entryStore = createStore<State>(() => ({ refused: null, unreadable: null, desks: [] }));
const set = (state: Partial<State>) => entryStore.setState(state);

export const lookAtDesks = async () => set({ desks: await shell.desks().catch(() => []) });

/**
 * Why this desk did not let the person in. `no_board`: there is no board to show, or it is of another version. `refused`: a
 * sentence of the program or browser, for example that another one has the desk open.
 */
export type NotLetIn =
  | Extract<UnlockDeskResult, { waitMs: number }>
  | { result: 'refused'; why: string }
  | { result: 'impossible'; why: Extract<UnlockDeskResult, { why: string }>['why'] | 'no_board' };
export type Entered = SignIn | { kind: 'not_let_in'; answer: NotLetIn };

/** Opening and closing wait for each other, so that the last one wins. */
let lastOperation: Promise<unknown> = Promise.resolve();
function inTurn<T>(operation: () => Promise<T>): Promise<T> {
  const result = lastOperation.then(operation);
  lastOperation = result.catch(() => {});
  return result;
}

/** The desk that was opened with the server's secret, or is being opened. */
let openPlace: DeskOf | null = null;
let zoneOfDesk = 'UTC';
/** A sign-in is under way: it opens the desk itself, with the password. */
let isEntering = false;

const isSame = (a: DeskOf | null, b: DeskOf) => a?.personId === b.personId && a.siteId === b.siteId;
const placeOf = ({ me, site }: SignedIn): DeskOf => ({ personId: me.id, siteId: site.id });

/** On start, a server that does not answer within this time is not waited for, if this desk can let the person in. */
const startPatienceMs = 1_000;

/**
 * Signs in at the server, or unlocks this desk if the server does not answer soon. An answer that comes after that still
 * signs the person in.
 */
export async function signIn(email: string, password: string): Promise<Entered> {
  await lookAtDesks();
  const before = session.sessionStore.getState();
  const isOpen = session.needsNow() !== null;
  const attempt = entering(password, () => session.signIn(email, password));
  const outcome = await (!isOpen && canUnlock(entryStore.getState(), email) ? soon(attempt) : attempt);
  const hasLeft = session.sessionStore.getState() !== before;
  if (outcome.kind !== 'unreachable' || isOpen || hasLeft) return outcome;
  return unlock(email, password, before);
}

const soon = (attempt: Promise<SignIn>): Promise<SignIn> =>
  new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      isEntering = false;
      resolve({ kind: 'unreachable' });
    }, pace.unlockAfterMs);
    attempt.finally(() => clearTimeout(timer)).then(resolve, reject);
  });

export const changePassword = (email: string, password: string, newPassword: string): Promise<SignIn> =>
  entering(newPassword, () => session.changePassword(email, password, newPassword));

async function entering(password: string, attempt: () => Promise<SignIn>): Promise<SignIn> {
  isEntering = true;
  const outcome = await attempt().finally(() => (isEntering = false));
  keepDeskWith(session.sessionStore.getState(), outcome.kind === 'done' ? password : null);
  return outcome;
}

const unlock = (email: string, password: string, before: Session): Promise<Entered> =>
  inTurn(async () => {
    const answer = await shell
      .unlockDesk({ email, password })
      .catch((error: Error) => ({ result: 'refused' as const, why: error.message }));
    if (answer.result !== 'opened') return { kind: 'not_let_in', answer };
    await session.untilLoaded();
    if (session.sessionStore.getState() === before && enter(answer.desk)) return { kind: 'done' };
    await shell.closeDesk();
    return { kind: 'not_let_in', answer: { result: 'impossible', why: 'no_board' } };
  });

/** Drops the text of the board, which is long. Its contents are in other stores. */
const withoutBoard = (desk: Desk): Desk => ({ ...desk, board: null });

function begin(desk: Desk, zone: string) {
  zoneOfDesk = zone;
  setDesk(withoutBoard(desk));
}

/** Begins a session without the server, from the saved board. Returns false if that is impossible. */
function enter(desk: Desk): boolean {
  const last = desk.board === null ? null : readLastBoard(desk.board);
  if (!last || last.me.id !== desk.personId || last.site.id !== desk.siteId) return false;
  if (!session.isOpenHere(desk.siteId)) return false;
  showLastBoard(last);
  begin(desk, last.site.timeZone);
  session.enterWithoutServer(last.me, last.site);
  return true;
}

let resuming: Promise<void> | null = null;

/** Resumes the session on start, with the server or without it. Simultaneous calls share one attempt. */
export const resume = (): Promise<void> =>
  (resuming ??= inTurn(resumeSession).finally(() => (resuming = null)));

async function resumeSession() {
  const desk = await shell.resumeDesk(session.lockAfterMs()).catch(() => null);
  const letIn = desk && (() => enter(desk));
  return session.resumeSession(letIn, desk ? AbortSignal.timeout(startPatienceMs) : undefined);
}

/** Opens the desk of the signed-in person, and closes it when they leave. Call it when the session changes. */
export function keepDeskWith(now: Session, password: string | null = null) {
  if (!keepsDesks || now.status === 'starting' || isEntering) return;
  const { desk } = deskStore.getState();
  const place = now.status === 'signed_in' && now.site.role !== 'wall' ? placeOf(now) : null;
  if (desk && !(place && isSame(desk, place))) {
    if (hasLostDesk(now, desk)) refuseDesk('role');
    else leave();
  } else if (!place) leave();
  if (now.status !== 'signed_in' || !place || now.needs) return;
  if (isSame(openPlace, place) && password === null) return;
  openPlace = place;
  void inTurn(() => open(now, place, password)).catch((error: unknown) => {
    if (isSame(openPlace, place)) openPlace = null;
    toast(words.noDesk(error instanceof Error ? error.message : ''));
  });
}

/** Opens the desk that another tab has released. */
export function takeOverDesk() {
  if (deskStore.getState().desk) return;
  keepDeskWith(session.sessionStore.getState());
  void inTurn(() => {
    if (deskStore.getState().desk) toast(words.tookOver);
    return Promise.resolve();
  });
}

/** Whether this person no longer has a role with a desk at this site. */
const hasLostDesk = (now: Session, desk: DeskOf) =>
  now.status === 'signed_in'
    ? now.me.id === desk.personId &&
      !now.me.sites.some(({ id, role }) => id === desk.siteId && role !== 'wall')
    : now.status === 'signed_out' && (now.endReason === 'no_site' || now.endReason === 'other_site');

function forget() {
  dropDesk();
  forgetLastBoard();
  openPlace = null;
}

function leave() {
  forget();
  set({ unreadable: null, refused: null });
  void inTurn(() => shell.closeDesk().catch(() => {}));
}

async function open(now: SignedIn, place: DeskOf, password: string | null) {
  const { me, site } = now;
  const isStillWorking = () => session.isStillWorking(now);
  if (!isStillWorking()) return;
  const [device, { workstation }] = await Promise.all([shell.deskDevice(place), shell.start()]);
  const input = { params: { site: site.id }, body: { id: device, name: workstation } };
  const [registration, sites] = await Promise.all([call('registerDevice', input), call('sites', {})]);
  if (!isStillWorking()) return;
  const settings =
    sites.kind === 'done' ? sites.reply.sites.find(({ id }) => id === site.id)?.settings : null;
  const code = registration.kind === 'refused' ? registration.problem.code : null;
  if (code === 'device_retired') return replaceRetired(now, place, password);
  // Too many devices: the person must be told.
  if (registration.kind === 'refused' && code === 'in_use') throw new Error(registration.problem.detail);
  if (registration.kind !== 'done' || !settings) {
    // `keepDesk` tries again when the connection is live.
    openPlace = null;
    return;
  }
  const answer = await shell.openDesk({
    ...place,
    email: me.email,
    name: me.name,
    siteName: site.name,
    device,
    secret: registration.reply.secret,
    password,
    offlineHours: settings.offlineHours,
  });
  if (!isStillWorking()) return;
  if (answer.result === 'unreadable')
    set({ unreadable: { place, why: answer.why, location: answer.location } });
  else {
    announceLoss(me.id);
    if (answer.mayVanish) toast(words.mayVanish, { stays: true });
    if (!deskStore.getState().desk) begin(answer.desk, now.site.timeZone);
  }
  await lookAtDesks();
}

/** The people who know that the browser has deleted its desks. */
const peopleToldOfLoss = new Set<string>();
function announceLoss(personId: string) {
  if (!isDeskLost() || peopleToldOfLoss.has(personId)) return;
  peopleToldOfLoss.add(personId);
  toast(words.lost, { stays: true });
}

/** Whether this person can unlock a desk here without the server. */
export const canUnlock = ({ desks }: Pick<State, 'desks'>, email: string): boolean =>
  desks.some((desk) => desk.email === email.toLowerCase() && desk.canUnlock);

/** Handles a retired device. A closed desk can be read only with the password. */
async function replaceRetired(now: SignedIn, place: DeskOf, password: string | null) {
  openPlace = null;
  if (!deskStore.getState().desk && password !== null) {
    const answer = await shell.unlockDesk({ email: now.me.email, password });
    if (!session.isStillWorking(now)) return;
    if (answer.result === 'opened' && isSame(answer.desk, place)) begin(answer.desk, now.site.timeZone);
  }
  if (deskStore.getState().desk) return refuseDesk('retired');
  await lookAtDesks();
  const waiting = entryStore.getState().desks.find((desk) => isSame(desk, place))?.waiting ?? 0;
  if (waiting > 0) return toast(words.retiredUnread(waiting), { stays: true });
  await shell.eraseDesk(place);
  keepDeskWith(session.sessionStore.getState());
}

/** The unfinished requests, which the person must see before they are deleted. */
export const unsentOf = ({ records }: Pick<Desk, 'records'>) =>
  requestsOf(records).filter(({ state, closed }) => closed === null && state !== 'done');

/** Closes the open desk, because the server accepts nothing from it any more, and shows its person the unsent requests. */
export function refuseDesk(why: RefusedDesk['why']) {
  if (!deskStore.getState().desk) return;
  const zone = zoneOfDesk;
  forget();
  void inTurn(async () => {
    const desk = await shell.resumeDesk(session.lockAfterMs());
    await shell.closeDesk();
    if (desk) set({ refused: { why, desk: withoutBoard(desk), zone } });
    if (desk && why !== 'account' && unsentOf(desk).length === 0) void eraseRefused();
  });
}

/** Deletes the desk whose unsent requests the person has seen. */
export async function eraseRefused() {
  const { refused } = entryStore.getState();
  if (!refused) return;
  const { personId, siteId } = refused.desk;
  await inTurn(() => shell.eraseDesk({ personId, siteId }));
  await keepRefused();
}

/** Closes the list without deleting the desk. */
export async function keepRefused() {
  const { refused } = entryStore.getState();
  set({ refused: null });
  if (refused?.why === 'account') await session.signOut();
  else keepDeskWith(session.sessionStore.getState());
}

/** Sets an unreadable desk aside and begins a new one. */
export async function setAside() {
  const { unreadable } = entryStore.getState();
  if (!unreadable) return;
  const { location } = await inTurn(() => shell.setDeskAside(unreadable.place));
  leaveUnreadable();
  openPlace = null;
  toast(words.setAside(location), { stays: true });
  keepDeskWith(session.sessionStore.getState());
}
/** Continues without a desk. */
export const leaveUnreadable = () => set({ unreadable: null });

/** Why another person's list is not shown. `isInUse`: their device must be retired first. */
export type NotShown = { isInUse: boolean; why: string };

/**
 * Shows an administrator the unsent requests of another person's desk, and closes the administrator's own desk meanwhile. With
 * `retire`, the device is retired first.
 */
export async function showUnsentOf(of: DeskSummary, retire: boolean): Promise<NotShown | null> {
  const { personId, siteId, email, name, siteName } = of;
  const place = { personId, siteId };
  const device = await shell.deskDevice(place);
  const input = { params: { site: siteId, device } };
  const before = retire ? await call('retireDevice', input, { key: crypto.randomUUID() }) : null;
  const outcome = before && before.kind !== 'done' ? before : await call('readDeviceSecret', input);
  if (outcome.kind === 'unreachable') return { isInUse: false, why: words.noAnswer };
  if (outcome.kind === 'refused')
    return { isInUse: outcome.problem.code === 'in_use', why: outcome.problem.detail };
  const { secret } = outcome.reply;
  const { settings, timeZone } = boardStore.getState().view?.board.site ?? {};
  const offlineHours = settings?.offlineHours ?? 0;
  forget();
  const names = { email, name, siteName };
  const answer = await inTurn(async () => {
    const key = { device, secret, password: null, offlineHours };
    return shell.openDesk({ ...place, ...names, ...key }).finally(() => void shell.closeDesk());
  }).catch((error: unknown) => (error instanceof Error ? error.message : ''));
  if (typeof answer !== 'string' && answer.result === 'opened') {
    set({ refused: { why: 'other', desk: withoutBoard(answer.desk), zone: timeZone ?? 'UTC' } });
    return null;
  }
  keepDeskWith(session.sessionStore.getState());
  return { isInUse: false, why: typeof answer === 'string' ? answer : words.othersUnreadable };
}

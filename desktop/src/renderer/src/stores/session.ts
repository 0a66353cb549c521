import type { Problem } from '@slate/shared/errors';
import type { Me, Tokens } from '@slate/shared/contract/identity';
import type { Action, Role } from '@slate/shared/permissions';
import { scopeOf } from '@slate/shared/permissions';
import { createStore } from 'zustand/vanilla';
import { call } from '../api/client.ts';
import { isCopy, isWallScreen, shell } from '../shell/shell.ts';
import { preferencesStore, remember } from './preferences.ts';

export type SiteOfMine = Me['sites'][number];

/** Why nobody is signed in any more, where that needs saying. */
export type Ended = 'revoked' | 'idle' | 'no_site' | 'wall_only' | 'copied' | null;

export type Session =
  | { status: 'starting'; unreachable: boolean }
  | { status: 'signed_out'; ended: Ended }
  /** The screen is empty; whoever unlocks it signs in, and finds everything where it was. */
  | { status: 'locked'; person: { email: string; name: string } }
  | { status: 'signed_in'; me: Me; site: SiteOfMine };

export const sessionStore = createStore<Session>(() => ({ status: 'starting', unreachable: false }));
const set = (session: Session) => sessionStore.setState(session, true);

/** `usedAt` is by the clock on the wall, as it must hold across a restart; null: nobody touches a wall board. */
type Held = { tokens: Tokens; renewAt: number; email: string; usedAt: number | null };
let held: Held | null = null;
let renewing: Promise<string | null> | null = null;

/** Renewed while it is still good, so that no request waits for it in vain. */
const marginMs = 60_000;
const now = () => performance.now();

function hold(tokens: Tokens, { email, usedAt }: Pick<Held, 'email' | 'usedAt'>) {
  held = { tokens, renewAt: now() + tokens.expiresIn * 1000 - marginMs, email, usedAt };
  return keep(held);
}
// A full disk is no reason to sign anybody out: then the session lasts as long as the window.
const keep = ({ tokens: { refreshToken }, email, usedAt }: Held) =>
  shell.keepSession({ refreshToken, email, usedAt }).catch(() => false);

/** So much earlier than the lock a start may ask for the password. */
const touchMs = 15_000;

/** A person is at the console. A session that is taken up on start counts its idle time from here. */
export function touch() {
  if (!held || held.usedAt === null || Math.abs(Date.now() - held.usedAt) < touchMs) return;
  held.usedAt = Date.now();
  void keep(held);
}

/** The access token, renewed if it is about to end. One renewal at a time: a refresh token works once. */
export function accessToken(): Promise<string | null> {
  if (!held) return Promise.resolve(null);
  if (now() < held.renewAt) return Promise.resolve(held.tokens.accessToken);
  renewing ??= renew().finally(() => (renewing = null));
  return renewing;
}

async function renew(): Promise<string | null> {
  const before = held;
  if (!before) return null;
  const outcome = await call('refresh', { body: { refreshToken: await tokenToRenew(before) } });
  // Meanwhile somebody locked the screen or signed in.
  if (held !== before) return held?.tokens.accessToken ?? null;
  if (outcome.kind === 'done') {
    await hold(outcome.reply, before);
    return outcome.reply.accessToken;
  }
  if (outcome.kind === 'refused' && outcome.problem.code === 'unauthenticated') {
    await end('revoked');
    return null;
  }
  return before.tokens.accessToken;
}

/** What cannot be read is as good as not there. */
const readKept = () => shell.readSession().catch(() => null);

/** Two wall boards of a browser keep one session: what the other has made of it is the one that still works. */
async function tokenToRenew({ tokens }: Held): Promise<string> {
  const kept = await readKept();
  return kept?.email === emailOf(sessionStore.getState()) ? kept.refreshToken : tokens.refreshToken;
}

const emailOf = (session: Session) =>
  session.status === 'signed_in'
    ? session.me.email
    : session.status === 'locked'
      ? session.person.email
      : null;

/** The token was not taken: the next request renews it first, unless it is another one by now. */
export function tokenRefused(token = held?.tokens.accessToken) {
  if (held && held.tokens.accessToken === token) held.renewAt = 0;
}

let resuming: Promise<void> | null = null;

/** On start: back to whoever was here, if the shell has kept the session. Tried again while it is, it is tried once. */
export const resume = (): Promise<void> => (resuming ??= takeUp().finally(() => (resuming = null)));

async function takeUp(): Promise<void> {
  const stored = await readKept();
  if (!stored) return set({ status: 'signed_out', ended: isCopy() ? 'copied' : null });
  if (isIdle(stored.usedAt)) {
    await shell.dropSession().catch(() => {});
    void call('logout', { body: { refreshToken: stored.refreshToken } });
    return set({ status: 'signed_out', ended: 'idle' });
  }
  const outcome = await call('refresh', { body: { refreshToken: stored.refreshToken } });
  if (outcome.kind === 'unreachable') return set({ status: 'starting', unreachable: true });
  if (outcome.kind === 'refused') {
    if (outcome.problem.code !== 'unauthenticated') return set({ status: 'starting', unreachable: true });
    return end(null);
  }
  await hold(outcome.reply, stored);
  if (!(await enter())) set({ status: 'starting', unreachable: true });
}

/** To close the window is to leave it: after as long as it would have been locked, the password is asked for. */
const isIdle = (usedAt: number | null) => usedAt !== null && Math.abs(Date.now() - usedAt) >= lockAfterMs();

export type SignIn = { kind: 'done' } | { kind: 'refused'; problem: Problem } | { kind: 'unreachable' };

/** That they have signed in here before. */
function proofOf(typed: string): { workstation?: string } {
  const { people } = preferencesStore.getState();
  const { workstation } = people.find(({ email }) => email === typed.toLowerCase()) ?? {};
  return workstation === undefined ? {} : { workstation };
}

export async function signIn(email: string, password: string): Promise<SignIn> {
  const outcome = await call('login', { body: { email, password, ...proofOf(email) } });
  if (outcome.kind !== 'done') return outcome;
  await hold(outcome.reply, { email, usedAt: Date.now() });
  return (await enter({ workstation: outcome.reply.workstation }))
    ? { kind: 'done' }
    : { kind: 'unreachable' };
}

/**
 * Ends all sessions of mine and goes on in a new one. Until it is answered nobody renews: the server may have ended
 * this session already, and its end is then no revocation.
 */
export async function changePassword(email: string, password: string, newPassword: string): Promise<SignIn> {
  await renewing;
  const { status } = sessionStore.getState();
  const isHere = () => sessionStore.getState().status === status;
  const answer = call('changePassword', { body: { email, password, newPassword, ...proofOf(email) } });
  renewing = answer
    .then(async (outcome) => {
      if (outcome.kind === 'done' && isHere()) await hold(outcome.reply, { email, usedAt: Date.now() });
      return held?.tokens.accessToken ?? null;
    })
    .finally(() => (renewing = null));
  await renewing;
  const outcome = await answer;
  if (outcome.kind !== 'done') return outcome;
  if (!isHere()) {
    // Whoever was here has left meanwhile; nobody takes the new session up.
    void call('logout', { body: { refreshToken: outcome.reply.refreshToken } });
    return { kind: 'done' };
  }
  const { workstation } = outcome.reply;
  return status === 'signed_in' || (await enter({ workstation }))
    ? { kind: 'done' }
    : { kind: 'unreachable' };
}

/** Takes up who I am and where I may be. False when the server could not be asked. */
async function enter({ siteId, ...proof }: { siteId?: string; workstation?: string } = {}): Promise<boolean> {
  const before = sessionStore.getState();
  const outcome = await call('me', {});
  // Meanwhile somebody locked the screen, signed out or went to another site: that is not undone.
  if (sessionStore.getState() !== before) return true;
  if (outcome.kind === 'unreachable') return false;
  if (outcome.kind === 'refused') {
    if (outcome.problem.code !== 'unauthenticated') return false;
    await end('revoked');
    return true;
  }
  const me = outcome.reply;
  const wanted = siteId ?? localStorage.getItem(sitePlace);
  const site = me.sites.find(({ id }) => id === wanted) ?? me.sites[0];
  if (!site) {
    await end('no_site');
    return true;
  }
  if (isWallScreen() && site.role !== 'wall') {
    await end('wall_only');
    return true;
  }
  countIdleTimeOf(site.role);
  remember({ email: me.email, name: me.name, ...proof });
  set({ status: 'signed_in', me, site });
  return true;
}

/** A wall board comes back by itself, whenever that is. */
function countIdleTimeOf(role: Role) {
  if (!held || (role === 'wall') === (held.usedAt === null)) return;
  held.usedAt = role === 'wall' ? null : Date.now();
  void keep(held);
}

/** My role or my surgeons have changed. */
export const reenter = () => {
  const session = sessionStore.getState();
  return session.status === 'signed_in' ? enter({ siteId: session.site.id }) : Promise.resolve(false);
};

const sitePlace = 'slate.site';
export function goToSite(siteId: string) {
  const session = sessionStore.getState();
  if (session.status !== 'signed_in') return;
  const site = session.me.sites.find(({ id }) => id === siteId);
  if (!site) return;
  localStorage.setItem(sitePlace, siteId);
  set({ ...session, site });
}

async function forget() {
  const refreshToken = held?.tokens.refreshToken;
  held = null;
  // What cannot be removed here is ended by the server all the same.
  await shell.dropSession().catch(() => {});
  // Nobody waits for it: a server that cannot be reached ends the session by itself in time.
  if (refreshToken) void call('logout', { body: { refreshToken } });
}

export async function end(ended: Ended) {
  await forget();
  set({ status: 'signed_out', ended });
}
export const signOut = () => end(null);

/** Leaves nothing of the session behind: to unlock is to sign in. */
export async function lock() {
  const session = sessionStore.getState();
  if (session.status !== 'signed_in') return;
  const { email, name } = session.me;
  set({ status: 'locked', person: { email, name } });
  await forget();
}

/** Who is here, or was until the screen was locked. */
export const personNow = () => emailOf(sessionStore.getState());
export const meNow = (): string | null => {
  const session = sessionStore.getState();
  return session.status === 'signed_in' ? session.me.id : null;
};

export const roleNow = (): Role | null => {
  const session = sessionStore.getState();
  return session.status === 'signed_in' ? session.site.role : null;
};
export const mayI = (action: Action): 'any' | 'own' | 'none' => {
  const role = roleNow();
  return role ? scopeOf(role, action) : 'none';
};
/** The surgeons an office works for; null for everybody else, who may choose any. */
export const mySurgeons = (session: Session): readonly string[] | null =>
  session.status === 'signed_in' && session.site.role === 'office' ? session.site.surgeonIds : null;

export const lockAfterMs = () => preferencesStore.getState().lockAfterMinutes * 60_000;

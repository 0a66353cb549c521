import type { Me, Tokens } from '@slate/shared/contract/identity';
import type { Problem } from '@slate/shared/errors';
import { scopeOf } from '@slate/shared/permissions';
import type { Action, Role } from '@slate/shared/permissions';
import { createStore } from 'zustand/vanilla';
import { call } from '../api/client.ts';
import { isCopy, isWallScreen, shell } from '../shell/shell.ts';
import { preferencesStore, remember } from './preferences.ts';

type MySite = Me['sites'][number];

/** Why the session ended, if the sign-in screen should say it. */
export type Ended = 'revoked' | 'idle' | 'no_site' | 'wall_only' | 'copied' | null;

export type Session =
  | { status: 'starting'; unreachable: boolean }
  | { status: 'signed_out'; ended: Ended }
  /** Unlocking is signing in. The view and the drafts stay. */
  | { status: 'locked'; person: { email: string; name: string } }
  | { status: 'signed_in'; me: Me; site: MySite };

export const sessionStore = createStore<Session>(() => ({ status: 'starting', unreachable: false }));
const set = (session: Session) => sessionStore.setState(session, true);

/** `usedAt` is wall-clock time, because it must be valid after a restart; null on a wall board, which nobody uses. */
type Credentials = { tokens: Tokens; renewAt: number; email: string; usedAt: number | null };
let credentials: Credentials | null = null;
let renewing: Promise<string | null> | null = null;

/** Renewed before it expires, so that no request fails because of it. */
const marginMs = 60_000;
const now = () => performance.now();

function keepTokens(tokens: Tokens, { email, usedAt }: Pick<Credentials, 'email' | 'usedAt'>) {
  credentials = { tokens, renewAt: now() + tokens.expiresIn * 1000 - marginMs, email, usedAt };
  return persist(credentials);
}
// With a full disk the session lasts as long as the window; nobody is signed out for it.
const persist = ({ tokens: { refreshToken }, email, usedAt }: Credentials) =>
  shell.keepSession({ refreshToken, email, usedAt }).catch(() => false);

/** `usedAt` is written at most this often, so a restart may ask for the password this much too early. */
const touchMs = 15_000;

/** Somebody uses the console. A resumed session counts its idle time from here. */
export function touch() {
  if (!credentials || credentials.usedAt === null || Math.abs(Date.now() - credentials.usedAt) < touchMs)
    return;
  credentials.usedAt = Date.now();
  void persist(credentials);
}

/** The access token, renewed if it is about to expire. One renewal at a time: a refresh token works once. */
export function accessToken(): Promise<string | null> {
  if (!credentials) return Promise.resolve(null);
  if (now() < credentials.renewAt) return Promise.resolve(credentials.tokens.accessToken);
  renewing ??= renew().finally(() => (renewing = null));
  return renewing;
}

async function renew(): Promise<string | null> {
  const before = credentials;
  if (!before) return null;
  const outcome = await call('refresh', { body: { refreshToken: await tokenToRenew(before) } });
  // Meanwhile somebody locked the screen or signed in: the result belongs to nobody.
  if (credentials !== before) return credentials?.tokens.accessToken ?? null;
  if (outcome.kind === 'done') {
    await keepTokens(outcome.reply, before);
    return outcome.reply.accessToken;
  }
  if (outcome.kind === 'refused' && outcome.problem.code === 'unauthenticated') {
    await end('revoked');
    return null;
  }
  return before.tokens.accessToken;
}

/** An unreadable session counts as none. */
const readStored = () => shell.readSession().catch(() => null);

/** Two wall boards in one browser share a session: only the refresh token that was stored last works. */
async function tokenToRenew({ tokens }: Credentials): Promise<string> {
  const stored = await readStored();
  return stored?.email === emailOf(sessionStore.getState()) ? stored.refreshToken : tokens.refreshToken;
}

const emailOf = (session: Session) =>
  session.status === 'signed_in'
    ? session.me.email
    : session.status === 'locked'
      ? session.person.email
      : null;

/** The server refused the token: the next request renews it, unless it has been renewed by now. */
export function tokenRefused(token = credentials?.tokens.accessToken) {
  if (credentials && credentials.tokens.accessToken === token) credentials.renewAt = 0;
}

let resuming: Promise<void> | null = null;

/** Resumes the stored session on start. Calls while it runs share one attempt. */
export const resume = (): Promise<void> => (resuming ??= resumeStored().finally(() => (resuming = null)));

async function resumeStored(): Promise<void> {
  const stored = await readStored();
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
  await keepTokens(outcome.reply, stored);
  if (!(await enter())) set({ status: 'starting', unreachable: true });
}

/** A closed window counts as idle: after the lock time, the password is asked for. */
const isIdle = (usedAt: number | null) => usedAt !== null && Math.abs(Date.now() - usedAt) >= lockAfterMs();

export type SignIn = { kind: 'done' } | { kind: 'refused'; problem: Problem } | { kind: 'unreachable' };

/** The proof that this person has signed in here before. */
function proofOf(typed: string): { workstation?: string } {
  const { people } = preferencesStore.getState();
  const { workstation } = people.find(({ email }) => email === typed.toLowerCase()) ?? {};
  return workstation === undefined ? {} : { workstation };
}

export async function signIn(email: string, password: string): Promise<SignIn> {
  const outcome = await call('login', { body: { email, password, ...proofOf(email) } });
  if (outcome.kind !== 'done') return outcome;
  await keepTokens(outcome.reply, { email, usedAt: Date.now() });
  return (await enter({ workstation: outcome.reply.workstation }))
    ? { kind: 'done' }
    : { kind: 'unreachable' };
}

/**
 * Ends all sessions of this person and continues in a new one. No renewal until it is answered: the server may have ended
 * this session already, and a failed renewal would look like a revoked session.
 */
export async function changePassword(email: string, password: string, newPassword: string): Promise<SignIn> {
  await renewing;
  const { status } = sessionStore.getState();
  const isHere = () => sessionStore.getState().status === status;
  const answer = call('changePassword', { body: { email, password, newPassword, ...proofOf(email) } });
  renewing = answer
    .then(async (outcome) => {
      if (outcome.kind === 'done' && isHere()) await keepTokens(outcome.reply, { email, usedAt: Date.now() });
      return credentials?.tokens.accessToken ?? null;
    })
    .finally(() => (renewing = null));
  await renewing;
  const outcome = await answer;
  if (outcome.kind !== 'done') return outcome;
  if (!isHere()) {
    // The person left meanwhile: the new session is ended too.
    void call('logout', { body: { refreshToken: outcome.reply.refreshToken } });
    return { kind: 'done' };
  }
  const { workstation } = outcome.reply;
  return status === 'signed_in' || (await enter({ workstation }))
    ? { kind: 'done' }
    : { kind: 'unreachable' };
}

/** Loads the person, their sites and role. False when the server could not be reached. */
async function enter({ siteId, ...proof }: { siteId?: string; workstation?: string } = {}): Promise<boolean> {
  const before = sessionStore.getState();
  const outcome = await call('me', {});
  // Meanwhile somebody locked the screen, signed out or changed the site: keep that.
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

/** A wall board resumes by itself at any time. */
function countIdleTimeOf(role: Role) {
  if (!credentials || (role === 'wall') === (credentials.usedAt === null)) return;
  credentials.usedAt = role === 'wall' ? null : Date.now();
  void persist(credentials);
}

/** The role or the surgeons of this person have changed. */
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
  const refreshToken = credentials?.tokens.refreshToken;
  credentials = null;
  // If it cannot be removed here, the server still ends it.
  await shell.dropSession().catch(() => {});
  // Not awaited: a server that cannot be reached ends idle sessions by itself.
  if (refreshToken) void call('logout', { body: { refreshToken } });
}

async function end(ended: Ended) {
  await forget();
  set({ status: 'signed_out', ended });
}
export const signOut = () => end(null);

/** Deletes the tokens: unlocking is signing in. */
export async function lock() {
  const session = sessionStore.getState();
  if (session.status !== 'signed_in') return;
  const { email, name } = session.me;
  set({ status: 'locked', person: { email, name } });
  await forget();
}

/** Who is signed in, or was until the screen was locked. */
export const personNow = () => emailOf(sessionStore.getState());
/** Whether the person of this session is still working at its site; otherwise late answers are ignored. */
export function isStillWorking(before: Session): boolean {
  const session = sessionStore.getState();
  if (session.status !== 'signed_in' || before.status !== 'signed_in') return false;
  return session.me.id === before.me.id && session.site.id === before.site.id;
}
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

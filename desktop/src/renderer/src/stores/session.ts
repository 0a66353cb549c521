import type { Me, SignedIn, Tokens } from '@slate/shared/contract/identity';
import type { AcceptInvitation } from '@slate/shared/contract/invitations';
import type { SetUp } from '@slate/shared/contract/set-up';
import type { Problem } from '@slate/shared/errors';
import { scopeOf } from '@slate/shared/permissions';
import type { Action, Role } from '@slate/shared/permissions';
import { createStore } from 'zustand/vanilla';
import { call } from '../api/client.ts';
import type { Outcome } from '../api/client.ts';
import { isCopy, isWallScreen, shell } from '../shell/shell.ts';
import { policyStore } from './policy.ts';
import { preferencesStore, rememberPerson } from './preferences.ts';

type MySite = Me['sites'][number];

/** Why the session ended, if the sign-in screen should say it. */
export type EndReason =
  | 'revoked'
  | 'idle'
  | 'no_site'
  | 'other_site'
  | 'wall_only'
  | 'wall_workstation'
  | 'copied'
  | null;

export type Session =
  | { status: 'starting'; unreachable: boolean }
  | { status: 'signed_out'; endReason: EndReason }
  /** Unlocking is signing in. The view and the drafts stay. */
  | { status: 'locked'; person: { email: string; name: string } }
  | { status: 'signed_in'; me: Me; site: MySite; needs?: Needs };

/**
 * The missing part of a session that began without the server. `server`: the server must answer. `password`: it has answered,
 * and the person must enter the password. Until then, nothing is sent.
 */
export type Needs = 'server' | 'password';

export const sessionStore = createStore<Session>(() => ({ status: 'starting', unreachable: false }));
const set = (session: Session) => sessionStore.setState(session, true);

/** `usedAt` is wall-clock time, because it must be valid after a restart; null on a wall board, which nobody uses. */
type Credentials = { tokens: Tokens; renewAt: number; email: string; usedAt: number | null };
let credentials: Credentials | null = null;
let renewal: Promise<string | null> | null = null;

/** The token is renewed this long before it expires, so that no request fails because of it. */
const marginMs = 60_000;
const now = () => performance.now();

function saveTokens(tokens: Tokens, { email, usedAt }: Pick<Credentials, 'email' | 'usedAt'>) {
  credentials = { tokens, renewAt: now() + tokens.expiresIn * 1000 - marginMs, email, usedAt };
  return persist(credentials);
}
// If the disk is full, the session lasts as long as the window.
const persist = ({ tokens: { refreshToken }, email, usedAt }: Credentials) =>
  shell.saveSession({ refreshToken, email, usedAt }).catch(() => false);

/** `usedAt` is written at most this often, so a restart may ask for the password this much too early. */
const touchMs = 15_000;

/** Records that somebody uses the console. A resumed session counts its idle time from here. */
export function touch() {
  if (!credentials || credentials.usedAt === null || Math.abs(Date.now() - credentials.usedAt) < touchMs)
    return;
  credentials.usedAt = Date.now();
  void persist(credentials);
}

/** Returns the access token, renewed if it is about to expire. One renewal at a time, because a refresh token works once. */
export function accessToken(): Promise<string | null> {
  if (!credentials) return Promise.resolve(null);
  if (now() < credentials.renewAt) return Promise.resolve(credentials.tokens.accessToken);
  renewal ??= renew().finally(() => (renewal = null));
  return renewal;
}

async function renew(): Promise<string | null> {
  const before = credentials;
  if (!before) return null;
  const outcome = await call('refresh', { body: { refreshToken: await tokenToRenew(before) } });
  // Somebody has locked the screen or signed in meanwhile: ignore the result.
  if (credentials !== before) return credentials?.tokens.accessToken ?? null;
  if (outcome.kind === 'done') {
    await saveTokens(outcome.reply, before);
    return outcome.reply.accessToken;
  }
  if (outcome.kind === 'refused' && outcome.problem.code === 'unauthenticated') {
    if (needsNow() === null) await end('revoked');
    else await askForPassword();
    return null;
  }
  return before.tokens.accessToken;
}

/** The missing part of the session; null: none. */
export const needsNow = (): Needs | null => {
  const session = sessionStore.getState();
  return session.status === 'signed_in' ? (session.needs ?? null) : null;
};

/** The server is back and requires the password. The board stays. */
async function askForPassword() {
  credentials = null;
  const session = sessionStore.getState();
  if (session.status === 'signed_in') set({ ...session, needs: 'password' });
  await shell.deleteSession().catch(() => {});
}

/** Reads the stored session; an unreadable one counts as none. */
const readStored = () => shell.readSession().catch(() => null);

/** Returns the stored refresh token: two wall boards in one browser share a session, and only the latest token works. */
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

/** Makes the next request renew this token, unless it has been renewed already. */
export function expireToken(token = credentials?.tokens.accessToken) {
  if (credentials && credentials.tokens.accessToken === token) credentials.renewAt = 0;
  if (!credentials && needsNow() === 'server') void askForPassword();
}

/** Lets the person in without the server. Returns false if that is impossible. */
export type LetIn = () => boolean;

let load = () => Promise.resolve();
/** Sets how to load the workspace. Its services must run before somebody is signed in. */
export const loadBeforeSignIn = (loadWorkspace: () => Promise<void>) => {
  load = loadWorkspace;
};
export const untilLoaded = () => load();

/**
 * Resumes the stored session on start. Tries `letIn` if the server does not answer in time, or if no session is stored, as
 * after a sign-in without the server.
 */
export async function resumeSession(letIn: LetIn | null = null, signal?: AbortSignal): Promise<void> {
  const stored = await readStored();
  if (!stored) {
    if (letIn) await load();
    return letIn?.() ? undefined : set({ status: 'signed_out', endReason: isCopy() ? 'copied' : null });
  }
  if (isIdle(stored.usedAt)) {
    await shell.deleteSession().catch(() => {});
    void call('logout', { body: { refreshToken: stored.refreshToken } });
    return set({ status: 'signed_out', endReason: 'idle' });
  }
  const body = { refreshToken: stored.refreshToken };
  const [outcome] = await Promise.all([call('refresh', { body }, signal ? { signal } : {}), load()]);
  if (outcome.kind === 'refused' && outcome.problem.code === 'unauthenticated') return end(null);
  if (outcome.kind !== 'done') {
    // Renewed as soon as the server answers.
    credentials = { ...stored, tokens: { ...body, accessToken: '', expiresIn: 0 }, renewAt: 0 };
    if (letIn?.()) return undefined;
    credentials = null;
    return set({ status: 'starting', unreachable: true });
  }
  await saveTokens(outcome.reply, stored);
  if (!(await loadMe())) set({ status: 'starting', unreachable: true });
  return undefined;
}

/** Begins a session without the server: the person works with the saved board until the server answers. */
export const enterWithoutServer = (me: Me, site: MySite) =>
  set({ status: 'signed_in', me, site, needs: 'server' });

/** Whether the lock time has passed since then. Time with a closed window counts as idle. */
const isIdle = (usedAt: number | null) => usedAt !== null && Math.abs(Date.now() - usedAt) >= lockAfterMs();

export type SignIn = { kind: 'done' } | { kind: 'refused'; problem: Problem } | { kind: 'unreachable' };

/** Returns the proof that this person has signed in here before. */
function proofOf(typed: string): { workstation?: string } {
  const { people } = preferencesStore.getState();
  const { workstation } = people.find(({ email }) => email === typed.toLowerCase()) ?? {};
  return workstation === undefined ? {} : { workstation };
}

export async function signIn(email: string, password: string): Promise<SignIn> {
  const before = sessionStore.getState();
  const body = { email, password, ...proofOf(email) };
  const [outcome] = await Promise.all([call('login', { body }), load()]);
  if (outcome.kind !== 'done') return outcome;
  // They may have unlocked the desk meanwhile, without the server.
  const isAtDesk = needsNow() !== null && emailNow() === email.toLowerCase();
  if (sessionStore.getState() !== before && !isAtDesk) {
    // They have left: end the new session too.
    void call('logout', { body: { refreshToken: outcome.reply.refreshToken } });
    return { kind: 'unreachable' };
  }
  await saveTokens(outcome.reply, { email, usedAt: Date.now() });
  return (await loadMe({ workstation: outcome.reply.workstation }))
    ? { kind: 'done' }
    : { kind: 'unreachable' };
}

/** Creates the first administrator and site of a new installation, and signs in. */
export const setUp = (body: SetUp): Promise<SignIn> => enter(body.email, call('setUp', { body }));

/** Accepts an invitation for this address, and signs in. */
export const acceptInvitation = (email: string, body: AcceptInvitation): Promise<SignIn> =>
  enter(email, call('acceptInvitation', { body }));

/** Continues in the session that a link has opened. */
async function enter(email: string, answer: Promise<Outcome<SignedIn>>): Promise<SignIn> {
  const [outcome] = await Promise.all([answer, load()]);
  if (outcome.kind !== 'done') return outcome;
  await saveTokens(outcome.reply, { email, usedAt: Date.now() });
  return (await loadMe({ workstation: outcome.reply.workstation }))
    ? { kind: 'done' }
    : { kind: 'unreachable' };
}

/**
 * Changes the password: ends all sessions of this person and continues in a new one. Blocks renewals until it is answered:
 * the server may have ended this session already, and a failed renewal would look like a revoked session.
 */
export async function changePassword(email: string, password: string, newPassword: string): Promise<SignIn> {
  await renewal;
  const { status } = sessionStore.getState();
  const isUnchanged = () => sessionStore.getState().status === status;
  const answer = call('changePassword', { body: { email, password, newPassword, ...proofOf(email) } });
  renewal = answer
    .then(async (outcome) => {
      if (outcome.kind === 'done' && isUnchanged())
        await saveTokens(outcome.reply, { email, usedAt: Date.now() });
      return credentials?.tokens.accessToken ?? null;
    })
    .finally(() => (renewal = null));
  await renewal;
  const outcome = await answer;
  if (outcome.kind !== 'done') return outcome;
  if (!isUnchanged()) {
    // The person has left meanwhile: end the new session too.
    void call('logout', { body: { refreshToken: outcome.reply.refreshToken } });
    return { kind: 'done' };
  }
  const { workstation } = outcome.reply;
  return (status === 'signed_in' && needsNow() === null) || (await loadMe({ workstation }))
    ? { kind: 'done' }
    : { kind: 'unreachable' };
}

/** Loads the person with their sites and role, and signs them in. Returns false if the server is unreachable. */
async function loadMe(proof: { workstation?: string } = {}): Promise<boolean> {
  const before = sessionStore.getState();
  const outcome = await call('me', {});
  // The server is back and requires the password first.
  if (needsNow() !== null && !credentials) return false;
  // Somebody has locked the screen, signed out or changed the site meanwhile: keep that.
  if (sessionStore.getState() !== before) return true;
  if (outcome.kind === 'unreachable') return false;
  if (outcome.kind === 'refused') {
    if (outcome.problem.code !== 'unauthenticated') return false;
    await end('revoked');
    return true;
  }
  const me = { ...outcome.reply, sites: outcome.reply.sites.filter(({ id }) => isOpenHere(id)) };
  const policy = policyStore.getState();
  const preferredId =
    before.status === 'signed_in'
      ? before.site.id
      : (localStorage.getItem(siteKey) ?? policy.site?.value ?? null);
  const site = me.sites.find(({ id }) => id === preferredId) ?? me.sites[0];
  if (!site) {
    await end(outcome.reply.sites.length > 0 ? 'other_site' : 'no_site');
    return true;
  }
  if ((isWallScreen() || policy.isWallBoard) && site.role !== 'wall') {
    await end(policy.isWallBoard ? 'wall_workstation' : 'wall_only');
    return true;
  }
  setIdleTracking(site.role);
  rememberPerson({ email: me.email, name: me.name, ...proof });
  set({ status: 'signed_in', me, site });
  return true;
}

/** Stops counting idle time on a wall board, which resumes by itself at any time, and starts it for other roles. */
function setIdleTracking(role: Role) {
  if (!credentials || (role === 'wall') === (credentials.usedAt === null)) return;
  credentials.usedAt = role === 'wall' ? null : Date.now();
  void persist(credentials);
}

/** Loads the person again after their role or surgeons have changed. */
export const reloadMe = () => {
  const session = sessionStore.getState();
  return session.status === 'signed_in' ? loadMe() : Promise.resolve(false);
};

/** Whether people can work at this site here: the policy may lock the workstation to one. */
export const isOpenHere = (siteId: string): boolean => {
  const { site } = policyStore.getState();
  return !site?.isLocked || site.value === siteId;
};

const siteKey = 'slate.site';
export function goToSite(siteId: string) {
  const session = sessionStore.getState();
  if (session.status !== 'signed_in') return;
  const site = session.me.sites.find(({ id }) => id === siteId);
  if (!site) return;
  localStorage.setItem(siteKey, siteId);
  set({ ...session, site });
}

async function forget() {
  const refreshToken = credentials?.tokens.refreshToken;
  credentials = null;
  // Even if it cannot be deleted here, the server ends it.
  await shell.deleteSession().catch(() => {});
  // Not awaited: if the server is unreachable, it ends the idle session by itself.
  if (refreshToken) void call('logout', { body: { refreshToken } });
}

async function end(endReason: EndReason) {
  await forget();
  set({ status: 'signed_out', endReason });
}
export const signOut = () => end(null);

/** Locks the screen and deletes the tokens: unlocking is signing in again. */
export async function lock() {
  const session = sessionStore.getState();
  if (session.status !== 'signed_in') return;
  const { email, name } = session.me;
  set({ status: 'locked', person: { email, name } });
  await forget();
}

/** Returns the email of the person who is signed in, or was until the screen was locked. */
export const emailNow = () => emailOf(sessionStore.getState());
/** Whether the same person is still signed in at the same site; if not, ignore late replies. */
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
export const myScope = (action: Action): 'any' | 'own' | 'none' => {
  const role = roleNow();
  return role ? scopeOf(role, action) : 'none';
};
/** Returns the surgeons an office works for; null for other roles, which may choose any. */
export const mySurgeons = (session: Session): readonly string[] | null =>
  session.status === 'signed_in' && session.site.role === 'office' ? session.site.surgeonIds : null;

export const lockAfterMs = () => preferencesStore.getState().lockAfterMinutes * 60_000;

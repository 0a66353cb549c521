import type { Case } from '@slate/shared/cases';
import type { routes } from '@slate/shared/contract';
import type { RouteName, RouteReply } from '@slate/shared/contract';
import { createStore } from 'zustand/vanilla';
import { call } from '../api/client.ts';
import type { Input, Outcome } from '../api/client.ts';
import { feedNow } from '../realtime/current-feed.ts';
import { isCutOff } from './connection.ts';
import { sessionStore } from './session.ts';

/** The routes that change something on the board. */
export type CommandName = {
  [Name in RouteName]: (typeof routes)[Name] extends { command: true } ? Name : never;
}[RouteName];

export type Place = { roomId: string; start: string; end: string };

/** Asked of the server and not yet answered: drawn over the board, and never as if it were done. */
export type Intent = {
  /** The idempotency key: the same however often it is sent. */
  readonly key: string;
  readonly name: CommandName;
  readonly caseId: string | null;
  /** Where the case would come to stand. */
  readonly place: Place | null;
  readonly title: string | null;
  /** Done, and only waiting for the board to show it. */
  readonly isSettled: boolean;
};

export const commandStore = createStore<{ intents: readonly Intent[] }>(() => ({ intents: [] }));
const change = (make: (intents: readonly Intent[]) => readonly Intent[]) =>
  commandStore.setState(({ intents }) => ({ intents: make(intents) }));

/** Of whoever was here until the screen was locked: what they said is not for the next. */
export const forgetIntents = () => commandStore.setState({ intents: [] });

/** Not sent: it was known that no answer would come. */
export type Answer<Reply> = Outcome<Reply> | { kind: 'not_sent' };

type About = { caseId?: string | null; place?: Place | null; title?: string | null };

/** A lost reply is asked for again with the same key: the server does it once. */
const resendAfterMs = [300, 1_000, 3_000];
const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/**
 * Sends a command and answers what became of it. Meanwhile its intent stands in the store; it goes when the
 * command is refused, or when the board has come to show what was done.
 */
export async function command<Name extends CommandName>(
  name: Name,
  input: Omit<Input<Name>, 'params'> & { params?: Record<string, string> },
  about: About = {},
): Promise<Answer<RouteReply<Name>>> {
  const session = sessionStore.getState();
  if (session.status !== 'signed_in' || isCutOff()) return { kind: 'not_sent' };
  const key = crypto.randomUUID();
  const { caseId = input.params?.case ?? null, place = null, title = null } = about;
  const intent: Intent = { key, name, caseId, place, title, isSettled: false };
  change((intents) => [...intents, intent]);
  const asked = { ...input, params: { site: session.site.id, ...input.params } } as unknown as Input<Name>;
  const outcome = await sent(name, asked, key, session.me.id);
  const revision = outcome.kind === 'done' ? (outcome.reply as { revision?: number }).revision : undefined;
  if (revision === undefined) {
    change((intents) => intents.filter((each) => each.key !== key));
    return outcome;
  }
  change((intents) => intents.map((each) => (each.key === key ? { ...each, isSettled: true } : each)));
  const feed = feedNow();
  feed?.expect(revision);
  void Promise.resolve(feed?.reached(revision)).then(() =>
    change((intents) => intents.filter((each) => each.key !== key)),
  );
  return outcome;
}

/** Nobody's command is sent again in the name of whoever has come since. */
async function sent<Name extends CommandName>(name: Name, input: Input<Name>, key: string, by: string) {
  const mayRepeat = () => {
    const session = sessionStore.getState();
    return session.status === 'signed_in' && session.me.id === by;
  };
  for (const pauseMs of [...resendAfterMs, null]) {
    const outcome = await call(name, input, { key, mayRepeat });
    const isOver =
      outcome.kind === 'done' ||
      (outcome.kind === 'refused' && !['in_progress', 'unavailable'].includes(outcome.problem.code));
    if (isOver || pauseMs === null) return outcome;
    await pause(pauseMs);
    if (!mayRepeat()) break;
  }
  return { kind: 'unreachable' } as const;
}

/** What every command on a case needs to say: which. */
export const on = ({ id }: Pick<Case, 'id'>) => ({ params: { case: id } });

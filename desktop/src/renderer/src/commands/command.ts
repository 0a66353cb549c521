import type { Case } from '@slate/shared/cases';
import type { routes } from '@slate/shared/contract';
import type { RouteName, RouteReply } from '@slate/shared/contract';
import { createStore } from 'zustand/vanilla';
import { call } from '../api/client.ts';
import type { Input, Outcome } from '../api/client.ts';
import { feedNow } from '../realtime/current-feed.ts';
import { isCutOff } from '../stores/connection.ts';
import { sessionStore } from '../stores/session.ts';
import { isAnswer, untilAnswered } from './unanswered.ts';

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
  /** By the monotonic clock, in milliseconds. */
  readonly askedAt: number;
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

type About = {
  caseId?: string | null;
  place?: Place | null;
  title?: string | null;
  /** What was typed into the form that this comes from: given again before it has an answer, it has the same key. */
  content?: object | undefined;
};

const keysOfContent = new WeakMap<object, string>();

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
  const { caseId = input.params?.case ?? null, place = null, title = null, content } = about;
  const key = (content && keysOfContent.get(content)) ?? crypto.randomUUID();
  if (content) keysOfContent.set(content, key);
  const intent: Intent = { key, name, caseId, place, title, askedAt: performance.now(), isSettled: false };
  change((intents) => [...intents, intent]);
  const asked = { ...input, params: { site: session.site.id, ...input.params } } as unknown as Input<Name>;
  const outcome = await sent(name, asked, key, session.me.id);
  if (content && outcome.kind !== 'unreachable') keysOfContent.delete(content);
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

/** A lost reply is asked for again with the same key: the server does it once. */
async function sent<Name extends CommandName>(name: Name, input: Input<Name>, key: string, by: string) {
  // Nobody's command is sent again in the name of the next person.
  const mayRepeat = () => {
    const session = sessionStore.getState();
    return session.status === 'signed_in' && session.me.id === by;
  };
  const ask = () => call(name, input, { key, mayRepeat });
  const outcome = await ask();
  return isAnswer(outcome) ? outcome : untilAnswered(ask, mayRepeat);
}

/** What every command on a case needs to say: which. */
export const on = ({ id }: Pick<Case, 'id'>) => ({ params: { case: id } });

import type { RouteReply } from '@slate/shared/contract';
import { call } from '../api/client.ts';
import type { Input, Outcome } from '../api/client.ts';
import { feedNow } from '../realtime/current-feed.ts';
import { isCutOff } from '../stores/connection.ts';
import { addIntent, dropIntent, settleIntent } from '../stores/intents.ts';
import type { CommandName, PendingCase } from '../stores/intents.ts';
import { sessionStore } from '../stores/session.ts';
import { isAnswer, untilAnswered } from './unanswered.ts';

/** The input of a command; `post` adds the site. */
export type CommandInput<Name extends CommandName> = Omit<Input<Name>, 'params'> & {
  params?: Record<string, string>;
};

/** `not_sent`: the server was known to be unreachable. */
export type Answer<Reply> = Outcome<Reply> | { kind: 'not_sent' };

type About = {
  cases?: readonly PendingCase[];
  /** The contents of the form. The same contents keep their idempotency key until they are answered. */
  content?: object | undefined;
};

const keysOfContent = new WeakMap<object, string>();

/**
 * Sends one command to the server; every command goes through here. Without an answer it is sent again with the same key,
 * which the server executes once. Its intent stays in the store until the board shows the result.
 */
export async function post<Name extends CommandName>(
  name: Name,
  { params, ...input }: CommandInput<Name>,
  { cases = [], content }: About = {},
): Promise<Answer<RouteReply<Name>>> {
  const session = sessionStore.getState();
  if (session.status !== 'signed_in' || isCutOff()) return { kind: 'not_sent' };
  const key = (content && keysOfContent.get(content)) ?? crypto.randomUUID();
  if (content) keysOfContent.set(content, key);
  addIntent({ key, name, cases, sentAt: performance.now(), isSettled: false });

  const request = { ...input, params: { site: session.site.id, ...params } } as unknown as Input<Name>;
  // Must not be sent in the name of the next person.
  const mayRepeat = () => {
    const now = sessionStore.getState();
    return now.status === 'signed_in' && now.me.id === session.me.id;
  };
  const attempt = () => call(name, request, { key, mayRepeat });
  const first = await attempt();
  const outcome = isAnswer(first) ? first : await untilAnswered(attempt, mayRepeat);

  if (content && outcome.kind !== 'unreachable') keysOfContent.delete(content);
  const revision = outcome.kind === 'done' ? (outcome.reply as { revision?: number }).revision : undefined;
  if (revision === undefined) {
    dropIntent(key);
    return outcome;
  }
  settleIntent(key);
  const feed = feedNow();
  feed?.expect(revision);
  void Promise.resolve(feed?.whenReached(revision)).then(() => dropIntent(key));
  return outcome;
}

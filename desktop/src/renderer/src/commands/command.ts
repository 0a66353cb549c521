import type { Case } from '@slate/shared/cases';
import type { RouteReply } from '@slate/shared/contract';
import { call } from '../api/client.ts';
import type { Input, Outcome } from '../api/client.ts';
import { feedNow } from '../realtime/current-feed.ts';
import { addIntent, dropIntent, settleIntent } from '../stores/intents.ts';
import type { CommandName, Intent } from '../stores/intents.ts';
import type { Place } from '../stores/place.ts';
import { isCutOff } from '../stores/connection.ts';
import { sessionStore } from '../stores/session.ts';
import { isAnswer, untilAnswered } from './unanswered.ts';

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
  addIntent(intent);
  const asked = { ...input, params: { site: session.site.id, ...input.params } } as unknown as Input<Name>;
  const outcome = await sent(name, asked, key, session.me.id);
  if (content && outcome.kind !== 'unreachable') keysOfContent.delete(content);
  const revision = outcome.kind === 'done' ? (outcome.reply as { revision?: number }).revision : undefined;
  if (revision === undefined) {
    dropIntent(key);
    return outcome;
  }
  settleIntent(key);
  const feed = feedNow();
  feed?.expect(revision);
  void Promise.resolve(feed?.reached(revision)).then(() => dropIntent(key));
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

import type { SignIn } from '../../stores/session.ts';
import { entryWords as words } from '../../words/entry.ts';

/** What is said of a sign-in, or of another password, that was not accepted. */
export function told(outcome: Exclude<SignIn, { kind: 'done' }>, unreachable: string): string {
  if (outcome.kind === 'unreachable') return unreachable;
  const { code, retryAfter = 60, detail, errors } = outcome.problem;
  return code === 'rate_limited' ? words.tooOften(retryAfter) : (errors?.[0]?.reason ?? detail);
}

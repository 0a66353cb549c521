import type { Case } from '@slate/shared/cases';
import type { CaseReply } from '@slate/shared/contract/cases';
import type { Answer } from './command.ts';

export type Step = {
  /** `last` is the case as the step before has left it; at first, as it was given. */
  readonly send: (last: Case, overrideReason: string | undefined) => Promise<Answer<CaseReply>>;
  /** What it has done, in words. */
  readonly told: (after: Case) => string;
};

/** What has been done of it so far; `id` is of the message that says so when the rest is not done. */
export type SoFar = { readonly id: string; readonly told: string[] };

/**
 * Several commands that a person gives as one, each sent once. What is done stays done when a later one is refused,
 * asks for a reason or gets no answer; `soFar` is what `perform` then tells. Answers what each has made of its case.
 */
export function inTurn(first: Case, steps: readonly Step[]) {
  const left = [...steps];
  const soFar: SoFar = { id: crypto.randomUUID(), told: [] };
  const done: Case[] = [];
  const send = async (overrideReason: string | undefined): Promise<Answer<readonly Case[]>> => {
    for (let next = left[0]; next; next = left[0]) {
      const outcome = await next.send(done.at(-1) ?? first, overrideReason);
      if (outcome.kind !== 'done') return outcome;
      const after = outcome.reply.case;
      done.push(after);
      soFar.told.push(next.told(after));
      left.shift();
    }
    return { kind: 'done', reply: done };
  };
  return { send, soFar };
}

/** Runs parts of a benchmark in their own processes, so that they can be measured separately. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

export type Helper<Question, Answer> = {
  readonly pid: number;
  /** One question at a time. */
  ask(question: Question): Promise<Answer>;
  stop(): Promise<void>;
};

type Reply = { value: unknown } | { error: string };

export function startHelper<Question, Answer>(program: string): Helper<Question, Answer> {
  const child = fork(join(import.meta.dirname, program), { serialization: 'advanced' });
  const ended = once(child, 'exit');
  return {
    pid: child.pid ?? 0,
    async ask(question) {
      child.send({ question });
      const reply = await Promise.race([
        once(child, 'message').then(([message]) => message as Reply),
        ended.then(([code]) => ({ error: `it ended (${code})` })),
      ]);
      if ('error' in reply) throw new Error(`${program}: ${reply.error}`);
      return reply.value as Answer;
    },
    async stop() {
      child.disconnect();
      await ended;
    },
  };
}

/** The other end: answers questions one after the other, and exits with its parent. */
export function answerQuestions(answer: (question: never) => Promise<unknown>) {
  process.on('message', ({ question }: { question: never }) => {
    answer(question).then(
      (value) => process.send?.({ value } satisfies Reply),
      (error: unknown) => process.send?.({ error: String(error) } satisfies Reply),
    );
  });
  process.on('disconnect', () => process.exit());
}

import { Button } from '@mantine/core';
import type { Member, Session } from '@slate/shared/contract/people';
import { useCallback } from 'react';
import { call } from '../../../api/client.ts';
import type { Outcome } from '../../../api/client.ts';
import { endSessions } from '../../../commands/people.ts';
import { useChanging } from '../../../forms/use-changing.ts';
import { unreachableReason } from '../../../stores/cut-off.ts';
import { zoneNow } from '../../../stores/view.ts';
import { Callout } from '../../../ui/callout.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';
import { adminWords, peopleWords as words } from '../../../words/administration.ts';
import { dateAndTimeOf } from '../../../words/time.ts';
import { Confirm, useConfirmed } from '../frame/confirm.tsx';
import panel from '../frame/record-panel.module.css';
import { usePolled } from '../frame/use-polled.ts';
import styles from './people.module.css';

const readSessions = async (
  site: string,
  user: string,
  signal: AbortSignal,
): Promise<Outcome<readonly Session[]>> => {
  const outcome = await call('sessions', { params: { site, user } }, { signal });
  return outcome.kind === 'done' ? { ...outcome, reply: outcome.reply.sessions } : outcome;
};

/** Where a person is signed in, and the commands that end it. */
export function Sessions({ person }: { person: Member }) {
  const { id, name } = person;
  const read = useCallback((site: string, signal: AbortSignal) => readSessions(site, id, signal), [id]);
  const { items, hasFailed, refusal, retry } = usePolled(read);
  /** `session`: null: all of them. */
  const { asked, problem, isSending, ask, leave, run } = useConfirmed<{ session: string | null }>();
  const { changing } = useChanging(unreachableReason);

  const timeOf = (at: string) => dateAndTimeOf(at, zoneNow());

  return (
    <fieldset className={panel.part}>
      <legend>{words.sessions}</legend>
      {problem !== null && <Callout>{problem}</Callout>}
      {!items && hasFailed && (
        <p className={panel.dimmed}>
          {refusal ?? words.sessionsFailed}{' '}
          {refusal === null && (
            <Button size="compact-xs" variant="default" onClick={retry}>
              {adminWords.retry}
            </Button>
          )}
        </p>
      )}
      {!items && !hasFailed && <Skeleton label={words.loadingSessions} count={2} height={22} />}
      {items?.length === 0 && <p className={panel.dimmed}>{words.noSessions}</p>}
      {items && items.length > 0 && (
        <ul className={styles.sessions}>
          {items.map(({ id: session, startedAt, seenAt, address, isCurrent }) => (
            <li key={session}>
              <span>
                {words.session({ seen: timeOf(seenAt), started: timeOf(startedAt), address })}
                {isCurrent && ` ${words.currentSession}`}
              </span>
              {!isCurrent && (
                <Button
                  size="compact-xs"
                  variant="default"
                  aria-label={words.endOf(timeOf(startedAt))}
                  {...changing(() => ask({ session }))}
                >
                  {words.end}
                </Button>
              )}
            </li>
          ))}
        </ul>
      )}
      {asked ? (
        <Confirm
          text={words.confirm[asked.session === null ? 'endAll' : 'end'](name)}
          label={words.confirmed[asked.session === null ? 'endAll' : 'end'](name)}
          isSending={isSending}
          confirm={() => void run((refused) => endSessions(person, asked.session, refused))}
          leave={leave}
        />
      ) : (
        items &&
        items.length > 0 && (
          <div className={panel.buttons}>
            <Button size="xs" variant="default" {...changing(() => ask({ session: null }))}>
              {words.endAll}
            </Button>
          </div>
        )
      )}
    </fieldset>
  );
}

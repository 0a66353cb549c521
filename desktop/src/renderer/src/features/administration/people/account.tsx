import { Button } from '@mantine/core';
import type { Member } from '@slate/shared/contract/people';
import type { Problem } from '@slate/shared/errors';
import { useState } from 'react';
import { resetPassword, setStatus } from '../../../commands/people.ts';
import { useChanging } from '../../../forms/use-changing.ts';
import { unreachableReason } from '../../../stores/cut-off.ts';
import { meNow } from '../../../stores/session.ts';
import { Callout } from '../../../ui/callout.tsx';
import { adminWords, peopleWords as words } from '../../../words/administration.ts';
import { Confirm } from '../frame/confirm.tsx';
import panel from '../frame/record-panel.module.css';

type Command = 'reset' | 'disable' | 'deny';

/** What happens to the account of a person at once, apart from the fields of the form. */
export function Account({ person }: { person: Member }) {
  const { name, status } = person;
  const [asked, setAsked] = useState<Command | null>(null);
  const [refusal, setRefusal] = useState<string | null>(null);
  const [isSending, setSending] = useState(false);
  const { changing } = useChanging(unreachableReason);
  const isMe = person.id === meNow();

  const refused = ({ code, detail }: Problem) => {
    setRefusal(code === 'stale_version' ? adminWords.isStale : detail);
    return true;
  };
  const run = async (send: typeof resetPassword) => {
    setRefusal(null);
    setSending(true);
    await send(person, refused);
    setSending(false);
    setAsked(null);
  };
  const disable: typeof resetPassword = (of, remedy) => setStatus(of, 'disabled', remedy);
  const enable: typeof resetPassword = (of, remedy) => setStatus(of, 'active', remedy);
  const ask = (command: Command) =>
    changing(() => {
      setRefusal(null);
      setAsked(command);
    });

  return (
    <fieldset className={panel.part}>
      <legend>{words.account}</legend>
      {isMe && <p className={panel.dimmed}>{words.isMe}</p>}
      {refusal !== null && <Callout>{refusal}</Callout>}
      {asked ? (
        <Confirm
          text={words.confirm[asked](name)}
          label={asked === 'reset' ? words.confirmed.reset : words.confirmed[asked](name)}
          isSending={isSending}
          confirm={() => void run(asked === 'reset' ? resetPassword : disable)}
          leave={() => setAsked(null)}
        />
      ) : (
        <div className={panel.buttons}>
          {status === 'active' && !isMe && (
            <Button size="xs" variant="default" {...ask('reset')}>
              {words.reset}
            </Button>
          )}
          {status === 'disabled' ? (
            <Button size="xs" variant="default" loading={isSending} {...changing(() => void run(enable))}>
              {words.enable}
            </Button>
          ) : (
            <Button size="xs" variant="default" {...ask(status === 'pending' ? 'deny' : 'disable')}>
              {status === 'pending' ? words.deny : words.disable}
            </Button>
          )}
        </div>
      )}
    </fieldset>
  );
}

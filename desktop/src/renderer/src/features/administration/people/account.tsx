import { Button } from '@mantine/core';
import type { Member } from '@slate/shared/contract/people';
import { resetPassword, setStatus } from '../../../commands/people.ts';
import { useChanging } from '../../../forms/use-changing.ts';
import { unreachableReason } from '../../../stores/cut-off.ts';
import { meNow } from '../../../stores/session.ts';
import { Callout } from '../../../ui/callout.tsx';
import { peopleWords as words } from '../../../words/administration.ts';
import { Confirm, useConfirmed } from '../frame/confirm.tsx';
import panel from '../frame/record-panel.module.css';

type Command = 'reset' | 'disable' | 'deny';

/** The actions on the account of a person that take effect at once, apart from the fields of the form. */
export function Account({ person }: { person: Member }) {
  const { name, status } = person;
  const { asked, problem, isSending, ask, leave, run } = useConfirmed<Command>();
  const { changing } = useChanging(unreachableReason);
  const isMe = person.id === meNow();

  const send = (command: typeof resetPassword) => void run((refused) => command(person, refused));
  const disable: typeof resetPassword = (of, refused) => setStatus(of, 'disabled', refused);
  const enable: typeof resetPassword = (of, refused) => setStatus(of, 'active', refused);

  return (
    <fieldset className={panel.part}>
      <legend>{words.account}</legend>
      {isMe && <p className={panel.dimmed}>{words.isMe}</p>}
      {problem !== null && <Callout>{problem}</Callout>}
      {asked ? (
        <Confirm
          text={words.confirm[asked](name)}
          label={asked === 'reset' ? words.confirmed.reset : words.confirmed[asked](name)}
          isSending={isSending}
          confirm={() => send(asked === 'reset' ? resetPassword : disable)}
          leave={leave}
        />
      ) : (
        <div className={panel.buttons}>
          {status === 'active' && !isMe && (
            <Button size="xs" variant="default" {...changing(() => ask('reset'))}>
              {words.reset}
            </Button>
          )}
          {status === 'disabled' ? (
            <Button size="xs" variant="default" loading={isSending} {...changing(() => send(enable))}>
              {words.enable}
            </Button>
          ) : (
            <Button
              size="xs"
              variant="default"
              {...changing(() => ask(status === 'pending' ? 'deny' : 'disable'))}
            >
              {status === 'pending' ? words.deny : words.disable}
            </Button>
          )}
        </div>
      )}
    </fieldset>
  );
}

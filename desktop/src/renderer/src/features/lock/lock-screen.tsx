import { Anchor } from '@mantine/core';
import { serverUrl } from '../../api/client.ts';
import { signOut } from '../../stores/session.ts';
import { Entrance } from '../../ui/entrance.tsx';
import { entryWords as words } from '../../words/entry.ts';
import { PasswordForm } from '../sign-in/password-form.tsx';

export function LockScreen({ person }: { person: { email: string; name: string } }) {
  return (
    <Entrance title={words.locked} footer={words.server(serverUrl())}>
      <p style={{ margin: 0 }}>{words.lockedBy(person.name)}</p>
      <PasswordForm email={person.email} submit={words.unlock} refusal={words.wrongUnlock} />
      <Anchor component="button" type="button" onClick={() => void signOut()}>
        {words.someoneElse}
      </Anchor>
    </Entrance>
  );
}

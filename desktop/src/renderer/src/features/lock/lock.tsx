import { Anchor } from '@mantine/core';
import { useStore } from 'zustand';
import { serverUrl } from '../../api/client.ts';
import { connectionStore, isCutOff } from '../../stores/connection.ts';
import { canUnlock, entryStore } from '../../stores/desk-entry.ts';
import { idleStore } from '../../stores/idle.ts';
import { emailNow, signOut } from '../../stores/session.ts';
import { Callout } from '../../ui/callout.tsx';
import { Entrance } from '../../ui/entrance.tsx';
import { entryWords as words } from '../../words/entry.ts';
import { WaitingHere } from '../desk/waiting-here.tsx';
import { PasswordForm } from '../sign-in/password-form.tsx';
import styles from './lock.module.css';

export function LockScreen({ person }: { person: { email: string; name: string } }) {
  return (
    <Entrance title={words.locked} footer={words.server(serverUrl())}>
      <p style={{ margin: 0 }}>{words.lockedBy(person.name)}</p>
      <PasswordForm email={person.email} submit={words.unlock} refusal={words.wrongUnlock} />
      <Anchor component="button" type="button" onClick={() => void signOut()}>
        {words.someoneElse}
      </Anchor>
      <WaitingHere except={person.email} />
    </Entrance>
  );
}

/** Warns that the console is about to lock. Announced once; the seconds are only visible. */
export function IdleWarning() {
  const secondsLeft = useStore(idleStore, (state) => state.secondsLeft);
  const isOut = useStore(connectionStore, isCutOff);
  const mayUnlock = useStore(entryStore, (state) => canUnlock(state, emailNow() ?? ''));
  if (secondsLeft === null) return null;
  return (
    <div className={styles.warning}>
      <Callout>
        {words.lockingSoon} {isOut && !mayUnlock && words.lockingOffline}{' '}
        <b aria-hidden="true">{words.lockingIn(secondsLeft)}</b>
      </Callout>
    </div>
  );
}

import { Button, Modal } from '@mantine/core';
import { useState } from 'react';
import { useStore } from 'zustand';
import { refuseDesk } from '../../stores/desk-entry.ts';
import { countOpen, queueStore } from '../../stores/queue.ts';
import { emailNow, sessionStore } from '../../stores/session.ts';
import { deskWords as words } from '../../words/desk.ts';
import { entryWords } from '../../words/entry.ts';
import { NewPasswordForm } from '../sign-in/new-password-form.tsx';
import { PasswordField } from '../sign-in/password-field.tsx';
import { usePassword } from '../sign-in/use-password.ts';
import styles from './desk.module.css';

/**
 * Replaces the banner when the server is back: asks once for the password of the person who unlocked this desk. Board and
 * focus stay.
 */
export function NetworkBack() {
  const [isLater, setLater] = useState(false);
  const count = useStore(queueStore, ({ queue }) => countOpen(queue).waiting);
  const email = useStore(sessionStore, emailNow);
  if (email === null) return null;
  return (
    <section
      className={styles.back}
      aria-label={words.backTitle}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.stopPropagation();
        setLater(true);
      }}
    >
      <span role="status">
        <strong>
          <span aria-hidden="true">▲ </span>
          {words.back}
        </strong>{' '}
        {isLater ? words.stillWithout(count) : words.enterPassword(count)}
      </span>
      {isLater ? (
        <Button size="compact-sm" variant="default" onClick={() => setLater(false)}>
          {words.signIn}
        </Button>
      ) : (
        <PasswordForm email={email} later={() => setLater(true)} />
      )}
    </section>
  );
}

function PasswordForm({ email, later }: { email: string; later: () => void }) {
  const { password, setPassword, problem, isBusy, isTemporary, field, send } = usePassword(email, {
    refusal: words.refusedHere,
    keepsTrying: true,
  });
  const [isChoosing, setChoosing] = useState(true);
  return (
    <>
      <form onSubmit={(event) => void send(event)}>
        {/* Tells password managers whose password it is. */}
        <input type="email" name="email" autoComplete="username" value={email} readOnly hidden />
        <PasswordField
          ref={field}
          aria-label={entryWords.password}
          className={styles.field}
          size="xs"
          autoComplete="current-password"
          required
          error={problem !== null}
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
        <Button type="submit" size="compact-sm" loading={isBusy}>
          {words.signIn}
        </Button>
        <Button size="compact-sm" variant="default" onClick={later}>
          {words.later}
        </Button>
      </form>
      {problem !== null && (
        <div className={styles.problem} role="alert">
          <span>{problem}</span>
          {problem === words.refusedHere && (
            <Button size="compact-sm" variant="default" onClick={() => refuseDesk('account')}>
              {words.showUnsent}
            </Button>
          )}
        </div>
      )}
      {isTemporary && isChoosing && (
        <Modal
          opened
          onClose={() => setChoosing(false)}
          title={entryWords.newPassword}
          closeButtonProps={{ 'aria-label': entryWords.close }}
        >
          <p>{entryWords.temporary}</p>
          <NewPasswordForm email={email} password={password} submit={entryWords.keepPassword} />
        </Modal>
      )}
    </>
  );
}

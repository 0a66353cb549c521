import { Modal } from '@mantine/core';
import { useStore } from 'zustand';
import { closeDialog } from '../../stores/dialogs.ts';
import { sessionStore } from '../../stores/session.ts';
import { toast } from '../../stores/toasts.ts';
import { actionNames } from '../../words/actions.ts';
import { entryWords as words } from '../../words/entry.ts';
import { NewPasswordForm } from './new-password-form.tsx';
import styles from './sign-in.module.css';

/** Changes the password of the signed-in person. Ends their other sessions, but not this one. */
export function ChangePassword() {
  const email = useStore(sessionStore, (session) =>
    session.status === 'signed_in' ? session.me.email : null,
  );
  if (email === null) return null;
  const done = () => {
    closeDialog();
    toast(words.passwordChanged);
  };
  return (
    <Modal
      opened
      onClose={closeDialog}
      title={actionNames.changePassword}
      closeButtonProps={{ 'aria-label': words.close }}
    >
      <p className={styles.help}>{words.changePasswordHelp}</p>
      <NewPasswordForm email={email} submit={actionNames.changePassword} done={done} />
    </Modal>
  );
}

import { Button, Group, Modal, Stack } from '@mantine/core';
import { useState } from 'react';
import { shell } from '../../../shell/shell.ts';
import { closeDialog } from '../../../stores/dialogs.ts';
import { peopleWords as words } from '../../../words/administration.ts';
import styles from './people.module.css';

/** Shows a temporary password, once: it is nowhere else. */
export function TemporaryPassword({ name, password }: { name: string; password: string }) {
  const [message, setMessage] = useState('');
  const copy = () =>
    shell.copyText(password).then(
      () => setMessage(words.copied),
      () => setMessage(words.notCopied),
    );
  return (
    <Modal
      opened
      onClose={closeDialog}
      title={words.temporary(name)}
      // A click beside it must not lose the password.
      closeOnClickOutside={false}
      closeButtonProps={{ 'aria-label': words.close }}
    >
      <Stack gap="sm">
        <output className={styles.password}>{password}</output>
        <p className={styles.text}>{words.temporaryHelp}</p>
        <p className={styles.text}>{words.temporaryLost}</p>
        <Group>
          <Button data-autofocus onClick={() => void copy()}>
            {words.copy}
          </Button>
          <span role="status">{message}</span>
        </Group>
      </Stack>
    </Modal>
  );
}

import { Button, Group, Modal, Stack } from '@mantine/core';
import { useState } from 'react';
import { shell } from '../../../shell/shell.ts';
import { closeDialog } from '../../../stores/dialogs.ts';
import { peopleWords as words } from '../../../words/administration.ts';
import styles from './people.module.css';

/** Shows a temporary password or the link of an invitation, once: it is nowhere else. */
export function ShownOnce({
  title,
  secret,
  help,
  lost,
}: Record<'title' | 'secret' | 'help' | 'lost', string>) {
  const [message, setMessage] = useState('');
  const copy = () =>
    shell.copyText(secret).then(
      () => setMessage(words.copied),
      () => setMessage(words.notCopied),
    );
  return (
    <Modal
      opened
      onClose={closeDialog}
      title={title}
      // A click beside it must not lose it.
      closeOnClickOutside={false}
      closeButtonProps={{ 'aria-label': words.close }}
    >
      <Stack gap="sm">
        <output className={styles.password}>{secret}</output>
        <p className={styles.text}>{help}</p>
        <p className={styles.text}>{lost}</p>
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

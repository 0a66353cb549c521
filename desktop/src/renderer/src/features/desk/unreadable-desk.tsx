import { Button, Group, Modal, Stack } from '@mantine/core';
import { useState } from 'react';
import { useStore } from 'zustand';
import { entryStore, leaveUnreadable, setAside } from '../../stores/desk-entry.ts';
import { Callout } from '../../ui/callout.tsx';
import { deskWords as words } from '../../words/desk.ts';
import { entryWords } from '../../words/entry.ts';

/** Says why the desk can't be read, where it is, and how to continue. Closing the dialog changes nothing. */
export function UnreadableDesk() {
  const unreadable = useStore(entryStore, (state) => state.unreadable);
  const [problem, setProblem] = useState<string | null>(null);
  if (!unreadable) return null;
  const startNew = () =>
    setAside().catch((error: unknown) => setProblem(error instanceof Error ? error.message : ''));
  return (
    <Modal
      opened
      onClose={leaveUnreadable}
      title={words.unreadable}
      closeButtonProps={{ 'aria-label': entryWords.close }}
    >
      <Stack gap="sm">
        <span>{words.why[unreadable.why]}</span>
        <span>{words.unreadableHelp(unreadable.location)}</span>
        {problem !== null && <Callout>{problem}</Callout>}
        <Group justify="flex-end">
          <Button variant="default" onClick={leaveUnreadable} data-autofocus>
            {words.notNow}
          </Button>
          <Button onClick={() => void startNew()}>{words.setAsideAndStart}</Button>
        </Group>
      </Stack>
    </Modal>
  );
}

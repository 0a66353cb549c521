import { Button, Modal, Stack } from '@mantine/core';
import { protocolVersion } from '@slate/shared/protocol';
import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import { serverUrl } from '../../api/client.ts';
import { isDesktop, shell } from '../../shell/shell.ts';
import { closeDialog } from '../../stores/dialogs.ts';
import { emailNow, sessionStore } from '../../stores/session.ts';
import { Callout } from '../../ui/callout.tsx';
import { preferencesWords as words } from '../../words/preferences.ts';
import { WaitingHere } from '../desk/waiting-here.tsx';

/** The facts the IT desk asks for on the phone. */
export function About() {
  const email = useStore(sessionStore, emailNow);
  const [program, setProgram] = useState({ version: '', isTestBuild: false });
  useEffect(() => {
    void shell.start().then(setProgram);
  }, []);
  return (
    <Modal opened onClose={closeDialog} title={words.about} closeButtonProps={{ 'aria-label': words.close }}>
      <Stack gap={6}>
        {program.isTestBuild && <Callout>{words.testBuild}</Callout>}
        {program.version !== '' && <span>{words.version(program.version)}</span>}
        <span>{words.protocol(protocolVersion)}</span>
        <span>{words.server(serverUrl())}</span>
        <WaitingHere except={email} />
        {isDesktop && (
          <Button variant="default" onClick={() => void shell.showLog()}>
            {words.showLog}
          </Button>
        )}
      </Stack>
    </Modal>
  );
}

import { Button } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import type { DeskSummary } from '../../shell/shell.ts';
import { entryStore, lookAtDesks, showUnsentOf } from '../../stores/desk-entry.ts';
import type { NotShown } from '../../stores/desk-entry.ts';
import { closeDialog } from '../../stores/dialogs.ts';
import { myScope, sessionStore } from '../../stores/session.ts';
import { Callout } from '../../ui/callout.tsx';
import { deskWords as words } from '../../words/desk.ts';
import styles from './desk.module.css';

/** The people whose requests wait at this workstation, and how many. Never shows the requests. */
export function WaitingHere({ except = null }: { except?: string | null }) {
  const desks = useStore(entryStore, (state) => state.desks);
  useEffect(() => void lookAtDesks(), []);
  const waiting = desks.filter(({ email, waiting: count }) => email !== except && count > 0);
  if (waiting.length === 0) return null;
  return (
    <ul className={styles.waiting}>
      {waiting.map((desk) => (
        <li key={`${desk.personId} ${desk.siteId}`}>
          {words.waitHere(desk.waiting, desk.name)}
          <ShowUnsent desk={desk} />
        </li>
      ))}
    </ul>
  );
}

/** Lets an administrator see and delete the list of a person who does not come back. */
function ShowUnsent({ desk }: { desk: DeskSummary }) {
  const [problem, setProblem] = useState<NotShown | null>(null);
  const mayManage = useStore(
    sessionStore,
    (session) =>
      session.status === 'signed_in' &&
      !session.needs &&
      session.site.id === desk.siteId &&
      myScope('device.manage') !== 'none',
  );
  if (!mayManage) return null;
  async function show(retire: boolean) {
    const notShown = await showUnsentOf(desk, retire);
    setProblem(notShown);
    if (!notShown) closeDialog();
  }
  return (
    <>
      {problem && <Callout>{problem.why}</Callout>}
      <Button size="compact-xs" variant="default" onClick={() => void show(problem?.isInUse ?? false)}>
        {problem?.isInUse ? words.retireAndShow : words.showUnsent}
      </Button>
    </>
  );
}

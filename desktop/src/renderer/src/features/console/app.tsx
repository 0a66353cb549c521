import { useState } from 'react';
import { useStore } from 'zustand';
import { sessionStore } from '../../stores/session.ts';
import { FirstRun } from '../first-run/first-run.tsx';
import { LockScreen } from '../lock/lock-screen.tsx';
import { SignIn } from '../sign-in/sign-in.tsx';
import { Console } from './console.tsx';
import { CrashBoundary } from './crash.tsx';
import { Starting } from './starting.tsx';

export function App({ server }: { server: string | null }) {
  return (
    <CrashBoundary>
      <Screen server={server} />
    </CrashBoundary>
  );
}

/** Which of the few whole screens there is to see. */
function Screen({ server }: { server: string | null }) {
  const session = useStore(sessionStore);
  const [isChangingServer, changeServer] = useState(false);
  if (server === null || isChangingServer) return <FirstRun address={server ?? ''} />;
  if (session.status === 'signed_in') return <Console />;
  if (session.status === 'locked') return <LockScreen person={session.person} />;
  if (session.status === 'signed_out') return <SignIn ended={session.ended} />;
  return <Starting isUnreachable={session.unreachable} changeServer={() => changeServer(true)} />;
}

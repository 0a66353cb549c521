import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import { runAction } from '../../actions/table.ts';
import { shell } from '../../shell/shell.ts';
import { sessionStore } from '../../stores/session.ts';
import type { Session } from '../../stores/session.ts';
import { showWall, viewStore } from '../../stores/view.ts';
import { FirstRun } from '../first-run/first-run.tsx';
import { IdleWarning } from '../lock/idle-warning.tsx';
import { LockScreen } from '../lock/lock-screen.tsx';
import { SignIn } from '../sign-in/sign-in.tsx';
import { WallBoard } from '../wall/wall.tsx';
import { Console } from './console.tsx';
import { CrashBoundary } from './crash.tsx';
import { Starting } from './starting.tsx';

/** `server` is null before anybody has said where it is. */
export function App({ server }: { server: string | null }) {
  return <CrashBoundary>{server === null ? <FirstRun /> : <Known server={server} />}</CrashBoundary>;
}

function Known({ server }: { server: string }) {
  const session = useStore(sessionStore);
  const [isChangingServer, changeServer] = useState(false);
  useEffect(
    () =>
      shell.on('menu', ({ command }) => {
        if (command === 'change_server') changeServer(true);
        else if (sessionStore.getState().status === 'signed_in') runAction(command);
      }),
    [],
  );
  return (
    <>
      {isChangingServer ? (
        <FirstRun address={server} stay={() => changeServer(false)} />
      ) : (
        <Screen session={session} changeServer={() => changeServer(true)} />
      )}
      {session.status === 'signed_in' && <IdleWarning />}
    </>
  );
}

const leaveWall = () => showWall(false);

/** Which of the few whole screens there is to see. */
function Screen({ session, changeServer }: { session: Session; changeServer: () => void }) {
  const isWallShown = useStore(viewStore, (state) => state.isWallShown);
  if (session.status === 'signed_in') {
    if (session.site.role === 'wall') return <WallBoard />;
    return isWallShown ? <WallBoard leave={leaveWall} /> : <Console />;
  }
  if (session.status === 'locked') return <LockScreen person={session.person} />;
  if (session.status === 'signed_out') return <SignIn ended={session.ended} />;
  return <Starting isUnreachable={session.unreachable} changeServer={changeServer} />;
}

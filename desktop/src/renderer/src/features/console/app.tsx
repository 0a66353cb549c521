import { Anchor, Button } from '@mantine/core';
import { Component, useEffect, useState } from 'react';
import type { ReactNode } from 'react';
import { useStore } from 'zustand';
import { runAction } from '../../actions/table.ts';
import { serverUrl } from '../../api/client.ts';
import { isDesktop, shell } from '../../shell/shell.ts';
import { findObstacle } from '../../stores/cut-off.ts';
import { openDialog } from '../../stores/dialogs.ts';
import { entryStore, resume } from '../../stores/desk-entry.ts';
import { policyStore } from '../../stores/policy.ts';
import { sessionStore } from '../../stores/session.ts';
import type { Session } from '../../stores/session.ts';
import { setWallShown, viewStore } from '../../stores/view.ts';
import { Entrance } from '../../ui/entrance.tsx';
import { Callout } from '../../ui/callout.tsx';
import { entryWords as words } from '../../words/entry.ts';
import { AboutDialog } from '../about/about.tsx';
import { UnreadableDesk } from '../desk/unreadable-desk.tsx';
import { Unsent } from '../desk/unsent.tsx';
import { FirstRun } from '../first-run/first-run.tsx';
import { IdleWarning, LockScreen } from '../lock/lock.tsx';
import { SignIn } from '../sign-in/sign-in.tsx';
import { WallBoard } from '../wall/wall.tsx';
import { Console } from './console.tsx';

/** `server` is null until an address is known. */
export function App({ server }: { server: string | null }) {
  const [isChangingServer, changeServer] = useState(false);
  useEffect(
    () =>
      shell.on('menu', ({ command }) => {
        if (command === 'change_server') changeServer(!policyStore.getState().isServerLocked);
        else if (command === 'about') openAbout();
        else if (sessionStore.getState().status === 'signed_in') runAction(command);
      }),
    [],
  );
  useEffect(() => (policyStore.getState().isWallBoard ? openAboutByKey() : undefined), []);
  return (
    <CrashBoundary>
      {server === null ? (
        <FirstRun />
      ) : (
        <WithServer server={server} isChangingServer={isChangingServer} changeServer={changeServer} />
      )}
      <AboutDialog />
    </CrashBoundary>
  );
}

const openAbout = () => openDialog({ kind: 'about' });

/** The workstation of a wall board has no menu with the key. */
function openAboutByKey() {
  const onKeyDown = ({ key }: KeyboardEvent) => key === 'F1' && openAbout();
  window.addEventListener('keydown', onKeyDown);
  return () => window.removeEventListener('keydown', onKeyDown);
}

type ServerProps = {
  server: string;
  isChangingServer: boolean;
  changeServer: (isChanging: boolean) => void;
};

function WithServer({ server, isChangingServer, changeServer }: ServerProps) {
  const session = useStore(sessionStore);
  const refused = useStore(entryStore, (state) => state.refused);
  return (
    <>
      {refused ? (
        <Unsent refused={refused} />
      ) : isChangingServer ? (
        <FirstRun address={server} stay={() => changeServer(false)} />
      ) : (
        <Screen session={session} changeServer={() => changeServer(true)} />
      )}
      {session.status === 'signed_in' && <IdleWarning />}
      {session.status === 'signed_in' && <UnreadableDesk />}
    </>
  );
}

const leaveWall = () => setWallShown(false);

/** Shows the full screen for the session: console, wall board, lock, sign-in or start. */
function Screen({ session, changeServer }: { session: Session; changeServer: () => void }) {
  const isWallShown = useStore(viewStore, (state) => state.isWallShown);
  if (session.status === 'signed_in') {
    if (session.site.role === 'wall') return <WallBoard />;
    return isWallShown ? <WallBoard leave={leaveWall} /> : <Console />;
  }
  if (session.status === 'locked') return <LockScreen person={session.person} />;
  if (session.status === 'signed_out') return <SignIn endReason={session.endReason} />;
  return <Starting isUnreachable={session.unreachable} changeServer={changeServer} />;
}

const retryMs = 3_000;

/** Shown between the start and the first reply of the server. */
function Starting({ isUnreachable, changeServer }: { isUnreachable: boolean; changeServer: () => void }) {
  const isServerLocked = useStore(policyStore, (policy) => policy.isServerLocked);
  const why = useObstacle(isUnreachable);
  useEffect(() => {
    if (!isUnreachable) return undefined;
    const timer = setInterval(() => void resume(), retryMs);
    return () => clearInterval(timer);
  }, [isUnreachable]);

  return (
    <Entrance title={words.starting} footer={words.server(serverUrl())}>
      {isUnreachable && <Callout>{words.unreachable(why)}</Callout>}
      {isUnreachable && <Button onClick={() => void resume()}>{words.tryNow}</Button>}
      {isUnreachable && isServerLocked && <p style={{ margin: 0 }}>{words.serverLocked}</p>}
      {isUnreachable && isDesktop && !isServerLocked && (
        <Anchor component="button" type="button" onClick={changeServer}>
          {words.changeServer}
        </Anchor>
      )}
    </Entrance>
  );
}

/** Why the server is out of reach, found out again and again; null: not known. */
function useObstacle(isUnreachable: boolean): string | null {
  const [why, setWhy] = useState<string | null>(null);
  useEffect(() => {
    if (!isUnreachable) return undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let isOver = false;
    const look = async () => {
      const found = await findObstacle();
      if (isOver) return;
      setWhy(found);
      timer = setTimeout(() => void look(), retryMs);
    };
    void look();
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  }, [isUnreachable]);
  return why;
}

/** Shown if rendering fails. React logs the error, without the contents of the board. */
class CrashBoundary extends Component<{ children: ReactNode }, { hasCrashed: boolean }> {
  override state = { hasCrashed: false };

  static getDerivedStateFromError() {
    return { hasCrashed: true };
  }

  override render() {
    if (!this.state.hasCrashed) return this.props.children;
    return (
      <Entrance title={words.crashed}>
        <p style={{ margin: 0 }}>{words.crashedHelp}</p>
        <Button autoFocus onClick={() => location.reload()}>
          {words.reload}
        </Button>
      </Entrance>
    );
  }
}

/**
 * Shown on a page over http://. Browsers withhold features that the console needs from such pages, and a password must not be
 * sent over it.
 */
export function Insecure() {
  return (
    <Entrance title={words.insecure}>
      <p style={{ margin: 0 }}>{words.insecureHelp}</p>
    </Entrance>
  );
}

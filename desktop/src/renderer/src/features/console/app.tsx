import { Anchor, Button } from '@mantine/core';
import { Component, useEffect, useState } from 'react';
import type { ReactNode } from 'react';
import { useStore } from 'zustand';
import { serverUrl } from '../../api/client.ts';
import { entranceLink, forgetEntranceLink, isDesktop, shell } from '../../shell/shell.ts';
import { openDialog } from '../../stores/dialogs.ts';
import { entryStore, resume } from '../../stores/desk-entry.ts';
import { policyStore } from '../../stores/policy.ts';
import { sessionStore } from '../../stores/session.ts';
import type { Session } from '../../stores/session.ts';
import { setWallShown, viewStore } from '../../stores/view.ts';
import { Entrance } from '../../ui/entrance.tsx';
import { Callout } from '../../ui/callout.tsx';
import { entryWords as words } from '../../words/entry.ts';
import { useOutage } from '../connection/use-outage.ts';
import { Unsent } from '../desk/unsent.tsx';
import { FirstRun } from '../first-run/first-run.tsx';
import { IdleWarning, LockScreen } from '../lock/lock.tsx';
import { SignIn } from '../sign-in/sign-in.tsx';
import type * as workspaceModule from './workspace.ts';

/** Null until it is loaded. Nobody is signed in before that. */
export type Workspace = typeof workspaceModule | null;

/** `server` is null until an address is known. */
export function App({ server, workspace }: { server: string | null; workspace: Workspace }) {
  const [isChangingServer, changeServer] = useState(false);
  useEffect(
    () =>
      shell.on('menu', ({ command }) => {
        if (command === 'change_server') changeServer(!policyStore.getState().isServerLocked);
        else if (command === 'about') openAbout();
        else if (command === 'check_for_update') checkForUpdate();
        else if (sessionStore.getState().status === 'signed_in') workspace?.runAction(command);
      }),
    [workspace],
  );
  useEffect(() => (policyStore.getState().isWallBoard ? openAboutByKey() : undefined), []);
  return (
    <CrashBoundary>
      {server === null ? (
        <FirstRun />
      ) : (
        <WithServer
          server={server}
          workspace={workspace}
          isChangingServer={isChangingServer}
          changeServer={changeServer}
        />
      )}
      {workspace && <workspace.AboutDialog />}
    </CrashBoundary>
  );
}

const openAbout = () => openDialog({ kind: 'about' });

function checkForUpdate() {
  openAbout();
  void shell.checkForUpdate();
}

/** The workstation of a wall board has no menu with the key. */
function openAboutByKey() {
  const onKeyDown = ({ key }: KeyboardEvent) => key === 'F1' && openAbout();
  window.addEventListener('keydown', onKeyDown);
  return () => window.removeEventListener('keydown', onKeyDown);
}

type ServerProps = {
  server: string;
  workspace: Workspace;
  isChangingServer: boolean;
  changeServer: (isChanging: boolean) => void;
};

function WithServer({ server, workspace, isChangingServer, changeServer }: ServerProps) {
  const session = useStore(sessionStore);
  const refused = useStore(entryStore, (state) => state.refused);
  return (
    <>
      {refused ? (
        <Unsent refused={refused} />
      ) : isChangingServer ? (
        <FirstRun address={server} stay={() => changeServer(false)} />
      ) : (
        <Screen session={session} workspace={workspace} changeServer={() => changeServer(true)} />
      )}
      {session.status === 'signed_in' && <IdleWarning />}
      {session.status === 'signed_in' && workspace && <workspace.UnreadableDesk />}
    </>
  );
}

const leaveWall = () => setWallShown(false);

type ScreenProps = { session: Session; workspace: Workspace; changeServer: () => void };

/** Shows the full screen for the session: console, wall board, lock, sign-in or start. */
function Screen({ session, workspace, changeServer }: ScreenProps) {
  const isWallShown = useStore(viewStore, (state) => state.isWallShown);
  const [link, setLink] = useState(entranceLink);
  const leave = () => {
    forgetEntranceLink();
    setLink(null);
  };
  if (session.status === 'locked') return <LockScreen person={session.person} />;
  if (session.status === 'signed_out') {
    if (link === null) return <SignIn endReason={session.endReason} />;
    if (workspace) {
      const Page = link.kind === 'set-up' ? workspace.SetUp : workspace.AcceptInvitation;
      return <Page secret={link.secret} leave={leave} />;
    }
  }
  if (session.status === 'signed_in' && workspace) {
    if (session.site.role === 'wall') return <workspace.WallBoard />;
    return isWallShown ? <workspace.WallBoard leave={leaveWall} /> : <workspace.Console />;
  }
  const isUnreachable = session.status === 'starting' && session.unreachable;
  return <Starting isUnreachable={isUnreachable} changeServer={changeServer} />;
}

const retryMs = 3_000;

/** Shown between the start and the first reply of the server. */
function Starting({ isUnreachable, changeServer }: { isUnreachable: boolean; changeServer: () => void }) {
  const isServerLocked = useStore(policyStore, (policy) => policy.isServerLocked);
  const outage = useOutage(isUnreachable);
  useEffect(() => {
    if (!isUnreachable) return undefined;
    const timer = setInterval(() => void resume(), retryMs);
    return () => clearInterval(timer);
  }, [isUnreachable]);

  return (
    <Entrance title={words.starting} footer={words.server(serverUrl())}>
      {isUnreachable && <Callout>{words.unreachable(outage?.why ?? null)}</Callout>}
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

/** Shown if rendering or loading fails. React logs the error, without the contents of the board. */
class CrashBoundary extends Component<{ children: ReactNode }, { hasCrashed: boolean }> {
  override state = { hasCrashed: false };

  static getDerivedStateFromError() {
    return { hasCrashed: true };
  }

  override render() {
    return this.state.hasCrashed ? <Crashed /> : this.props.children;
  }
}

export function Crashed() {
  return (
    <Entrance title={words.crashed}>
      <p style={{ margin: 0 }}>{words.crashedHelp}</p>
      <Button autoFocus onClick={() => location.reload()}>
        {words.reload}
      </Button>
    </Entrance>
  );
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

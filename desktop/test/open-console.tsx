import type { Board } from '@slate/shared/contract/reads';
import type { ReactNode } from 'react';
import { connectClient } from '../src/renderer/src/api/client.ts';
import { followSite } from '../src/renderer/src/realtime/current-feed.ts';
import { setConnection } from '../src/renderer/src/stores/connection.ts';
import { accessToken, sessionStore, expireToken } from '../src/renderer/src/stores/session.ts';
import { goToDate } from '../src/renderer/src/stores/view.ts';
import { renderInKit } from './in-kit.tsx';
import { signInAs } from './signed-in.ts';
import { date, loadBoard } from './small-board.ts';

/** Renders a coordinator's console, live on this board. Mock the feed with `silent-feed.ts` first. Returns a function that ends it. */
export function openConsole(children: ReactNode, board: Partial<Board>, start = followSite): () => void {
  connectClient({ server: 'https://slate.example.org', token: accessToken, tokenRefused: expireToken });
  signInAs('coordinator');
  goToDate(date);
  const stop = start();
  // The services react to a change of the session.
  sessionStore.setState({ ...sessionStore.getState() }, true);
  setConnection({ status: 'live', lagMs: 200 });
  loadBoard(board);
  renderInKit(children);
  return () => {
    stop();
    sessionStore.setState({ status: 'signed_out', endReason: null }, true);
  };
}

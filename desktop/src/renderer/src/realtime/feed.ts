import type { Board } from '@slate/shared/board';
import type { ChangesBatch } from '@slate/shared/changes';
import { protocolVersion } from '@slate/shared/protocol';
import type { ClientToServer, FollowReply, Heartbeat, ServerToClient } from '@slate/shared/socket-events';
import { io } from 'socket.io-client';
import type { Socket } from 'socket.io-client';
import { call, currentToken, serverUrl } from '../api/client.ts';
import { applyChanges, boardStore, clearBoard, showBoard, showStale } from '../stores/board.ts';
import type { BoardView } from '../stores/board.ts';
import { hearTime, serverInstant, serverNow } from '../stores/clock.ts';
import { connectionStore, heard, setConnection } from '../stores/connection.ts';
import { tellNews } from '../stores/news.ts';
import { setPresent } from '../stores/presence.ts';
import { end, reenter, tokenRefused } from '../stores/session.ts';

/**
 * Keeps the board what the server says it is. Only here is the board written: with a snapshot, and from then on
 * with gapless changes. A gap is filled by asking for what was missed; where that cannot be had (too far behind,
 * another epoch), the snapshot is taken anew.
 */
export type Feed = ReturnType<typeof createFeed>;

/** Heartbeats come every 10 s: after two that did not come, nothing can be said about now. */
const silenceMs = 25_000;
/** How long a reply's revision may be ahead before the feed asks for the changes itself. */
const patienceMs = 300;
const boardsKept = 8;
const pageSize = 500;

export function createFeed(siteId: string) {
  let isStopped = false;
  let wanted: { date: string; days: number } | null = null;
  let loading: AbortController | null = null;
  let waiting: ChangesBatch[] = [];
  let isCatchingUp = false;
  let silence: ReturnType<typeof setTimeout> | undefined;
  let comeback: ReturnType<typeof setTimeout> | undefined;
  let attempts = 0;
  /** Boards seen before, latest last: shown at once, as of then, until the server has answered. */
  const seen = new Map<string, BoardView>();
  const watchers = new Set<() => void>();

  const socket: Socket<ServerToClient, ClientToServer> = io(serverUrl(), {
    transports: ['websocket'],
    autoConnect: false,
    reconnection: false,
    forceNew: true,
    auth: (give) =>
      void currentToken().then((token) => give({ token: token ?? '', protocol: protocolVersion })),
  });

  const current = () => {
    const { view, isStale } = boardStore.getState();
    return view && !isStale ? view : null;
  };
  const keyOf = (date: string, days: number) => `${date} ${days}`;

  /** Every loss of the server goes through here; coming back is tried with growing, jittered pauses. */
  function lost() {
    clearTimeout(silence);
    if (isStopped) return;
    if (connectionStore.getState().connection.status !== 'outdated') {
      const { connection, heardAt } = connectionStore.getState();
      if (connection.status !== 'offline') {
        setConnection({ status: 'offline', since: heardAt ?? serverNow() });
      }
    }
    setPresent([]);
    clearTimeout(comeback);
    const pause = Math.min(10_000, 300 * 2 ** attempts++) * (0.5 + Math.random());
    comeback = setTimeout(reach, pause);
  }

  function reach() {
    clearTimeout(comeback);
    if (isStopped || socket.connected) return;
    socket.disconnect();
    socket.connect();
  }

  function listening() {
    heard(serverNow());
    clearTimeout(silence);
    silence = setTimeout(() => {
      socket.disconnect();
      lost();
    }, silenceMs);
  }

  function live(lagMs: number) {
    attempts = 0;
    setConnection({ status: 'live', lagMs });
  }

  socket.on('connect', () => {
    listening();
    if (!current()) return void load();
    // The server is back, what was missed is not yet here.
    setConnection({ status: 'catching_up' });
    void follow();
  });
  socket.on('connect_error', (error) => {
    const refused = (error as { data?: { code: string } }).data;
    if (refused?.code === 'unauthenticated') tokenRefused();
    if (refused?.code === 'validation') setConnection({ status: 'outdated' });
    lost();
  });
  socket.on('disconnect', () => lost());
  socket.on('heartbeat', (beat: Heartbeat) => {
    listening();
    const lagMs = hearTime(beat.at);
    const view = current();
    if (!view) return;
    if (beat.epoch !== view.board.epoch) void load();
    else if (beat.revision > view.board.revision) expect(beat.revision);
    else live(lagMs);
  });
  socket.on('changes', (batch) => {
    listening();
    take(batch);
  });
  socket.on('presence', ({ people }) => setPresent(people));
  socket.on('goodbye', ({ reason }) => {
    if (reason === 'shutting_down') return;
    // What I may see has changed: whatever the board shows may no longer be mine to see.
    clearBoard();
    seen.clear();
    if (reason === 'revoked') void end('revoked');
    else void reenter();
  });

  async function follow() {
    const view = current();
    if (!view) return;
    const { epoch, revision } = view.board;
    const reply = await new Promise<FollowReply | null>((resolve) => {
      socket.timeout(5_000).emit('follow', { siteId, epoch, revision }, (error, answer) => {
        resolve(error ? null : answer);
      });
    });
    if (isStopped) return;
    if (reply === null) {
      socket.disconnect();
      return lost();
    }
    if (reply.status === 'following') {
      take(reply.missed);
      live(0);
    } else if (reply.status === 'resync') await load();
    else if (reply.code === 'unauthenticated') {
      tokenRefused();
      socket.disconnect();
      lost();
    } else await reenter();
  }

  /** Takes the board of the wanted days and follows it from there. */
  async function load() {
    if (!wanted || isStopped) return;
    const { date, days } = wanted;
    loading?.abort();
    const mine = (loading = new AbortController());
    const isMine = () => loading === mine && !isStopped;
    const outcome = await call(
      'board',
      { params: { site: siteId }, query: { date, days } },
      { signal: mine.signal },
    );
    if (!isMine()) return;
    loading = null;
    if (outcome.kind === 'done') {
      show(outcome.reply, date, days);
      if (socket.connected) await follow();
      else reach();
    } else if (outcome.kind === 'refused' && outcome.problem.code === 'forbidden') await reenter();
    else lost();
  }

  function show(board: Board, date: string, days: number) {
    hearTime(board.at);
    showBoard(board, date, days);
    keep();
    const early = waiting;
    waiting = [];
    for (const batch of early) take(batch);
    tell();
  }

  function keep() {
    const view = current();
    if (!view) return;
    const key = keyOf(view.date, view.days);
    seen.delete(key);
    seen.set(key, view);
    const [oldest] = seen.keys();
    if (seen.size > boardsKept && oldest !== undefined) seen.delete(oldest);
  }

  function take(batch: ChangesBatch) {
    const view = current();
    // Before there is a board there is nothing to add to: what comes now is looked at again when there is.
    if (!view) {
      waiting = [...waiting, batch].slice(-200);
      return;
    }
    if (batch.epoch !== view.board.epoch) {
      void load();
      return;
    }
    if (batch.to <= view.board.revision) return;
    if (batch.from > view.board.revision) {
      waiting.push(batch);
      void catchUp();
      return;
    }
    const fresh = batch.changes.filter(({ revision }) => revision > view.board.revision);
    applyChanges(fresh, batch.to, fresh.at(-1)?.at ?? serverInstant());
    for (const change of fresh) {
      const id = change.body.type === 'case' ? change.body.case.id : null;
      tellNews(change, id === null ? undefined : view.cases.get(id));
    }
    const last = fresh.at(-1);
    if (last && socket.connected && !isCatchingUp) live(Math.max(0, serverNow() - Date.parse(last.at)));
    tell();
  }

  async function catchUp() {
    if (isCatchingUp || isStopped) return;
    isCatchingUp = true;
    setConnection({ status: 'catching_up' });
    try {
      for (;;) {
        const view = current();
        if (!view || isStopped) return;
        const { epoch, revision } = view.board;
        const outcome = await call('changes', {
          params: { site: siteId },
          query: { epoch, after: revision, limit: pageSize },
        });
        if (isStopped || current()?.board.epoch !== epoch) return;
        if (outcome.kind === 'refused' && outcome.problem.code === 'resync') return void load();
        if (outcome.kind !== 'done') return lost();
        take(outcome.reply);
        if (outcome.reply.changes.length < pageSize) break;
      }
    } finally {
      isCatchingUp = false;
    }
    const early = waiting;
    waiting = [];
    for (const batch of early) take(batch);
    if (socket.connected) live(0);
  }

  /** A reply spoke of this revision. The push usually brings it; if it does not, it is asked for. */
  function expect(revision: number) {
    setTimeout(() => {
      const view = current();
      if (view && view.board.revision < revision) void catchUp();
    }, patienceMs);
  }

  const tell = () => {
    for (const watcher of watchers) watcher();
  };

  return {
    /** Shows these days: at once as they were last seen, and as they are when the server has answered. */
    show(date: string, days: number) {
      if (wanted?.date === date && wanted.days === days) return;
      keep();
      wanted = { date, days };
      waiting = [];
      const known = seen.get(keyOf(date, days));
      if (known) showStale(known);
      else clearBoard();
      void load();
    },
    expect,
    /** Resolves when the board shows this revision: from then on it speaks for itself. */
    reached: (revision: number) =>
      new Promise<void>((resolve) => {
        const look = () => {
          const view = current();
          if (!isStopped && view && view.board.revision < revision) return;
          watchers.delete(look);
          resolve();
        };
        watchers.add(look);
        look();
      }),
    look: (caseId: string | null) => {
      if (socket.connected) socket.emit('look', { caseId });
    },
    /** Now, instead of when the pause is over. */
    retry() {
      attempts = 0;
      reach();
    },
    stop() {
      isStopped = true;
      loading?.abort();
      clearTimeout(silence);
      clearTimeout(comeback);
      socket.disconnect();
      setPresent([]);
      setConnection({ status: 'connecting' });
      tell();
    },
  };
}

/** The worst client we could write, in a process of its own: all at once that a socket can do to a server. */
import { randomUUID } from 'node:crypto';
import { protocolVersion } from '@slate/shared/protocol';
import { WebSocket } from 'ws';

/** Where the site is. */
export type Head = { epoch: string; revision: number };
export type Orders = {
  url: string;
  siteId: string;
  /** Sessions of one viewer. */
  tokens: string[];
};

const { url, siteId, tokens } = JSON.parse(process.argv[2] ?? '') as Orders;
const address = `${url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`;
let head: Head | undefined;
process.on('message', (message: Head) => (head = message));

// As Engine.IO and Socket.IO frame it: `40` connects, `42` is an event, `3` answers a ping.
const connect = (socket: WebSocket, token = tokens[0]) =>
  socket.send(`40${JSON.stringify({ token, protocol: protocolVersion })}`);
const emit = (socket: WebSocket, id: number | '', ...event: unknown[]) =>
  socket.send(`42${id}${JSON.stringify(event)}`);
const follow = (socket: WebSocket, id: number, behind: number) =>
  head && emit(socket, id, 'follow', { siteId, ...head, revision: Math.max(0, head.revision - behind) });

/** What a connection does again and again once it is let in. None of them ever reads. */
type Habit = (socket: WebSocket, turn: number) => unknown;
const habits: Habit[] = [
  // Follows, and never reads.
  (socket, turn) => turn === 0 && follow(socket, 0, 0),
  // Asks over and over for all it missed: more than is kept, and nearly as much as is kept.
  (socket, turn) => follow(socket, turn, 4_900),
  (socket, turn) => follow(socket, turn, 250),
  // Looks at another case every time.
  (socket, turn) => (turn === 0 ? follow(socket, 0, 0) : emit(socket, '', 'look', { caseId: randomUUID() })),
  // Is told each time that there is no such message.
  (socket, turn) => emit(socket, turn, 'x'.repeat(10_000)),
  // Has pings answered, below all that Socket.IO sees.
  (socket) => {
    for (let ping = 0; ping < 200; ping++) socket.ping('x'.repeat(125));
  },
  // Says who it is again and again.
  (socket) => connect(socket),
];
/** Together more than an account may have. */
const connectionsEach = 16;
const turnMs = 110;

function open(habit: Habit, token: string | undefined) {
  const socket = new WebSocket(address, { perMessageDeflate: false });
  let timer: NodeJS.Timeout | undefined;
  let turn = 0;
  socket.on('message', (data: Buffer) => {
    const text = data.toString();
    if (text.startsWith('0')) connect(socket, token);
    if (!text.startsWith('40')) return;
    socket.pause();
    timer = setInterval(() => {
      if (socket.readyState !== WebSocket.OPEN) return;
      // Answers pings that it never reads, so that it is not taken for dead.
      if (turn % 20 === 0) socket.send('3');
      habit(socket, turn++);
    }, turnMs);
  });
  socket.on('error', () => {});
  socket.on('close', () => {
    clearInterval(timer);
    setTimeout(() => open(habit, token), turnMs);
  });
}

/** Connects, says nothing, and does not read that it is to go. */
function loiter() {
  const socket = new WebSocket(address);
  socket.on('open', () => socket.pause()).on('error', () => {});
}

for (const habit of habits) {
  for (let index = 0; index < connectionsEach; index++) open(habit, tokens[index % tokens.length]);
}
setInterval(loiter, 20);

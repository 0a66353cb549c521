/** The worst client, in its own process: it attacks a server in every way that a socket allows, all at once. */
import { randomUUID } from 'node:crypto';
import { protocolVersion } from '@slate/shared/protocol';
import { WebSocket } from 'ws';

/** The current revision of the site. */
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
// The test has ended or was killed.
process.on('disconnect', () => process.exit());

// The frames of Engine.IO and Socket.IO: `40` connects, `42` is an event, `3` answers a ping.
const connect = (socket: WebSocket, token = tokens[0]) =>
  socket.send(`40${JSON.stringify({ token, protocol: protocolVersion })}`);
const emit = (socket: WebSocket, id: number | '', ...event: unknown[]) =>
  socket.send(`42${id}${JSON.stringify(event)}`);
const follow = (socket: WebSocket, id: number, behind: number) =>
  head && emit(socket, id, 'follow', { siteId, ...head, revision: Math.max(0, head.revision - behind) });

/** The action that a connection repeats after connecting. No connection reads the replies. */
type Habit = (socket: WebSocket, turn: number) => unknown;
const habits: Habit[] = [
  // Follows, and never reads.
  (socket, turn) => turn === 0 && follow(socket, 0, 0),
  // Keeps requesting missed changes: more than the server keeps, and almost as many.
  (socket, turn) => follow(socket, turn, 4_900),
  (socket, turn) => follow(socket, turn, 250),
  // Looks at a different case each time.
  (socket, turn) => (turn === 0 ? follow(socket, 0, 0) : emit(socket, '', 'look', { caseId: randomUUID() })),
  // Sends an unknown message.
  (socket, turn) => emit(socket, turn, 'x'.repeat(10_000)),
  // Sends pings, below Socket.IO.
  (socket) => {
    for (let ping = 0; ping < 200; ping++) socket.ping('x'.repeat(125));
  },
  // Repeats the handshake.
  (socket) => connect(socket),
];
/** More than an account may have in total. */
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
      // Answers pings without reading them, so that it counts as alive.
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

/** Connects, sends nothing, and does not read the close frame. */
function loiter() {
  const socket = new WebSocket(address);
  socket.on('open', () => socket.pause()).on('error', () => {});
}

for (const habit of habits) {
  for (let index = 0; index < connectionsEach; index++) open(habit, tokens[index % tokens.length]);
}
setInterval(loiter, 20);

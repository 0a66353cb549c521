/**
 * A process full of consoles that only listen. They speak just enough Socket.IO to follow a site, so that receiving a
 * change costs next to nothing, and the same from our server as from the bare one.
 */
import { protocolVersion } from '@slate/shared/protocol';
import { WebSocket } from 'ws';
import { answerQuestions } from './helper-process.ts';
import { sharedClock } from './measuring.ts';

export type Target = 'slate' | 'bare';
export type Follow = { siteId: string; epoch: string; revision: number };
export type ReceiversQuestion =
  | { kind: 'connect'; target: Target; url: string; count: number; tokens: string[]; follow: Follow }
  /** When each revision was acknowledged; returns the delay until each console had it. */
  | { kind: 'report'; target: Target; acknowledged: Map<number, number> }
  | { kind: 'close' };
export type ReceiversAnswer = number[];

let sockets: WebSocket[] = [];
const received: Record<Target, { revision: number; at: number }[]> = { slate: [], bare: [] };

answerQuestions(async (question: ReceiversQuestion): Promise<ReceiversAnswer> => {
  if (question.kind === 'connect') await connectAll(question);
  if (question.kind === 'close') {
    for (const socket of sockets) socket.terminate();
    sockets = [];
  }
  if (question.kind !== 'report') return [];
  const { target, acknowledged } = question;
  const delays = received[target].map(({ revision, at }) => at - (acknowledged.get(revision) ?? Number.NaN));
  received[target] = [];
  return delays.filter((delay) => !Number.isNaN(delay));
});

/** A few at a time: connecting is not measured. */
async function connectAll({ target, url, count, tokens, follow }: ReceiversQuestion & { kind: 'connect' }) {
  const remaining = Array.from({ length: count }, (_, n) => tokens[n % tokens.length] ?? '');
  const connectNext = async () => {
    for (let token = remaining.pop(); token !== undefined; token = remaining.pop())
      await connect(target, url, token, follow);
  };
  await Promise.all(Array.from({ length: 20 }, connectNext));
}

function connect(target: Target, url: string, token: string, follow: Follow): Promise<void> {
  const path = target === 'slate' ? '/socket.io/?EIO=4&transport=websocket' : '';
  const socket = new WebSocket(url.replace('http', 'ws') + path, { perMessageDeflate: false });
  sockets.push(socket);
  return new Promise((resolve, reject) => {
    const fail = (error: Error) => reject(error);
    socket.on('error', fail);
    socket.on('close', () => reject(new Error('a console was cut off')));
    if (target === 'bare') socket.on('open', () => resolve());
    socket.on('message', (data: Buffer) => {
      const at = sharedClock();
      const head = data.toString('latin1', 0, 160);
      if (head.startsWith('42["changes"')) recordRevisions(target, head, at);
      else if (head === '2') socket.send('3');
      else if (head.startsWith('0')) socket.send(`40${JSON.stringify({ token, protocol: protocolVersion })}`);
      else if (head.startsWith('40')) socket.send(`420${JSON.stringify(['follow', follow])}`);
      else if (head.startsWith('430[{"status":"following"')) resolve();
      else if (/^4[34]/.test(head)) reject(new Error(`a console may not follow: ${head}`));
    });
  });
}

function recordRevisions(target: Target, head: string, at: number) {
  const [, from, to] = /"from":(\d+),"to":(\d+)/.exec(head) ?? [];
  for (let revision = Number(from) + 1; revision <= Number(to); revision++)
    received[target].push({ revision, at });
}

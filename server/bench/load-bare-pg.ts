/** A process that only sends the product's SQL, the way the product sends it. */
import pg from 'pg';
import { batchingSocket } from '../src/db/batching-socket.ts';
import { answerQuestions } from './helper-process.ts';
import { drive } from './lanes.ts';
import type { Pace, Round } from './lanes.ts';
import { blanksOf, replay } from './recording.ts';
import type { Recording } from './recording.ts';

export type BareRound = Round & { appUrl: string; recording: Recording };

let clients: pg.Client[] = [];

answerQuestions(async (round: BareRound): Promise<Pace> => {
  const { appUrl, recording, lanes } = round;
  if (clients.length === 0) {
    clients = lanes.map(
      () => new pg.Client({ connectionString: appUrl, pipeline: true, stream: batchingSocket }),
    );
    await Promise.all(clients.map((client) => client.connect()));
  }
  return drive(round, async (lane, slot, index) => {
    const client = clients[index];
    if (!client) throw new Error('there are more lanes than connections');
    const blanks = blanksOf(lane, slot);
    await replay(client, recording.hold, blanks);
    await replay(client, recording.book, blanks);
  });
});

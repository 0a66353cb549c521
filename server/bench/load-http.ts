/** A process that holds and books through the API as fast as it gets answers. */
import { answerQuestions } from './helper-process.ts';
import { HttpConnection } from './http-connection.ts';
import { drive } from './lanes.ts';
import type { Pace, Round } from './lanes.ts';

export type HttpRound = Round & { url: string };

answerQuestions(async (round: HttpRound): Promise<Pace> => {
  // New in each round: the server closes connections that are idle for five seconds.
  const connections = round.lanes.map(() => new HttpConnection(round.url));
  const pace = await drive(round, async ({ site, token, room, procedure, surgeon }, slot, index) => {
    const connection = connections[index];
    if (!connection) throw new Error('there are more lanes than connections');
    const post = async (path: string, key: string, body: object) => {
      const headers = `Authorization: Bearer ${token}\r\nIdempotency-Key: ${key}\r\n`;
      const reply = await connection.send(
        'POST',
        `/api/v1/sites/${site}/${path}`,
        headers,
        JSON.stringify(body),
      );
      if (reply.status >= 300) throw new Error(`${path}: ${reply.status} ${reply.body}`);
    };
    const { start } = slot;
    await post('holds', slot.case, { roomId: room, start, procedureId: procedure, surgeonId: surgeon });
    await post(`cases/${slot.case}/confirm`, slot.key, { to: 'scheduled' });
  });
  for (const connection of connections) connection.close();
  return pace;
});

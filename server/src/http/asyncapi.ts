import { offTheBoard } from '@slate/shared/case-state';
import { protocolHeader, saidProtocols } from '@slate/shared/protocol';
import * as events from '@slate/shared/socket-events';
import type { z } from 'zod';
import { createShapes } from './openapi-shapes.ts';
import type { JsonSchema } from './openapi-shapes.ts';

const { heartbeatSeconds, changesAtOnce, messageBytes } = events.liveLimits;

/** How the feed is used, from connecting to leaving: the document's description, and what its page begins with. */
export const chapters: readonly { title: string; paragraphs: readonly string[] }[] = [
  {
    title: 'What it is for',
    paragraphs: [
      'A console draws a board once and then listens: every change of the site is pushed to it, in order and without a gap. Nothing is changed over this connection; commands go over HTTP, and what they did comes back here, to the one who sent them too.',
    ],
  },
  {
    title: 'Connect',
    paragraphs: [
      `The transport is Socket.IO 4 over WebSocket alone (\`transports: ['websocket']\`), at the server's own address and the usual path. As \`auth\` send the handshake: an access token and the version of the protocol. A page of another origin must be allowed by the server.`,
      `This server speaks the versions ${saidProtocols()}. A console says the highest that it speaks and, if there is one, the lowest; they work together where these ranges meet. Every answer over HTTP says the server's in \`${protocolHeader}\`, to strangers too.`,
      'A console that is not let in gets a `connect_error` whose `data` says why: `unauthenticated` (refresh the token, then connect again), `validation` (another version, or no handshake), `rate_limited` (too many windows of one account) or `unavailable` (try again after a while).',
      'The token is looked at when connecting. Refresh it over HTTP all the same: a session that is never refreshed ends, and its connections with it.',
    ],
  },
  {
    title: 'Follow a site',
    paragraphs: [
      'Fetch a board over HTTP, then send `follow` with its `epoch` and `revision`, and wait for the acknowledgement. A connection follows one site: following another one ends the first.',
      `- \`following\`: \`missed\` has what happened since that revision. From now on \`changes\` come by themselves.`,
      `- \`resync\`: the site is of another epoch (its database was restored) or more than ${changesAtOnce} changes ahead. Fetch a fresh board, then follow from there.`,
      '- `refused`: with a `code` and a sentence. `not_found` is said of a site where one has no role.',
    ],
  },
  {
    title: 'Keep a board',
    paragraphs: [
      'A batch leads from the revision `from` to the revision `to`. Compare it with the revision you are at:',
      '- `to` is not beyond it: you know all of it. Ignore it.',
      '- `from` is at it or before it: apply the changes whose revision is beyond it, in order, and be at `to`.',
      '- `from` is beyond it: something is missing. Ask `GET /api/v1/sites/{site}/changes?epoch&after` or follow again, and apply this batch afterwards.',
      '- Another `epoch`: the history is another one. Begin anew with a fresh board.',
      'A change is whole new state, by its `body.type`: replace what has the same id, or add it. Applying it twice is applying it once.',
      '- `case`: the case stands where its state says: in `depot`, on the board, or nowhere. Take it out of the other places, and out of `busy`.',
      `- A case leaves the board in the states ${offTheBoard.map((state) => `\`${state}\``).join(', ')}, and when it moves out of the days shown (its set-up and clean-up counted). A \`cancelled\` case stays, so that its gap can be explained.`,
      '- `busy`: the same as a case of which you may see only that the room is taken. It replaces a case of that id.',
      '- `gone`: there is nothing of that id any more that you may see.',
      '- `resource`, `procedure`, `block`, `closure`, `site`: replace it. `closure_removed`: take it away.',
      '- `hidden`: something you may not see. It only carries its revision, so that there is no gap.',
    ],
  },
  {
    title: 'Heartbeat',
    paragraphs: [
      `Every ${heartbeatSeconds} seconds: where the site is, after everything up to there was sent. If its revision is beyond yours, you have missed something: follow again. If none comes for three times as long, count yourself as cut off.`,
      "`at` is the database's clock, by which holds expire. Count down by it and not by the clock of the computer.",
    ],
  },
  {
    title: 'Presence',
    paragraphs: [
      'Send `look` with the case a person looks at, or null. `presence` tells who is at the site, always as the whole list. A person who sees only some cases learns who is there, and not who looks at what.',
    ],
  },
  {
    title: 'Goodbye',
    paragraphs: [
      'Before the server ends a connection it says why:',
      '- `revoked`: the session has ended or the account was disabled. Sign in again.',
      '- `role_changed`: you may see something else now. Connect again, and begin with a fresh board.',
      '- `shutting_down`: connect again after a moment; you reach another process, or this one when it is back.',
      'A connection that just ends was cut. Connect again after a growing pause, and follow from where you are.',
    ],
  },
  {
    title: 'Limits',
    paragraphs: [
      `A message is at most ${messageBytes / 1024} kB. A console that floods the server, or reads so slowly that megabytes wait, is cut off; it comes back by following again. One account may have only so many windows open.`,
    ],
  },
];

type Message = { schema: z.ZodType; by: 'server' | 'console'; summary: string };

/** Every message there is; a test compares them with those that are sent. */
const messages: Readonly<Record<string, Message>> = {
  handshake: { schema: events.handshake, by: 'console', summary: "Who connects: Socket.IO's `auth`" },
  refused: { schema: events.refusal, by: 'server', summary: 'Why not: `data` of `connect_error`' },
  follow: { schema: events.follow, by: 'console', summary: 'Follow a site from the state one has' },
  followReply: {
    schema: events.followReply,
    by: 'server',
    summary: 'Whether one follows now, and what was missed',
  },
  look: { schema: events.look, by: 'console', summary: 'Which case the person looks at, if any' },
  changes: { schema: events.serverEvents.changes, by: 'server', summary: 'What happened, without a gap' },
  heartbeat: { schema: events.heartbeat, by: 'server', summary: 'Where the site is, and what time it is' },
  presence: { schema: events.presence, by: 'server', summary: 'Who is there: the whole list' },
  goodbye: { schema: events.goodbye, by: 'server', summary: 'Why the connection ends' },
};
/** What answers what; an answer is no operation of its own. */
const replies: Readonly<Record<string, string>> = { handshake: 'refused', follow: 'followReply' };

const shapeName = (name: string) => `${name[0]?.toUpperCase()}${name.slice(1)}Message`;

/** The live feed as an AsyncAPI 3 document, from the schemas that its messages are parsed and typed by. */
export function asyncApi({ version }: { version: string }) {
  const entries = Object.entries(messages);
  const shapes = createShapes(
    [],
    Object.fromEntries(entries.map(([name, { schema }]) => [shapeName(name), schema])),
  );
  const answers = Object.values(replies);
  const inChannel = (name: string) => ({ $ref: `#/channels/live/messages/${name}` });
  const payloads = Object.fromEntries(entries.map(([name, { schema }]) => [name, shapes.mention(schema)]));

  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Slate: the live feed',
      version,
      license: { name: 'Apache-2.0' },
      description: chapters
        .map(({ title, paragraphs }) => `## ${title}\n\n${paragraphs.join('\n\n')}`)
        .join('\n\n'),
    },
    defaultContentType: 'application/json',
    servers: {
      slate: {
        host: '{host}',
        protocol: 'wss',
        pathname: '/socket.io/',
        description: 'The Slate server itself. Plain `ws` only where it is reached over plain http.',
        variables: { host: { default: 'slate.example.org' } },
        security: [{ $ref: '#/components/securitySchemes/token' }],
      },
    },
    channels: {
      live: {
        address: '/',
        description: "Socket.IO's main namespace. The name of a message is the name of its event.",
        messages: Object.fromEntries(
          entries.map(([name]) => [name, { $ref: `#/components/messages/${name}` }]),
        ),
      },
    },
    operations: Object.fromEntries(
      entries
        .filter(([name]) => !answers.includes(name))
        .map(([name, { by, summary }]) => {
          const reply = replies[name];
          return [
            name,
            {
              // An action is the server's.
              action: by === 'server' ? 'send' : 'receive',
              channel: { $ref: '#/channels/live' },
              summary,
              messages: [inChannel(name)],
              ...(reply && { reply: { channel: { $ref: '#/channels/live' }, messages: [inChannel(reply)] } }),
            },
          ];
        }),
    ),
    components: {
      messages: Object.fromEntries(
        entries.map(([name, { summary }]) => [name, { name, summary, payload: payloads[name] }]),
      ),
      schemas: mentionedIn(payloads, shapes.components),
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer', description: 'An access token, in the handshake.' },
      },
    },
  };
}

export type AsyncApi = ReturnType<typeof asyncApi>;

/** Only the shapes that these lead to. */
function mentionedIn(from: unknown, shapes: Record<string, JsonSchema>): Record<string, JsonSchema> {
  const found = new Set<string>();
  const look = (part: unknown) => {
    for (const [, name = ''] of JSON.stringify(part).matchAll(/"#\/components\/schemas\/(\w+)"/g)) {
      if (found.has(name)) continue;
      found.add(name);
      look(shapes[name]);
    }
  };
  look(from);
  return Object.fromEntries(Object.entries(shapes).filter(([name]) => found.has(name)));
}

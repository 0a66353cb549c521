import { offTheBoard } from '@slate/shared/case-state';
import { protocolHeader, formatProtocols } from '@slate/shared/protocol';
import * as events from '@slate/shared/socket-events';
import type { z } from 'zod';
import { createShapes } from './openapi-shapes.ts';
import type { JsonSchema } from './openapi-shapes.ts';

const { heartbeatSeconds, changesAtOnce, messageBytes } = events.liveLimits;

/** How to use the feed, from connecting to disconnecting: the description of the document and the start of its page. */
export const chapters: readonly { title: string; paragraphs: readonly string[] }[] = [
  {
    title: 'Purpose',
    paragraphs: [
      'A client fetches a board once and then listens: the server pushes every change of the site, in order and without gaps. This connection changes nothing. Commands go over HTTP, and their results arrive here, for the sender too.',
    ],
  },
  {
    title: 'Connect',
    paragraphs: [
      `The transport is Socket.IO 4 over WebSocket only (\`transports: ['websocket']\`), at the server's own address and the default path. Send the handshake as \`auth\`: an access token and the protocol version. The server must allow the origin of a page from elsewhere.`,
      `This server speaks the versions ${formatProtocols()}. Send the highest version your client speaks, and the lowest if it speaks several; server and client work together if the ranges overlap. Every HTTP response names the server's versions in \`${protocolHeader}\`, also without signing in.`,
      'A refused connection gets a `connect_error` whose `data` gives the reason: `unauthenticated` (refresh the token, then connect again), `validation` (incompatible version, or no handshake), `rate_limited` (too many connections of one account) or `unavailable` (try again later).',
      'The server checks the token only when you connect. Keep refreshing it over HTTP: a session without refreshes ends, and so do its connections.',
    ],
  },
  {
    title: 'Follow a site',
    paragraphs: [
      'Fetch a board over HTTP, send `follow` with its `epoch` and `revision`, and wait for the acknowledgement. A connection follows one site; following another one ends the first.',
      '- `following`: `missed` contains the changes since that revision. From now on the server sends `changes`.',
      `- \`resync\`: the site has another epoch (its database was restored), or it is more than ${changesAtOnce} changes ahead. Fetch a fresh board, then follow from its revision.`,
      '- `refused`: with a `code` and a sentence. `not_found` includes sites where you have no role.',
    ],
  },
  {
    title: 'Update the board',
    paragraphs: [
      'A batch of changes leads from revision `from` to revision `to`. Compare it with your revision:',
      '- `to` is not higher: you have all of it. Ignore it.',
      '- `from` is not higher, but `to` is: apply the changes with a higher revision, in order. Your revision is now `to`.',
      '- `from` is higher: you missed changes. Fetch `GET /api/v1/sites/{site}/changes?epoch&after` or follow again, then apply this batch.',
      '- Another `epoch`: your history is no longer valid. Start again with a fresh board.',
      'A change contains the whole new state, by its `body.type`: replace the item with the same id, or add it. Applying a change twice is the same as applying it once.',
      '- `case`: its state says where it is: in `depot`, on the board, or neither. Remove it from the other places and from `busy`.',
      `- A case leaves the board in the states ${offTheBoard.map((state) => `\`${state}\``).join(', ')}, and when it is no longer on the displayed days (including setup and cleanup). A case that has begun is on the days on which it takes place (see its \`milestones\`), and not on its planned day; while the patient is in the room, that may be for up to a day. A \`cancelled\` case stays, to explain its gap.`,
      '- `busy`: a case of which you may see only that the room is taken. It replaces a case with that id. With `growsFrom`, it is under way: from then on, its end moves with the clock.',
      '- `gone`: you may no longer see anything with this id. Remove it.',
      '- `resource`, `procedure`, `block`, `closure`, `site`: replace it. `closure_removed`: remove it.',
      '- `block_template`, `holiday`, `recurring_closure`: for lists of these rules; the dated blocks and closures have changes of their own. `removed`: remove what `of` names. Ignore a type that you do not know.',
      '- `hidden`: something that you may not see. It only carries its revision, so that there are no gaps.',
    ],
  },
  {
    title: 'Heartbeat',
    paragraphs: [
      `Every ${heartbeatSeconds} seconds the server sends the revision of the site, after everything up to it. If it is higher than yours, you missed something: follow again. If one is late, send \`check\`. The server acknowledges it at once; without an acknowledgement, the connection is dead. If no heartbeat arrives for three times as long, treat the connection as lost.`,
      "`at` is the database's clock, and holds expire by it. Use it for countdowns instead of the computer's clock.",
    ],
  },
  {
    title: 'Presence',
    paragraphs: [
      'Send `look` with the case that the person looks at, or null. `presence` is always the whole list of people at the site. A person who sees only some cases learns who is present, but not who looks at which case.',
    ],
  },
  {
    title: 'Goodbye',
    paragraphs: [
      'Before the server ends a connection, it gives the reason:',
      '- `revoked`: the session ended or the account was disabled. Sign in again.',
      '- `role_changed`: you may now see something else. Connect again and fetch a fresh board.',
      '- `shutting_down`: connect again after a moment. You reach another process, or this one after its restart.',
      'A connection that ends without a goodbye was cut. Connect again with growing pauses, and follow from your revision.',
    ],
  },
  {
    title: 'Limits',
    paragraphs: [
      `A message is at most ${messageBytes / 1024} kB. The server cuts off a client that floods it, or that reads so slowly that megabytes wait; it can follow again. The number of connections per account is limited.`,
    ],
  },
];

type Message = { schema: z.ZodType; by: 'server' | 'console'; summary: string };

/** All messages. A test compares them with those that are sent. */
const messages: Readonly<Record<string, Message>> = {
  handshake: {
    schema: events.handshake,
    by: 'console',
    summary: "The client's credentials and versions: `auth` of Socket.IO",
  },
  refused: {
    schema: events.refusal,
    by: 'server',
    summary: 'Why the connection is refused: `data` of `connect_error`',
  },
  follow: {
    schema: events.follow,
    by: 'console',
    summary: 'Follow a site from the current revision of the client',
  },
  followReply: {
    schema: events.followReply,
    by: 'server',
    summary: 'Whether the client follows now, and the changes it missed',
  },
  look: { schema: events.look, by: 'console', summary: 'The case that the person looks at, or null' },
  check: {
    schema: events.check,
    by: 'console',
    summary: 'Whether the connection still works; acknowledged at once',
  },
  changes: {
    schema: events.serverEvents.changes,
    by: 'server',
    summary: 'Changes of the site, without gaps',
  },
  heartbeat: { schema: events.heartbeat, by: 'server', summary: 'The revision of the site, and the time' },
  presence: { schema: events.presence, by: 'server', summary: 'Everyone who is present' },
  peopleChanged: {
    schema: events.peopleChanged,
    by: 'server',
    summary: 'For administrators: people, invitations or devices have changed; load them again',
  },
  goodbye: { schema: events.goodbye, by: 'server', summary: 'Why the connection ends' },
};
/** Messages and their replies. A reply is not an operation of its own. */
const replies: Readonly<Record<string, string>> = { handshake: 'refused', follow: 'followReply' };

const shapeName = (name: string) => `${name[0]?.toUpperCase()}${name.slice(1)}Message`;

/** The live feed as an AsyncAPI 3 document, from the schemas that parse its messages. */
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
        description: 'The Slate server. Use `ws` only if you reach it over plain http.',
        variables: { host: { default: 'slate.example.org' } },
        security: [{ $ref: '#/components/securitySchemes/token' }],
      },
    },
    channels: {
      live: {
        address: '/',
        description: "Socket.IO's main namespace. A message has the name of its event.",
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
              // The action of the server.
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

/** Returns only the shapes that these refer to, directly or through others. */
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

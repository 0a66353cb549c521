import { actor, id } from '@slate/shared/fields';
import { z } from 'zod';

/**
 * Notifications between processes: which site or account has changed, and who looks at which case. They contain only
 * ids and names of staff, never patient data, because everyone who can log in to the database can listen.
 */
const notification = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('site'), siteId: id }),
  z.object({ kind: z.literal('user'), userId: id }),
  /** People, invitations or devices of a site; null: an account without a site, which all administrators see. */
  z.object({ kind: z.literal('people'), siteId: id.nullable() }),
  /** A person's presence at a site on the sending process; no cases: the person has left. */
  z.object({
    kind: z.literal('present'),
    siteId: id,
    person: actor,
    cases: z.array(id.nullable()),
  }),
]);
export type Notification = z.infer<typeof notification>;

const payload = z.object({ from: id, notifications: z.array(notification) });

/** PostgreSQL refuses payloads of 8000 bytes and more. */
const maxBytes = 7_999;

/** Packs notifications into as few payloads as possible. */
export function pack(from: string, notifications: Iterable<Notification>): string[] {
  const head = `{"from":"${from}","notifications":[`;
  const room = maxBytes - head.length - ']}'.length;
  const packed: string[] = [];
  let texts: string[] = [];
  let bytes = 0;
  const close = () => {
    packed.push(`${head}${texts.join(',')}]}`);
    texts = [];
    bytes = 0;
  };
  for (const each of notifications) {
    const text = JSON.stringify(each);
    const size = Buffer.byteLength(text) + 1;
    if (texts.length > 0 && bytes + size > room) close();
    texts.push(text);
    bytes += size;
  }
  close();
  return packed;
}

/** Returns null for a payload that is not ours or comes from an unknown version. */
export function unpack(text: string): z.infer<typeof payload> | null {
  try {
    return payload.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}

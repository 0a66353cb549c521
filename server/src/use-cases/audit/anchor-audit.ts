import { createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { auditHead, auditHeads } from '../../db/audit.sql.ts';
import { one } from '../../db/query.ts';
import type { Queryable } from '../../db/query.ts';

const anchor = z.object({ at: z.string(), heads: z.array(auditHead), signature: z.string() });

/** How far each chain of the audit was at a moment. Kept outside the database, it shows what was cut off or rewritten. */
export type Anchor = z.infer<typeof anchor>;

/** A head that was noted: the chain must have had this row, and must have it for ever. */
export type Noted = Anchor['heads'][number] & { at: string };

export async function takeAnchor(db: Queryable, secret: string): Promise<Anchor> {
  const { at, heads } = await one(db, auditHeads);
  return { at, heads, signature: signatureOf(secret, at, heads) };
}

/**
 * The heads of anchors, one a line, as they are in the file or in the log; other lines are passed over. Throws for a line
 * that was not signed with this secret. Without a secret the signatures are taken on trust.
 */
export function readAnchors(text: string, secret: string | undefined): Noted[] {
  const noted = text.split('\n').flatMap((line, index) => {
    const read = anchorIn(line);
    if (!read) return [];
    if (secret !== undefined && !isSigned(read, secret)) {
      throw new Error(`line ${index + 1} (${read.at}) was not signed with this SLATE_SECRET, or was changed`);
    }
    return read.heads.map((head) => ({ ...head, at: read.at }));
  });
  if (noted.length === 0) throw new Error('there are no noted heads in it');
  return noted;
}

function anchorIn(line: string): Anchor | undefined {
  try {
    return anchor.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}

const isSigned = ({ at, heads: said, signature }: Anchor, secret: string) => {
  const [given, right] = [signature, signatureOf(secret, at, said)].map((each) => Buffer.from(each));
  return (
    given !== undefined &&
    right !== undefined &&
    given.length === right.length &&
    timingSafeEqual(given, right)
  );
};

const signatureOf = (secret: string, at: string, said: Anchor['heads']) =>
  createHmac('sha256', secret)
    .update(JSON.stringify([at, ...said.map(({ site, chain, seq, head }) => [site, chain, seq, head])]))
    .digest('hex');

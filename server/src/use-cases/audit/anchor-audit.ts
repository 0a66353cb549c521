import { createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { auditHead, auditHeads } from '../../db/audit.sql.ts';
import { one } from '../../db/query.ts';
import type { Queryable } from '../../db/query.ts';

const anchor = z.object({ at: z.string(), heads: z.array(auditHead), signature: z.string() });

/**
 * The heads of all audit chains at one time. Stored outside the database, an anchor reveals rows that were cut off or
 * rewritten later.
 */
export type Anchor = z.infer<typeof anchor>;

/** A head from an anchor: the chain must still contain this row. */
export type AnchoredHead = Anchor['heads'][number] & { at: string };

export async function takeAnchor(db: Queryable, secret: string): Promise<Anchor> {
  const { at, heads } = await one(db, auditHeads);
  return { at, heads, signature: signatureOf(secret, at, heads) };
}

/**
 * Reads the heads from the lines of an anchor file or a log; other lines are ignored. Throws for a line that was not
 * signed with this secret. Without a secret, signatures are not checked.
 */
export function readAnchors(text: string, secret: string | undefined): AnchoredHead[] {
  const anchored = text.split('\n').flatMap((line, index) => {
    const found = anchorIn(line);
    if (!found) return [];
    if (secret !== undefined && !isSigned(found, secret)) {
      throw new Error(
        `line ${index + 1} (${found.at}) was not signed with this SLATE_SECRET, or was changed`,
      );
    }
    return found.heads.map((head) => ({ ...head, at: found.at }));
  });
  if (anchored.length === 0) throw new Error('there are no anchored heads in it');
  return anchored;
}

function anchorIn(line: string): Anchor | undefined {
  try {
    return anchor.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}

const isSigned = ({ at, heads, signature }: Anchor, secret: string) => {
  const [actual, expected] = [signature, signatureOf(secret, at, heads)].map((each) => Buffer.from(each));
  return (
    actual !== undefined &&
    expected !== undefined &&
    actual.length === expected.length &&
    timingSafeEqual(actual, expected)
  );
};

const signatureOf = (secret: string, at: string, heads: Anchor['heads']) =>
  createHmac('sha256', secret)
    .update(JSON.stringify([at, ...heads.map(({ site, chain, seq, head }) => [site, chain, seq, head])]))
    .digest('hex');

import { createHash } from 'node:crypto';
import type { RouteInput, RouteReply } from '@slate/shared/contract';
import type { SignedManifest, UpdateChannel, UpdateManifest } from '@slate/shared/updates';
import { maybeOne } from '../../db/query.ts';
import type { Queryable } from '../../db/query.ts';
import { siteById } from '../../db/sites.sql.ts';

/** Reads the manifest that is published on a channel now; null: there is none. */
export type ReadPublished = (
  channel: UpdateChannel,
) => Promise<{ signed: SignedManifest; manifest: UpdateManifest } | null>;

/** Whether this workstation may install the update of its channel now. */
export async function offerUpdate(
  db: Queryable,
  readPublished: ReadPublished,
  { site: siteId, workstation, channel }: RouteInput<'updateOffer'>['query'],
): Promise<RouteReply<'updateOffer'>> {
  const found = await maybeOne(db, siteById, [siteId]);
  if (!found) return { offer: 'none' };
  const { updateChannel, updatePercent, updatesPaused } = found.site.settings;
  if (updatesPaused) return { offer: 'paused' };
  const used = channel ?? updateChannel;
  const update = await readPublished(used);
  if (!update) return { offer: 'none' };
  // A policy puts workstations for trials on another channel. They do not wait for the others.
  const percent = used === updateChannel ? updatePercent : 100;
  if (placeInRollout(workstation, update.manifest.version) >= percent) return { offer: 'later' };
  return { offer: 'update', channel: used, signed: update.signed };
}

/**
 * The place of a workstation in the rollout of a version, from 0 to 99. It never changes, so a
 * workstation below the percentage stays below a higher one. Each version has its own order, so
 * that the same workstations are not always first.
 */
export const placeInRollout = (workstation: string, version: string) =>
  createHash('sha256').update(`${version} ${workstation}`).digest().readUInt32BE() % 100;

import { z } from 'zod';
import { id } from '../fields.ts';
import { signedManifest, updateChannel } from '../updates.ts';
import { none } from './route.ts';
import type { Route } from './route.ts';

export const updateRoutes = {
  /** Public: a workstation is updated also while nobody is signed in. */
  updateOffer: {
    method: 'get',
    path: '/updates',
    access: 'public',
    params: none,
    summary: 'The update of the desktop program that this workstation may install now',
    query: z.strictObject({
      /** Where the workstation is used. */
      site: id,
      /** Made by the program on its first start. */
      workstation: id,
      /** Only if a policy of the workstation names one; otherwise it is the channel of the site. */
      channel: updateChannel.optional(),
    }),
    status: 200,
    reply: z.discriminatedUnion('offer', [
      /** The file of the update is at `/updates/<channel>/<name>`. */
      z.strictObject({ offer: z.literal('update'), channel: updateChannel, signed: signedManifest }),
      /** `later`: the turn of this workstation has not come yet. */
      z.strictObject({ offer: z.enum(['none', 'later', 'paused']) }),
    ]),
  },
} as const satisfies Record<string, Route>;

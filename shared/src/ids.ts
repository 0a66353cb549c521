import { z } from 'zod';

/** Every id is a UUID made by whoever creates the thing, in one spelling so that ids compare as strings. */
export const id = z.uuid('Must be a UUID.').toLowerCase();

/** A person or job as others see it: enough to say "held by M. Kraus", nothing more. */
export const actor = z.strictObject({ id, name: z.string() });
export type Actor = z.infer<typeof actor>;

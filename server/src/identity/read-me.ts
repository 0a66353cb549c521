import type { Me } from '@slate/shared/contract/identity';
import type { Site } from '@slate/shared/sites';
import { meById, sitesOfUser } from '../db/identity.sql.ts';
import { many, one } from '../db/query.ts';
import type { Queryable } from '../db/query.ts';

export const readMe = (db: Queryable, userId: string): Promise<Me> => one(db, meById, [userId]);

export const readSites = async (db: Queryable, userId: string): Promise<Site[]> =>
  (await many(db, sitesOfUser, [userId])).map(({ site }) => site);

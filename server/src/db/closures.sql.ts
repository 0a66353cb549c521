import { resource } from '@slate/shared/resources';
import type { Resource } from '@slate/shared/resources';
import { closure } from '@slate/shared/sites';
import type { Closure } from '@slate/shared/sites';
import { z } from 'zod';
import type { Statement } from './query.ts';

const row = z.object({ closure });

/** $1 site, $2 start, $3 end */
export const closuresDuring: Statement<{ closure: Closure }> = {
  name: 'closures-during',
  text: `SELECT closure_json(c) AS closure FROM closures c
    WHERE site_id = $1 AND during && tstzrange($2, $3) ORDER BY lower(during), id`,
  row,
};

/** Locks the resource of a closure. A closure changes only under this lock. $1 site, $2 closure */
export const lockResourceOfClosure: Statement<{ resource: Resource }> = {
  name: 'lock-resource-of-closure',
  text: `SELECT resource_json(r) AS resource FROM resources r
    WHERE site_id = $1 AND id = (SELECT resource_id FROM closures WHERE site_id = $1 AND id = $2) FOR UPDATE`,
  row: z.object({ resource }),
};

/** $1 site, $2 closure */
export const closureById: Statement<{ closure: Closure }> = {
  name: 'closure-by-id',
  text: 'SELECT closure_json(c) AS closure FROM closures c WHERE site_id = $1 AND id = $2',
  row,
};

/** $1 site, $2 id, $3 resource, $4 start, $5 end, $6 quantity, $7 reason, $8 created by */
export const insertClosure: Statement<{ closure: Closure }> = {
  name: 'insert-closure',
  text: `INSERT INTO closures AS c (site_id, id, resource_id, during, quantity, reason, created_by)
    VALUES ($1, $2, $3, tstzrange($4, $5), $6, $7, $8)
    ON CONFLICT DO NOTHING RETURNING closure_json(c) AS closure`,
  row,
};

/** $1 site, $2 id, $3 start, $4 end, $5 quantity, $6 reason */
export const updateClosure: Statement<{ closure: Closure }> = {
  name: 'update-closure',
  text: `UPDATE closures c SET during = tstzrange($3, $4), quantity = $5, reason = $6, version = version + 1
    WHERE site_id = $1 AND id = $2 RETURNING closure_json(c) AS closure`,
  row,
};

/** $1 site, $2 closures */
export const deleteClosures = {
  name: 'delete-closures',
  text: 'DELETE FROM closures WHERE site_id = $1 AND id = ANY ($2::uuid[])',
};

/** $1 site, $2 closures */
export const deleteClaimsOfClosures = {
  name: 'delete-claims-of-closures',
  text: 'DELETE FROM claims WHERE site_id = $1 AND closure_id = ANY ($2::uuid[])',
};

/** Claims the closure's resource and time; the caller has made room for it. $1 site, $2 closure */
export const insertClaimOfClosure = {
  name: 'insert-claim-of-closure',
  text: `INSERT INTO claims (site_id, resource_id, closure_id, during, quantity, exclusive)
    SELECT l.site_id, l.resource_id, l.id, l.during, l.quantity, r.capacity = 1
    FROM closures l JOIN resources r ON r.site_id = l.site_id AND r.id = l.resource_id
    WHERE l.site_id = $1 AND l.id = $2`,
};

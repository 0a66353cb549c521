import { site } from '@slate/shared/sites';
import type { Site } from '@slate/shared/sites';
import { z } from 'zod';
import type { Statement } from './query.ts';

export const siteById: Statement<{ site: Site }> = {
  name: 'site-by-id',
  text: 'SELECT site_json(s) AS site FROM sites s WHERE id = $1',
  row: z.object({ site }),
};

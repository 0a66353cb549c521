import type { RouteReply } from '@slate/shared/contract';
import { call } from '../../../api/client.ts';
import type { RulesSource } from '../frame/use-rules.ts';

/** The templates and holidays of the site. */
export const blockRules: RulesSource<RouteReply<'blockTemplates'>> = {
  load: (site, signal) => call('blockTemplates', { params: { site } }, { signal }),
  isRule: (body) =>
    body.type === 'block_template' ||
    body.type === 'holiday' ||
    (body.type === 'removed' && (body.of === 'block_template' || body.of === 'holiday')),
};

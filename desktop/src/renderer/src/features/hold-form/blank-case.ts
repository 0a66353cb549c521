import { draftNeeds } from '@slate/shared/case-draft';
import type { Case } from '@slate/shared/cases';
import type { SiteSettings } from '@slate/shared/sites';

/** A case of which nothing has been said yet. */
export const blankCase = (settings: SiteSettings): Case => ({
  ...draftNeeds({}, { procedure: null, room: null, surgeon: null, settings }),
  id: '',
  number: 0,
  version: 1,
  state: 'depot',
  roomId: null,
  start: null,
  end: null,
  list: null,
  holder: null,
  heldSince: null,
  expiresAt: null,
  depotSince: null,
  reason: null,
  overrideReason: null,
  milestones: {},
  createdBy: '',
});

import { draftCase } from '@slate/shared/case-draft';
import type { Case } from '@slate/shared/cases';
import type { SiteSettings } from '@slate/shared/sites';

/** A case of which nothing has been said yet. */
export const blankCase = (settings: SiteSettings): Case => ({
  ...draftCase({}, { procedure: null, room: null, surgeon: null, settings }),
  id: '',
  number: 0,
  createdBy: '',
});

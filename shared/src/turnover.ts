import type { Procedure, Resource } from './resources.ts';
import type { SiteSettings } from './sites.ts';

export type Turnover = { readonly setupMinutes: number; readonly cleanupMinutes: number };

/** The usual minutes before and after a case: the procedure says, else the room, else the site. */
export function turnoverOf(
  room: Resource | null,
  procedure: Procedure | null,
  settings: SiteSettings,
): Turnover {
  return {
    setupMinutes: procedure?.setupMinutes ?? room?.attributes.setupMinutes ?? settings.setupMinutes,
    cleanupMinutes: procedure?.cleanupMinutes ?? room?.attributes.cleanupMinutes ?? settings.cleanupMinutes,
  };
}

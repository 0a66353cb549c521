import { UnstyledButton } from '@mantine/core';
import type { ComponentType } from 'react';
import { useStore } from 'zustand';
import {
  administrationStore,
  mayUsePage,
  pageIds,
  showPage,
  shownPage,
} from '../../stores/administration.ts';
import type { PageId } from '../../stores/administration.ts';
import { boardStore } from '../../stores/board.ts';
import { connectionStore } from '../../stores/connection.ts';
import { boardAsOf } from '../../stores/cut-off.ts';
import { zoneNow } from '../../stores/view.ts';
import { Callout } from '../../ui/callout.tsx';
import { adminWords as words } from '../../words/administration.ts';
import { timeOf } from '../../words/time.ts';
import { Devices } from './devices/devices.tsx';
import { Audit } from './audit/audit.tsx';
import { Invitations } from './invitations/invitations.tsx';
import { Closures } from './closures/closures.tsx';
import { RecurringClosures } from './closures/recurring-closures.tsx';
import { Imports } from './imports/imports.tsx';
import { People, WaitingPeople } from './people/people.tsx';
import { Procedures } from './procedures/procedures.tsx';
import { Beds, Equipment, Lists, Surgeons } from './resources/resources.tsx';
import { Blocks } from './blocks/blocks.tsx';
import { Holidays } from './blocks/holidays.tsx';
import { Reasons } from './reasons/reasons.tsx';
import { Rooms } from './rooms/rooms.tsx';
import { SiteSettings } from './site/site-settings.tsx';
import { Transfer } from './transfer/transfer.tsx';
import styles from './administration.module.css';

const pages: Record<PageId, ComponentType> = {
  rooms: Rooms,
  equipment: Equipment,
  beds: Beds,
  surgeons: Surgeons,
  lists: Lists,
  procedures: Procedures,
  closures: Closures,
  recurring: RecurringClosures,
  reasons: Reasons,
  site: SiteSettings,
  blocks: Blocks,
  holidays: Holidays,
  people: People,
  invitations: Invitations,
  devices: Devices,
  audit: Audit,
  transfer: Transfer,
  import: Imports,
};

/** The administration area: its pages on the left, the list of one page, and the form of what is open. */
export function Administration() {
  const page = useStore(administrationStore, shownPage);
  const drafts = useStore(administrationStore, (state) => state.drafts);
  useStore(connectionStore);
  const at = useStore(boardStore, boardAsOf);
  if (!page) return <p className={styles.none}>{words.notPermitted}</p>;
  const Page = pages[page];
  const isUnsaved = (id: PageId) => [...drafts.keys()].some((key) => key.split(' ')[0] === id);
  return (
    <div className={styles.area}>
      <nav className={styles.pages} aria-label={words.pages}>
        {pageIds.filter(mayUsePage).map((id) => (
          <UnstyledButton
            key={id}
            className={styles.page}
            aria-current={id === page ? 'page' : undefined}
            onClick={() => showPage(id)}
          >
            {words.page[id]}
            {id === 'people' && <WaitingPeople />}
            {isUnsaved(id) && (
              <span className={styles.unsaved} role="img" aria-label={words.unsaved}>
                ●
              </span>
            )}
          </UnstyledButton>
        ))}
      </nav>
      <div className={styles.main}>
        {at !== null && <Callout>{words.asOf(timeOf(at, zoneNow()))}</Callout>}
        <div className={styles.content}>
          <Page key={page} />
        </div>
      </div>
    </div>
  );
}

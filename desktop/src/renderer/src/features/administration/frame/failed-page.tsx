import { RegionState } from '../../../ui/region-state.tsx';
import { adminWords as words } from '../../../words/administration.ts';

/** Shown instead of a list that did not load. */
export const FailedPage = ({ title, retry }: { title: string; retry: () => void }) => (
  <RegionState title={title} action={words.retry} run={retry}>
    {words.failedHelp}
  </RegionState>
);

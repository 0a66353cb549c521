import { Button } from '@mantine/core';
import type { Case } from '@slate/shared/cases';
import { useStore } from 'zustand';
import { isCaseAction } from '../../actions/case-actions.ts';
import { placingByKeys } from '../../actions/moving.ts';
import { ariaKeys, keycaps } from '../../actions/spelling.ts';
import { actions } from '../../actions/table.ts';
import { boardElement } from '../../board/focus.ts';
import { useEnabledKeys } from '../../forms/keys.tsx';
import { useChanging } from '../../forms/use-changing.ts';
import { placingStore } from '../../stores/placing.ts';
import { Kbd } from '../../ui/kbd.tsx';
import { actionOnCase, inspectorWords as words } from '../../words/inspector.ts';
import styles from './inspector.module.css';

/** Actions that continue with the keys of the board. */
const onBoard = ['move', 'length'];
/** Milestones have their own list. */
const excluded = ['milestone'];

/** The actions that the state of the case and the person's role allow. `whyId` is the element that says why nothing can be changed. */
export function CaseActions({ item, whyId }: { item: Case; whyId: string }) {
  const { changing } = useChanging();
  const isEnabled = useEnabledKeys();
  // While something is being placed, the keys belong to it; the list below stays still.
  const isPlacing = useStore(placingStore, () => placingByKeys() !== null);
  const possible = actions
    .filter(isCaseAction)
    .filter((action) => !excluded.includes(action.id) && action.isPossibleOn(item));
  if (possible.length === 0) return null;
  return (
    <div className={styles.actions} role="group" aria-label={words.actions}>
      {possible.map((action) => {
        const key = action.keys.find(isEnabled);
        const run = () => {
          if (onBoard.includes(action.id)) boardElement()?.focus({ preventScroll: true });
          action.runOn(item);
        };
        return (
          <Button
            key={action.id}
            size="compact-sm"
            variant="default"
            title={action.name}
            disabled={isPlacing}
            {...(key !== undefined && { 'aria-keyshortcuts': ariaKeys([key]) })}
            {...changing(run, whyId)}
          >
            {actionOnCase(action, item)}
            {key !== undefined && (
              <>
                &nbsp;
                <Kbd isHidden>{keycaps(key).join(' ')}</Kbd>
              </>
            )}
          </Button>
        );
      })}
    </div>
  );
}

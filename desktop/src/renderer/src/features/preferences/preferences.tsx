import { Modal, NumberInput, SegmentedControl, Slider, Stack, Switch } from '@mantine/core';
import type { ReactNode } from 'react';
import { useStore } from 'zustand';
import { closeDialog } from '../../stores/dialogs.ts';
import { policyStore } from '../../stores/policy.ts';
import { setPreferences, preferencesStore } from '../../stores/preferences.ts';
import type { Preferences as Values } from '../../stores/preferences.ts';
import { preferencesWords as words } from '../../words/preferences.ts';
import styles from './preferences.module.css';

const themes = ['auto', 'light', 'dark'] as const;
const rowHeights = [28, 40, 56] as const;
const holdTimes = ['countdown', 'end'] as const;

/** The preferences. Changes apply immediately, without saving. */
export function Preferences() {
  const { theme, rowHeight, pixelsPerHour, singleKeys, lockAfterMinutes, holdTime } =
    useStore(preferencesStore);
  const policy = useStore(policyStore);
  return (
    <Modal opened onClose={closeDialog} title={words.title} closeButtonProps={{ 'aria-label': words.close }}>
      <Stack>
        <Labeled label={words.theme}>
          <SegmentedControl
            aria-label={words.theme}
            data={themes.map((value) => ({ value, label: words.themes[value] }))}
            value={theme}
            onChange={(value) => setPreferences({ theme: value })}
          />
        </Labeled>
        <Labeled label={words.rowHeight}>
          <SegmentedControl
            aria-label={words.rowHeight}
            data={rowHeights.map((value) => ({ value: String(value), label: words.rowHeights[value] }))}
            value={String(rowHeight)}
            onChange={(value) => setPreferences({ rowHeight: Number(value) as Values['rowHeight'] })}
          />
        </Labeled>
        <Labeled label={words.pixelsPerHour}>
          <Slider
            thumbLabel={words.pixelsPerHour}
            min={40}
            max={320}
            step={8}
            value={pixelsPerHour}
            onChange={(value) => setPreferences({ pixelsPerHour: value })}
          />
        </Labeled>
        <Switch
          // Otherwise the component library adds the help to the accessible name.
          aria-label={words.singleKeys}
          label={words.singleKeys}
          description={words.singleKeysHelp}
          checked={singleKeys}
          onChange={(event) => setPreferences({ singleKeys: event.currentTarget.checked })}
        />
        <Labeled label={words.holdTime}>
          <SegmentedControl
            aria-label={words.holdTime}
            data={holdTimes.map((value) => ({ value, label: words.holdTimes[value] }))}
            value={holdTime}
            disabled={policy.holdTime?.isLocked ?? false}
            onChange={(value) => setPreferences({ holdTime: value })}
          />
          {policy.holdTime?.isLocked && <p className={styles.locked}>{words.locked}</p>}
        </Labeled>
        <NumberInput
          label={words.lockAfter}
          disabled={policy.idleMinutes?.isLocked ?? false}
          description={policy.idleMinutes?.isLocked ? words.locked : undefined}
          min={1}
          max={60}
          allowDecimal={false}
          clampBehavior="strict"
          value={lockAfterMinutes}
          onChange={(value) =>
            typeof value === 'number' && value >= 1 && setPreferences({ lockAfterMinutes: value })
          }
        />
      </Stack>
    </Modal>
  );
}

function Labeled({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div>
      <div aria-hidden="true" style={{ fontWeight: 500, marginBottom: 4 }}>
        {label}
      </div>
      {children}
    </div>
  );
}

import '@mantine/dates/styles.css';
import { Popover, Tooltip, UnstyledButton } from '@mantine/core';
import { DatePicker } from '@mantine/dates';
import { useState } from 'react';
import { useStore } from 'zustand';
import { ariaKeys } from '../../actions/spelling.ts';
import { useEnabledKeys } from '../../forms/keys.tsx';
import { useNow } from '../../stores/clock.ts';
import { daysOf, goDays, goToDate, goToToday, today, viewStore } from '../../stores/view.ts';
import { NextIcon, PreviousIcon } from '../../ui/icons.tsx';
import { Kbd } from '../../ui/kbd.tsx';
import { headerWords as words } from '../../words/header.ts';
import { dateWords } from '../../words/time.ts';
import styles from './header.module.css';

/** The day that is shown. Dates have no zone: today is the site's today. */
export function DateControl() {
  const date = useStore(viewStore, (state) => state.date);
  const step = useStore(viewStore, (state) => daysOf(state.screen));
  const isEnabled = useEnabledKeys();
  const [isOpen, open] = useState(false);
  // The console may be open past midnight.
  useNow(60_000);
  const isToday = date === today();
  if (date === '') return null;
  const isWeek = step > 1;
  return (
    <>
      <StepButton
        name={isWeek ? words.weekBefore : words.dayBefore}
        keys="["
        onClick={() => goDays(-step)}
        icon={<PreviousIcon />}
      />
      <Popover opened={isOpen} onChange={open} trapFocus returnFocus position="bottom-start" shadow="md">
        <Popover.Target>
          <UnstyledButton
            className={styles.date}
            aria-label={words.chooseDate(dateWords(date))}
            onClick={() => open(!isOpen)}
          >
            {dateWords(date)}
          </UnstyledButton>
        </Popover.Target>
        <Popover.Dropdown aria-label={words.calendar} p="sm">
          <DatePicker
            size="sm"
            firstDayOfWeek={0}
            defaultDate={date}
            value={date}
            onChange={(chosen) => {
              if (chosen !== null) goToDate(chosen);
              open(false);
            }}
            getDayProps={(day) => ({
              'aria-current': day === today() ? 'date' : undefined,
              className: day === today() ? styles.today : undefined,
            })}
            ariaLabels={{
              previousMonth: words.previousMonth,
              nextMonth: words.nextMonth,
              monthLevelControl: words.chooseMonth,
            }}
          />
        </Popover.Dropdown>
      </Popover>
      <StepButton
        name={isWeek ? words.weekAfter : words.dayAfter}
        keys="]"
        onClick={() => goDays(step)}
        icon={<NextIcon />}
      />
      <UnstyledButton
        className={styles.button}
        aria-pressed={isToday}
        aria-keyshortcuts={isEnabled('t') ? ariaKeys(['t']) : undefined}
        onClick={goToToday}
      >
        {words.today}
        {isEnabled('t') && <Kbd isHidden>T</Kbd>}
      </UnstyledButton>
    </>
  );
}

function StepButton({
  name,
  keys,
  onClick,
  icon,
}: {
  name: string;
  keys: string;
  onClick: () => void;
  icon: React.ReactNode;
}) {
  const isEnabled = useEnabledKeys();
  return (
    <Tooltip label={name} openDelay={300}>
      <UnstyledButton
        className={styles.step}
        aria-label={name}
        aria-keyshortcuts={isEnabled(keys) ? keys : undefined}
        onClick={onClick}
      >
        {icon}
      </UnstyledButton>
    </Tooltip>
  );
}

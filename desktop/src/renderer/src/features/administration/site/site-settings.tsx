import { changeSettings } from '@slate/shared/contract/catalogue';
import type { Site, SiteSettings as Settings } from '@slate/shared/sites';
import type { ReactNode } from 'react';
import { useState } from 'react';
import { useStore } from 'zustand';
import { changeSites } from '../../../commands/administration.ts';
import { boardStore } from '../../../stores/board.ts';
import { Skeleton } from '../../../ui/skeleton.tsx';
import { zoneChoices } from '../../../ui/zones.ts';
import { adminWords, siteWords as words } from '../../../words/administration.ts';
import { NumberField, SelectField, SwitchField, TextField } from '../frame/fields.tsx';
import { RecordPanel } from '../frame/records.tsx';
import type { FieldsProps, RecordsPage } from '../frame/records.tsx';
import styles from '../frame/record-panel.module.css';

type Numbers = { [Field in keyof Settings as Settings[Field] extends number ? Field : never]: number | '' };
type Values = Omit<Settings, keyof Numbers> & Numbers & { name: string; timeZone: string };

const page: Omit<RecordsPage<Site, Values, Values>, 'blank'> = {
  id: 'site',
  newTitle: '',
  columns: [],
  nameOf: ({ name }) => name,
  valuesOf: ({ name, timeZone, settings }) => ({ name, timeZone, ...settings }),
  bodyOf: (values) => values,
  schema: { safeParse: (body, messages) => changeSettings.omit({ version: true }).safeParse(body, messages) },
  Fields,
  add: () => Promise.resolve(),
  change: (edits, saving) => changeSites(edits as Parameters<typeof changeSites>[0], saving),
  isSingle: true,
};

function Fields({ form, item }: FieldsProps<Site, Values>) {
  return (
    <>
      <Part title={words.parts.site}>
        <TextField form={form} field="name" label={words.name} />
        <SelectField
          form={form}
          field="timeZone"
          label={words.timeZone}
          help={words.timeZoneHelp}
          options={zoneChoices(item?.timeZone ?? '')}
        />
      </Part>
      <Part title={words.parts.holds}>
        <NumberField form={form} field="holdSeconds" label={words.holdSeconds} />
        <NumberField form={form} field="holdLimitSeconds" label={words.holdLimitSeconds} />
        <NumberField form={form} field="holdsPerPerson" label={words.holdsPerPerson} />
      </Part>
      <Part title={words.parts.cases}>
        <NumberField form={form} field="caseMinutes" label={words.caseMinutes} />
        <NumberField form={form} field="setupMinutes" label={words.setupMinutes} help={words.turnoverHelp} />
        <NumberField
          form={form}
          field="cleanupMinutes"
          label={words.cleanupMinutes}
          help={words.turnoverHelp}
        />
        <NumberField form={form} field="blockWeeks" label={words.blockWeeks} />
      </Part>
      <Part title={words.parts.board}>
        <SwitchField form={form} field="shortNamesOnCards" label={words.shortNamesOnCards} />
        <SwitchField form={form} field="patientsOnCards" label={words.patientsOnCards} />
      </Part>
      <Part title={words.parts.wall}>
        <SwitchField form={form} field="wallProcedures" label={words.wallProcedures} />
        <SwitchField form={form} field="wallSurgeons" label={words.wallSurgeons} />
        <SwitchField form={form} field="wallNumbers" label={words.wallNumbers} />
      </Part>
      <Part title={words.parts.offline}>
        <NumberField
          form={form}
          field="offlineHours"
          label={words.offlineHours}
          help={words.offlineHoursHelp}
        />
        <NumberField form={form} field="queueHours" label={words.queueHours} />
      </Part>
      <Part title={words.parts.updates}>
        <TextField form={form} field="updateChannel" label={words.updateChannel} />
        <NumberField form={form} field="updatePercent" label={words.updatePercent} />
        <SwitchField form={form} field="updatesPaused" label={words.updatesPaused} />
      </Part>
    </>
  );
}

const Part = ({ title, children }: { title: string; children: ReactNode }) => (
  <fieldset className={styles.part}>
    <legend>{title}</legend>
    {children}
  </fieldset>
);

/** The settings of the site: one form that is always open. */
export function SiteSettings() {
  const site = useStore(boardStore, ({ view }) => view?.board.site ?? null);
  // Counts how often the form was closed: then it starts over.
  const [count, setCount] = useState(0);
  if (!site) return <Skeleton label={adminWords.loading} count={10} height={22} />;
  const { name, timeZone, settings } = site;
  return (
    <RecordPanel
      key={count}
      page={{ ...page, blank: { name, timeZone, ...settings } }}
      items={[site]}
      ids={[site.id]}
      closed={() => setCount(count + 1)}
      isPage
      takesFocus={count > 0}
    />
  );
}

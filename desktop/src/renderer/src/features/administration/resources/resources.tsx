import { Button } from '@mantine/core';
import { createResource } from '@slate/shared/contract/catalogue';
import type { CreateResource } from '@slate/shared/contract/catalogue';
import type { Resource } from '@slate/shared/resources';
import { addResources, changeResources } from '../../../commands/administration.ts';
import { adminWords, resourceWords as words } from '../../../words/administration.ts';
import { beginClosure } from '../closures/begin-closure.ts';
import { NumberField, SuggestField, TextField } from '../frame/fields.tsx';
import { expandNames } from '../frame/expand-names.ts';
import { Records } from '../frame/records.tsx';
import type { FieldsProps, RecordsPage } from '../frame/records.tsx';
import { nameErrors, retiring, useResources } from '../frame/resources.ts';
import styles from '../frame/record-panel.module.css';

type Kind = 'equipment' | 'bed' | 'surgeon' | 'list';
type Values = {
  name: string;
  service: string;
  capacity: number | '';
  transportMinutes: number | '';
  reprocessMinutes: number | '';
};
type Page = RecordsPage<Resource, Values, CreateResource>;

/** Returns the page of a kind of resources that have a name, and a capacity or a service. */
function pageOf(id: Page['id'], kind: Kind): Page {
  const isSurgeon = kind === 'surgeon';
  const bodyOf = (values: Values): CreateResource => {
    const { name, service, capacity, transportMinutes, reprocessMinutes } = values;
    return {
      kind,
      name,
      capacity: isSurgeon ? 1 : (capacity as number),
      attributes: {
        ...(isSurgeon && service.trim() !== '' && { service }),
        ...(kind === 'equipment' && transportMinutes !== '' && { transportMinutes }),
        ...(kind === 'equipment' && reprocessMinutes !== '' && { reprocessMinutes }),
      },
    };
  };

  function Fields({ form, items, item, isNew }: FieldsProps<Resource, Values>) {
    const names = expandNames(form.values.name);
    return (
      <>
        {(isNew || item) && (
          <TextField
            form={form}
            field="name"
            label={words.name}
            help={isNew && names.length > 1 ? adminWords.manyNames(names) : undefined}
          />
        )}
        {isSurgeon ? (
          <SuggestField
            form={form}
            field="service"
            label={words.service}
            suggestions={items.flatMap(({ attributes }) => attributes.service ?? [])}
          />
        ) : (
          <NumberField
            form={form}
            field="capacity"
            label={words.capacity[kind]}
            help={words.capacityHelp[kind]}
          />
        )}
        {kind === 'equipment' && (
          <>
            <div className={styles.pair}>
              <NumberField
                form={form}
                field="transportMinutes"
                label={words.transport}
                shown={adminWords.minutes}
              />
              <NumberField
                form={form}
                field="reprocessMinutes"
                label={words.reprocessing}
                shown={adminWords.minutes}
              />
            </div>
            <p className={styles.dimmed}>{words.handlingHelp}</p>
          </>
        )}
        {item?.active && kind !== 'list' && (
          <Button
            size="compact-sm"
            variant="default"
            style={{ alignSelf: 'start' }}
            onClick={() => beginClosure(item.id)}
          >
            {isSurgeon ? words.leave : words.close}
          </Button>
        )}
      </>
    );
  }

  return {
    id,
    newTitle: words.newOne[kind],
    columns: [
      { id: 'name', header: words.name, width: 'minmax(160px, 1fr)', read: ({ name }) => name },
      isSurgeon
        ? {
            id: 'service',
            header: words.service,
            width: 'minmax(120px, 1fr)',
            read: ({ attributes }) => attributes.service ?? '',
          }
        : {
            id: 'capacity',
            header: words.capacity[kind],
            width: 'minmax(80px, 1fr)',
            read: ({ capacity }) => capacity,
          },
      ...(kind === 'equipment'
        ? [
            {
              id: 'handling',
              header: words.handling,
              width: 'minmax(160px, 1fr)',
              read: ({ attributes: { transportMinutes = 0, reprocessMinutes = 0 } }: Resource) =>
                transportMinutes + reprocessMinutes > 0
                  ? words.beforeAndAfter(transportMinutes, reprocessMinutes)
                  : '',
            },
          ]
        : []),
    ],
    nameOf: ({ name }) => name,
    blank: {
      name: '',
      service: '',
      capacity: isSurgeon ? 1 : '',
      transportMinutes: '',
      reprocessMinutes: '',
    },
    valuesOf: ({ name, attributes, capacity }) => ({
      name,
      service: attributes.service ?? '',
      capacity,
      transportMinutes: attributes.transportMinutes ?? '',
      reprocessMinutes: attributes.reprocessMinutes ?? '',
    }),
    bodyOf,
    schema: createResource,
    errorsOf: nameErrors,
    expand: (values) => expandNames(values.name).map((name) => ({ ...values, name })),
    Fields,
    add: addResources,
    change: changeResources,
    ...retiring,
  };
}

const equipment = pageOf('equipment', 'equipment');
const beds = pageOf('beds', 'bed');
const surgeons = pageOf('surgeons', 'surgeon');
const lists = pageOf('lists', 'list');

export const Equipment = () => <Records page={equipment} items={useResources('equipment')} />;
export const Beds = () => <Records page={beds} items={useResources('bed')} />;
export const Surgeons = () => <Records page={surgeons} items={useResources('surgeon')} />;
export const Lists = () => <Records page={lists} items={useResources('list')} />;

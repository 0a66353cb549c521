import { UnstyledButton } from '@mantine/core';
import { resolveField } from '../../stores/drafts.ts';
import { valuesOf } from '../../stores/typed.ts';
import type { TypedField } from '../../stores/typed.ts';
import { caseFormWords as words } from '../../words/case-form.ts';
import { shownValues } from './use-form.ts';
import type { Form } from './use-form.ts';
import styles from './fields.module.css';

/** Someone else changed the field meanwhile. Shows both values, and the person chooses. */
export function Contested({ form, field }: { form: Form; field: TypedField }) {
  if (!form.contested.includes(field)) return null;
  const { draft, catalog, key } = form;
  const now = valuesOf(draft.item, catalog.zone);
  return (
    <div className={styles.contested} role="alert">
      <span>{words.contested}</span>
      <span>
        <b>{words.now(shownValues(now, catalog)[field] || words.nothing)}</b>
        <UnstyledButton
          className={styles.choice}
          onClick={() => resolveField(key, field, 'theirs', now[field])}
        >
          {words.takeTheirs}
        </UnstyledButton>
      </span>
      <span>
        <b>{words.yours(shownValues({ ...now, ...draft.typed }, catalog)[field] || words.nothing)}</b>
        <UnstyledButton
          className={styles.choice}
          onClick={() => resolveField(key, field, 'mine', now[field])}
        >
          {words.keepMine}
        </UnstyledButton>
      </span>
    </div>
  );
}

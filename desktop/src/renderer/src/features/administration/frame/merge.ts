export type FormValues = object;

/** Compares values of forms. Both come from the same function, so their keys have the same order. */
export const isSame = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other);

/** The fields that differ. */
export const differing = <Values extends FormValues>(one: Values, other: Values): (keyof Values & string)[] =>
  (Object.keys(one) as (keyof Values & string)[]).filter((field) => !isSame(one[field], other[field]));

/**
 * Merges a record that has changed while it was being edited, field by field. `base` is the record when the person began,
 * `mine` is what they see in the form, `theirs` is the record now. A field that the person has not edited takes the new
 * value. An edited field keeps the entry, and is in `contested` if the other value is a third one.
 */
export function merge<Values extends FormValues>(
  base: Values,
  mine: Values,
  theirs: Values,
): { values: Values; contested: (keyof Values & string)[] } {
  const edited = new Set(differing(base, mine));
  const values = Object.fromEntries(
    Object.keys(theirs).map((key) => {
      const field = key as keyof Values & string;
      return [field, edited.has(field) ? mine[field] : theirs[field]];
    }),
  ) as Values;
  const contested = differing(base, theirs).filter(
    (field) => edited.has(field) && !isSame(mine[field], theirs[field]),
  );
  return { values, contested };
}

import { id } from '@slate/shared/fields';

/** `slate://case/<id>`, to the letter; whatever else an address may say is nothing to us. */
const link = /^slate:\/\/case\/([\dA-Fa-f-]{36})\/?$/;

export const isLink = (argument: string): boolean => /^slate:/i.test(argument);

/** The case a link leads to; undefined when it leads nowhere. */
export function caseOf(address: string): string | undefined {
  const found = link.exec(address)?.[1];
  return found === undefined ? undefined : id.safeParse(found).data;
}

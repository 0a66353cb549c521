import type { z } from 'zod';

/**
 * The sentence for an invalid value, unless its schema has a more specific one. Server and console pass it to
 * `safeParse` as `error`, so that both refuse the same values with the same words.
 */
export const validationMessage: z.core.$ZodErrorMap = (issue) => {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined
        ? 'Is missing.'
        : `Must be ${kinds[issue.expected] ?? issue.expected}.`;
    case 'invalid_value':
      return `Must be ${issue.values.map(String).join(' or ')}.`;
    case 'too_small':
      return `Must ${amount(issue.inclusive ? 'at least' : 'more than', issue.minimum, issue.origin)}.`;
    case 'too_big':
      return `Must ${amount(issue.inclusive ? 'at most' : 'less than', issue.maximum, issue.origin)}.`;
    case 'invalid_format':
      return 'Isn’t in the right format.';
    case 'unrecognized_keys':
    case 'invalid_key':
      return 'Isn’t a known field. Leave it out.';
    case 'invalid_union':
      return 'Doesn’t match any allowed form.';
    case 'not_multiple_of':
      return `Must be a multiple of ${issue.divisor}.`;
    case 'invalid_element':
    case 'custom':
    default:
      return 'Isn’t valid.';
  }
};

const kinds: Partial<Record<string, string>> = {
  array: 'a list',
  boolean: 'true or false',
  int: 'a whole number',
  null: 'null',
  number: 'a number',
  object: 'an object',
  record: 'an object',
  string: 'text',
};

function amount(bound: string, limit: number | bigint, origin: string) {
  if (origin === 'array') return `have ${bound} ${limit} ${Number(limit) === 1 ? 'entry' : 'entries'}`;
  const unit = origin === 'string' ? (Number(limit) === 1 ? ' character' : ' characters') : '';
  return `be ${bound} ${limit}${unit}`;
}

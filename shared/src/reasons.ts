import { z } from 'zod';
import type { CaseState } from './case-state.ts';
import { line } from './fields.ts';

/** The commands that take a reason from a list. */
export const reasonKind = z.enum(['cancel', 'bump', 'void', 'delay', 'override', 'release']);
export type ReasonKind = z.infer<typeof reasonKind>;

/** Figures count by the code. It never changes, so that the figures of earlier years stay comparable. */
export const reasonCode = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,39}$/, 'Use lowercase letters, digits and _, beginning with a letter.');

export const listedReason = z.strictObject({
  kind: reasonKind,
  code: reasonCode,
  text: line(80),
  /** A retired reason is not offered anymore. Cases keep its code, and it stays readable. */
  active: z.boolean(),
});
export type ListedReason = z.infer<typeof listedReason>;
type ReasonKey = Pick<ListedReason, 'kind' | 'code'>;
export const isSameCode = (one: ReasonKey) => (other: ReasonKey) =>
  one.kind === other.kind && one.code === other.code;

/** The reasons of a site, in the order in which they are offered. */
export const reasonList = z
  .array(listedReason)
  .max(300, 'Must be at most 300 reasons.')
  .refine(
    (reasons) => new Set(reasons.map(({ kind, code }) => `${kind} ${code}`)).size === reasons.length,
    'Each code can be listed only once for each command.',
  )
  .meta({ description: 'Each code once for each command.' });

/** A reason as a person gave it: text, and perhaps the code of a listed reason. */
export type GivenReason = { readonly text: string; readonly code: string | null };

type Reasons = readonly ListedReason[];

/** The reasons to offer. */
export const reasonsFor = (reasons: Reasons, kind: ReasonKind) =>
  reasons.filter((each) => each.kind === kind && each.active);

/** The text of a code, also of a retired one. A code that is not in the list stands for itself. */
export const textOfCode = (reasons: Reasons, kind: ReasonKind, code: string) =>
  reasons.find((each) => each.kind === kind && each.code === code)?.text ?? code;

/** Returns `Patient unwell: fever`, the listed reason and the text beside it; null without a reason. */
export function fullReason(reasons: Reasons, kind: ReasonKind, text: string | null, code: string | null) {
  if (code === null) return text;
  const listed = textOfCode(reasons, kind, code);
  return text === null || text === listed ? listed : `${listed}: ${text}`;
}

const kindByState: Partial<Record<CaseState, ReasonKind>> = {
  cancelled: 'cancel',
  voided: 'void',
  depot: 'bump',
  released: 'release',
};
type WithReason = {
  readonly state: CaseState;
  readonly reason: string | null;
  readonly reasonCode: string | null;
};

/** The reason why a case was cancelled, bumped, voided or released. */
export const reasonOfCase = (item: WithReason, reasons: Reasons) =>
  fullReason(reasons, kindByState[item.state] ?? 'cancel', item.reason, item.reasonCode);

import type { GivenReason, ReasonKind } from '@slate/shared/reasons';
import { maybeOne } from '../db/query.ts';
import { siteById } from '../db/sites.sql.ts';
import { invalid } from '../domain/refusal.ts';
import type { Context } from './context.ts';

type Given = { reason?: string | null | undefined; reasonCode?: string | undefined };

/**
 * Returns the reason of a command. Its code must be in the site's list; a retired one still counts, because a queued command
 * may be older than the retirement. `field`: the name of the code in the request.
 */
export async function givenReason(
  { tx, request }: Context,
  kind: ReasonKind,
  { reason: text, reasonCode: code }: Given,
  field = 'reasonCode',
): Promise<GivenReason | null> {
  if (text === undefined || text === null) return null;
  if (code === undefined) return { text, code: null };
  const found = await maybeOne(tx, siteById, [request.siteId]);
  if (!found?.site.reasons.some((each) => each.kind === kind && each.code === code))
    throw invalid(field, 'This reason isn’t in the site’s list. Choose another one, or type it.');
  return { text, code };
}

type Override = { overrideReason?: string | null | undefined; overrideReasonCode?: string | undefined };

/** The fields of a case for the reason of a placement against a soft rule. */
export async function givenOverride(
  context: Context,
  { overrideReason: reason, overrideReasonCode: reasonCode }: Override,
) {
  const given = await givenReason(context, 'override', { reason, reasonCode }, 'overrideReasonCode');
  return { overrideReason: given?.text ?? null, overrideReasonCode: given?.code ?? null };
}

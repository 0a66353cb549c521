import { problem } from '@slate/shared/errors';
import type { Answer } from '../../../scripts/api.ts';

/** Finds the errors of a refusal that asks the caller to retry later. */
export function delayErrors({ status, headers, body }: Answer, code: string): string[] {
  const parsed = problem.safeParse(body);
  const seconds = Number(headers.get('Retry-After'));
  return [
    ...(parsed.success && parsed.data.code === code && parsed.data.status === status
      ? []
      : [`is not ${code}: ${status} ${JSON.stringify(body)}`]),
    ...(headers.get('Content-Type') === 'application/problem+json' ? [] : ['is not a problem document']),
    ...(Number.isInteger(seconds) && seconds >= 1 ? [] : ['has no valid Retry-After']),
  ];
}

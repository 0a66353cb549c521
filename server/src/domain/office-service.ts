import type { Procedure, Resource } from '@slate/shared/resources';
import { invalid, Refusal } from './refusal.ts';

type Request = { service?: string | null | undefined };

/**
 * The service of an office's case comes from its surgeon, never from the request, because it decides whose blocks may
 * be used (PE2). A search may leave the surgeon open; then it is for any of the office's surgeons.
 */
export function officeService(
  surgeons: readonly Resource[],
  request: Request,
  procedure: Procedure | null,
): string | null {
  const services = [...new Set(surgeons.flatMap(({ attributes }) => attributes.service ?? []))];
  const names = services.join(' or ');
  if (request.service && !services.includes(request.service)) {
    throw invalid('service', `Comes from the surgeon (${names || 'none'}). Leave it out.`);
  }
  if (procedure && services.length > 0 && !services.includes(procedure.service)) {
    throw invalid(
      'procedureId',
      `${procedure.name} belongs to ${procedure.service}, not to ${names}. Choose another procedure, or ask the OR desk.`,
    );
  }
  if (request.service) return request.service;
  const [only = null] = services;
  return services.length > 1 ? (procedure?.service ?? null) : only;
}

export const notYourSurgeon = () =>
  new Refusal('forbidden', 'You can book only for the surgeons your office works for. Choose one of them.');

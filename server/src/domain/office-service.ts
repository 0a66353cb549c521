import type { Procedure, Resource } from '@slate/shared/resources';
import { invalid, Refusal } from './refusal.ts';

type Said = { service?: string | null | undefined };

/**
 * The service of an office's case: that of its surgeon, never what the request says, because it decides whose
 * block may be used (PE2). A search may leave the surgeon open; then any of the office's surgeons will do.
 */
export function officeService(
  surgeons: readonly Resource[],
  said: Said,
  procedure: Procedure | null,
): string | null {
  const services = [...new Set(surgeons.flatMap(({ attributes }) => attributes.service ?? []))];
  const names = services.join(' or ');
  if (said.service && !services.includes(said.service)) {
    throw invalid('service', `Comes from the surgeon (${names || 'none'}). Leave it out.`);
  }
  if (procedure && services.length > 0 && !services.includes(procedure.service)) {
    throw invalid(
      'procedureId',
      `${procedure.name} belongs to ${procedure.service}, not to ${names}. Choose another procedure, or ask the OR desk.`,
    );
  }
  if (said.service) return said.service;
  const [only = null] = services;
  return services.length > 1 ? (procedure?.service ?? null) : only;
}

export const notYourSurgeon = () =>
  new Refusal('forbidden', 'You can book only for the surgeons your office works for. Choose one of them.');

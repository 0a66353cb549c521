import { siteDocument, siteDocumentVersion } from '@slate/shared/site-document';
import type { SiteDocument } from '@slate/shared/site-document';
import type { DemoHospital } from './demo-hospital.ts';

/** The demo hospital as the import reads it. Without people: their passwords are known to everybody. */
export const demoDocument = (hospital: DemoHospital, exportedAt: string): SiteDocument => {
  const { site, laidUntil } = hospital;
  const { name, timeZone, settings } = site;
  return {
    format: 'slate-site',
    version: siteDocumentVersion,
    exportedAt,
    site: { name, timeZone, settings, reasons: [] },
    resources: [...hospital.resources],
    procedures: [...hospital.procedures],
    holidays: [],
    blockTemplates: hospital.templates.map((template) => ({ ...template, laidUntil })),
    blocks: hospital.blocks.map(({ block, templateId, date }) => ({
      ...block,
      templateId,
      templateDate: date,
    })),
    recurringClosures: [],
    closures: hospital.closures.map((item) => ({ ...item, recurringId: null, recurringDate: null })),
    people: [],
    cases: siteDocument.shape.cases.parse(hospital.cases),
    externalIds: [],
  };
};

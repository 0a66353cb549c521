import { setImmediate as pause } from 'node:timers/promises';
import {
  siteDocument,
  siteDocumentHead,
  siteDocumentLists,
  siteDocumentVersion,
} from '@slate/shared/site-document';
import type { SiteDocument } from '@slate/shared/site-document';
import { validationMessage } from '@slate/shared/validation-message';
import type { z } from 'zod';
import { contradictionIn } from '../../domain/contradictions.ts';
import { invalid, Refusal } from '../../domain/refusal.ts';

/** Items are checked in batches of this size, so that the server keeps answering others. */
const batch = 200;
const again = 'Export the site again, and import the whole file.';

/** Reads an exported file, or refuses it with the first thing that is wrong. */
export async function readSiteDocument(bytes: Uint8Array): Promise<SiteDocument> {
  const value = parseJson(bytes);
  const head = siteDocumentHead.safeParse(value).data;
  if (!head)
    throw damaged('This is not an export of a Slate site. Choose a file that “Export this site” has saved.');
  if (head.version > siteDocumentVersion) {
    throw damaged(
      `The file comes from a newer version of Slate (format ${head.version}, this server reads ${siteDocumentVersion}). ` +
        'Update this server, then import it.',
    );
  }
  const contents = value as Record<string, unknown>;
  const lists = Object.fromEntries(siteDocumentLists.map((name) => [name, contents[name]]));
  const empty = Object.fromEntries(
    siteDocumentLists.map((name) => [name, Array.isArray(lists[name]) ? [] : lists[name]]),
  );
  const document: Record<string, unknown> = check(siteDocument, { ...contents, ...empty }, '');
  for (const name of siteDocumentLists) {
    const element: z.ZodType = siteDocument.shape[name].element;
    const items = lists[name] as unknown[];
    const checked: unknown[] = [];
    for (let at = 0; at < items.length; at += batch) {
      for (const [n, item] of items.slice(at, at + batch).entries()) {
        checked.push(check(element, item, `${name}.${at + n}`));
      }
      await pause();
    }
    document[name] = checked;
  }
  const whole = document as SiteDocument;
  const contradiction = contradictionIn(whole);
  if (contradiction) throw invalid(contradiction.field, contradiction.reason);
  return whole;
}

const damaged = (sentence: string) => new Refusal('validation', sentence);

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw damaged(`The file is damaged or not complete: it is not JSON in UTF-8. ${again}`);
  }
}

function check<Parsed>(schema: z.ZodType<Parsed>, value: unknown, at: string): Parsed {
  const { success, data, error } = schema.safeParse(value, { error: validationMessage });
  if (success) return data;
  const [issue] = error.issues;
  const field = [at, ...(issue?.path ?? []).map(String)].filter((part) => part !== '').join('.');
  throw invalid(field || 'file', issue?.message ?? again);
}

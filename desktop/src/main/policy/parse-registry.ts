import { recommendedKey } from './parse-policy.ts';
import type { Entry, PolicyContents } from './parse-policy.ts';
import { policyNames } from './policy-settings.ts';

/** Names in the registry are not case-sensitive. */
const isSame = (a: string, b: string) => a.toLowerCase() === b.toLowerCase();

/** A value as `reg.exe query` prints it: name, type and data, each after four spaces. */
const valueLine = /^ {4}(\S.*?) {4}(REG_[A-Z\d_]+)(?: {4}(.*))?$/;

/**
 * Reads the output of `reg.exe query <key> /s`. It has only names of keys and types, never translated text. Its code page
 * is that of the console, but valid values need only ASCII.
 */
export function parseRegistry(key: string, output: string): PolicyContents {
  const entries: Entry[] = [];
  const refused: { name: string; why: string }[] = [];
  /** Null: in a key that Slate does not know. */
  let isRecommended: boolean | null = null;
  for (const line of output.split(/\r?\n/)) {
    if (line.trim() === '') continue;
    if (/^HKEY_/i.test(line)) {
      const isRoot = isSame(line, key);
      isRecommended = isRoot || isSame(line, `${key}\\${recommendedKey}`) ? !isRoot : null;
      if (isRecommended === null) refused.push({ name: line, why: 'Slate has no settings under this key.' });
      continue;
    }
    const [, writtenName = '', type, data = ''] = valueLine.exec(line) ?? [];
    const name = policyNames.find((each) => isSame(each, writtenName)) ?? writtenName;
    if (type === undefined)
      refused.push({ name: line.trim(), why: 'This line of the registry can’t be read.' });
    else if (isRecommended === null) continue;
    else if (type === 'REG_SZ') entries.push({ name, value: data, isRecommended });
    else if (type === 'REG_DWORD') entries.push({ name, value: Number(data), isRecommended });
    else refused.push({ name, why: `Must be REG_SZ or REG_DWORD, not ${type}.` });
  }
  return { entries, refused };
}

/** Whether the output of `reg.exe query <parent>` lists this key. */
export const listsKey = (output: string, key: string) =>
  output.split(/\r?\n/).some((line) => isSame(line, key));

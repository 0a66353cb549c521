const birthDate = [
  /\b(?:19|20)\d{2}[-/. ](?:0?[1-9]|1[0-2])[-/. ](?:0?[1-9]|[12]\d|3[01])\b/,
  /\b(?:0?[1-9]|[12]\d|3[01])[-/. ](?:0?[1-9]|[12]\d|3[01])[-/. ](?:(?:19|20)\d{2}|\d{2})\b/,
  /\b(?:0?[1-9]|[12]\d|3[01])[-/. ]?(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*[-/., ]*(?:19|20)\d{2}\b/i,
  /\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*[-/. ]*(?:0?[1-9]|[12]\d|3[01])[-/., ]+(?:19|20)\d{2}\b/i,
];
/** Matches Smith, Jane Smith, SMITH, J. and O'Neil-Ruiz M. */
const name = /^\p{L}[\p{L}'’.-]*(?:(?:,? +|,)\p{L}[\p{L}'’.-]*)*$/u;
/** Matches prefixes of the hospital, such as MRN or DEMO: short and in capitals. */
const prefix = /^[\p{Lu}]{1,4}$/u;

/**
 * Checks whether a patient reference looks like a name or a birth date, which it must not contain. This is a guess, so the
 * form only warns.
 */
export function looksPersonal(typed: string): 'name' | 'birthDate' | null {
  const text = typed.trim();
  if (birthDate.some((each) => each.test(text))) return 'birthDate';
  return name.test(text) && !prefix.test(text) ? 'name' : null;
}

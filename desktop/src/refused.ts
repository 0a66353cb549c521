/** Thrown to refuse a request with a sentence for the person, without technical details. Other errors only go to the log. */
export class Refused extends Error {}

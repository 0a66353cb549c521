/** A no whose message is a sentence for the person. What else goes wrong is for the log only. */
export class Refused extends Error {}

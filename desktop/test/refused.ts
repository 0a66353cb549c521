/** A refusal by the server. */
export const refused = (code: string, status: number, more: object = {}) => ({
  status,
  body: {
    type: `urn:slate:problem:${code}`,
    title: code,
    status,
    code,
    detail: `Refused: ${code}.`,
    ...more,
  },
});

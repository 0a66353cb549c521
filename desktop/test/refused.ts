/** What the server answers when it says no. */
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

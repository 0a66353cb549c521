import type { ErrorCode } from '@slate/shared/errors';

export const openCaseWords = {
  refused: (code: ErrorCode) =>
    code === 'not_found'
      ? 'The link leads to a case that is not at this site. Check whether it was meant for another site, or ask whoever sent it.'
      : code === 'forbidden'
        ? 'The link leads to a case that you may not see. Ask a coordinator if you need to.'
        : 'The case of the link could not be fetched. Try the link again in a moment.',
};

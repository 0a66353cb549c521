import type { ErrorCode } from '@slate/shared/errors';

export const openCaseWords = {
  refused: (code: ErrorCode) =>
    code === 'not_found'
      ? 'The case in this link isn’t at this site. Check whether it belongs to another site, or ask the person who sent it.'
      : code === 'forbidden'
        ? 'You don’t have access to the case in this link. Ask a coordinator if you need it.'
        : 'Can’t load the case in this link. Try the link again in a moment.',
};

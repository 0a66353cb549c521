// Vitest runs this file before every test file with a DOM.
import { cleanup, configure } from '@testing-library/react';
import { afterEach } from 'vitest';

afterEach(cleanup);
// A busy machine may need more than a second, the default.
configure({ asyncUtilTimeout: 10_000 });

// happy-dom has no `document.fonts`, which growing text fields listen to.
if (!('fonts' in document)) Object.defineProperty(document, 'fonts', { value: new EventTarget() });

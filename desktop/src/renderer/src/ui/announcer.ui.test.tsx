import { render } from '@testing-library/react';
import { expect, test } from 'vitest';
import { Announcer } from './announcer.tsx';

test('the announcer repeats a sentence, and has both regions from the start', () => {
  const first = { id: 1, text: 'Free' };
  const { container, rerender } = render(<Announcer polite={[]} assertive={[]} />);
  const polite = container.querySelector('[aria-live="polite"]');
  expect(container.querySelector('[aria-live="assertive"]')).not.toBeNull();
  rerender(<Announcer polite={[first]} assertive={[]} />);
  const before = polite?.lastElementChild;
  rerender(<Announcer polite={[first, { id: 2, text: 'Free' }]} assertive={[]} />);
  expect(polite?.children).toHaveLength(2);
  expect(polite?.firstElementChild).toBe(before);
});

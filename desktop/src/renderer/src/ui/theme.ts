import { createTheme, defaultVariantColorsResolver, Select, Tooltip, Modal, ModalRoot } from '@mantine/core';

/** Around the accent of `theme.css`: its sixth shade on light, its fourth on dark. */
const accent = [
  '#eaf1ff',
  '#d3e2ff',
  '#a8c5ff',
  '#93bcff',
  '#7db4ff',
  '#3d80ff',
  '#0b5fff',
  '#0a55e6',
  '#0849c4',
  '#063aa0',
] as const;

/** The kit's own dark greys, in the tone of `theme.css`: from text to the deepest ground. */
const dark = [
  '#e9eef3',
  '#c9d1d9',
  '#9ba7b4',
  '#8592a0',
  '#3a424b',
  '#2a323a',
  '#171c22',
  '#0f1318',
  '#0c0f13',
  '#080a0d',
] as const;

export const theme = createTheme({
  colors: { accent, dark },
  primaryColor: 'accent',
  primaryShade: { light: 6, dark: 4 },
  autoContrast: true,
  // The kit picks what to write on a colour as if it were light everywhere, and its red is too pale to write on.
  variantColorResolver: (input) => {
    const colors = defaultVariantColorsResolver(input);
    if (input.variant !== 'filled') return colors;
    if (input.color === 'red') {
      const hover = 'color-mix(in srgb, var(--danger) 88%, var(--text))';
      return { ...colors, background: 'var(--danger)', hover, color: 'var(--on-danger)' };
    }
    return (input.color ?? 'accent') === 'accent' ? { ...colors, color: 'var(--on-accent)' } : colors;
  },
  fontFamily: 'var(--font)',
  fontSizes: { xs: '11px', sm: '12px', md: '13px', lg: '15px', xl: '18px' },
  defaultRadius: 5,
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    // What a pointer is told, the keyboard is told too.
    Tooltip: Tooltip.extend({ defaultProps: { events: { hover: true, focus: true, touch: false } } }),
    // The page never scrolls, and what would keep it from scrolling writes styles that the policy refuses.
    // Its header is no banner of the page.
    Modal: Modal.extend({
      defaultProps: { lockScroll: false, attributes: { header: { role: 'presentation' } } },
    }),
    ModalRoot: ModalRoot.extend({ defaultProps: { lockScroll: false } }),
    // Whoever types and presses Enter means the first that fits.
    Select: Select.extend({ defaultProps: { selectFirstOptionOnChange: true } }),
  },
});

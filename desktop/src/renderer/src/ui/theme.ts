import { createTheme, defaultVariantColorsResolver, Tooltip } from '@mantine/core';

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

export const theme = createTheme({
  colors: { accent },
  primaryColor: 'accent',
  primaryShade: { light: 6, dark: 4 },
  autoContrast: true,
  // The kit picks what to write on the accent as if it were light everywhere.
  variantColorResolver: (input) => {
    const colors = defaultVariantColorsResolver(input);
    const isOnAccent = input.variant === 'filled' && (input.color ?? 'accent') === 'accent';
    return isOnAccent ? { ...colors, color: 'var(--on-accent)' } : colors;
  },
  fontFamily: 'var(--font)',
  fontSizes: { xs: '11px', sm: '12px', md: '13px', lg: '15px', xl: '18px' },
  defaultRadius: 5,
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    // What a pointer is told, the keyboard is told too.
    Tooltip: Tooltip.extend({ defaultProps: { events: { hover: true, focus: true, touch: false } } }),
  },
});

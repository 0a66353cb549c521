import { createTheme, defaultVariantColorsResolver } from '@mantine/core';
import type { DrawerProps, ModalProps, ModalRootProps, SelectProps, TooltipProps } from '@mantine/core';

/** Shades around the accent of `theme.css`: index 6 in light mode, 4 in dark mode. */
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

/** Mantine's dark grays in the tone of `theme.css`: from text to the darkest background. */
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

/**
 * The page never scrolls, and the scroll lock writes styles that the content security policy refuses. The header of a dialog
 * must not be a banner landmark.
 */
const overThePage = {
  lockScroll: false,
  attributes: { header: { role: 'presentation' } },
};

const defaults = <Props>(defaultProps: Partial<Props>) => ({ defaultProps });

export const theme = createTheme({
  colors: { accent, dark },
  primaryColor: 'accent',
  primaryShade: { light: 6, dark: 4 },
  autoContrast: true,
  // Mantine picks text colors for light mode only, and its red has too little contrast with text.
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
  // Only their names: the components themselves are loaded by the screens that use them.
  components: {
    // Tooltips also for keyboard focus.
    Tooltip: defaults<TooltipProps>({ events: { hover: true, focus: true, touch: false } }),
    Modal: defaults<ModalProps>(overThePage),
    Drawer: defaults<DrawerProps>(overThePage),
    ModalRoot: defaults<ModalRootProps>({ lockScroll: false }),
    // On type-and-Enter, pick the first option.
    Select: defaults<SelectProps>({ selectFirstOptionOnChange: true }),
  },
});

// Owns the look of the component library: one accent, small calm controls, figures of one width.
import {
  type CSSVariablesResolver,
  createTheme,
  type MantineColorsTuple,
  type MantineThemeOverride,
} from '@mantine/core';
import { t } from '../strings/index.ts';

const teal: MantineColorsTuple = [
  '#e4fbf8',
  '#c6f3ee',
  '#95e8df',
  '#5edccf',
  '#35d0c1',
  '#12b5a6',
  '#0f9d90',
  '#0b7d73',
  '#08665e',
  '#044c46',
];

/** The library's dark surfaces, from text to the darkest ground, in the greys of theme.css. */
const dark: MantineColorsTuple = [
  '#e8ecef',
  '#c9d1d9',
  '#a0abb6',
  '#7d8893',
  '#2d343c',
  '#303740',
  '#20252b',
  '#1a1e23',
  '#121518',
  '#0c0f12',
];

/** The theme, with the names of the library's own controls in the language shown. */
export function createAppTheme(): MantineThemeOverride {
  return createTheme({
    primaryColor: 'teal',
    colors: { teal, dark },
    primaryShade: { light: 7, dark: 7 },
    fontFamily: 'system-ui, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif',
    fontFamilyMonospace: 'ui-monospace, "DejaVu Sans Mono", monospace',
    fontSizes: { xs: '12px', sm: '13px', md: '13px', lg: '15px', xl: '18px' },
    spacing: { xs: '4px', sm: '8px', md: '12px', lg: '16px', xl: '24px' },
    radius: { xs: '3px', sm: '4px', md: '6px', lg: '8px', xl: '12px' },
    defaultRadius: 'md',
    respectReducedMotion: true,
    cursorType: 'pointer',
    components: {
      Button: { defaultProps: { size: 'sm', h: 32, px: 12, fz: 13 } },
      Tooltip: { defaultProps: { openDelay: 400, withArrow: true, color: 'dark.9', fz: 12 } },
      TextInput: { defaultProps: { size: 'sm' } },
      Select: { defaultProps: { size: 'sm', allowDeselect: false } },
      Modal: {
        // What scrolls in the dialog, and not the dialog, whose size follows the window's.
        styles: { header: { zoom: 'var(--text-scale)' }, body: { zoom: 'var(--text-scale)' } },
        defaultProps: {
          centered: true,
          transitionProps: { duration: 120 },
          overlayProps: { opacity: 0.55 },
          closeButtonProps: { 'aria-label': t('shared.close') },
        },
      },
      // The canvas takes pointers over before they become clicks of a mouse.
      Menu: { defaultProps: { clickOutsideEvents: ['pointerdown'], transitionProps: { duration: 80 }, shadow: 'md' } },
      Popover: {
        defaultProps: { clickOutsideEvents: ['pointerdown'], transitionProps: { duration: 80 }, shadow: 'md' },
      },
    },
  });
}

/** The library's own surfaces take the colours of theme.css. */
export const resolveVariables: CSSVariablesResolver = () => {
  const shared = {
    '--mantine-color-body': 'var(--panel)',
    '--mantine-color-text': 'var(--text)',
    '--mantine-color-dimmed': 'var(--dim)',
    '--mantine-color-default': 'var(--control)',
    '--mantine-color-default-hover': 'var(--control-hover)',
    '--mantine-color-default-color': 'var(--text)',
    '--mantine-color-default-border': 'var(--line)',
    '--mantine-color-placeholder': 'var(--dim)',
    '--mantine-color-error': 'var(--trouble)',
  };
  return { variables: {}, light: shared, dark: shared };
};

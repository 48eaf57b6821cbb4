import { theme as antd, type ThemeConfig } from 'antd';

/** antd in our tokens, as they stand on the document (tokens.css). */
export function antdTheme(dark: boolean): ThemeConfig {
  const styles = getComputedStyle(document.documentElement);
  const token = (name: string) => styles.getPropertyValue(`--${name}`).trim();
  const pixels = (name: string) => Number.parseFloat(token(name));
  return {
    algorithm: dark ? antd.darkAlgorithm : antd.defaultAlgorithm,
    token: {
      colorPrimary: token('accent'),
      colorInfo: token('accent'),
      colorLink: token('accent'),
      colorBgContainer: token('surface'),
      colorBgElevated: token('raised'),
      colorBgLayout: token('page'),
      colorText: token('text'),
      colorTextSecondary: token('text-2'),
      colorTextPlaceholder: token('text-3'),
      colorTextDisabled: token('text-2'),
      colorTextLightSolid: token('on-accent'),
      colorBorder: token('input-line'),
      colorBorderSecondary: token('faint-line'),
      colorError: token('danger'),
      controlItemBgActive: token('accent-wash'),
      borderRadius: pixels('radius'),
      borderRadiusLG: pixels('radius-card'),
      borderRadiusSM: pixels('radius-small'),
      controlHeight: pixels('control'),
      fontSize: 14,
      fontFamily: 'inherit',
      // Else antd waits for the end of an animation that base.css takes away, and doesn't show its popup.
      motion: !matchMedia('(prefers-reduced-motion: reduce)').matches,
      motionDurationMid: '0.12s',
      motionDurationSlow: '0.15s',
    },
    // A flat design: borders instead of shadows.
    components: { Button: { primaryShadow: 'none', defaultShadow: 'none', dangerShadow: 'none' } },
  };
}

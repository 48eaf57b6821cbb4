import { theme as antd, type ThemeConfig } from 'antd';

/** antd with our tokens (theme/theme.css has the same values for our own elements). */
export function antdTheme(dark: boolean): ThemeConfig {
  const colors = dark
    ? {
        colorPrimary: '#8fa2ff',
        colorBgContainer: '#171a20',
        colorBgElevated: '#1d2129',
        colorBgLayout: '#101216',
        colorText: '#e6e8ec',
        colorTextSecondary: '#9aa3b2',
        colorTextPlaceholder: '#8791a1',
        colorTextDisabled: '#9aa3b2',
        colorBorder: '#2a2f39',
        colorBorderSecondary: '#222732',
        colorError: '#ff8a80',
        colorTextLightSolid: '#101216',
        controlItemBgActive: '#1e2438',
      }
    : {
        colorPrimary: '#3b5bdb',
        colorBgContainer: '#ffffff',
        colorBgElevated: '#ffffff',
        colorBgLayout: '#f7f8fa',
        colorText: '#1b1f27',
        colorTextSecondary: '#5c6675',
        colorTextPlaceholder: '#6b7483',
        colorTextDisabled: '#5c6675',
        colorBorder: '#d5d9e0',
        colorBorderSecondary: '#edeff3',
        colorError: '#b3261e',
        controlItemBgActive: '#eef1fd',
      };
  return {
    algorithm: dark ? antd.darkAlgorithm : antd.defaultAlgorithm,
    token: {
      ...colors,
      colorInfo: colors.colorPrimary,
      colorLink: colors.colorPrimary,
      borderRadius: 8,
      borderRadiusLG: 12,
      borderRadiusSM: 6,
      controlHeight: 34,
      fontSize: 14,
      fontFamily: 'inherit',
      motionDurationMid: '0.12s',
      motionDurationSlow: '0.15s',
    },
    // A flat design: borders instead of shadows.
    components: { Button: { primaryShadow: 'none', defaultShadow: 'none', dangerShadow: 'none' } },
  };
}

import { useIsFetching, useMutation } from '@tanstack/react-query';
import { Menu as Fold, Languages, LogOut, Moon, Sun } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, NavLink, Outlet, useLocation } from 'react-router';
import { languages } from '#contract/target';
import { chooseLanguage, currentLanguage, languageNames } from '../i18n/index.ts';
import { signOut, useSession } from '../session.ts';
import { Menu } from './Menu.tsx';
import { usePages } from './pages.ts';
import { Shortcuts } from './Shortcuts.tsx';
import { TenantMenu } from './TenantMenu.tsx';
import { setThemeChoice, themeChoices, useTheme } from './theme-choice.ts';

/** The frame of every page: where one is, in which language and theme, and as whom. */
export function Shell() {
  const { t } = useTranslation();
  const offered = usePages();
  const [open, setOpen] = useState(false);
  const main = useRef<HTMLElement>(null);
  const { pathname } = useLocation();
  const arrived = useRef(pathname);
  useEffect(() => {
    if (arrived.current === pathname) return;
    arrived.current = pathname;
    // A new page starts at its top, for the eye and for a screen reader.
    setOpen(false);
    window.scrollTo(0, 0);
    main.current?.focus({ preventScroll: true });
  }, [pathname]);
  return (
    <div className="shell">
      <a className="skip" href="#main">
        {t('app.skip')}
      </a>
      <Link className="shell-brand" to="/fields">
        <img src="/icon.svg" alt="" />
        Fieldbook
      </Link>
      <header className="shell-top">
        <button
          type="button"
          className="icon-button shell-fold"
          aria-label={t('app.navigation')}
          aria-expanded={open}
          onClick={() => setOpen(!open)}
        >
          <Fold className="icon" aria-hidden />
        </button>
        <TenantMenu />
        <Shortcuts />
        <LanguageMenu />
        <ThemeMenu />
        <AccountMenu />
      </header>
      <nav className="shell-nav" aria-label={t('app.navigation')} data-open={open}>
        <ul>
          {offered.map(({ to, name, Icon }) => (
            <li key={to}>
              <NavLink to={to} onClick={() => setOpen(false)}>
                <Icon className="icon" aria-hidden />
                {t(`app.pages.${name}`)}
              </NavLink>
            </li>
          ))}
        </ul>
        <PoolNote />
      </nav>
      <main className="shell-main" id="main" ref={main} tabIndex={-1}>
        <Outlet />
      </main>
      <Waiting />
    </div>
  );
}

function LanguageMenu() {
  const { t } = useTranslation();
  const current = currentLanguage();
  return (
    <Menu
      label={`${t('app.language')}: ${languageNames[current]}`}
      face={
        <>
          <Languages className="icon" aria-hidden />
          <span className="wide">{languageNames[current]}</span>
        </>
      }
    >
      {languages.map((language) => (
        <button
          key={language}
          type="button"
          role="menuitemradio"
          aria-checked={language === current}
          lang={language}
          onClick={() => chooseLanguage(language)}
        >
          {languageNames[language]}
        </button>
      ))}
    </Menu>
  );
}

function ThemeMenu() {
  const { t } = useTranslation();
  const { choice, dark } = useTheme();
  const Icon = dark ? Moon : Sun;
  return (
    <Menu label={t('app.theme')} face={<Icon className="icon" aria-hidden />}>
      {themeChoices.map((name) => (
        <button
          key={name}
          type="button"
          role="menuitemradio"
          aria-checked={name === choice}
          onClick={() => setThemeChoice(name)}
        >
          {t(`app.themes.${name}`)}
        </button>
      ))}
    </Menu>
  );
}

function AccountMenu() {
  const { t } = useTranslation();
  const { session } = useSession();
  const leave = useMutation(signOut());
  if (!session) return null;
  return (
    <Menu label={t('app.account')} face={<span className="avatar small">{[...session.name][0]}</span>}>
      <div className="menu-note">
        <b>{session.name}</b>
        <br />
        <span className="quiet">
          {session.email} · {t(`staff.roles.${session.role}`)}
        </span>
      </div>
      <button type="button" role="menuitem" onClick={() => leave.mutate()}>
        <LogOut className="icon" aria-hidden />
        {t('app.signOut')}
      </button>
    </Menu>
  );
}

function PoolNote() {
  const { t } = useTranslation();
  const { session } = useSession();
  if (!session) return null;
  return (
    <p className="shell-pool">
      {t(`app.pool.${session.pool.kind}`)} · {session.pool.engine === 'sqlite' ? 'SQLite' : 'PostgreSQL'}
    </p>
  );
}

/** A line over the page for whatever takes longer than 400 ms. */
function Waiting() {
  const { t } = useTranslation();
  const fetching = useIsFetching() > 0;
  const [late, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(fetching), fetching ? 400 : 0);
    return () => clearTimeout(timer);
  }, [fetching]);
  return late ? <div className="busy-line" role="progressbar" aria-label={t('app.loading')} /> : null;
}

import { useIsFetching, useMutation } from '@tanstack/react-query';
import { Eye, Menu as Fold, Languages, LogOut, Moon, Sun, UserRound } from 'lucide-react';
import { lazy, Suspense, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, NavLink, Outlet, useLocation, useNavigationType } from 'react-router';
import { languages } from '#contract/wire/language';
import { chooseLanguage, currentLanguage, languageNames } from '../i18n/index.ts';
import { patiently } from '../reach.ts';
import { signOut, useSession } from '../session.ts';
import { roleName } from '../staffRoles.ts';
import { setThemeChoice, themeChoices, useTheme } from '../theme/choice.ts';
import { Menu } from '../ui/Menu.tsx';
import { view } from '../viewing.ts';
import { usePages } from './pages.ts';
import { Shortcuts } from './Shortcuts.tsx';
import { TenantMenu } from './TenantMenu.tsx';
import './Shell.css';

const ViewAs = lazy(() => patiently(() => import('./ViewAs.tsx')).then((m) => ({ default: m.ViewAs })));

/** The frame of every page: navigation, language, theme and account. */
export function Shell() {
  const { t } = useTranslation();
  const offered = usePages();
  const [open, setOpen] = useState(false);
  const [viewAs, setViewAs] = useState(false);
  const main = useRef<HTMLElement>(null);
  const { pathname } = useLocation();
  const isRedirect = useNavigationType() === 'REPLACE';
  const arrived = useRef(pathname);
  useEffect(() => {
    if (arrived.current === pathname) return;
    arrived.current = pathname;
    // A new page starts at its top, also for a screen reader.
    setOpen(false);
    window.scrollTo(0, 0);
    // A redirect isn't a step of the person's. They may have opened a menu meanwhile. A page may have focused an input.
    // Who steps through the tabs of a page stays at the tabs.
    const held = document.activeElement;
    const isHeld = held?.matches('main :is(input, textarea, .tabs a)') && held.checkVisibility();
    if (!isRedirect && !isHeld) main.current?.focus({ preventScroll: true });
  }, [pathname, isRedirect]);
  return (
    <div className="shell">
      <a className="skip" href="#main">
        {t('app.skip')}
      </a>
      <header className="shell-head">
        <Link className="shell-brand" to="/">
          <img src="/icon.svg" alt="" />
          Fieldbook
        </Link>
        <div className="shell-top">
          <button
            type="button"
            className="icon-button shell-fold"
            aria-label={t('app.navigation')}
            aria-expanded={open}
            onClick={() => setOpen(!open)}
          >
            <Fold className="icon" aria-hidden />
          </button>
          <Shortcuts />
          <TenantMenu />
          <LanguageMenu />
          <ThemeMenu />
          <AccountMenu onViewAs={() => setViewAs(true)} />
        </div>
      </header>
      <nav className="shell-nav" aria-label={t('app.navigation')} data-open={open}>
        <ul>
          {offered.map(({ to, name, Icon }) => (
            <li key={to}>
              <NavLink to={to} end={to === '/'} onClick={() => setOpen(false)}>
                <Icon className="icon" aria-hidden />
                {t(`app.pages.${name}`)}
              </NavLink>
            </li>
          ))}
        </ul>
        <PoolNote />
      </nav>
      <main className="shell-main" id="main" ref={main} tabIndex={-1}>
        <ViewingNote />
        <Outlet />
      </main>
      <Waiting />
      {viewAs && (
        <Suspense fallback={null}>
          <ViewAs onClose={() => setViewAs(false)} />
        </Suspense>
      )}
    </div>
  );
}

function LanguageMenu() {
  const { t } = useTranslation();
  const current = currentLanguage();
  return (
    <Menu
      label={t('app.named', { what: t('app.language'), name: languageNames[current] })}
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

function AccountMenu({ onViewAs }: { onViewAs: () => void }) {
  const { t } = useTranslation();
  const { session, can } = useSession();
  const leave = useMutation(signOut());
  if (!session) return null;
  return (
    <Menu label={t('app.account')} face={<span className="avatar small">{[...session.name][0]}</span>}>
      <div className="menu-note">
        <b>{session.name}</b>
        <br />
        <span className="quiet">
          {session.email} · {roleName(session.role, t)}
        </span>
      </div>
      <Link role="menuitem" to="/account">
        <UserRound className="icon" aria-hidden />
        {t('staff.account')}
      </Link>
      {can('staff') && !session.isViewingAs && (
        <button type="button" role="menuitem" onClick={onViewAs}>
          <Eye className="icon" aria-hidden />
          {t('staff.viewAs.menu')}
        </button>
      )}
      <button type="button" role="menuitem" onClick={() => leave.mutate()}>
        <LogOut className="icon" aria-hidden />
        {t('app.signOut')}
      </button>
    </Menu>
  );
}

/** A note on every page while the person views as another role. */
function ViewingNote() {
  const { t } = useTranslation();
  const { session } = useSession();
  if (!session?.isViewingAs) return null;
  return (
    <p className="viewing" role="status">
      <Eye className="icon" aria-hidden />
      <span>{t('staff.viewAs.banner', { role: roleName(session.role, t) })}</span>
      <button type="button" className="link-button" onClick={() => view(null)}>
        {t('staff.viewAs.stop')}
      </button>
    </p>
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

/** A line at the top while something takes longer than 400 ms. */
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

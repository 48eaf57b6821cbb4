import './ShellWait.css';

/** The frame of the console while it loads: the same as in index.html, which is there before any script. */
export function ShellWait() {
  return (
    <div className="shell-wait" aria-busy>
      <div className="shell-wait-brand">
        <img src="/icon.svg" alt="" />
        Fieldbook
      </div>
      <div className="shell-wait-top" />
      <div className="shell-wait-nav" />
      <PageWait />
    </div>
  );
}

/** A page while it loads: nothing for a moment, then its outline. */
export function PageWait() {
  return (
    <div className="page-wait" aria-busy>
      <span className="skeleton" />
      <span className="skeleton" />
      <span className="skeleton" />
    </div>
  );
}

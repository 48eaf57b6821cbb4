/** What the browser's tab and history call this page (React lifts it into the head). */
export function PageTitle({ name }: { name: string }) {
  return <title>{`${name} · Fieldbook`}</title>;
}

/** The page's title in the browser's tab and history (React moves it into the head). */
export function PageTitle({ name }: { name: string }) {
  return <title>{`${name} · Fieldbook`}</title>;
}

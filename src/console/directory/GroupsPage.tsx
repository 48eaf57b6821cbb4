import { CreateTarget } from './CreateTarget.tsx';
import { ListPage } from './ListPage.tsx';

export function GroupsPage() {
  return <ListPage targetType="GROUP" actions={<CreateTarget offered={['group']} />} />;
}

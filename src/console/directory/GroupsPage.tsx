import { ListPage } from '../lists/ListPage.tsx';
import { CreateTarget } from './CreateTarget.tsx';

export function GroupsPage() {
  return <ListPage targetType="GROUP" actions={<CreateTarget offered={['group']} />} />;
}

import { CreateTarget } from './CreateTarget.tsx';
import { ListPage } from './ListPage.tsx';

export function UsersPage() {
  return <ListPage targetType="USER" actions={<CreateTarget offered={['user']} />} />;
}

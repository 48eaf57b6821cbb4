import { ListPage } from '../lists/ListPage.tsx';
import { CreateTarget } from './CreateTarget.tsx';

export function UsersPage() {
  return <ListPage targetType="USER" actions={<CreateTarget offered={['user']} />} />;
}

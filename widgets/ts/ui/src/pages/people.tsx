/** Choosing a user. */

import type { UserBasic } from '@cvat-lab/schema';
import { Person, TypeAhead } from '../components';
import { usePages } from './context';

interface UserFieldProps {
  label: string;
  value: UserBasic | null;
  onChange: (user: UserBasic | null) => void;
  placeholder?: string;
  quiet?: boolean;
  id?: string;
}

export function UserField({ label, placeholder = 'Nobody', ...rest }: UserFieldProps) {
  const { api } = usePages();
  return (
    <TypeAhead<UserBasic>
      label={label}
      placeholder={placeholder}
      search={async (text) =>
        (await api.users({ search: text || undefined, page_size: 8, sort: 'username' })).results
      }
      text={(user) => user.username}
      render={(user) => <Person user={user} />}
      {...rest}
    />
  );
}

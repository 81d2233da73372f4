/** The subset of a task within its project: the usual ones and those of the project are proposed, any is accepted. */

import { TypeAhead } from '../../components';
import { usePages } from '../context';

const USUAL = ['Train', 'Test', 'Validation'];

interface SubsetFieldProps {
  id?: string;
  projectId: number;
  /** Empty = none. */
  value: string;
  onChange: (subset: string) => void;
  quiet?: boolean;
}

export function SubsetField({ id, projectId, value, onChange, quiet }: SubsetFieldProps) {
  const { api } = usePages();
  const search = async (text: string) => {
    const { task_subsets } = await api.project(projectId);
    const known = [...new Set([...USUAL, ...task_subsets.filter(Boolean)])];
    return known.filter((subset) => subset.toLowerCase().includes(text.toLowerCase()));
  };
  return (
    <TypeAhead<string>
      id={id}
      label="Subset"
      placeholder="None"
      quiet={quiet}
      value={value || null}
      search={search}
      text={(subset) => subset}
      make={(text) => text.slice(0, 64)}
      onChange={(subset) => onChange(subset ?? '')}
    />
  );
}

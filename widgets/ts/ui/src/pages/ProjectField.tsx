/** Choosing a project. */

import type { ProjectRead } from '@cvat-lab/schema';
import { TypeAhead } from '../components';
import { usePages } from './context';

interface ProjectFieldProps {
  id?: string;
  value: ProjectRead | null;
  onChange: (project: ProjectRead | null) => void;
}

export function ProjectField({ id, value, onChange }: ProjectFieldProps) {
  const { api } = usePages();
  return (
    <TypeAhead<ProjectRead>
      id={id}
      label="Project"
      value={value}
      placeholder="Type to search"
      search={async (text, signal) =>
        (await api.projects({ search: text || undefined, page_size: 8 }, signal)).results
      }
      text={(project) => `#${project.id} ${project.name}`}
      onChange={onChange}
    />
  );
}
